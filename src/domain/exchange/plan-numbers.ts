import type { Extension } from '../numbering/extension.js';
import { permittedNumbers } from '../numbering/caller-id.js';
import type { CallerIdChoice, PhoneNumber } from '../numbering/phone-number.js';
import { e164Text, readPoolNumber } from '../numbering/pool-number.js';
import { numberLimit } from '../licensing/number-limits.js';
import type { Site } from '../identity/site.js';
import { LIST_SEPARATOR, type HolderColumn } from './holder-columns.js';
import { ownerName, type Holder, type HolderFacts } from './holder-facts.js';
import { listIn, type PlannedPlans } from './plan-entitlements.js';
import type { RowReader } from './plan-row.js';

/** What an export writes for a withheld number. */
export const HIDDEN = 'hidden';

/** The holder's numbers after the row, primary first: what the cell lists, in its order. Those it had and has no more are free. */
export function planNumbers(
  reader: RowReader<HolderColumn>, facts: HolderFacts, holder: Holder, at: { readonly extension: Extension; readonly site: Site; readonly plans: PlannedPlans },
): readonly PhoneNumber[] {
  const shown = holder.numbers.map(({ number }) => number).join(LIST_SEPARATOR);
  const wish = reader.wish('phoneNumbers', shown);
  const limit = numberLimit(at.plans.callingPlans);
  // Direct numbers come and go with the calling plan (call-policy rule 5).
  const wanted = wish === undefined ? (limit === 0 ? [] : holder.numbers) : read(reader, facts, holder, wish, at.site);
  if (wish === undefined && limit === 0 && shown !== '') reader.warn('callingPlans', `Without a calling plan there are no direct numbers: ${shown} will be free.`);
  if (wish !== undefined && wanted.length > 0 && limit === 0) reader.problem('phoneNumbers', 'There is no calling plan, with which direct numbers come. Give one in Calling Plans or Package.');
  else if (wanted.length > limit) reader.problem('phoneNumbers', `The calling plan allows ${limit} numbers. Give fewer, or another plan.`);
  const kept = holder.numbers.every(({ id }, place) => wanted[place]?.id === id);
  const last = kept ? holder.numbers.at(-1)?.assignedOrder ?? 0 : 0;
  return wanted.map((number, place) => ({
    ...number, extensionId: at.extension.id, siteId: at.site.id,
    assignedOrder: kept && place < holder.numbers.length ? number.assignedOrder : kept ? last + 1 + place - holder.numbers.length : place + 1,
  }));
}

function read(reader: RowReader<HolderColumn>, facts: HolderFacts, holder: Holder, wish: string | null, site: Site): readonly PhoneNumber[] {
  const found: PhoneNumber[] = [];
  for (const text of listIn(wish ?? '')) {
    const number = facts.numbers.get(numberText(text, site.country) ?? '');
    if (number === undefined) reader.problem('phoneNumbers', `The account has no number ${text.slice(0, 40)}. GET /v2/phone/numbers lists them; take it into the pool first.`);
    else if (found.includes(number)) reader.problem('phoneNumbers', `${number.number} stands here twice.`);
    else if (number.extensionId !== null && number.extensionId !== holder.extension?.id) {
      reader.problem('phoneNumbers', `${number.number} is assigned to ${ownerName(facts, number.extensionId)}. Unassign it there first.`);
    } else {
      found.push(number);
      reader.claim('phoneNumbers', `number:${number.number}`);
    }
  }
  return found;
}

/** E.164 of a number as people write it; null = none. */
export function numberText(text: string, country: string): string | null {
  return readPoolNumber(text, country)?.number ?? e164Text(text);
}

/** What the holder shows on calls out after the row. */
export function planCallerId(
  reader: RowReader<HolderColumn>, facts: HolderFacts, holder: Holder, at: { readonly extension: Extension; readonly site: Site; readonly own: readonly PhoneNumber[] },
): CallerIdChoice | null {
  const wish = reader.wish('callerId', callerIdText(holder.callerId, facts));
  if (wish === undefined) return holder.callerId;
  if (wish === null) return null;
  const { id, accountId } = at.extension;
  if (wish.toLowerCase() === HIDDEN) return { id, accountId, phoneNumberId: null };
  const wanted = numberText(wish, at.site.country);
  const of = (place: string): readonly PhoneNumber[] => facts.shown.get(place) ?? [];
  const permitted = permittedNumbers({ own: at.own, extension: of(id), site: of(at.site.id), account: of(accountId), choice: null });
  const found = permitted.find(({ number }) => number.number === wanted);
  if (found !== undefined) return { id, accountId, phoneNumberId: found.number.id };
  const list = permitted.slice(0, 5).map(({ number }) => number.number).join(', ');
  reader.problem('callerId', `The extension may not show this number. ${list === '' ? 'It may show none yet' : `It may show ${list}`}; or give ${HIDDEN}, or - for the default.`);
  return holder.callerId;
}

export function callerIdText(choice: CallerIdChoice | null, { numberTexts }: Pick<HolderFacts, 'numberTexts'>): string {
  if (choice === null) return '';
  return choice.phoneNumberId === null ? HIDDEN : numberTexts.get(choice.phoneNumberId) ?? '';
}
