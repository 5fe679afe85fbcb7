import { z } from 'zod';
import { asId, type ServiceLocationId, type SiteId } from '../../domain/ids.js';
import type { NetworkSwitch, ServiceLocation } from '../../domain/emergency/service-location.js';
import { addLocations } from '../../usecases/emergency/batch-locations.js';
import { addLocation, locationNotFound, removeLocation, updateLocation } from '../../usecases/emergency/service-locations.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { linesView, shownLines, toPostal } from '../schemas/emergency-fields.js';
import { country, line, macAddress, requiredLine, siteRef } from '../schemas/fields.js';
import { given } from '../schemas/views.js';

const TAG = 'Emergency service locations';
/** Rows of one batch: one transaction, which others wait for. */
const MOST_ROWS = 100;

const switchFields = z.object({
  mac_address: z.string(), port: z.string(), port_prefix: z.string(), port_range_from: z.string(), port_range_to: z.string(),
});
const address = z.object(shownLines);
const locationItem = z.object({
  id: z.string(), identifier: z.string(), name: z.string(), bssid: z.string(), elin: z.object({ phone_number: z.string(), phone_number_id: z.string() }).optional(),
  network_switches: z.array(switchFields), parent_location_id: z.string(), private_ip: z.string(), public_ip: z.string(),
  sip_group: z.object({ id: z.string(), display_name: z.string() }).optional(), site: siteRef, emergency_address: address.extend({ vat_number: z.string() }).optional(),
  minimum_match_criteria: z.boolean(),
});
const locationDetail = locationItem.omit({ identifier: true }).extend({ emergency_address: address.optional() });

const switches = z.array(z.object({
  mac_address: macAddress, port: line(50).default(''), port_prefix: line(50).default(''), port_range_from: line(20).default(''), port_range_to: line(20).default(''),
})).max(200);
const networks = (whose: string) => line(2000).describe(`Addresses or ranges ${whose}, separated by commas, e.g. 10.1.0.0/16.`);
const fields = {
  bssid: line(4000).describe('Access points, separated by commas. Kept and shown: phones do not report theirs.'),
  private_ip: networks('of the phones themselves'), public_ip: networks('of the router that phones are seen behind'),
  minimum_match_criteria: z.boolean().describe('Whether public_ip alone is too little.'),
};

function switchesOf(list: z.output<typeof switches>): readonly NetworkSwitch[] {
  return list.map((one) => ({
    macAddress: one.mac_address.replace(/[:-]/g, '').toLowerCase(), port: one.port, portPrefix: one.port_prefix, portRangeFrom: one.port_range_from,
    portRangeTo: one.port_range_to,
  }));
}

function detailView({ directory }: Pick<HttpDeps, 'directory'>, location: ServiceLocation) {
  const found = directory.safety.address(location.emergencyAddressId);
  return {
    id: location.id, name: location.name, bssid: location.bssids.join(','), parent_location_id: location.parentId ?? '',
    ...(location.elin === '' ? {} : { elin: { phone_number: location.elin, phone_number_id: location.elinPhoneNumberId } }),
    network_switches: location.networkSwitches.map((one) => ({
      mac_address: one.macAddress, port: one.port, port_prefix: one.portPrefix, port_range_from: one.portRangeFrom, port_range_to: one.portRangeTo,
    })),
    private_ip: location.privateNetworks.join(','), public_ip: location.publicNetworks.join(','),
    ...(location.sipGroup === '' ? {} : { sip_group: { id: location.sipGroup, display_name: location.sipGroup } }),
    site: { id: location.siteId, name: directory.site(location.siteId)?.name ?? '' },
    ...(found === undefined ? {} : { emergency_address: linesView(found) }), minimum_match_criteria: location.minimumMatchCriteria,
  };
}

function itemView(deps: Pick<HttpDeps, 'directory'>, location: ServiceLocation) {
  const found = deps.directory.safety.address(location.emergencyAddressId);
  return {
    ...detailView(deps, location), identifier: location.identifier ?? '',
    ...(found === undefined ? {} : { emergency_address: { ...linesView(found), vat_number: found.vatNumber } }),
  };
}

