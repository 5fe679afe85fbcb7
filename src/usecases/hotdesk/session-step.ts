import { asId, type DeviceId, type EventId, type UserId } from '../../domain/ids.js';
import type { HotDeskEvent, HotDeskEventKind, HotDeskSession, SessionEnd } from '../../domain/hotdesk/session.js';
import { sessionStep, type SessionEvent } from '../../domain/hotdesk/session-machine.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { Draft } from '../change.js';
import type { HotDeskDeps } from './hot-desk-deps.js';

/** What ending a session needs besides a draft. */
export type EndingDeps = Pick<HotDeskDeps, 'deviceCalls' | 'nodeId'>;

/** Whether the phone has a call on this node or another, calls to feature codes excepted. */
export async function isInCall(deps: EndingDeps, stores: Pick<Stores, 'callRecords'>, deviceId: DeviceId): Promise<boolean> {
  return (await inCallOf(deps, stores, [deviceId])).has(deviceId);
}

/** Which of the phones have a call on this node or another. */
export async function inCallOf(
  deps: EndingDeps, stores: Pick<Stores, 'callRecords'>, deviceIds: readonly DeviceId[],
): Promise<ReadonlySet<DeviceId>> {
  const here = deps.deviceCalls.inCall(deviceIds);
  const elsewhere = await stores.callRecords.inCallElsewhere(deviceIds.filter((id) => !here.has(id)), deps.nodeId);
  return new Set([...here, ...elsewhere]);
}

/**
 * Ends a session inside a larger change, or sets it draining while its phone is in a call. Null when it is ended, or draining,
 * already: another writer was faster, and its cause stands. `asked`: the ending is what was asked for, and follows from nothing else.
 */
export async function endSession(deps: EndingDeps, draft: Draft, session: HotDeskSession, cause: SessionEnd, asked?: 'asked'): Promise<HotDeskSession | null> {
  const claimed = await draft.stores.hotDeskSessions.claim(session.id);
  if (claimed === null) return null;
  const inCall = await isInCall(deps, draft.stores, claimed.deviceId);
  const fence = await draft.stores.hotDeskSessions.nextFence();
  return takeStep(draft, claimed, { kind: 'end', cause, inCall, fence, at: draft.at, actor: draft.actor }, 'end-hot-desk-session', asked !== 'asked');
}

/** Ends what concerns phones or a person that change; in the order of ids. Returns the sessions as they are now. */
export async function endSessionsOf(
  deps: EndingDeps, draft: Draft, of: { readonly deviceId: DeviceId } | { readonly userId: UserId }, cause: SessionEnd,
): Promise<readonly HotDeskSession[]> {
  const { hotDeskSessions } = draft.stores;
  const session = 'deviceId' in of ? await hotDeskSessions.activeOn(of.deviceId) : await hotDeskSessions.activeOf(of.userId);
  const ended = session === null ? null : await endSession(deps, draft, session, cause);
  return ended === null ? [] : [ended];
}

/** Writes one step with its event, audit entry and announcement; null when the step changes nothing. */
export async function takeStep(draft: Draft, session: HotDeskSession, event: SessionEvent, action: string, consequence = false): Promise<HotDeskSession | null> {
  const { state, effects } = sessionStep(session, event);
  const [kind] = effects;
  if (kind === undefined) return null;
  await draft.stores.hotDeskSessions.step(state, eventOf(draft, state, kind));
  draft.note({ aggregate: 'hot_desk_session', id: state.id, change: 'updated', action, before: session, after: state, consequence });
  return state;
}

/** The event that records a session's present state. */
export function eventOf(draft: Draft, session: HotDeskSession, kind: HotDeskEventKind): HotDeskEvent {
  return {
    id: asId<EventId>(draft.newId()),
    accountId: session.accountId,
    sequence: session.fence,
    sessionId: session.id,
    deviceId: session.deviceId,
    userId: session.userId,
    kind,
    cause: session.cause,
    at: draft.at,
    actor: draft.actor,
  };
}
