import { to, walker, type Step, type TransitionTable } from './step.js';

/** RFC 3261 Figure 8. */
export type NonInviteServerState = 'trying' | 'proceeding' | 'completed' | 'terminated';

export type NonInviteServerEvent =
  | 'receive-request' | 'respond-1xx' | 'respond-final' | 'timer-J' | 'transport-error'
  /** The user will not answer. */
  | 'abandon';

/** RFC 3261 §17.2.2: the request waits for the user's answer. */
export const nonInviteServerStart: Step<NonInviteServerState> = to('trying');

export const nonInviteServerTable: TransitionTable<NonInviteServerState, NonInviteServerEvent> = {
  trying: {
    // RFC 3261 §17.2.2: a retransmission in trying is discarded, there is nothing to repeat yet.
    'receive-request': 'ignored',
    'respond-1xx': to('proceeding', 'send-response'),
    'respond-final': to('completed', 'send-response', 'start-J'),
    'timer-J': 'impossible',
    'transport-error': 'impossible',
    abandon: to('terminated'),
  },
  // Deviation: RFC 3261 §17.2.2 ends the transaction when a response cannot be sent; here the user is told and may still
  // answer, and a completed one lives out its J.
  proceeding: {
    'receive-request': to('proceeding', 'send-response'),
    'respond-1xx': to('proceeding', 'send-response'),
    'respond-final': to('completed', 'send-response', 'start-J'),
    'timer-J': 'impossible',
    'transport-error': to('proceeding', 'report-transport-error'),
    abandon: to('terminated'),
  },
  completed: {
    'receive-request': to('completed', 'send-response'),
    // RFC 3261 §17.2.2: further final responses are discarded.
    'respond-1xx': 'ignored',
    'respond-final': 'ignored',
    'timer-J': to('terminated'),
    'transport-error': to('completed', 'report-transport-error'),
    abandon: 'ignored',
  },
  // Its key is forgotten, so no request finds it; the user may answer late.
  terminated: {
    'receive-request': 'impossible',
    'respond-1xx': 'ignored',
    'respond-final': 'ignored',
    'timer-J': 'impossible',
    'transport-error': 'impossible',
    abandon: 'ignored',
  },
};

/** RFC 3261 §17.2.2. */
export const stepNonInviteServer = walker(nonInviteServerTable);
