import type { PhoneUserView } from '../../ports/admin-stores.js';
import type { Draft } from '../change.js';
import { endSessionsOf, type EndingDeps } from '../hotdesk/session-step.js';
import { forgetForwardsTo } from '../forwarding/call-handling.js';
import { forgetNumbersOf } from '../numbers/release-numbers.js';
import { releaseDevices } from './assign-device.js';
import { forgetSettings } from './forget-settings.js';

/**
 * Takes extension, plans and packages from a person inside a larger change; devices stay, unassigned; seats and
 * direct numbers are free at once.
 */
export async function removePhone(deps: EndingDeps, draft: Draft, view: PhoneUserView): Promise<void> {
  await releaseDevices(deps, draft, view.extension.id);
  await endSessionsOf(deps, draft, { userId: view.phone.id }, 'deprovisioned');
  await forgetNumbersOf(draft, view.extension);
  await forgetForwardsTo(draft, view.extension);
  await draft.stores.pins.delete({ kind: 'user', id: view.phone.id });
  await draft.stores.signInLocks.clear(draft.accountId, { extensionKey: view.extension.id });
  await forgetSettings(draft, { scope: 'extension', scopeId: view.extension.id });
  await draft.stores.callRules.clearPlace(draft.accountId, { scope: 'extension', scopeId: view.extension.id });
  if (view.user.licencePackageId !== null) await draft.stores.users.update(view.user.id, { licencePackageId: null });
  await draft.stores.phoneUsers.delete(view.phone.id);
  await draft.stores.extensions.delete(view.extension.id);
  draft.note({
    aggregate: 'phone_user', id: view.phone.id, change: 'deleted', action: 'remove-phone-user', before: view.phone,
    after: null,
  });
  draft.note({
    aggregate: 'extension', id: view.extension.id, change: 'deleted', action: 'remove-extension',
    before: view.extension, after: null,
  });
}
