import type { UserId } from '../../domain/ids.js';
import type { AdminDeps } from '../admin/admin-deps.js';
import { accountOf } from '../admin/admin-deps.js';
import { phoneUserNotFound } from '../admin/not-found.js';
import { change, type Actor } from '../change.js';
import { randomPin } from '../hotdesk/fresh-pins.js';
import { hashedPin, setPinIn } from '../hotdesk/set-pin.js';
import { done, type Outcome } from '../outcome.js';
import { queuePinNotice } from './phone-user-notice.js';

/**
 * Gives a phone user a PIN of six random digits. The person is written to where mail is configured and `notify` says so, and then the
 * digits are handed to nobody else; else the answer alone holds them.
 */
export async function resetUserPin(
  deps: AdminDeps, actor: Actor, id: UserId, notify: boolean,
): Promise<Outcome<{ readonly pin: string | null }>> {
  // No extension is six random digits long that was not looked up: a PIN that happens to be one is drawn again.
  for (;;) {
    const pin = randomPin(deps.random, []);
    const hashed = await hashedPin(deps, actor.accountId, pin);
    if (hashed.kind === 'refused') return hashed;
    const outcome = await change<{ readonly pin: string | null }>(deps, actor, async (draft) => {
      const set = await setPinIn(draft, { kind: 'user', id }, hashed);
      if (set.kind === 'refused') return set;
      const account = await accountOf(draft);
      if (account.kind === 'refused') return account;
      const view = await draft.stores.phoneUsers.get(draft.accountId, id);
      if (view === null) return phoneUserNotFound(id);
      const { user, extension, site } = view;
      const mailed = notify && await queuePinNotice(deps, draft, 'new-pin', { account: account.account, user, extension, site, pinCode: pin });
      return done({ pin: mailed ? null : pin });
    });
    if (outcome.kind === 'done' || outcome.why !== 'invalid') return outcome;
  }
}
