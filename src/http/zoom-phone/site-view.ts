import { z } from 'zod';
import { asId, type ExtensionId } from '../../domain/ids.js';
import type { ExtensionRange, PostalAddress, Site } from '../../domain/identity/site.js';
import { nameOf } from '../../domain/identity/user.js';
import type { SettingReading } from '../../usecases/admin/settings.js';
import type { HttpDeps } from '../http-deps.js';
import { countryView } from '../schemas/fields.js';
import { policyFields, policyView } from '../schemas/policy-schemas.js';
import { addressView } from '../schemas/views.js';
import { SITE_POLICIES } from './policy-keys.js';

const mainReceptionist = z.object({ id: z.string(), extension_id: z.string(), extension_number: z.int(), name: z.string() })
  .describe('Auto receptionists are not built: the name is kept, ids are "" and the number is 0.');

export const siteItem = z.object({
  id: z.string(), name: z.string(), country: z.object({ code: z.string(), name: z.string() }),
  main_auto_receptionist: mainReceptionist,
  site_code: z.int().optional().describe('Missing while the site has none.'),
  level: z.enum(['main', 'other']),
});

const forwardTo = z.object({
  display_name: z.string(), extension_id: z.string(), extension_number: z.int(), extension_type: z.string(), id: z.string(),
});

const policies = policyFields(SITE_POLICIES, { modified: true });
const park = policies.shape['call_park'];

export const siteDetail = siteItem.extend({
  short_extension: z.object({ length: z.int(), ranges: z.array(z.object({ range_from: z.string(), range_to: z.string() })) }),
  default_emergency_address: z.object({
    address_line1: z.string(), address_line2: z.string(), city: z.string(), country: z.string(), state_code: z.string(), zip: z.string(),
  }),
  state: z.string().describe('Of the default emergency address, like the city.'), city: z.string(),
  time_zone: z.string().describe('"" = UTC. Set by PATCH here too.'),
  policy: park instanceof z.ZodObject ? policies.extend({ call_park: park.extend({ forward_to: forwardTo }) }) : policies,
  sip_zone: z.object({ id: z.string(), name: z.string() }),
  caller_id_name: z.string(),
  india_state_code: z.string(), india_city: z.string(), india_sdca_npa: z.string(), india_entity_name: z.string(),
});

export function siteItemView(site: Site) {
  return {
    id: site.id, name: site.name, country: countryView(site.country),
    main_auto_receptionist: { id: '', extension_id: '', extension_number: 0, name: site.autoReceptionistName },
    ...(site.siteCode === null ? {} : { site_code: Number(site.siteCode) }),
    level: site.isMain ? 'main' : 'other',
  };
}

export function siteDetailView(deps: HttpDeps, site: Site, reading: SettingReading) {
  const shown = policyView(reading, SITE_POLICIES, { modified: true });
  const forward = extensionView(deps, reading.get('call_park').value.forward_to_extension_id);
  return {
    ...siteItemView(site),
    short_extension: { length: site.shortExtensionLength, ranges: site.shortExtensionRanges.map(({ from, to }) => ({ range_from: from, range_to: to })) },
    default_emergency_address: addressView(site.defaultEmergencyAddress),
    state: site.defaultEmergencyAddress?.stateCode ?? '', city: site.defaultEmergencyAddress?.city ?? '', time_zone: site.timeZone ?? '',
    policy: { ...shown, call_park: { ...parkOf(shown['call_park']), forward_to: forward } },
    sip_zone: { id: site.sipZoneId, name: '' }, caller_id_name: site.callerIdName,
    india_state_code: site.india?.stateCode ?? '', india_city: site.india?.city ?? '', india_sdca_npa: site.india?.sdcaNpa ?? '',
    india_entity_name: site.india?.entityName ?? '',
  };
}

function parkOf(shown: unknown): object {
  return typeof shown === 'object' && shown !== null ? shown : {};
}

/** Whoever has the extension, as the published shapes name them; all empty for '' and for one that is gone. */
export function extensionView({ directory }: Pick<HttpDeps, 'directory'>, id: string) {
  const extension = id === '' ? undefined : directory.extension(asId<ExtensionId>(id));
  if (extension === undefined) return { display_name: '', extension_id: '', extension_number: 0, extension_type: '', id: '' };
  const { owner } = extension;
  const person = owner.kind === 'user' ? directory.user(owner.id) : undefined;
  const area = owner.kind === 'common_area' ? directory.commonArea(owner.id) : undefined;
  return {
    display_name: person === undefined ? area?.displayName ?? '' : nameOf(person), extension_id: extension.id,
    extension_number: Number(extension.number), extension_type: owner.kind === 'user' ? 'user' : 'commonArea', id: owner.id,
  };
}

interface SentAddress {
  readonly address_line1: string;
  readonly address_line2: string;
  readonly city: string;
  readonly country: string;
  readonly state_code: string;
  readonly zip: string;
}

export function toAddress(address: SentAddress): PostalAddress {
  return {
    addressLine1: address.address_line1, addressLine2: address.address_line2, city: address.city,
    stateCode: address.state_code, zip: address.zip, country: address.country.toUpperCase(),
  };
}

export function toRanges(ranges: readonly { readonly range_from: string; readonly range_to: string }[]): readonly ExtensionRange[] {
  return ranges.map(({ range_from: from, range_to: to }) => ({ from, to }));
}
