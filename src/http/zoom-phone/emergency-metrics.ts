import { z } from 'zod';
import { addressText } from '../../domain/emergency/emergency-address.js';
import type { Device } from '../../domain/device/device.js';
import { asId, type SiteId } from '../../domain/ids.js';
import { nameOf } from '../../domain/identity/user.js';
import type { Binding } from '../../domain/registration/binding.js';
import { deskEmergency } from '../../usecases/desk-emergency.js';
import type { Actor } from '../../usecases/change.js';
import { done } from '../../usecases/outcome.js';
import { answer, failed, json } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { pageFields, pageQuery, paging, readPage, type PageParameters } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { line } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { assigneeView, statusesOf } from './device-view.js';

const TAG = 'Dashboard';
const text = z.string();

const person = z.object({ email: text, user_display_name: text, extension_id: text, extension_number: z.int(), site_name: text, site_id: text, status: text });
const network = { public_ip: text, private_ip: text, bssid: text, emergency_address: text, location_name: text, network_switch: z.object({ port: text, mac_address: text }), location_type: text };
const located = z.object({
  device_id: text, device_name: text, site_id: text, site_name: text, ...network, mac_address: text,
  assigned_info: z.array(z.object({ extension_id: text, extension_number: z.int(), user_email: text, user_display_name: text })),
});
const { network_switch, public_ip, private_ip, bssid } = network;
const tracked = z.object({
  assignees: z.array(z.object({ extension_number: z.int(), id: text, name: text })), city: text, country: text,
  device: z.object({ bssid, id: text, mac_address: text, name: text, private_ip, public_ip }), emergency_address: text, name: text,
  network_switch, site: z.object({ id: text, name: text }), type: text, zip: text,
});

const narrowing = { site_id: line(64).optional(), keyword: line(100).optional().describe('Part of a name.'), ...pageQuery(300) };
const statusQuery = z.object({ status: line(32), ...narrowing });
const locationQuery = z.object({ location_type: line(32).describe('Locations are the company\'s; "personal" finds nothing.'), ...narrowing });

const NO_SWITCH = { port: '', mac_address: '' };
const isPersonal = (type: string | undefined): boolean => type !== undefined && /^personal/i.test(type);

/** Phones that are registered, with where each is seen: two reads a page. */
async function locatedPhones({ stores, locations, directory }: HttpDeps, actor: Actor, query: PageParameters & { readonly site_id?: string | undefined; readonly keyword?: string | undefined }, none: boolean) {
  const page = readPage(query);
  if (page.kind === 'refused') return page;
  const filter = given({ siteId: query.site_id === undefined ? undefined : asId<SiteId>(query.site_id), keyword: query.keyword });
  const found = none ? { items: [], next: null, total: 0 } : await stores.devices.page(actor.accountId, filter, page.page);
  const ids = found.items.map(({ id }) => id);
  const bindings = ids.length === 0 ? new Map<Device['id'], readonly Binding[]>() : await locations.bindings(ids);
  const states = await statusesOf({ locations }, found.items);
  return done({ found, phones: found.items.map((device) => ({ device, state: states.get(device.id), desk: deskEmergency(directory, device, bindings.get(device.id) ?? []) })) });
}

type Located = Extract<Awaited<ReturnType<typeof locatedPhones>>, { readonly kind: 'done' }>['value']['phones'][number];

function assigneesOf(deps: HttpDeps, device: Device) {
  return device.assignees.flatMap((id) => assigneeView(deps, id) ?? []);
}

function locatedView(deps: HttpDeps, { device, state, desk }: Located) {
  return {
    device_id: device.id, device_name: device.displayName, site_id: device.siteId, site_name: deps.directory.site(device.siteId)?.name ?? '',
    public_ip: state?.publicIp ?? '', private_ip: state?.privateIp ?? '', bssid: '', mac_address: device.macAddress ?? '',
    emergency_address: desk.address === null ? '' : addressText(desk.address), location_name: desk.location?.name ?? '', network_switch: NO_SWITCH,
    location_type: desk.location === null ? '' : 'company',
    assigned_info: assigneesOf(deps, device).map(({ id, name, extension_id, extension_number, extension_type }) => {
      const user = extension_type === 'user' ? deps.directory.user(asId(id)) : undefined;
      return { extension_id, extension_number, user_email: user?.email ?? '', user_display_name: name };
    }),
  };
}

