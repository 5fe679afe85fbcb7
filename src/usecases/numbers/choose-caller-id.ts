import { permittedNumbers } from '../../domain/numbering/caller-id.js';
import type { Extension } from '../../domain/numbering/extension.js';
import type { CallerIdChoice, PhoneNumber } from '../../domain/numbering/phone-number.js';
import { e164Text } from '../../domain/numbering/pool-number.js';
import type { AccountId } from '../../domain/ids.js';
import type { Stores } from '../../ports/admin-stores.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import { numberHolder, type HolderRef } from './number-holder.js';

/** What an API client writes for a withheld number. */
export const HIDDEN = 'hidden';
const FIELD = 'outbound_caller_id';

/** Chooses what a phone user or common area shows on calls out: a permitted number, `hidden`, or '' for the default. */
export async function chooseCallerId(deps: ChangeDeps, actor: Actor, ref: HolderRef, wanted: string): Promise<Outcome<CallerIdChoice | null>> {
  return change(deps, actor, async (draft) => {
    const holder = await numberHolder(draft, ref);
    if (holder.kind === 'refused') return holder;
    const refusal = await chooseIn(draft, holder.extension, wanted);
    return refusal ?? done(await draft.stores.callerIds.choice(holder.extension.id));
  });
}

/** The same inside a larger change. Refuses a number that the extension may not show, naming those it may. */
export async function chooseIn(draft: Draft, extension: Extension, wanted: string): Promise<Refused | null> {
  const before = await draft.stores.callerIds.choice(extension.id);
  if (wanted === '') {
    if (before === null) return null;
    await draft.stores.callerIds.clearChoice(extension.id);
    note(draft, extension, before, null);
    return null;
  }
  const number = wanted.toLowerCase() === HIDDEN ? null : await permitted(draft, extension, wanted);
  if (number !== null && 'why' in number) return number;
  const after: CallerIdChoice = { id: extension.id, accountId: draft.accountId, phoneNumberId: number?.id ?? null };
  await draft.stores.callerIds.setChoice(after);
  note(draft, extension, before, after);
  return null;
}

async function permitted(draft: Draft, extension: Extension, wanted: string): Promise<PhoneNumber | Refused> {
  const e164 = e164Text(wanted);
  const numbers = permittedNumbers(await storedNumbers(draft, extension)).map(({ number }) => number);
  const found = numbers.find(({ number }) => number === e164);
  if (found !== undefined) return found;
  const list = numbers.slice(0, 5).map(({ number }) => number).join(', ');
  const may = list === '' ? 'It may show none yet' : `It may show ${list}`;
  return refused('invalid', FIELD, `The extension may not show this number. ${may}; or give ${HIDDEN}, or "" for the default.`, wanted);
}

/** What an extension may show, from the database: inside a change the directory does not know it yet. */
async function storedNumbers({ stores, accountId }: { readonly stores: Stores; readonly accountId: AccountId }, { id, siteId }: Extension) {
  const customized = async (scopeId: string): Promise<readonly PhoneNumber[]> => {
    const entries = await stores.callerIds.entries(accountId, { scopeId });
    const numbers = await stores.phoneNumbers.find(accountId, { ids: entries.map(({ phoneNumberId }) => phoneNumberId), numbers: [] });
    const byId = new Map(numbers.map((number) => [number.id, number]));
    return entries.flatMap(({ phoneNumberId }) => byId.get(phoneNumberId) ?? []);
  };
  return {
    own: await stores.phoneNumbers.of(id), extension: await customized(id), site: await customized(siteId), account: await customized(accountId),
    choice: await stores.callerIds.choice(id),
  };
}

function note(draft: Draft, extension: Extension, before: CallerIdChoice | null, after: CallerIdChoice | null): void {
  draft.note({
    aggregate: 'caller_id_choice', id: extension.id, change: after === null ? 'deleted' : 'updated', action: 'choose-caller-id',
    before: { phoneNumberId: before?.phoneNumberId ?? HIDDEN, chosen: before !== null },
    after: after === null ? null : { phoneNumberId: after.phoneNumberId ?? HIDDEN, chosen: true },
  });
}
