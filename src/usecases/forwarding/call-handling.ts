import { asId, type ExtensionId, type ForwardingNumberId } from '../../domain/ids.js';
import {
  MOST_FORWARDING_NUMBERS, plainHandling, type BusinessHours, type CallHandling, type ForwardingNumber, type HandlingPeriod, type HandlingRules,
  type NotTaken, type RingTimes,
} from '../../domain/forwarding/call-handling.js';
import type { Extension } from '../../domain/numbering/extension.js';
import { extensionNotFound } from '../admin/not-found.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import { readForwardNumber } from './forward-number.js';

/** Where to, as asked for; an extension by id, a number as written. */
export type NotTakenWish =
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'extension'; readonly extensionId: string; readonly owner: Extension['owner']['kind'] }
  | { readonly kind: 'number'; readonly number: string; readonly description: string };

/** Fields of the API that the wishes came in, for refusals. */
export interface NotTakenFields {
  readonly extension: string;
  readonly number: string;
}

export interface HandlingWish {
  readonly ringMode?: HandlingRules['ringMode'];
  readonly ringSeconds?: number;
  readonly unanswered?: NotTakenWish;
  readonly busy?: NotTakenWish;
}

/** A change of one of what rings; `phones` = the extension's own. */
export interface RingWish extends Partial<RingTimes> {
  readonly id: string;
  readonly enabled?: boolean;
  readonly number?: string;
  readonly description?: string;
}

/** Names what rings beside numbers: the extension's own phones. */
export const PHONES = 'phones';
const UNANSWERED: NotTakenFields = { extension: 'settings.forward_to_extension_id', number: 'settings.phone_number' };
const BUSY: NotTakenFields = { extension: 'settings.busy_forward_to_extension_id', number: 'settings.busy_phone_number' };

/** Changes how a period's calls ring and what becomes of those that nobody took. */
export function setHandling(deps: ChangeDeps, actor: Actor, id: string, period: HandlingPeriod, wish: HandlingWish): Promise<Outcome<CallHandling>> {
  return changeRules(deps, actor, id, period, async (draft, rules, extension) => {
    const unanswered = wish.unanswered === undefined ? rules.unanswered : await readNotTaken(draft, extension, wish.unanswered, UNANSWERED);
    if ('why' in unanswered) return unanswered;
    const busy = wish.busy === undefined ? rules.busy : await readNotTaken(draft, extension, wish.busy, BUSY);
    if ('why' in busy) return busy;
    return { ...rules, ringMode: wish.ringMode ?? rules.ringMode, ringSeconds: wish.ringSeconds ?? rules.ringSeconds, unanswered, busy };
  });
}

/** Adds a number that rings like a phone of the extension. */
export async function addForwardingNumber(
  deps: ChangeDeps, actor: Actor, id: string, period: HandlingPeriod, wanted: { readonly number: string; readonly description: string },
): Promise<Outcome<ForwardingNumber>> {
  const made: { number: ForwardingNumber | null } = { number: null };
  const outcome = await changeRules(deps, actor, id, period, async (draft, rules, extension) => {
    if (rules.numbers.length >= MOST_FORWARDING_NUMBERS) {
      return refused('conflict', 'settings.phone_number', `At most ${MOST_FORWARDING_NUMBERS} numbers ring for an extension. Remove one first.`);
    }
    const read = await freeNumber(draft, rules, extension, wanted.number, null, 'settings.phone_number');
    if (read.kind === 'refused') return read;
    made.number = {
      id: asId<ForwardingNumberId>(draft.newId()), number: read.number, description: wanted.description, enabled: true, delaySeconds: 0, ringSeconds: null,
    };
    return { ...rules, numbers: [...rules.numbers, made.number] };
  });
  if (outcome.kind === 'refused') return outcome;
  if (made.number === null) throw new Error('a forwarding number was added and is not there');
  return done(made.number);
}

export function removeForwardingNumber(deps: ChangeDeps, actor: Actor, id: string, period: HandlingPeriod, numberId: string): Promise<Outcome<CallHandling>> {
  return changeRules(deps, actor, id, period, async (_draft, rules) => {
    if (!rules.numbers.some((each) => each.id === numberId)) {
      return refused('not-found', 'call_forwarding_id', 'No number that rings here has this id.', numberId);
    }
    return { ...rules, numbers: rules.numbers.filter((each) => each.id !== numberId) };
  });
}

