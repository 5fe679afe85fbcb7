import type { CallRecordId } from '../../domain/ids.js';
import type { CallControl } from '../../ports/call-control.js';
import type { Log } from '../../ports/runtime.js';
import type { Actor } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';

/**
 * Ends a live call of the account on every leg. An emergency call is never hung up. The call record's cause `admin`
 * says
 * that it was an administrator; who, is logged.
 */
export async function hangUpCall(
  deps: { readonly calls: CallControl; readonly log: Log }, actor: Actor, id: CallRecordId,
): Promise<Outcome<CallRecordId>> {
  if (!deps.calls.list(actor.accountId).some((call) => call.id === id)) return unknownCall(id);
  const result = await deps.calls.hangUp(id, 'admin');
  if (result === 'unknown') return unknownCall(id);
  if (result === 'emergency') return refused('conflict', 'callId', 'An emergency call is never hung up from here.', id);
  deps.log.info('call-hung-up', { call: id, by: actor.name, address: actor.address, requestId: actor.requestId });
  return done(id);
}

function unknownCall(id: string): Refused {
  return refused(
    'not-found', 'callId', 'No such call is up. It may have ended: GET /v2/phone/call_history lists calls of the past.',
    id,
  );
}
