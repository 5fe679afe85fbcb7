import { asId, type ExtensionId, type HotDeskSessionId, type UserId } from '../../domain/ids.js';
import type { Device } from '../../domain/device/device.js';
import type { HotDeskSession } from '../../domain/hotdesk/session.js';
import type { Draft } from '../change.js';
import type { HotDeskDeps } from './hot-desk-deps.js';
import { endsAt } from './session-ends.js';
import { endSession, eventOf } from './session-step.js';

export interface StartedSession {
  readonly session: HotDeskSession;
  readonly displaced: readonly HotDeskSession[];
}

/** Begins a session inside a larger change, after ending those it displaces. */
export async function startSession(
  deps: HotDeskDeps, draft: Draft, device: Device, guest: { readonly userId: UserId; readonly extensionId: ExtensionId },
  displace: readonly HotDeskSession[], via: HotDeskSession['via'],
): Promise<StartedSession> {
  const displaced: HotDeskSession[] = [];
  for (const session of displace) {
    const ended = await endSession(deps, draft, session, 'displaced');
    if (ended !== null) displaced.push(ended);
  }
  const session: HotDeskSession = {
    id: asId<HotDeskSessionId>(draft.newId()),
    accountId: draft.accountId,
    deviceId: device.id,
    ...guest,
    state: 'active',
    fence: await draft.stores.hotDeskSessions.nextFence(),
    startedAt: draft.at,
    ...await endsAt(deps, draft.stores, device, { startedAt: draft.at }, draft.at),
    drainingSince: null,
    endedAt: null,
    cause: null,
    via,
    startedBy: draft.actor,
    endedBy: null,
  };
  await draft.stores.hotDeskSessions.insert(session, eventOf(draft, session, 'signed_in'));
  // Whoever signs somebody in acts for them: both the phone and the person must be in reach.
  const person = await draft.stores.extensions.get(draft.accountId, guest.extensionId);
  draft.note({
    aggregate: 'hot_desk_session', id: session.id, change: 'created', action: 'hot-desk-sign-in', before: null, after: session,
    alsoAt: person === null ? [] : [person.siteId],
  });
  return { session, displaced };
}