function trackedView(deps: HttpDeps, phone: Located) {
  const { device, state, desk } = phone;
  return {
    assignees: assigneesOf(deps, device).map(({ id, name, extension_number }) => ({ id, name, extension_number })),
    city: desk.address?.city ?? '', country: desk.address?.country ?? '', zip: desk.address?.zip ?? '',
    device: { bssid: '', id: device.id, mac_address: device.macAddress ?? '', name: device.displayName, private_ip: state?.privateIp ?? '', public_ip: state?.publicIp ?? '' },
    emergency_address: desk.address === null ? '' : addressText(desk.address), name: desk.location?.name ?? '', network_switch: NO_SWITCH,
    site: { id: device.siteId, name: deps.directory.site(device.siteId)?.name ?? '' }, type: desk.location === null ? '' : 'company',
  };
}

/** An operation about what no phone of this system tells. */
function nobody(path: string, operationId: string, summary: string, why: string, query: typeof statusQuery | typeof locationQuery, record: z.ZodType): Route {
  return route({
    method: 'GET', path, operationId, summary, tag: TAG, access: 'emergency_address:read', query,
    answer: { status: 200, description: `Always empty: ${why}.`, schema: z.object({ ...pageFields, records: z.array(record) }) },
    handle({ query: asked }) {
      const page = readPage(asked);
      return page.kind === 'refused' ? failed(fromRefusal(page)) : json({ ...paging({ next: null, total: 0 }, asked), records: [] });
    },
  });
}

const SERVICES = '/v2/phone/metrics/emergency_services';

export const emergencyMetricRoutes: readonly Route[] = [
  route({
    method: 'GET', path: `${SERVICES}/default_emergency_address/users`, operationId: 'listUserDefaultEmergencyAddress',
    summary: 'List people with or without an emergency address of their own', tag: TAG, access: 'emergency_address:read',
    query: statusQuery.extend({ status: line(32).describe('set: has one, whatever its site has. not_set: has none. Any other finds nothing.') }),
    answer: { status: 200, description: 'People, oldest first.', schema: z.object({ ...pageFields, records: z.array(person) }) },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const { status } = query;
      const filter = { ownAddress: status === 'set', ...given({ siteId: query.site_id === undefined ? undefined : asId<SiteId>(query.site_id), keyword: query.keyword }) };
      const found = status === 'set' || status === 'not_set' ? await deps.stores.phoneUsers.page(actor.accountId, filter, page.page) : { items: [], next: null, total: 0 };
      return json({
        ...paging(found, query),
        records: found.items.map(({ user, extension, site }) => ({
          email: user.email, user_display_name: nameOf(user), extension_id: extension.id, extension_number: Number(extension.number), site_name: site.name, site_id: site.id, status,
        })),
      });
    },
  }),
  nobody(`${SERVICES}/detectable_personal_location/users`, 'listUserDetectablePersonalLocation', 'List people whose own places are known', 'people have no places of their own', statusQuery, person),
  nobody(`${SERVICES}/nomadic_emergency_services/users`, 'listUserNomadicEmergencyServices', 'List people with nomadic emergency services',
    'phones are located, not people', statusQuery, person.extend({ reason_for_disabling: z.int() })),
  nobody(`${SERVICES}/realtime_location/users`, 'listUserRealtimeLocation', 'List where people are', 'phones are located, not people', locationQuery,
    person.omit({ status: true }).extend(network)),
  route({
    method: 'GET', path: `${SERVICES}/realtime_location/devices`, operationId: 'listPhoneRealtimelocation', summary: 'List where phones are', tag: TAG,
    access: 'emergency_address:read', query: locationQuery,
    answer: { status: 200, description: 'Phones, with the location each is seen in now; "" where it is in none or not registered.', schema: z.object({ ...pageFields, records: z.array(located) }) },
    async handle({ deps, actor, query }) {
      return answer(await locatedPhones(deps, actor, query, isPersonal(query.location_type)), ({ found, phones }) => json({
        ...paging(found, query), records: phones.map((phone) => locatedView(deps, phone)),
      }));
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/metrics/location_tracking', operationId: 'listTrackedLocations', summary: 'List locations of phones', tag: TAG,
    access: 'emergency_address:read', query: z.object({ ...narrowing, location_type: line(32).optional().describe('"personal" finds nothing.'), ...pageQuery(100) }),
    answer: { status: 200, description: 'Phones, with the location each is seen in now.', schema: z.object({ ...pageFields, location_tracking: z.array(tracked) }) },
    async handle({ deps, actor, query }) {
      return answer(await locatedPhones(deps, actor, query, isPersonal(query.location_type)), ({ found, phones }) => json({
        ...paging(found, query), location_tracking: phones.map((phone) => trackedView(deps, phone)),
      }));
    },
  }),
];
