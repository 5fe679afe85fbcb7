import type { AccountId, BlockedNumberId } from '../ids.js';

/** Where rules about calls can be set; a user's and a common area's belong to the extension. */
export type CallRuleScope = 'account' | 'site' | 'extension';

/** Whose rules: `scopeId` is the account's, the site's or the extension's id. */
export interface CallRulePlace {
  readonly scope: CallRuleScope;
  readonly scopeId: string;
}

/** One entry of a blocked list. */
export interface BlockedNumber extends CallRulePlace {
  readonly id: BlockedNumberId;
  readonly accountId: AccountId;
  readonly direction: 'inbound' | 'outbound';
  /** E.164 with `+`, whole or its beginning; inbound also the digits of an extension, which never begin with `+`. */
  readonly number: string;
  readonly match: 'number' | 'prefix';
  /** What the one who blocked an inbound caller took it for; both are refused. */
  readonly type: 'block' | 'threat';
  /** ISO 3166-1 alpha-2; null = not given and not to be told from the number. */
  readonly country: string | null;
  readonly comment: string;
  readonly status: 'active' | 'inactive';
  readonly createdAt: number;
}

/** How many extensions block a caller by lists of their own. */
export interface BlockedStatistic {
  readonly number: string;
  readonly match: BlockedNumber['match'];
  readonly country: string | null;
  readonly blockCount: number;
  readonly threatCount: number;
}

const STATISTIC_ID = /^([nxp])\.([0-9]{1,15})$/;

/** An id safe in any part of a URL, which `+` is not: kind of entry and digits. */
export function statisticId({ number, match }: Pick<BlockedNumber, 'number' | 'match'>): string {
  if (match === 'prefix') return `p.${number.slice(1)}`;
  return number.startsWith('+') ? `n.${number.slice(1)}` : `x.${number}`;
}

/** What `statisticId` made the id of; null for any other text. */
export function readStatisticId(id: string): Pick<BlockedNumber, 'number' | 'match'> | null {
  const [, kind, digits] = STATISTIC_ID.exec(id) ?? [];
  if (kind === undefined || digits === undefined) return null;
  if (kind === 'x') return { number: digits, match: 'number' };
  return { number: `+${digits}`, match: kind === 'p' ? 'prefix' : 'number' };
}
