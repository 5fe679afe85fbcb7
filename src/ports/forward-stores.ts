import type { AccountId, ExtensionId, PhoneNumberId } from '../domain/ids.js';
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

export interface ForwardStores {
  readonly callHandlings: CallHandlingStore;
  readonly numberForwards: NumberForwardStore;
}

/** The same as calls see it, from memory. */
export interface ForwardDirectory {
  handling(id: ExtensionId): CallHandling | undefined;
  number(id: PhoneNumberId): NumberForward | undefined;
}
