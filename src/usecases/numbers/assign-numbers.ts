import type { PhoneNumber } from '../../domain/numbering/phone-number.js';
import { numberLimit } from '../../domain/licensing/number-limits.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { allOf, done, refused, type Outcome, type Refused } from '../outcome.js';
import { findNumbers, type NumberRef } from './find-numbers.js';
import { holderText, numberHolder, type HolderRef, type NumberHolder } from './number-holder.js';
import { releaseNumber } from './release-numbers.js';
import { asId, type PhoneNumberId } from '../../domain/ids.js';

/**
 * Assigns numbers of the pool to a phone user or common area, all or none, in the order given: the first number somebody gets
 * is the primary one. Needs a calling plan, stays within its limit, and takes no number from anybody else. Answers with those
 * assigned now.
 */
export async function assignNumbers(
  deps: ChangeDeps, actor: Actor, ref: HolderRef, wanted: readonly NumberRef[],
): Promise<Outcome<readonly PhoneNumber[]>> {
  return change(deps, actor, async (draft) => {
    const holder = await numberHolder(draft, ref);
    return holder.kind === 'refused' ? holder : assignIn(draft, holder, wanted, 'phone_numbers');
  });
}

/** The same inside a larger change, for rows that bring their numbers along; `field` is what the numbers came in. */
export async function assignIn(
  draft: Draft, holder: Omit<NumberHolder, 'kind'>, wanted: readonly NumberRef[], field: string,
): Promise<Outcome<readonly PhoneNumber[]>> {
  if (wanted.length === 0) return done([]);
  const limit = numberLimit(holder.callingPlans);
  if (limit === 0) {
    return refused('conflict', field, `${holder.name} has no calling plan. Assign one first; direct numbers come with it.`);
  }
  const found = await findNumbers(draft, wanted, field);
  if (found.kind === 'refused') return found;
  const taken = await takenProblem(draft, holder, found.numbers, field);
  if (taken) return taken;
  const held = await draft.stores.phoneNumbers.of(holder.extension.id);
  if (held.length + found.numbers.length > limit) {
    return refused(
      'conflict', field,
      `The calling plan allows ${limit} numbers; ${holder.name} has ${held.length}. Assign fewer, or another plan.`,
      String(found.numbers.length),
    );
  }
  let order = held.at(-1)?.assignedOrder ?? 0;
  const assigned: PhoneNumber[] = [];
  for (const before of found.numbers) {
    order += 1;
    // A direct number belongs to the site of its holder.
    const changes = { extensionId: holder.extension.id, assignedOrder: order, siteId: holder.extension.siteId };
    await draft.stores.phoneNumbers.update(before.id, changes);
    const after = { ...before, ...changes };
    draft.note({ aggregate: 'phone_number', id: before.id, change: 'updated', action: 'assign-phone-number', before, after });
    assigned.push(after);
  }
  return done(assigned);
}

async function takenProblem(
  draft: Draft, { extension }: Pick<NumberHolder, 'extension'>, numbers: readonly PhoneNumber[], field: string,
): Promise<Refused | null> {
  const refusals: Refused[] = [];
  for (const [index, number] of numbers.entries()) {
    if (number.extensionId === null) continue;
    const place = `${field}[${index}]`;
    if (number.extensionId === extension.id) {
      refusals.push(refused('conflict', place, `${number.number} is assigned here already.`, number.number));
      continue;
    }
    const other = await draft.stores.extensions.get(draft.accountId, number.extensionId);
    const whose = other === null ? 'somebody else' : await holderText(draft, other);
    refusals.push(refused('conflict', place, `${number.number} is assigned to ${whose}. Unassign it there first.`, number.number));
  }
  return refusals.length > 0 ? allOf(refusals) : null;
}

/** Takes one number away, named by id or by the number itself; it is free at once, and the next oldest becomes primary. */
export async function unassignNumber(
  deps: ChangeDeps, actor: Actor, ref: HolderRef, idOrNumber: string,
): Promise<Outcome<PhoneNumber>> {
  return change(deps, actor, async (draft) => {
    const number = await heldNumber(draft, ref, idOrNumber);
    if (number.kind === 'refused') return number;
    return done(await releaseNumber(draft, number.number, 'unassign-phone-number'));
  });
}

/** Makes one of somebody's numbers the primary one: it stands first, and is shown first. */
export async function makePrimary(
  deps: ChangeDeps, actor: Actor, ref: HolderRef, idOrNumber: string,
): Promise<Outcome<PhoneNumber>> {
  return change(deps, actor, async (draft) => {
    const found = await heldNumber(draft, ref, idOrNumber);
    if (found.kind === 'refused') return found;
    const [first] = found.held;
    const before = found.number;
    if (first === undefined || first.id === before.id) return done(before);
    const changes = { assignedOrder: (first.assignedOrder ?? 0) - 1 };
    await draft.stores.phoneNumbers.update(before.id, changes);
    const after = { ...before, ...changes };
    draft.note({ aggregate: 'phone_number', id: before.id, change: 'updated', action: 'make-primary-number', before, after });
    return done(after);
  });
}

async function heldNumber(
  draft: Draft, ref: HolderRef, idOrNumber: string,
): Promise<{ readonly kind: 'held'; readonly number: PhoneNumber; readonly held: readonly PhoneNumber[] } | Refused> {
  const holder = await numberHolder(draft, ref);
  if (holder.kind === 'refused') return holder;
  const held = await draft.stores.phoneNumbers.of(holder.extension.id);
  const number = held.find((one) => one.id === asId<PhoneNumberId>(idOrNumber) || one.number === idOrNumber);
  return number === undefined
    ? refused('not-found', 'phoneNumberId', `${holder.name} has no such number.`, idOrNumber)
    : { kind: 'held', number, held };
}
