import { change, type Actor } from '../change.js';
import { hashedPin, setPinIn } from '../hotdesk/set-pin.js';
import { done, within, type Outcome } from '../outcome.js';
import type { AdminDeps } from './admin-deps.js';
import { phoneUserNotFound } from './not-found.js';
import { findPhoneUser } from './resolve.js';
import { changeUserSettingsIn, type UserSettingChanges } from './user-setting-types.js';
import { setHotDeskingIn, type WantedHotDesking } from './set-hot-desking.js';

/** What the settings of a user's desk phones hold; `pin` is the user's, for signing in at phones. */
export interface DeskPhoneChanges {
  readonly devices: readonly WantedHotDesking[];
  readonly pin: string | null;
  /** Settings of the same person that go with them. */
  readonly more?: UserSettingChanges;
}

/** Sets the PIN and the hot desking policies of one user's phones, all or nothing. */
export async function setDeskPhone(deps: AdminDeps, actor: Actor, userId: string, wanted: DeskPhoneChanges): Promise<Outcome<null>> {
  const hashed = wanted.pin === null ? null : await hashedPin(deps, actor.accountId, wanted.pin);
  if (hashed?.kind === 'refused') return within('desk_phone.', hashed);
  return change<null>(deps, actor, async (draft) => {
    const view = await findPhoneUser(draft.stores, draft.accountId, userId);
    if (view === null) return phoneUserNotFound(userId);
    if (hashed !== null) {
      const set = await setPinIn(draft, { kind: 'user', id: view.phone.id }, hashed);
      if (set.kind === 'refused') return within('desk_phone.', set);
    }
    const switched = await setHotDeskingIn(deps, draft, { kind: 'user', id: view.phone.id }, wanted.devices);
    if (switched.kind === 'refused') return switched;
    return wanted.more === undefined ? done(null) : changeUserSettingsIn(draft, view, wanted.more);
  });
}
