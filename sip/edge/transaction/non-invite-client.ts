import { to, walker, type Step, type TransitionTable } from './step.js';

/** RFC 3261 Figure 6. */
export type NonInviteClientState = 'trying' | 'proceeding' | 'completed' | 'terminated';

export type NonInviteClientEvent =
  | 'receive-1xx' | 'receive-final' | 'timer-E' | 'timer-F' | 'timer-K' | 'transport-error';

/** RFC 3261 §17.1.2.2: send, retransmit by E on unreliable transports, give up by F. */
export const nonInviteClientStart: Step<NonInviteClientState> = to('trying', 'send-request', 'start-E', 'start-F');

export const nonInviteClientTable: TransitionTable<NonInviteClientState, NonInviteClientEvent> = {
  trying: {
    'receive-1xx': to('proceeding', 'pass-response'),
    'receive-final': to('completed', 'stop-E', 'stop-F', 'pass-response', 'start-K'),
    'timer-E': to('trying', 'send-request', 'again-E'),
    'timer-F': to('terminated', 'stop-E', 'report-timeout'),
    'timer-K': 'impossible',
    'transport-error': to('terminated', 'stop-E', 'stop-F', 'report-transport-error'),
  },
  proceeding: {
    'receive-1xx': to('proceeding', 'pass-response'),
    'receive-final': to('completed', 'stop-E', 'stop-F', 'pass-response', 'start-K'),
    // RFC 3261 §17.1.2.2: in proceeding, E is reset to T2.
    'timer-E': to('proceeding', 'send-request', 'again-E-t2'),
    'timer-F': to('terminated', 'stop-E', 'report-timeout'),
    'timer-K': 'impossible',
    'transport-error': to('terminated', 'stop-E', 'stop-F', 'report-transport-error'),
  },
  completed: {
    'receive-1xx': 'ignored',
    'receive-final': 'ignored',
    'timer-E': 'impossible',
    'timer-F': 'impossible',
    'timer-K': to('terminated'),
    'transport-error': 'ignored',
  },
  // Its key is forgotten, so no response finds it; a connection's end may be told to all at once.
  terminated: {
    'receive-1xx': 'impossible',
    'receive-final': 'impossible',
    'timer-E': 'impossible',
    'timer-F': 'impossible',
    'timer-K': 'impossible',
    'transport-error': 'ignored',
  },
};

/** RFC 3261 §17.1.2.2. */
export const stepNonInviteClient = walker(nonInviteClientTable);