/** Changes what rings, each by its id; all or none. */
export function setRinging(
  deps: ChangeDeps, actor: Actor, id: string, period: HandlingPeriod, wishes: readonly RingWish[], field: string,
): Promise<Outcome<CallHandling>> {
  return changeRules(deps, actor, id, period, async (draft, rules, extension) => {
    let after = rules;
    for (const [index, wish] of wishes.entries()) {
      const at = `${field}[${index}]`;
      const times = {
        ...(wish.enabled === undefined ? {} : { enabled: wish.enabled }), ...(wish.delaySeconds === undefined ? {} : { delaySeconds: wish.delaySeconds }),
        ...(wish.ringSeconds === undefined ? {} : { ringSeconds: wish.ringSeconds }),
      };
      if (wish.id === PHONES) {
        after = { ...after, phones: { ...after.phones, ...times } };
        continue;
      }
      const before = after.numbers.find((each) => each.id === wish.id);
      if (before === undefined) return refused('invalid', `${at}.id`, `Nothing that rings here has this id. ${PHONES} are the extension's own phones.`, wish.id);
      const read = wish.number === undefined ? { kind: 'number' as const, number: before.number }
        : await freeNumber(draft, after, extension, wish.number, before.id, `${at}.phone_number`);
      if (read.kind === 'refused') return read;
      const changed = { ...before, ...times, number: read.number, description: wish.description ?? before.description };
      after = { ...after, numbers: after.numbers.map((each) => (each.id === before.id ? changed : each)) };
    }
    return after;
  });
}

export function setBusinessHours(deps: ChangeDeps, actor: Actor, id: string, hours: BusinessHours): Promise<Outcome<CallHandling>> {
  return changeHandling(deps, actor, id, async (_draft, handling) => ({ ...handling, hours }));
}

/** For an extension that is going: nobody's calls are sent on to it any more. */
export async function forgetForwardsTo(draft: Draft, { id }: Pick<Extension, 'id'>): Promise<void> {
  const without = (to: NotTaken): NotTaken => (to.kind === 'extension' && to.extensionId === id ? { kind: 'disconnect' } : to);
  const cleared = (rules: HandlingRules): HandlingRules => ({ ...rules, unanswered: without(rules.unanswered), busy: without(rules.busy) });
  for (const before of await draft.stores.callHandlings.leadingTo(draft.accountId, id)) {
    const after = { ...before, business: cleared(before.business), closed: cleared(before.closed) };
    await draft.stores.callHandlings.put(after);
    draft.note({ aggregate: 'call_handling', id: before.id, change: 'updated', action: 'set-call-handling', before, after, consequence: true });
  }
}

function changeRules(
  deps: ChangeDeps, actor: Actor, id: string, period: HandlingPeriod,
  fn: (draft: Draft, rules: HandlingRules, extension: Extension) => Promise<HandlingRules | Refused>,
): Promise<Outcome<CallHandling>> {
  const part = period === 'business_hours' ? 'business' : 'closed';
  return changeHandling(deps, actor, id, async (draft, handling, extension) => {
    const rules = await fn(draft, handling[part], extension);
    return 'why' in rules ? rules : { ...handling, [part]: rules };
  });
}

async function changeHandling(
  deps: ChangeDeps, actor: Actor, id: string, fn: (draft: Draft, handling: CallHandling, extension: Extension) => Promise<CallHandling | Refused>,
): Promise<Outcome<CallHandling>> {
  return change(deps, actor, async (draft) => {
    const extension = await draft.stores.extensions.get(draft.accountId, asId<ExtensionId>(id));
    if (extension === null) return extensionNotFound(id);
    const before = await draft.stores.callHandlings.get(draft.accountId, extension.id) ?? plainHandling(extension.id, draft.accountId);
    const after = await fn(draft, before, extension);
    if ('why' in after) return after;
    await draft.stores.callHandlings.put(after);
    const { siteId } = extension;
    draft.note({
      aggregate: 'call_handling', id: extension.id, change: 'updated', action: 'set-call-handling', before: { ...before, siteId }, after: { ...after, siteId },
    });
    return done(after);
  });
}

async function freeNumber(
  draft: Draft, rules: HandlingRules, extension: Extension, text: string, own: string | null, field: string,
): Promise<{ readonly kind: 'number'; readonly number: string } | Refused> {
  const read = await readForwardNumber(draft, extension, text, field);
  if (read.kind === 'refused') return read;
  const twin = rules.numbers.find(({ number, id }) => number === read.number && id !== own);
  return twin === undefined ? read : refused('conflict', field, 'This number rings here already.', text);
}

async function readNotTaken(draft: Draft, extension: Extension, wish: NotTakenWish, fields: NotTakenFields): Promise<NotTaken | Refused> {
  switch (wish.kind) {
    case 'disconnect': return wish;
    case 'number': {
      const read = await readForwardNumber(draft, extension, wish.number, fields.number);
      return read.kind === 'refused' ? read : { kind: 'number', number: read.number, description: wish.description };
    }
    case 'extension': {
      if (wish.extensionId === extension.id) return refused('invalid', fields.extension, 'An extension cannot send its calls to itself.', wish.extensionId);
      const to = await draft.stores.extensions.get(draft.accountId, asId<ExtensionId>(wish.extensionId));
      if (to?.owner.kind === wish.owner) return { kind: 'extension', extensionId: to.id };
      const what = wish.owner === 'user' ? 'a phone user' : 'a common area';
      return refused('invalid', fields.extension, `Give the extension_id of ${what}.`, wish.extensionId);
    }
  }
}
