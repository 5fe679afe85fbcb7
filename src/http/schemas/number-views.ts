import { z } from 'zod';
import { nameOf } from '../../domain/identity/user.js';
import type { PostalAddress } from '../../domain/identity/site.js';
import { asId, type EmergencyAddressId, type ExtensionId } from '../../domain/ids.js';
import { callerIdOf, permittedNumbers } from '../../domain/numbering/caller-id.js';
import type { Extension } from '../../domain/numbering/extension.js';
import type { PhoneNumber } from '../../domain/numbering/phone-number.js';
import { extensionNumbers } from '../../usecases/caller-numbers.js';
import type { HttpDeps } from '../http-deps.js';
import { countryView } from './fields.js';
import { addressView } from './views.js';

// Everything here is answered from memory, so lists may ask for each row.
type Numbers = Pick<HttpDeps, 'directory'>;

/** The direct numbers of an extension as people show them, primary first. */
export function heldNumbers({ directory }: Numbers, extensionId: ExtensionId) {
  return directory.numbers.of(extensionId).map(({ id, number }) => ({ id, number }));
}

/** The same with what common areas show besides. */
export function heldNumbersInFull({ directory }: Numbers, extensionId: ExtensionId) {
  return directory.numbers.of(extensionId).map(({ id, number, displayName, source }) => ({ id, number, display_name: displayName, source }));
}

export const callerIdFields = z.object({ is_default: z.boolean(), name: z.string(), number: z.string() });

/** Every number that an extension may show, the one shown now marked; a withheld number marks none. */
export function callerIdsOf({ directory }: Numbers, extension: Pick<Extension, 'id' | 'siteId' | 'accountId'>) {
  const numbers = extensionNumbers(directory, extension);
  const shown = callerIdOf(numbers);
  return permittedNumbers(numbers).map(({ number }) => ({
    is_default: shown.kind === 'shown' && shown.number.id === number.id, name: number.displayName, number: number.number,
  }));
}

/** The number an extension shows on calls out: E.164, `hidden`, or '' where it may show none. */
export function shownNumber({ directory }: Numbers, extension: Pick<Extension, 'id' | 'siteId' | 'accountId'>): string {
  const shown = callerIdOf(extensionNumbers(directory, extension));
  return shown.kind === 'shown' ? shown.number.number : shown.kind === 'hidden' ? 'hidden' : '';
}

const KIND = { user: 'user', common_area: 'commonArea' } as const;

const assignee = z.object({
  id: z.string().describe('Of the user or common area.'), extension_id: z.string(), extension_number: z.int(), name: z.string(),
  type: z.enum(['user', 'commonArea']),
});
const address = z.object({
  address_line1: z.string(), address_line2: z.string(), city: z.string(), country: z.string(), state_code: z.string(), zip: z.string(),
});

/** A number as the account lists it. */
export const numberFields = z.object({
  id: z.string(), number: z.string(), number_type: z.enum(['toll', 'tollfree', 'international']),
  source: z.enum(['internal', 'external']).describe('external: brought along from a carrier (BYOC).'),
  status: z.enum(['available', 'pending']),
  location: z.string().describe('The country of the number.'),
  capability: z.array(z.enum(['incoming', 'outgoing'])),
  carrier: z.object({ code: z.int().describe('0: carriers are known by name.'), name: z.string() }),
  display_name: z.string(),
  site: z.object({ id: z.string(), name: z.string() }),
  sip_group: z.object({ id: z.string(), display_name: z.string() }),
  emergency_address: address.describe("The number's own, else that of whoever has it, else the site's."),
  emergency_address_status: z.int(),
  emergency_address_update_time: z.string(),
  assignee: assignee.optional().describe('Missing while nobody has it.'),
  is_primary: z.boolean().describe('The first of the numbers of whoever has it.'),
});

export function numberView({ directory }: Numbers, number: PhoneNumber) {
  const site = directory.site(number.siteId);
  const holder = number.extensionId === null ? undefined : directory.extension(number.extensionId);
  return {
    id: number.id, number: number.number, number_type: number.numberType, source: number.source, status: number.status,
    location: number.country === null ? '' : countryView(number.country).name,
    capability: [...(number.incoming ? ['incoming'] : []), ...(number.outgoing ? ['outgoing'] : [])],
    carrier: { code: 0, name: number.carrier }, display_name: number.displayName,
    site: { id: number.siteId, name: site?.name ?? '' }, sip_group: { id: number.sipGroupId, display_name: '' },
    emergency_address: addressView(addressOf({ directory }, number, holder)),
    emergency_address_status: number.emergencyAddressStatus, emergency_address_update_time: '',
    ...(holder === undefined ? {} : { assignee: assigneeView({ directory }, holder) }),
    is_primary: holder !== undefined && directory.numbers.of(holder.id)[0]?.id === number.id,
  };
}

/** The number's own, else that of whoever has it, else the site's. */
function addressOf({ directory }: Numbers, { emergencyAddressId, siteId }: PhoneNumber, holder: Extension | undefined): PostalAddress | null {
  const { safety } = directory;
  const own = emergencyAddressId === null ? undefined : safety.address(asId<EmergencyAddressId>(emergencyAddressId));
  const holders = holder === undefined ? undefined : safety.addressOf(holder.owner);
  return own ?? holders ?? safety.siteDefault(siteId) ?? directory.site(siteId)?.defaultEmergencyAddress ?? null;
}

/** Whoever has an extension, as numbers name their assignee. */
export function assigneeView({ directory }: Numbers, { id, number, owner }: Extension) {
  return { id: owner.id, extension_id: id, extension_number: Number(number), name: holderName({ directory }, owner), type: KIND[owner.kind] };
}

export function holderName({ directory }: Numbers, owner: Extension['owner']): string {
  if (owner.kind === 'common_area') return directory.commonArea(owner.id)?.displayName ?? '';
  const user = directory.user(owner.id);
  return user === undefined ? '' : nameOf(user);
}

/** `extension_type` of a filter: null = a kind that nobody has here, so that nothing matches. */
export function ownerKindOf(type: string): Extension['owner']['kind'] | null {
  const plain = type.toLowerCase().replace(/[^a-z]/g, '');
  if (plain === 'user') return 'user';
  return plain === 'commonarea' || plain === 'commonareaphone' ? 'common_area' : null;
}

/** The kinds of extension that numbers may belong to; those without a feature here have no numbers. */
export const extensionType = z.enum([
  'user', 'commonArea', 'commonAreaPhone', 'callQueue', 'autoReceptionist', 'sharedLineGroup', 'emergencyNumberPool', 'companyLocation',
  'meetingService', 'zoomRoom',
]);
