import type { SecretBox, SecretHasher } from '../../ports/crypto.js';
import type { MailPost } from '../../ports/mailer.js';
import type { Account } from '../../domain/identity/account.js';
import { accountNotFound } from './not-found.js';
import type { HotDeskDeps } from '../hotdesk/hot-desk-deps.js';
import type { EnrolSources } from '../provisioning/enrol-windows.js';
import type { Draft } from '../change.js';
import type { Refused } from '../outcome.js';

/** What administrative verbs need besides a transaction; those of hot desking, since a change may end a session. */
export interface AdminDeps extends HotDeskDeps {
  readonly secretBox: SecretBox;
  readonly hasher: SecretHasher;
  readonly mail: MailPost;
  /** Lets phones enrol that are added; missing = windows are opened by hand. */
  readonly enrolling?: EnrolSources;
}

/** The account a draft works in; a refusal when it is gone. */
export async function accountOf(draft: Draft): Promise<{ kind: 'found'; account: Account } | Refused> {
  const account = await draft.stores.accounts.get(draft.accountId);
  return account ? { kind: 'found', account } : accountNotFound(draft.accountId);
}
