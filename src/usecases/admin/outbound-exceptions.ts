import { asId, type OutboundExceptionId } from '../../domain/ids.js';
import { callingCodeOf } from '../../domain/numbering/countries.js';
import { readNumberPattern } from '../../domain/numbering/number-pattern.js';
import type { OutboundException, OutboundRule } from '../../domain/routing/outbound-rules.js';
import { change, type Actor, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import type { AdminDeps } from './admin-deps.js';
import { exceptionRuleNotFound } from './not-found.js';
import { countriesInForce, outboundPlaces, type OutboundPlaces, type OutboundSubject } from './outbound-places.js';

export interface OutboundExceptionFields {
  readonly match: OutboundException['match'];
  /** As typed: international, beginning with the calling code, or national to the country. */
  readonly number: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly comment: string;
  readonly status: OutboundException['status'];
  /** Null = the opposite of what holds for the country, which is what an exception is for. */
  readonly rule: OutboundRule | null;
}

/** Adds an exception to what a place, or a place it inherits from, says of a country. */
export async function addOutboundException(
  deps: AdminDeps, actor: Actor, subject: OutboundSubject, wanted: OutboundExceptionFields,
): Promise<Outcome<OutboundException>> {
  return change(deps, actor, async (draft) => {
    const places = await outboundPlaces(draft.stores, draft.accountId, subject);
    if (places.kind === 'refused') return places;
    const read = readException(wanted);
    if (read.kind === 'refused') return read;
    const entry: OutboundException = {
      ...read.value, ...places.value.own, id: asId<OutboundExceptionId>(draft.newId()), accountId: draft.accountId,
      rule: await ruleOf(draft, places.value, wanted), createdAt: draft.at,
    };
    if (await twinOf(draft, entry) !== null) return alreadyThere(wanted.number);
    await draft.stores.outboundExceptions.insert(entry);
    draft.note({
      aggregate: 'outbound_exception', id: entry.id, change: 'created', action: 'add-outbound-exception', before: null, after: entry,
    });
    return done(entry);
  });
}

/** Changes an exception; what it does stays as it was unless its country changes or a rule is given. */
export async function updateOutboundException(
  deps: AdminDeps, actor: Actor, subject: OutboundSubject, id: string, wanted: OutboundExceptionFields,
): Promise<Outcome<OutboundException>> {
  return change(deps, actor, async (draft) => {
    const found = await find(draft, subject, id);
    if (found.kind === 'refused') return found;
    const { places, before } = found.value;
    const read = readException(wanted);
    if (read.kind === 'refused') return read;
    const keeps = wanted.rule === null && wanted.country === before.country;
    const after: OutboundException = { ...before, ...read.value, rule: keeps ? before.rule : await ruleOf(draft, places, wanted) };
    const twin = await twinOf(draft, after);
    if (twin !== null && twin.id !== before.id) return alreadyThere(wanted.number);
    await draft.stores.outboundExceptions.update(after);
    draft.note({
      aggregate: 'outbound_exception', id: before.id, change: 'updated', action: 'update-outbound-exception', before, after,
    });
    return done(after);
  });
}

export async function removeOutboundException(
  deps: AdminDeps, actor: Actor, subject: OutboundSubject, id: string,
): Promise<Outcome<OutboundException>> {
  return change(deps, actor, async (draft) => {
    const found = await find(draft, subject, id);
    if (found.kind === 'refused') return found;
    const { before } = found.value;
    await draft.stores.outboundExceptions.delete(before.id);
    draft.note({
      aggregate: 'outbound_exception', id: before.id, change: 'deleted', action: 'remove-outbound-exception', before, after: null,
    });
    return done(before);
  });
}

async function find(
  draft: Draft, subject: OutboundSubject, id: string,
): Promise<Outcome<{ readonly places: OutboundPlaces; readonly before: OutboundException }>> {
  const places = await outboundPlaces(draft.stores, draft.accountId, subject);
  if (places.kind === 'refused') return places;
  const before = await draft.stores.outboundExceptions.get(draft.accountId, places.value.own, asId<OutboundExceptionId>(id));
  return before === null ? exceptionRuleNotFound(id) : done({ places: places.value, before });
}

async function ruleOf(draft: Draft, places: OutboundPlaces, { rule, country }: OutboundExceptionFields): Promise<OutboundRule> {
  if (rule !== null) return rule;
  const inForce = (await countriesInForce(draft.stores, draft.accountId, places))(country);
  return inForce.rule === 'allow' ? 'block' : 'allow';
}

function twinOf(draft: Draft, entry: OutboundException): Promise<OutboundException | null> {
  return draft.stores.outboundExceptions.find(draft.accountId, entry, entry);
}

function alreadyThere(number: string): Refused {
  return refused('conflict', 'exception_rule.prefix_number', 'There is an exception for this number or prefix here already. Change that one.', number);
}

type Read = Pick<OutboundException, 'match' | 'number' | 'country' | 'comment' | 'status'>;

/** The number in E.164, sure to be one of the country. */
function readException({ match, number, country, comment, status }: OutboundExceptionFields): Outcome<Read> {
  const code = callingCodeOf(country);
  if (code === null) {
    return refused('invalid', 'exception_rule.country', 'Give an ISO 3166-1 code that has telephone numbers of its own, e.g. GB.', country);
  }
  const read = readNumberPattern(number, match, { country, home: country });
  const field = 'exception_rule.prefix_number';
  if (read.kind === 'invalid') return refused('invalid', field, read.text, number);
  const { pattern } = read;
  if (!pattern.number.startsWith(`+${code}`)) {
    return refused('invalid', field, `Numbers of ${country} begin with +${code}. Give one of them, or another country.`, number);
  }
  if (match === 'number' && pattern.country !== null && pattern.country !== country) {
    return refused('invalid', field, `This is a number of ${pattern.country}. Name that country, or another number.`, number);
  }
  return done({ match, number: pattern.number, country, comment, status });
}
