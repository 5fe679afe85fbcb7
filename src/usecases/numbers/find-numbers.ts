import type { PhoneNumber } from '../../domain/numbering/phone-number.js';
import { e164Text } from '../../domain/numbering/pool-number.js';
import { allOf, refused, within, type Refused } from '../outcome.js';
import type { Draft } from '../change.js';

/** A number as a body names it: by id, by the number itself, or by both, which must agree. */
export interface NumberRef {
  readonly id?: string | undefined;
  readonly number?: string | undefined;
}

/**
 * Finds all numbers that a body names, with one statement whatever their count. Every one that is unknown or named twice is
 * refused by its place: `phone_numbers[2]`.
 */
export async function findNumbers(
  draft: Pick<Draft, 'stores' | 'accountId'>, refs: readonly NumberRef[], field: string,
): Promise<{ readonly kind: 'found'; readonly numbers: readonly PhoneNumber[] } | Refused> {
  const ids = refs.flatMap(({ id }) => id ?? []);
  const texts = refs.flatMap(({ number }) => (number === undefined ? [] : e164Text(number) ?? []));
  const known = await draft.stores.phoneNumbers.find(draft.accountId, { ids, numbers: texts });
  const byId = new Map<string, PhoneNumber>(known.map((number) => [number.id, number]));
  const byText = new Map(known.map((number) => [number.number, number]));
  const numbers: PhoneNumber[] = [];
  const refusals: Refused[] = [];
  for (const [index, { id, number: text }] of refs.entries()) {
    const found = id !== undefined ? byId.get(id) : byText.get(e164Text(text ?? '') ?? '');
    const problem = problemOf(found, id, text, numbers);
    if (problem === null && found !== undefined) numbers.push(found);
    else if (problem !== null) refusals.push(within(`${field}[${index}]`, problem));
  }
  return refusals.length > 0 ? allOf(refusals) : { kind: 'found', numbers };
}

function problemOf(
  found: PhoneNumber | undefined, id: string | undefined, text: string | undefined, before: readonly PhoneNumber[],
): Refused | null {
  const named = id ?? text ?? '';
  if (id === undefined && text === undefined) return refused('invalid', '', 'Give the id or the number.');
  if (found === undefined) return refused('invalid', '', 'The account has no such number. GET /v2/phone/numbers lists them.', named);
  if (id !== undefined && text !== undefined && e164Text(text) !== found.number) {
    return refused('invalid', '', `Id and number disagree: the id is that of ${found.number}. Give one of them.`, text);
  }
  if (before.includes(found)) return refused('invalid', '', 'This number is named twice.', named);
  return null;
}

/** The same for a query or body that names each number by one text, an id or a number. */
export function refOf(text: string): NumberRef {
  return e164Text(text) === null ? { id: text } : { number: text };
}
