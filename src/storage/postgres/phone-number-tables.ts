import type { AccountId, CustomizedNumberId, ExtensionId, PhoneNumberId, SiteId } from '../../domain/ids.js';
import type { CustomizedNumber, PhoneNumber } from '../../domain/numbering/phone-number.js';
import type { Instant } from './column-types.js';

export interface PhoneNumbersTable {
  readonly id: PhoneNumberId;
  readonly account_id: AccountId;
  readonly number: string;
  readonly country: string | null;
  readonly number_type: PhoneNumber['numberType'];
  readonly source: PhoneNumber['source'];
  readonly status: PhoneNumber['status'];
  readonly site_id: SiteId;
  readonly extension_id: ExtensionId | null;
  readonly assigned_order: number | null;
  readonly incoming: boolean;
  readonly outgoing: boolean;
  readonly carrier: string;
  readonly display_name: string;
  readonly emergency_address_id: string | null;
  readonly emergency_address_status: number;
  readonly sip_group_id: string;
  /** What a keyword is looked for in, made by `searchText`. */
  readonly search: string;
  readonly created_at: Instant;
}

export interface CustomizedNumbersTable {
  readonly id: CustomizedNumberId;
  readonly account_id: AccountId;
  readonly scope: CustomizedNumber['scope'];
  readonly scope_id: string;
  readonly phone_number_id: PhoneNumberId;
  readonly created_at: Instant;
}

export interface CallerIdChoicesTable {
  readonly extension_id: ExtensionId;
  readonly account_id: AccountId;
  readonly phone_number_id: PhoneNumberId | null;
}