export const emergencyLocationRoutes: readonly Route[] = [
  route({
    method: 'POST', path: '/v2/phone/batch_locations', operationId: 'batchAddLocations', summary: 'Add many locations, all or none', tag: TAG,
    access: 'emergency_location:write', subject: 'noted',
    body: z.object({
      locations: z.array(z.object({
        display_name: requiredLine(255), identifier: requiredLine(255).describe('Unique in the account.'),
        parent_identifier: line(255).default('').describe('Of the location it lies in, which may be of the same batch.'),
        company_address: z.object({
          address_line1: requiredLine(255), address_line2: line(255).default(''), city: line(100).default(''), country, state_code: line(50).default(''),
          zip: line(20).default(''), vat_number: line(50).default(''),
        }).describe('Made an address of the site unless there is one with the same lines.'),
        elin: line(40).default('').describe('A number of the account, by id or in international form.'),
        network_switches: switches.default([]), sip_group_name: line(255).default(''), bssid: fields.bssid.default(''),
        private_ip: fields.private_ip.default(''), public_ip: fields.public_ip.default(''), minimum_match_criteria: fields.minimum_match_criteria.default(false),
      })).min(1).max(MOST_ROWS),
      site_id: requiredLine(64).optional(),
    }),
    answer: {
      status: 201, description: 'The new locations.', schema: z.object({ locations: z.array(z.object({ display_name: z.string(), location_id: z.string() })) }),
    },
    async handle({ deps, actor, body }) {
      const outcome = await addLocations(deps, actor, body.site_id, body.locations.map((row) => ({
        name: row.display_name, identifier: row.identifier, parentIdentifier: row.parent_identifier, address: toPostal(row.company_address),
        vatNumber: row.company_address.vat_number, elin: row.elin, bssid: row.bssid, privateIp: row.private_ip, publicIp: row.public_ip,
        networkSwitches: switchesOf(row.network_switches), sipGroup: row.sip_group_name, minimumMatchCriteria: row.minimum_match_criteria,
      })));
      return answer(outcome, (added) => created({ locations: added.map(({ id, name }) => ({ display_name: name, location_id: id })) }));
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/locations', operationId: 'listLocations', summary: 'List locations', tag: TAG, access: 'emergency_location:read', subject: 'list',
    query: z.object({ ...pageQuery(300), site_id: z.string().max(64).optional() }),
    answer: { status: 200, description: 'Locations, oldest first.', schema: z.object({ ...pageFields, locations: z.array(locationItem) }) },
    async handle({ deps, actor, sites, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const siteId = query.site_id === undefined ? null : asId<SiteId>(query.site_id);
      const found = await deps.stores.serviceLocations.page(actor.accountId, siteId, page.page, sites ?? undefined);
      return json({ ...paging(found, query), locations: found.items.map((location) => itemView(deps, location)) });
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/locations', operationId: 'addLocation', summary: 'Add a location', tag: TAG, access: 'emergency_location:write', subject: 'noted',
    body: z.object({
      name: requiredLine(255), emergency_address_id: requiredLine(64).describe('One of the site.'), site_id: requiredLine(64).optional(),
      elin_phone_number_id: line(64).default('').describe('A number of the account, by id or in international form; "" = that of the location around it.'),
      parent_location_id: line(64).default(''), sip_group_id: line(64).default(''), bssid: fields.bssid.default(''),
      private_ip: fields.private_ip.default(''), public_ip: fields.public_ip.default(''), network_switches: switches.default([]),
      minimum_match_criteria: fields.minimum_match_criteria.default(false),
    }),
    answer: { status: 201, description: 'The new location.', schema: z.object({ id: z.string(), name: z.string() }) },
    async handle({ deps, actor, body }) {
      const outcome = await addLocation(deps, actor, {
        name: body.name, emergencyAddressId: body.emergency_address_id, elin: body.elin_phone_number_id, bssid: body.bssid, privateIp: body.private_ip,
        publicIp: body.public_ip, networkSwitches: switchesOf(body.network_switches), sipGroup: body.sip_group_id, identifier: null,
        minimumMatchCriteria: body.minimum_match_criteria, parentId: body.parent_location_id, ...given({ siteId: body.site_id }),
      });
      return answer(outcome, ({ id, name }) => created({ id, name }));
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/locations/{locationId}', operationId: 'getLocation', summary: 'Get a location', tag: TAG,
    access: 'emergency_location:read',
    answer: { status: 200, description: 'The location.', schema: locationDetail },
    async handle({ deps, actor, params }) {
      const location = await deps.stores.serviceLocations.get(actor.accountId, asId<ServiceLocationId>(params.locationId));
      return location === null ? failed(fromRefusal(locationNotFound(params.locationId))) : json(detailView(deps, location));
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/locations/{locationId}', operationId: 'updateLocation', summary: 'Change a location', tag: TAG,
    access: 'emergency_location:write',
    body: z.object({
      name: requiredLine(255).optional(), emergency_address_id: requiredLine(64).optional(), elin_phone_number_id: line(64).optional(),
      sip_group_id: line(64).optional(), bssid: fields.bssid.optional(), private_ip: fields.private_ip.optional(), public_ip: fields.public_ip.optional(),
      network_switches: switches.optional(), minimum_match_criteria: fields.minimum_match_criteria.optional(),
    }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      return answer(await updateLocation(deps, actor, params.locationId, given({
        name: body.name, emergencyAddressId: body.emergency_address_id, elin: body.elin_phone_number_id, sipGroup: body.sip_group_id, bssid: body.bssid,
        privateIp: body.private_ip, publicIp: body.public_ip, minimumMatchCriteria: body.minimum_match_criteria,
        networkSwitches: body.network_switches === undefined ? undefined : switchesOf(body.network_switches),
      })), () => NO_CONTENT);
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/locations/{locationId}', operationId: 'deleteLocation', summary: 'Remove a location', tag: TAG,
    access: 'emergency_location:write',
    answer: { status: 204, description: 'Removed.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await removeLocation(deps, actor, params.locationId), () => NO_CONTENT);
    },
  }),
];
