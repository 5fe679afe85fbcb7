import { z } from 'zod';
import { SESSION_ENDS, type HotDeskSession } from '../../domain/hotdesk/session.js';
import { nameOf } from '../../domain/identity/user.js';
import type { HttpDeps } from '../http-deps.js';
import { apiTime } from '../times.js';

/** Who sits at a phone as guest, as lists and single reads of phones show it. */
export const guestFields = z.object({
  id: z.string().describe('Of the session.'), user_id: z.string(), name: z.string(), extension_number: z.int(), extension_id: z.string(),
  started_at: z.string(), ends_at: z.string().describe('"" without a time-out or daily end.'),
});

export function guestView({ directory }: Pick<HttpDeps, 'directory'>, session: HotDeskSession) {
  const user = directory.user(session.userId);
  return {
    id: session.id, user_id: session.userId, name: user === undefined ? '' : nameOf(user),
    extension_number: Number(directory.extension(session.extensionId)?.number ?? 0), extension_id: session.extensionId,
    started_at: apiTime(session.startedAt), ends_at: apiTime(session.endsAt),
  };
}

export const sessionFields = z.object({
  id: z.string(),
  state: z.enum(['active', 'draining', 'ended']).describe('draining: ended for everything new, but a call of before is still up.'),
  signed_in: z.boolean().describe('Whether the guest has the phone now.'),
  device: z.object({ id: z.string(), display_name: z.string(), site_id: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), email: z.string(), extension_number: z.string(), extension_id: z.string() }),
  started_at: z.string(),
  ends_at: z.string().describe('When it ends by itself; "" = it does not.'),
  ends_by: z.enum(['timeout', 'schedule', '']),
  idle_ends_at: z.string().describe('When it ends if the phone makes and gets no call until then.'),
  draining_since: z.string(),
  ended_at: z.string(),
  cause: z.enum(['', ...SESSION_ENDS]),
  via: z.enum(['phone', 'api']),
  started_by: z.string().describe('As in the audit log: device:…, client:…'),
  ended_by: z.string(),
  sequence: z.int().describe('Of its last step; the higher one is the later one.'),
});

/** Names of what has been removed since are "". */
export function sessionView({ directory }: Pick<HttpDeps, 'directory'>, session: HotDeskSession) {
  const device = directory.device(session.deviceId);
  const user = directory.user(session.userId);
  return {
    id: session.id, state: session.state, signed_in: session.state === 'active',
    device: { id: session.deviceId, display_name: device?.displayName ?? '', site_id: device?.siteId ?? '' },
    user: {
      id: session.userId, name: user === undefined ? '' : nameOf(user), email: user?.email ?? '',
      extension_number: directory.extension(session.extensionId)?.number ?? '', extension_id: session.extensionId,
    },
    started_at: apiTime(session.startedAt), ends_at: apiTime(session.endsAt), ends_by: session.endsBy ?? '',
    idle_ends_at: apiTime(session.idleEndsAt), draining_since: apiTime(session.drainingSince), ended_at: apiTime(session.endedAt),
    cause: session.cause ?? '', via: session.via, started_by: session.startedBy, ended_by: session.endedBy ?? '', sequence: session.fence,
  };
}
