import type { CallHistoryEntry } from '../../domain/calls/call-history.js';
import { asId, type AccountId, type CallRecordId } from '../../domain/ids.js';
import type { AccountUser } from '../../domain/identity/user.js';
import type { Stores } from '../../ports/admin-stores.js';
import { change, type Actor, type ChangeDeps } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import { userNotFound } from './not-found.js';
import { findUser } from './resolve.js';

export const callNotFound = (id: string): Refused => refused('not-found', 'callLogId', 'There is no call with this id.', id);

/** Notes a code for billing on a call, or takes it away with ''. */
export async function setClientCode(deps: ChangeDeps, actor: Actor, callLogId: string, clientCode: string): Promise<Outcome<null>> {
  return change(deps, actor, async (draft) => {
    const id = asId<CallRecordId>(callLogId);
    const before = await draft.stores.callRecords.get(draft.accountId, id);
    if (!before) return callNotFound(callLogId);
    if (before.clientCode === clientCode) return done(null);
    await draft.stores.callRecords.setClientCode(draft.accountId, id, clientCode);
    draft.audit({ aggregate: 'call_record', id, action: 'set-client-code', about: { before: before.clientCode, after: clientCode } });
    return done(null);
  });
}

/** Takes a call out of a person's own history. The account's history keeps it, and so does the other side's. */
export async function deleteOwnCall(deps: ChangeDeps, actor: Actor, idOrEmail: string, callLogId: string): Promise<Outcome<null>> {
  return change(deps, actor, async (draft) => {
    const found = await ownCall(draft.stores, draft.accountId, idOrEmail, callLogId);
    if (found.kind === 'refused') return found;
    const { user, call } = found.value;
    await draft.stores.callRecords.hide(draft.accountId, user.id, call.id, draft.at);
    draft.audit({ aggregate: 'call_record', id: call.id, action: 'delete-own-call', about: { userId: user.id } });
    return done(null);
  });
}

/** A call that the person made or got and did not delete from their history. */
export async function ownCall(
  stores: Stores, accountId: AccountId, idOrEmail: string, callLogId: string,
): Promise<Outcome<{ readonly user: AccountUser; readonly call: CallHistoryEntry }>> {
  const user = await findUser(stores, accountId, idOrEmail);
  if (!user) return userNotFound(idOrEmail);
  const call = await stores.callRecords.get(accountId, asId<CallRecordId>(callLogId));
  const theirs = call !== null && (call.caller.userId === user.id || call.callee.userId === user.id);
  return theirs && !await stores.callRecords.isHidden(user.id, call.id) ? done({ user, call }) : callNotFound(callLogId);
}
