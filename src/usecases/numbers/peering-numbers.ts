import { asId, type PhoneNumberId } from '../../domain/ids.js';
import type { PeeringNumber } from '../../domain/numbering/peering-number.js';
import type { PhoneNumber } from '../../domain/numbering/phone-number.js';
import { e164Text, readPoolNumber } from '../../domain/numbering/pool-number.js';
import type { Trunk } from '../../domain/trunk/trunk.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { done, type Outcome } from '../outcome.js';
import { removeFreeNumbersIn } from './change-numbers.js';

/** What a carrier says of a number; missing = as it is. */
export interface PeeringWish {
  readonly number: string;
  readonly trunk?: string;
  /** Whether calls may be made and taken with it. */
  readonly active?: boolean;
  readonly billingReference?: string;
  readonly serviceInfo?: string;
}

/** A number that was left as it was, and why. */
export interface Unprocessed {
  readonly number: string;
  readonly why: string;
}

/** Takes numbers of a trunk into the pool; those that cannot be taken are named, the others are there. */
export function addPeeringNumbers(deps: ChangeDeps, actor: Actor, wishes: readonly (PeeringWish & Required<Pick<PeeringWish, 'trunk' | 'active'>>)[]): Promise<Outcome<readonly Unprocessed[]>> {
  return each(deps, actor, wishes, async (draft, wish) => {
    const trunk = await draft.stores.trunks.byName(draft.accountId, wish.trunk);
    if (trunk === null) return noTrunk(wish.trunk);
    const read = readPoolNumber(wish.number, trunk.country);
    if (read === null) return 'This is no telephone number. Give it as +12125550100.';
    const [known] = await draft.stores.phoneNumbers.find(draft.accountId, { ids: [], numbers: [read.number] });
    if (known !== undefined) return 'The account has this number already.';
    const site = await draft.stores.sites.main(draft.accountId);
    if (site === null) return 'The account has no main site.';
    const number: PhoneNumber = {
      id: asId<PhoneNumberId>(draft.newId()), accountId: draft.accountId, ...read, source: 'external', siteId: site.id, extensionId: null, assignedOrder: null,
      ...usable(wish.active), carrier: trunk.name, displayName: '', emergencyAddressId: null, emergencyAddressStatus: 0, sipGroupId: trunk.id, createdAt: draft.at,
    };
    await draft.stores.phoneNumbers.insert([number]);
    draft.note({ aggregate: 'phone_number', id: number.id, change: 'created', action: 'add-phone-number', before: null, after: number });
    await say(draft, null, { number, billingReference: wish.billingReference ?? '', serviceInfo: wish.serviceInfo ?? '' });
    return null;
  });
}

/** Changes what is given; each by itself. */
export function updatePeeringNumbers(deps: ChangeDeps, actor: Actor, wishes: readonly PeeringWish[]): Promise<Outcome<readonly Unprocessed[]>> {
  return each(deps, actor, wishes, async (draft, wish) => {
    const found = await peeringNumber(draft, wish.number);
    if (found === null) return NO_PEERING;
    const trunk: Trunk | null = wish.trunk === undefined ? null : await draft.stores.trunks.byName(draft.accountId, wish.trunk);
    if (wish.trunk !== undefined && trunk === null) return noTrunk(wish.trunk);
    const before = found.number;
    const changes = { ...(trunk === null ? {} : { sipGroupId: trunk.id, carrier: trunk.name }), ...(wish.active === undefined ? {} : usable(wish.active)) };
    await draft.stores.phoneNumbers.update(before.id, changes);
    const number = { ...before, ...changes };
    draft.note({ aggregate: 'phone_number', id: before.id, change: 'updated', action: 'update-phone-number', before, after: number });
    await say(draft, found, { number, billingReference: wish.billingReference ?? found.billingReference, serviceInfo: wish.serviceInfo ?? found.serviceInfo });
    return null;
  });
}

/** Takes numbers out of the pool again, unless somebody has them. */
export function removePeeringNumbers(deps: ChangeDeps, actor: Actor, numbers: readonly string[]): Promise<Outcome<readonly Unprocessed[]>> {
  return each(deps, actor, numbers.map((number) => ({ number })), async (draft, { number }) => {
    const found = await peeringNumber(draft, number);
    if (found === null) return NO_PEERING;
    if (found.number.extensionId !== null) return 'The number is assigned to somebody. Unassign it first.';
    await removeFreeNumbersIn(draft, [found.number]);
    return null;
  });
}

const NO_PEERING = 'No carrier made this number over. GET /v2/phone/peering/numbers lists those.';
const noTrunk = (name: string): string => `There is no trunk named ${name}. GET /v2/cordboard/trunks lists them.`;

/** `process` gives why a number was left as it was; null = it was not. */
function each<Wish extends { readonly number: string }>(
  deps: ChangeDeps, actor: Actor, wishes: readonly Wish[], process: (draft: Draft, wish: Wish) => Promise<string | null>,
): Promise<Outcome<readonly Unprocessed[]>> {
  return change(deps, actor, async (draft) => {
    const left: Unprocessed[] = [];
    for (const wish of wishes) {
      const why = await process(draft, wish);
      if (why !== null) left.push({ number: wish.number, why });
    }
    return done(left);
  });
}

async function peeringNumber(draft: Draft, text: string): Promise<PeeringNumber | null> {
  const number = e164Text(text);
  return number === null ? null : (await draft.stores.peeringNumbers.find(draft.accountId, [number]))[0] ?? null;
}

async function say(draft: Draft, before: PeeringNumber | null, after: PeeringNumber): Promise<void> {
  const { number, ...said } = after;
  await draft.stores.peeringNumbers.put(draft.accountId, number.id, said);
  const { siteId } = number;
  draft.note({
    aggregate: 'peering_number', id: number.id, change: before === null ? 'created' : 'updated', action: 'set-peering-number',
    before: before === null ? null : { billingReference: before.billingReference, serviceInfo: before.serviceInfo, siteId }, after: { ...said, siteId },
  });
}

function usable(active: boolean): Pick<PhoneNumber, 'status' | 'incoming' | 'outgoing'> {
  return { status: active ? 'available' : 'pending', incoming: active, outgoing: active };
}
