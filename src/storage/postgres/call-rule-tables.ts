import type { AccountId, BlockedNumberId, OutboundExceptionId } from '../../domain/ids.js';
import type { BlockedNumber, CallRuleScope } from '../../domain/routing/blocked-number.js';
import type { OutboundException, OutboundRule } from '../../domain/routing/outbound-rules.js';
import type { Instant } from './column-types.js';

export interface BlockedNumbersTable {
  readonly id: BlockedNumberId;
  readonly account_id: AccountId;
  readonly scope: CallRuleScope;
  readonly scope_id: string;
  readonly direction: BlockedNumber['direction'];
  readonly number: string;
  readonly match: BlockedNumber['match'];
  readonly type: BlockedNumber['type'];
  readonly country: string | null;
  readonly comment: string;
  readonly status: BlockedNumber['status'];
  /** What a keyword is looked for in, made by `searchText`. */
  readonly search: string;
  readonly created_at: Instant;
}

export interface OutboundCountryRulesTable {
  readonly account_id: AccountId;
  readonly scope: CallRuleScope;
  readonly scope_id: string;
  readonly country: string;
  readonly rule: OutboundRule;
}

export interface OutboundExceptionsTable {
  readonly id: OutboundExceptionId;
  readonly account_id: AccountId;
  readonly scope: CallRuleScope;
  readonly scope_id: string;
  readonly country: string;
  readonly number: string;
  readonly match: OutboundException['match'];
  readonly rule: OutboundRule;
  readonly comment: string;
  readonly status: OutboundException['status'];
  /** What a keyword is looked for in, made by `searchText`. */
  readonly search: string;
  readonly created_at: Instant;
}
