import { to, type Step, type TransitionTable } from './step.js';

/** RFC 3261 Figure 8. */
export type NonInviteServerState = 'trying' | 'proceeding' | 'completed' | 'terminated';

export type NonInviteServerEvent =
  | 'receive-request' | 'respond-1xx' | 'respond-final' | 'timer-J' | 'transport-error';

/** RFC 3261 §17.2.2: the request waits for the user's answer. */
export const nonInviteServerStart: Step<NonInviteServerState> = to('trying');

const stayTerminated = to<NonInviteServerState>('terminated');

const TABLE: TransitionTable<NonInviteServerState, NonInviteServerEvent> = {
  trying: {
    // RFC 3261 §17.2.2: a retransmission in trying is discarded, there is nothing to repeat yet.
    'receive-request': to('trying'),
    'respond-1xx': to('proceeding', 'send-response'),
    'respond-final': to('completed', 'send-response', 'start-J'),
    'timer-J': to('trying'),
    'transport-error': to('trying', 'report-transport-error'),
  },
  proceeding: {
    'receive-request': to('proceeding', 'send-response'),
    'respond-1xx': to('proceeding', 'send-response'),
    'respond-final': to('completed', 'send-response', 'start-J'),
    'timer-J': to('proceeding'),
    'transport-error': to('terminated', 'report-transport-error'),
  },
  completed: {
    'receive-request': to('completed', 'send-response'),
    // RFC 3261 §17.2.2: further final responses are discarded.
    'respond-1xx': to('completed'),
    'respond-final': to('completed'),
    'timer-J': to('terminated'),
    'transport-error': to('terminated', 'stop-J', 'report-transport-error'),
  },
  terminated: {
    'receive-request': stayTerminated,
    'respond-1xx': stayTerminated,
    'respond-final': stayTerminated,
    'timer-J': stayTerminated,
    'transport-error': stayTerminated,
  },
};

/** RFC 3261 §17.2.2. */
export const stepNonInviteServer =
  (state: NonInviteServerState, event: NonInviteServerEvent): Step<NonInviteServerState> => TABLE[state][event];
