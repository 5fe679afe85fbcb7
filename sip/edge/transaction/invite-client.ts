import { to, walker, type Step, type TransitionTable } from './step.js';

/** RFC 3261 Figure 5 with the `accepted` state of RFC 6026 Figure 8. */
export type InviteClientState = 'calling' | 'proceeding' | 'completed' | 'accepted' | 'terminated';

export type InviteClientEvent =
  | 'receive-1xx' | 'receive-2xx' | 'receive-3xx-6xx'
  | 'timer-A' | 'timer-B' | 'timer-D' | 'timer-M' | 'transport-error'
  /** The user wants no more of it (RFC 3261 §9.1: no final response within 64*T1 of a CANCEL). */
  | 'abandon';

/** RFC 3261 §17.1.1.2: send, retransmit by A on unreliable transports, give up by B. */
export const inviteClientStart: Step<InviteClientState> = to('calling', 'send-request', 'start-A', 'start-B');

export const inviteClientTable: TransitionTable<InviteClientState, InviteClientEvent> = {
  calling: {
    'receive-1xx': to('proceeding', 'stop-A', 'stop-B', 'pass-response'),
    'receive-2xx': to('accepted', 'stop-A', 'stop-B', 'pass-response', 'start-M'),
    'receive-3xx-6xx': to('completed', 'stop-A', 'stop-B', 'send-ack', 'pass-response', 'start-D'),
    'timer-A': to('calling', 'send-request', 'again-A'),
    'timer-B': to('terminated', 'stop-A', 'report-timeout'),
    'timer-D': 'impossible',
    'timer-M': 'impossible',
    'transport-error': to('terminated', 'stop-A', 'stop-B', 'report-transport-error'),
    abandon: to('terminated', 'stop-A', 'stop-B'),
  },
  // RFC 3261 §17.1.1.2: no timer runs; the user ends a call that rings for ever, by CANCEL.
  proceeding: {
    'receive-1xx': to('proceeding', 'pass-response'),
    'receive-2xx': to('accepted', 'pass-response', 'start-M'),
    'receive-3xx-6xx': to('completed', 'send-ack', 'pass-response', 'start-D'),
    'timer-A': 'impossible',
    'timer-B': 'impossible',
    'timer-D': 'impossible',
    'timer-M': 'impossible',
    'transport-error': to('terminated', 'report-transport-error'),
    abandon: to('terminated'),
  },
  completed: {
    'receive-1xx': 'ignored',
    'receive-2xx': 'ignored',
    'receive-3xx-6xx': to('completed', 'send-ack'),
    'timer-A': 'impossible',
    'timer-B': 'impossible',
    'timer-D': to('terminated'),
    'timer-M': 'impossible',
    'transport-error': to('terminated', 'stop-D', 'report-transport-error'),
    abandon: to('terminated', 'stop-D'),
  },
  // RFC 6026 §7.2: every further 2xx (a retransmission or another fork) goes to the user until M fires.
  accepted: {
    'receive-1xx': 'ignored',
    'receive-2xx': to('accepted', 'pass-response'),
    'receive-3xx-6xx': 'ignored',
    'timer-A': 'impossible',
    'timer-B': 'impossible',
    'timer-D': 'impossible',
    'timer-M': to('terminated'),
    'transport-error': 'ignored',
    abandon: to('terminated', 'stop-M'),
  },
  // Its key is forgotten, so no response finds it; a connection's end may be told to all at once.
  terminated: {
    'receive-1xx': 'impossible',
    'receive-2xx': 'impossible',
    'receive-3xx-6xx': 'impossible',
    'timer-A': 'impossible',
    'timer-B': 'impossible',
    'timer-D': 'impossible',
    'timer-M': 'impossible',
    'transport-error': 'ignored',
    abandon: 'ignored',
  },
};

/** RFC 3261 §17.1.1.2 as amended by RFC 6026 §8.4. */
export const stepInviteClient = walker(inviteClientTable);
