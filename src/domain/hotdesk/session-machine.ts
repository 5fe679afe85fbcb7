import type { HotDeskEventKind, HotDeskSession, SessionEnd, SessionState } from './session.js';

/** What can happen to a session after its start. `fence` is the next of the sequence, `at` epoch ms. */
export type SessionEvent =
  /** `inCall`: whether its device has a call that is not one to a feature code. */
  | { readonly kind: 'end'; readonly cause: SessionEnd; readonly inCall: boolean; readonly fence: number; readonly at: number; readonly actor: string }
  | { readonly kind: 'calls-over'; readonly fence: number; readonly at: number; readonly actor: string };

export interface SessionStep {
  readonly state: HotDeskSession;
  /** The event to record with the new state; none: nothing changed. */
  readonly effects: readonly HotDeskEventKind[];
}

type Transition<Kind extends SessionEvent['kind']> = (session: HotDeskSession, event: Extract<SessionEvent, { readonly kind: Kind }>) => SessionStep;
type Row = { readonly [Kind in SessionEvent['kind']]: Transition<Kind> };

const nothing = (session: HotDeskSession): SessionStep => ({ state: session, effects: [] });

const TABLE: Readonly<Record<SessionState, Row>> = {
  active: {
    'end': (session, { cause, inCall, fence, at, actor }) => inCall
      ? { state: { ...session, state: 'draining', fence, cause, drainingSince: at, endedBy: actor }, effects: ['draining'] }
      : { state: { ...session, state: 'ended', fence, cause, endedAt: at, endedBy: actor }, effects: ['signed_out'] },
    'calls-over': nothing,
  },
  draining: {
    // The cause is fixed when draining begins: whatever else would end it changes nothing.
    'end': nothing,
    'calls-over': (session, { fence, at }) => ({ state: { ...session, state: 'ended', fence, endedAt: at }, effects: ['signed_out'] }),
  },
  ended: { 'end': nothing, 'calls-over': nothing },
};

/** `active → draining → ended`, or `active → ended` where no call is up. Total; a step that does not apply changes nothing. */
export function sessionStep(session: HotDeskSession, event: SessionEvent): SessionStep {
  return event.kind === 'end' ? TABLE[session.state].end(session, event) : TABLE[session.state]['calls-over'](session, event);
}
