import { toE164 } from '../../domain/numbering/e164.js';
import type { Site } from '../../domain/identity/site.js';
import type { Draft } from '../change.js';
import { refused, type Refused } from '../outcome.js';

export interface Elin {
  readonly kind: 'elin';
  /** E.164; '' = none. */
  readonly number: string;
  /** Id among the account's numbers; '' = not one of them. */
  readonly id: string;
}

/** The number that a location is called back at: an id of a number of the account, or a number in any form of the site's country. */
export async function readElin(draft: Draft, site: Pick<Site, 'country'>, text: string): Promise<Elin | Refused> {
  if (text === '') return { kind: 'elin', number: '', id: '' };
  const typed = toE164(text.replace(/[\s().-]/g, ''), { country: site.country, areaCode: '' });
  const [own] = await draft.stores.phoneNumbers.find(draft.accountId, typed === null ? { ids: [text], numbers: [] } : { ids: [], numbers: [typed.e164] });
  if (own !== undefined) return { kind: 'elin', number: own.number, id: own.id };
  if (typed !== null) return { kind: 'elin', number: typed.e164, id: '' };
  return refused('invalid', 'elin_phone_number_id', 'Give the id of a number of the account, or the number itself, e.g. +12125550100.', text);
}
