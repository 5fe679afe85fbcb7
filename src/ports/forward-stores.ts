import type { AccountId, ExtensionId, PhoneNumberId } from '../domain/ids.js';
import type { Page, PageRequest } from './admin-stores.js';
import type { PeeringNumber } from '../domain/numbering/peering-number.js';
import type { CallHandling, NumberForward } from '../domain/forwarding/call-handling.js';

export interface CallHandlingStore {
  /** Null = nothing was ever set. */
  get(accountId: AccountId, id: ExtensionId): Promise<CallHandling | null>;
  put(handling: CallHandling): Promise<void>;
  delete(id: ExtensionId): Promise<void>;
  /** Those that send calls on to the extension. */
  leadingTo(accountId: AccountId, id: ExtensionId): Promise<readonly CallHandling[]>;
}

export interface NumberForwardStore {
  get(accountId: AccountId, id: PhoneNumberId): Promise<NumberForward | null>;
  put(forward: NumberForward): Promise<void>;
  delete(id: PhoneNumberId): Promise<void>;
}

export interface PeeringNumberStore {
  /** In the order in which they came; `number`: E.164 with `+`, missing = all. */
  page(accountId: AccountId, filter: { readonly number?: string }, page: PageRequest): Promise<Page<PeeringNumber>>;
  /** Of these numbers (E.164) those that a carrier made over. */
  find(accountId: AccountId, numbers: readonly string[]): Promise<readonly PeeringNumber[]>;
  /** What a carrier says of a number of the pool. A removed number takes it along. */
  put(accountId: AccountId, id: PhoneNumberId, said: Pick<PeeringNumber, 'billingReference' | 'serviceInfo'>): Promise<void>;
}

export interface ForwardStores {
  readonly peeringNumbers: PeeringNumberStore;
  readonly callHandlings: CallHandlingStore;
  readonly numberForwards: NumberForwardStore;
}

/** The same as calls see it, from memory. */
export interface ForwardDirectory {
  handling(id: ExtensionId): CallHandling | undefined;
  number(id: PhoneNumberId): NumberForward | undefined;
}
