import type { HotDeskSession } from '../../domain/hotdesk/session.js';
import type { HotDeskSessionId } from '../../domain/ids.js';
import type { Stores } from '../../ports/admin-stores.js';
import { phoneUserNotFound } from '../admin/not-found.js';
import { findPhoneUser } from '../admin/resolve.js';
import type { Actor } from '../change.js';
import { named, refused, type Outcome } from '../outcome.js';
import type { SignOut } from './sign-out.js';

/**
 * Ends a session by API. Without a person it is an administrator's doing. With one (id or e-mail address), for whom a portal acts, it
 * is the guest's own or the phone's owner's; nobody else may end it in their own name, and the audit log keeps the API client as actor.
 */
export async function signOutAs(
  deps: { readonly stores: Stores; readonly signOut: SignOut }, actor: Actor, sessionId: HotDeskSessionId, person: string | null,
): Promise<Outcome<HotDeskSession>> {
  if (person === null) return deps.signOut.byApi(actor, sessionId, 'admin');
  const view = await findPhoneUser(deps.stores, actor.accountId, person);
  if (view === null) return named('acting_user_id', { ...phoneUserNotFound(person), why: 'invalid' });
  const session = await deps.stores.hotDeskSessions.get(actor.accountId, sessionId);
  if (session?.userId === view.phone.id) return deps.signOut.byApi(actor, sessionId, 'user');
  const device = session === null ? null : await deps.stores.devices.get(actor.accountId, session.deviceId);
  if (session !== null && device?.assignees[0] !== view.extension.id) {
    return refused('conflict', 'acting_user_id', "Only the session's guest and the phone's owner can end it. Leave the field out to end it as administrator.", person);
  }
  return deps.signOut.byApi(actor, sessionId, 'owner');
}
