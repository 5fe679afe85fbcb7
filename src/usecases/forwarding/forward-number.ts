import { isEmergency } from '../../domain/numbering/emergency.js';
import { toE164 } from '../../domain/numbering/e164.js';
import type { Extension } from '../../domain/numbering/extension.js';
import type { Draft } from '../change.js';
import { refused, type Refused } from '../outcome.js';

/** A number outside as somebody wrote it, read at the extension's site; refuses what is none, and what calls for help. */
export async function readForwardNumber(
  { stores, accountId }: Pick<Draft, 'stores' | 'accountId'>, { siteId }: Pick<Extension, 'siteId'>, text: string, field: string,
): Promise<{ readonly kind: 'number'; readonly number: string } | Refused> {
  const country = (await stores.sites.get(accountId, siteId))?.country ?? 'US';
  const digits = text.replace(/[\s().\-/]/g, '');
  if (isEmergency(digits, country)) return refused('invalid', field, 'Calls are never sent on to an emergency number. Give another one.', text);
  const read = /^\+?[0-9]{2,20}$/.test(digits) ? toE164(digits, { country, areaCode: '' }) : null;
  return read === null
    ? refused('invalid', field, `Give a telephone number, e.g. +12125550100, or as dialled in ${country}.`, text)
    : { kind: 'number', number: read.e164 };
}
