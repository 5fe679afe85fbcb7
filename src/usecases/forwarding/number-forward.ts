import { asId, type PhoneNumberId } from '../../domain/ids.js';
import type { NumberForward } from '../../domain/forwarding/call-handling.js';
import type { PhoneNumber } from '../../domain/numbering/phone-number.js';
import { phoneNumberNotFound } from '../admin/not-found.js';
import { change, type Actor, type ChangeDeps } from '../change.js';
import { done, refused, type Outcome } from '../outcome.js';
import { readForwardNumber } from './forward-number.js';

/** Has a number lead straight outside, on behalf of whoever has it: their plan and rules decide, and they pay. */
export function setNumberForward(
  deps: ChangeDeps, actor: Actor, id: string, wanted: { readonly number: string; readonly description: string },
): Promise<Outcome<NumberForward>> {
  return change(deps, actor, async (draft) => {
    const number = await draft.stores.phoneNumbers.get(draft.accountId, asId<PhoneNumberId>(id));
    if (number === null) return phoneNumberNotFound(id);
    const extension = number.extensionId === null ? null : await draft.stores.extensions.get(draft.accountId, number.extensionId);
    if (extension === null) {
      return refused('conflict', 'phoneNumberId', 'Assign the number to a user or common area first: their plan decides, and they pay for what is sent on.', number.number);
    }
    const read = await readForwardNumber(draft, extension, wanted.number, 'phone_number');
    if (read.kind === 'refused') return read;
    if (read.number === number.number) return refused('invalid', 'phone_number', 'A number cannot lead to itself.', wanted.number);
    const before = await draft.stores.numberForwards.get(draft.accountId, number.id);
    const after: NumberForward = {
      id: number.id, accountId: draft.accountId, extensionId: extension.id, number: read.number, description: wanted.description,
    };
    await draft.stores.numberForwards.put(after);
    draft.note({
      aggregate: 'number_forward', id: number.id, change: before === null ? 'created' : 'updated', action: 'set-number-forward', before: noted(before, number),
      after: noted(after, number),
    });
    return done(after);
  });
}

export function removeNumberForward(deps: ChangeDeps, actor: Actor, id: string): Promise<Outcome<NumberForward>> {
  return change(deps, actor, async (draft) => {
    const number = await draft.stores.phoneNumbers.get(draft.accountId, asId<PhoneNumberId>(id));
    const before = number === null ? null : await draft.stores.numberForwards.get(draft.accountId, number.id);
    if (number === null || before === null) return noForward(id);
    await draft.stores.numberForwards.delete(before.id);
    draft.note({ aggregate: 'number_forward', id: before.id, change: 'deleted', action: 'remove-number-forward', before: noted(before, number), after: null });
    return done(before);
  });
}

export const noForward = (id: string) => refused('not-found', 'phoneNumberId', 'No number with this id leads outside.', id);

function noted(forward: NumberForward | null, { siteId }: PhoneNumber): object | null {
  return forward === null ? null : { ...forward, siteId };
}
