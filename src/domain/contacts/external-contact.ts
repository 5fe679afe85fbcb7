import type { AccountId, ExternalContactId } from '../ids.js';

/** Somebody outside whose name is shown instead of a bare number. */
export interface ExternalContact {
  readonly id: ExternalContactId;
  readonly accountId: AccountId;
  /** The id that the customer's own system has for it, unique in the account; null = none. */
  readonly customerId: string | null;
  readonly name: string;
  readonly description: string;
  readonly email: string;
  /** Digits under which another system knows the contact; null = none. */
  readonly extensionNumber: string | null;
  /** E.164 each; a number belongs to one contact. */
  readonly phoneNumbers: readonly string[];
  readonly routingPath: string;
  readonly autoCallRecorded: boolean;
  readonly createdAt: number;
}
