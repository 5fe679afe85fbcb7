import type { AccountPolicy } from '../../domain/identity/account.js';
import { change, type Actor } from '../change.js';
import { allOf, done, refused, type Outcome, type Refused } from '../outcome.js';
import { accountOf, type AdminDeps } from './admin-deps.js';

/** Feature codes have rules of their own (they may not hide an extension) and are not changed here. */
export type PolicyChanges = Partial<Omit<AccountPolicy, 'featureCodes'>>;

/** RFC 4028 §5: a session interval below 90 s is refused by every peer. */
const LEAST_SESSION_SECONDS = 90;

/** Changes what is given of the account's policy and keeps the rest; it holds for the next REGISTER or call. */
export async function setAccountPolicy(deps: AdminDeps, actor: Actor, wanted: PolicyChanges): Promise<Outcome<AccountPolicy>> {
  return change(deps, actor, async (draft) => {
    const found = await accountOf(draft);
    if (found.kind === 'refused') return found;
    const { account } = found;
    const policy: AccountPolicy = { ...account.policy, ...wanted };
    const wrong = contradictionsOf(policy);
    if (wrong.length > 0) return allOf(wrong);
    await draft.stores.accounts.update(account.id, { policy });
    draft.note({
      aggregate: 'account', id: account.id, change: 'updated', action: 'set-account-policy', before: account.policy, after: policy,
    });
    return done(policy);
  });
}

function contradictionsOf(policy: AccountPolicy): readonly Refused[] {
  const found: Refused[] = [];
  for (const [field, seconds] of [
    ['registration_max_seconds', policy.registrationMaxSeconds], ['stream_registration_max_seconds', policy.streamRegistrationMaxSeconds],
  ] as const) {
    if (seconds >= policy.registrationMinSeconds) continue;
    found.push(refused('invalid', field, `At least registration_min_seconds (${policy.registrationMinSeconds}).`, String(seconds)));
  }
  if (policy.sessionExpiresSeconds !== 0 && policy.sessionExpiresSeconds < LEAST_SESSION_SECONDS) {
    const text = `0 (no session timers) or at least ${LEAST_SESSION_SECONDS}.`;
    found.push(refused('invalid', 'session_expires_seconds', text, String(policy.sessionExpiresSeconds)));
  }
  return found;
}
