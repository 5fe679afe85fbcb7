import { to, walker, type Step, type TransitionTable } from './step.js';

/** RFC 3261 Figure 7 with the `accepted` state of RFC 6026 Figure 7. */
export type InviteServerState = 'proceeding' | 'accepted' | 'completed' | 'confirmed' | 'terminated';

export type InviteServerEvent =
  | 'receive-request' | 'receive-ack' | 'respond-1xx' | 'respond-2xx' | 'respond-3xx-6xx'
  | 'timer-G' | 'timer-H' | 'timer-I' | 'timer-L' | 'transport-error'
  /** The user will not answer: the request is another's business. */
  | 'abandon';

/** RFC 3261 §17.2.1: the user sends 100 Trying itself, at once. */
export const inviteServerStart: Step<InviteServerState> = to('proceeding');

export const inviteServerTable: TransitionTable<InviteServerState, InviteServerEvent> = {
  proceeding: {
    'receive-request': to('proceeding', 'send-response'),
    'receive-ack': 'ignored',
    'respond-1xx': to('proceeding', 'send-response'),
    'respond-2xx': to('accepted', 'send-response', 'start-L'),
    'respond-3xx-6xx': to('completed', 'send-response', 'start-G', 'start-H'),
    'timer-G': 'impossible',
    'timer-H': 'impossible',
    'timer-I': 'impossible',
    'timer-L': 'impossible',
    // RFC 6026 §7.1: a response that could not be sent is reported, the transaction stays.
    'transport-error': to('proceeding', 'report-transport-error'),
    abandon: to('terminated'),
  },
  // RFC 6026 §7.1: retransmitted INVITEs are absorbed, the 2xx is repeated by the user alone, ACKs go to the user.
  accepted: {
    'receive-request': 'ignored',
    'receive-ack': to('accepted', 'pass-ack'),
    'respond-1xx': 'ignored',
    'respond-2xx': to('accepted', 'send-response'),
    'respond-3xx-6xx': 'ignored',
    'timer-G': 'impossible',
    'timer-H': 'impossible',
    'timer-I': 'impossible',
    'timer-L': to('terminated'),
    'transport-error': to('accepted', 'report-transport-error'),
    abandon: to('terminated', 'stop-L'),
  },
  completed: {
    'receive-request': to('completed', 'send-response'),
    'receive-ack': to('confirmed', 'stop-G', 'stop-H', 'start-I'),
    'respond-1xx': 'ignored',
    'respond-2xx': 'ignored',
    'respond-3xx-6xx': 'ignored',
    'timer-G': to('completed', 'send-response', 'again-G'),
    'timer-H': to('terminated', 'stop-G', 'report-timeout'),
    'timer-I': 'impossible',
    'timer-L': 'impossible',
    'transport-error': to('completed', 'report-transport-error'),
    abandon: to('terminated', 'stop-G', 'stop-H'),
  },
  // Nothing is sent any more, so nothing can fail to be.
  confirmed: {
    'receive-request': 'ignored',
    'receive-ack': 'ignored',
    'respond-1xx': 'ignored',
    'respond-2xx': 'ignored',
    'respond-3xx-6xx': 'ignored',
    'timer-G': 'impossible',
    'timer-H': 'impossible',
    'timer-I': to('terminated'),
    'timer-L': 'impossible',
    'transport-error': 'impossible',
    abandon: to('terminated', 'stop-I'),
  },
  // Its key is forgotten, so no request finds it; the user may answer late.
  terminated: {
    'receive-request': 'impossible',
    'receive-ack': 'impossible',
    'respond-1xx': 'ignored',
    'respond-2xx': 'ignored',
    'respond-3xx-6xx': 'ignored',
    'timer-G': 'impossible',
    'timer-H': 'impossible',
    'timer-I': 'impossible',
    'timer-L': 'impossible',
    'transport-error': 'impossible',
    abandon: 'ignored',
  },
};

/** RFC 3261 §17.2.1 as amended by RFC 6026 §8.5. */
export const stepInviteServer = walker(inviteServerTable);
