import type { Stores } from '../../ports/admin-stores.js';
import type { RandomSource, SecretBox, SecretHasher } from '../../ports/crypto.js';
import type { Account } from '../../domain/identity/account.js';
import { accountNotFound } from './not-found.js';
import type { ChangeDeps, Draft } from '../change.js';
import type { Refused } from '../outcome.js';

/** What administrative verbs need besides a transaction. */
export interface AdminDeps extends ChangeDeps {
  /** Reads outside a transaction. */
  readonly stores: Stores;
  readonly random: RandomSource;
  readonly secretBox: SecretBox;
  readonly hasher: SecretHasher;
}

/** The account a draft works in; a refusal when it is gone. */
export async function accountOf(draft: Draft): Promise<{ kind: 'found'; account: Account } | Refused> {
  const account = await draft.stores.accounts.get(draft.accountId);
  return account ? { kind: 'found', account } : accountNotFound(draft.accountId);
}
