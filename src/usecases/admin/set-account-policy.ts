import type { Account, AccountPolicy, FeatureCodes } from '../../domain/identity/account.js';
import { featureCodeProblems } from '../../domain/numbering/feature-code-rules.js';
import { change, type Actor, type Draft } from '../change.js';
import { allOf, done, refused, type Outcome, type Refused } from '../outcome.js';
import { accountOf, type AdminDeps } from './admin-deps.js';

/** Of the feature codes, too, what is not given stays. */
export type PolicyChanges = Partial<Omit<AccountPolicy, 'featureCodes'>> & { readonly featureCodes?: Partial<FeatureCodes> };

/** RFC 4028 §5: a session interval below 90 s is refused by every peer. */
const LEAST_SESSION_SECONDS = 90;

/** Changes what is given of the account's policy and keeps the rest; it holds for the next REGISTER or call. */
export async function setAccountPolicy(deps: AdminDeps, actor: Actor, wanted: PolicyChanges): Promise<Outcome<AccountPolicy>> {
  return change(deps, actor, async (draft) => {
    const found = await accountOf(draft);
    if (found.kind === 'refused') return found;
    const { account } = found;
    const featureCodes = { ...account.policy.featureCodes, ...wanted.featureCodes };
    const policy: AccountPolicy = { ...account.policy, ...wanted, featureCodes };
    const wrong = [...contradictionsOf(policy), ...(wanted.featureCodes === undefined ? [] : await codeRefusals(draft, account, featureCodes))];
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

const FIELD_OF_CODE: Readonly<Record<keyof FeatureCodes, string>> = {
  hotDeskSignIn: 'feature_codes.hot_desk_sign_in', hotDeskSignOut: 'feature_codes.hot_desk_sign_out', deviceLock: 'feature_codes.device_lock',
  phoneActivation: 'feature_codes.phone_activation',
};

async function codeRefusals({ stores, accountId }: Draft, account: Account, codes: FeatureCodes): Promise<readonly Refused[]> {
  const sites = await stores.sites.all(accountId);
  const forms = new Set<string>();
  for (const { id, siteCode } of sites) {
    for (const number of await stores.extensions.numbers(accountId, id)) {
      forms.add(number);
      if (siteCode !== null) forms.add(siteCode + number);
    }
  }
  const countries = [...new Set([account.country, ...sites.map((site) => site.country)])];
  return featureCodeProblems(codes, { countries, isExtension: (form) => forms.has(form) })
    .map(({ code, text }) => refused('invalid', FIELD_OF_CODE[code], text, codes[code]));
}
