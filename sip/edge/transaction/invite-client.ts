import { to, type Step, type TransitionTable } from './step.js';

/** RFC 3261 Figure 5 with the `accepted` state of RFC 6026 Figure 8. */
export type InviteClientState = 'calling' | 'proceeding' | 'completed' | 'accepted' | 'terminated';

export type InviteClientEvent =
  | 'receive-1xx' | 'receive-2xx' | 'receive-3xx-6xx'
  | 'timer-A' | 'timer-B' | 'timer-D' | 'timer-M' | 'transport-error';

/** RFC 3261 §17.1.1.2: send, retransmit by A on unreliable transports, give up by B. */
export const inviteClientStart: Step<InviteClientState> = to('calling', 'send-request', 'start-A', 'start-B');

const stay = {
  calling: to<InviteClientState>('calling'),
  proceeding: to<InviteClientState>('proceeding'),
  completed: to<InviteClientState>('completed'),
  accepted: to<InviteClientState>('accepted'),
  terminated: to<InviteClientState>('terminated'),
} as const;

const TABLE: TransitionTable<InviteClientState, InviteClientEvent> = {
  calling: {
    'receive-1xx': to('proceeding', 'stop-A', 'stop-B', 'pass-response'),
    'receive-2xx': to('accepted', 'stop-A', 'stop-B', 'pass-response', 'start-M'),
    'receive-3xx-6xx': to('completed', 'stop-A', 'stop-B', 'send-ack', 'pass-response', 'start-D'),
    'timer-A': to('calling', 'send-request', 'again-A'),
    'timer-B': to('terminated', 'stop-A', 'report-timeout'),
    'timer-D': stay.calling,
    'timer-M': stay.calling,
    'transport-error': to('terminated', 'stop-A', 'stop-B', 'report-transport-error'),
  },
  proceeding: {
    'receive-1xx': to('proceeding', 'pass-response'),
    'receive-2xx': to('accepted', 'pass-response', 'start-M'),
    'receive-3xx-6xx': to('completed', 'send-ack', 'pass-response', 'start-D'),
    'timer-A': stay.proceeding,
    'timer-B': stay.proceeding,
    'timer-D': stay.proceeding,
    'timer-M': stay.proceeding,
    'transport-error': to('terminated', 'report-transport-error'),
  },
  completed: {
    'receive-1xx': stay.completed,
    'receive-2xx': stay.completed,
    'receive-3xx-6xx': to('completed', 'send-ack'),
    'timer-A': stay.completed,
    'timer-B': stay.completed,
    'timer-D': to('terminated'),
    'timer-M': stay.completed,
    'transport-error': to('terminated', 'stop-D', 'report-transport-error'),
  },
  // RFC 6026 §7.2: every further 2xx (a retransmission or another fork) goes to the user until M fires.
  accepted: {
    'receive-1xx': stay.accepted,
    'receive-2xx': to('accepted', 'pass-response'),
    'receive-3xx-6xx': stay.accepted,
    'timer-A': stay.accepted,
    'timer-B': stay.accepted,
    'timer-D': stay.accepted,
    'timer-M': to('terminated'),
    'transport-error': stay.accepted,
  },
  terminated: {
    'receive-1xx': stay.terminated,
    'receive-2xx': stay.terminated,
    'receive-3xx-6xx': stay.terminated,
    'timer-A': stay.terminated,
    'timer-B': stay.terminated,
    'timer-D': stay.terminated,
    'timer-M': stay.terminated,
    'transport-error': stay.terminated,
  },
};

/** RFC 3261 §17.1.1.2 as amended by RFC 6026 §8.4. */
export const stepInviteClient = (state: InviteClientState, event: InviteClientEvent): Step<InviteClientState> =>
  TABLE[state][event];
