import { to, type Step, type TransitionTable } from './step.js';

/** RFC 3261 Figure 7 with the `accepted` state of RFC 6026 Figure 7. */
export type InviteServerState = 'proceeding' | 'accepted' | 'completed' | 'confirmed' | 'terminated';

export type InviteServerEvent =
  | 'receive-request' | 'receive-ack' | 'respond-1xx' | 'respond-2xx' | 'respond-3xx-6xx'
  | 'timer-G' | 'timer-H' | 'timer-I' | 'timer-L' | 'transport-error';

/** RFC 3261 §17.2.1: the user sends 100 Trying itself, at once. */
export const inviteServerStart: Step<InviteServerState> = to('proceeding');

const stayAccepted = to<InviteServerState>('accepted');
const stayCompleted = to<InviteServerState>('completed');
const stayConfirmed = to<InviteServerState>('confirmed');
const stayTerminated = to<InviteServerState>('terminated');
const stayProceeding = to<InviteServerState>('proceeding');

const TABLE: TransitionTable<InviteServerState, InviteServerEvent> = {
  proceeding: {
    'receive-request': to('proceeding', 'send-response'),
    'receive-ack': stayProceeding,
    'respond-1xx': to('proceeding', 'send-response'),
    'respond-2xx': to('accepted', 'send-response', 'start-L'),
    'respond-3xx-6xx': to('completed', 'send-response', 'start-G', 'start-H'),
    'timer-G': stayProceeding,
    'timer-H': stayProceeding,
    'timer-I': stayProceeding,
    'timer-L': stayProceeding,
    // RFC 6026 §7.1: a response that could not be sent is reported, the transaction stays.
    'transport-error': to('proceeding', 'report-transport-error'),
  },
  // RFC 6026 §7.1: retransmitted INVITEs are absorbed, the 2xx is repeated by the user alone, ACKs go to the user.
  accepted: {
    'receive-request': stayAccepted,
    'receive-ack': to('accepted', 'pass-ack'),
    'respond-1xx': stayAccepted,
    'respond-2xx': to('accepted', 'send-response'),
    'respond-3xx-6xx': stayAccepted,
    'timer-G': stayAccepted,
    'timer-H': stayAccepted,
    'timer-I': stayAccepted,
    'timer-L': to('terminated'),
    'transport-error': to('accepted', 'report-transport-error'),
  },
  completed: {
    'receive-request': to('completed', 'send-response'),
    'receive-ack': to('confirmed', 'stop-G', 'stop-H', 'start-I'),
    'respond-1xx': stayCompleted,
    'respond-2xx': stayCompleted,
    'respond-3xx-6xx': stayCompleted,
    'timer-G': to('completed', 'send-response', 'again-G'),
    'timer-H': to('terminated', 'stop-G', 'report-timeout'),
    'timer-I': stayCompleted,
    'timer-L': stayCompleted,
    'transport-error': to('completed', 'report-transport-error'),
  },
  confirmed: {
    'receive-request': stayConfirmed,
    'receive-ack': stayConfirmed,
    'respond-1xx': stayConfirmed,
    'respond-2xx': stayConfirmed,
    'respond-3xx-6xx': stayConfirmed,
    'timer-G': stayConfirmed,
    'timer-H': stayConfirmed,
    'timer-I': to('terminated'),
    'timer-L': stayConfirmed,
    'transport-error': stayConfirmed,
  },
  terminated: {
    'receive-request': stayTerminated,
    'receive-ack': stayTerminated,
    'respond-1xx': stayTerminated,
    'respond-2xx': stayTerminated,
    'respond-3xx-6xx': stayTerminated,
    'timer-G': stayTerminated,
    'timer-H': stayTerminated,
    'timer-I': stayTerminated,
    'timer-L': stayTerminated,
    'transport-error': stayTerminated,
  },
};

/** RFC 3261 §17.2.1 as amended by RFC 6026 §8.5. */
export const stepInviteServer = (state: InviteServerState, event: InviteServerEvent): Step<InviteServerState> =>
  TABLE[state][event];
