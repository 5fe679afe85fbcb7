import type { ForkFailure } from '../../../src/domain/calls/fork.js';
import type { EndCause } from '../../../src/domain/calls/call-event.js';
import { REASONS, type Reason } from '../../../src/domain/reasons.js';
import type { HuntFailure } from '../../../src/domain/calls/hunt.js';
import type { CallDecision } from '../../../src/domain/routing/call-decision.js';
import { reasonForStatus, reasonForTrunkStatus } from '../../../src/domain/routing/best-response.js';
import type { LiveCall } from '../../../src/ports/call-control.js';

/**
 * One call between two legs as a pure machine. `routing`: being decided. `ringing`: phones are called. `answering`: one
 * took it, the caller's 200 (and with an offer in it the caller's ACK) is on its way. `up`: both legs stand.
 */
export type CallPhase = 'routing' | 'ringing' | 'answering' | 'up' | 'ended';

/** A phase as the list of live calls shows it. */
export const SHOWN_AS: Readonly<Record<CallPhase, LiveCall['state']>> = {
  routing: 'routing', ringing: 'ringing', answering: 'ringing', up: 'answered', ended: 'answered',
};

/** What may happen to a call, and what is known about it then. */
interface Happenings {
  'refused': { readonly reason: Reason };
  'ring': object;
  'answered': object;
  'fork-failed': { readonly status: number; readonly cause: ForkFailure };
  'hunt-failed': { readonly status: number; readonly cause: HuntFailure };
  'connected': object;
  'caller-cancelled': object;
  /** The caller's dialog ended, or never came to be. */
  'caller-gone': { readonly cause: EndCause };
  'callee-gone': { readonly cause: EndCause };
  /** Somebody else ends the call: administrator, shutdown, the longest duration. */
  'stop': { readonly cause: EndCause };
  /** The edge's connection is lost, and every dialog with it. */
  'connection-lost': object;
}
type Happening = keyof Happenings;

export type CallHappening<Kind extends Happening = Happening> =
  { [K in Kind]: { readonly kind: K } & Happenings[K] }[Kind];

export type CallEffect =
  | { readonly kind: 'fork' }
  | { readonly kind: 'answer-caller' }
  | { readonly kind: 'bridge' }
  | { readonly kind: 'cancel-fork' }
  /** Final response to the caller. */
  | { readonly kind: 'refuse'; readonly reason: Reason; readonly status: number }
  | { readonly kind: 'bye-caller' }
  | { readonly kind: 'bye-callee' }
  | { readonly kind: 'end'; readonly cause: EndCause; readonly reason: Reason | null; readonly status: number };

export interface CallStep {
  readonly phase: CallPhase;
  readonly effects: readonly CallEffect[];
}

type Row = { readonly [Kind in Happening]: ((event: CallHappening<Kind>) => CallStep) | null };

/** Null = the event changes nothing in that phase. */
const TABLE: Readonly<Record<CallPhase, Row>> = {
  routing: {
    'refused': ({ reason }) => refuse(reason, 0, 'refused'),
    'ring': () => go('ringing', { kind: 'fork' }),
    'answered': null,
    'fork-failed': null,
    'hunt-failed': null,
    'connected': null,
    'caller-cancelled': () => ended('cancelled', 'cancelled', 487),
    'caller-gone': ({ cause }) => ended(cause, null, 487),
    'callee-gone': null,
    'stop': ({ cause }) => refuse('shutting-down', 0, cause),
    'connection-lost': () => ended('flow-lost', null, 0),
  },
  ringing: {
    'refused': null,
    'ring': null,
    'answered': () => go('answering', { kind: 'answer-caller' }),
    'fork-failed': ({ status, cause }) => forkFailed(status, cause),
    'hunt-failed': ({ status, cause }) => huntFailed(status, cause),
    'connected': null,
    'caller-cancelled': () => ended('cancelled', 'cancelled', 487, { kind: 'cancel-fork' }),
    'caller-gone': ({ cause }) => ended(cause, null, 487, { kind: 'cancel-fork' }),
    'callee-gone': null,
    'stop': ({ cause }) => refuse('shutting-down', cause === 'shutdown' ? 0 : 480, cause, { kind: 'cancel-fork' }),
    'connection-lost': () => ended('flow-lost', null, 0, { kind: 'cancel-fork' }),
  },
  answering: {
    'refused': null,
    'ring': null,
    'answered': null,
    'fork-failed': null,
    'hunt-failed': null,
    'connected': () => go('up', { kind: 'bridge' }),
    'caller-cancelled': () => ended('cancelled', 'cancelled', 487, { kind: 'bye-callee' }),
    'caller-gone': ({ cause }) => ended(cause, null, 487, { kind: 'bye-callee' }),
    // Both sides have their 200: a call that was answered, however short.
    'callee-gone': ({ cause }) => ended(cause, null, 200, { kind: 'bridge' }, { kind: 'bye-caller' }),
    'stop': ({ cause }) => ended(cause, null, 200, { kind: 'bye-caller' }, { kind: 'bye-callee' }),
    'connection-lost': () => ended('flow-lost', null, 0),
  },
  up: {
    'refused': null,
    'ring': null,
    'answered': null,
    'fork-failed': null,
    'hunt-failed': null,
    'connected': null,
    'caller-cancelled': null,
    'caller-gone': ({ cause }) => ended(cause, null, 200, { kind: 'bye-callee' }),
    'callee-gone': ({ cause }) => ended(cause, null, 200, { kind: 'bye-caller' }),
    'stop': ({ cause }) => ended(cause, null, 200, { kind: 'bye-caller' }, { kind: 'bye-callee' }),
    'connection-lost': () => ended('flow-lost', null, 200),
  },
  ended: {
    'refused': null,
    'ring': null,
    'answered': null,
    'fork-failed': null,
    'hunt-failed': null,
    'connected': null,
    'caller-cancelled': null,
    'caller-gone': null,
    'callee-gone': null,
    'stop': null,
    'connection-lost': null,
  },
};

/** One event in, the next phase and what to do out, in order. Total: what a phase does not know changes nothing. */
export function callStep<Kind extends Happening>(phase: CallPhase, event: CallHappening<Kind>): CallStep {
  const row: Row = TABLE[phase];
  return row[event.kind]?.(event) ?? { phase, effects: [] };
}

/** What a decision begins a call with. */
export function firstOf({ outcome }: CallDecision, hasTrunks: boolean): CallHappening<'refused' | 'ring'> {
  const refused = (reason: Reason): CallHappening<'refused'> => ({ kind: 'refused', reason });
  switch (outcome.kind) {
    case 'ring': return outcome.ring.length === 0 && outcome.plan === undefined ? refused('not-registered') : { kind: 'ring' };
    case 'forward': return { kind: 'ring' };
    case 'reject': return refused(outcome.reason);
    case 'dial-trunk': return hasTrunks ? { kind: 'ring' } : refused('no-trunk');
    case 'run-feature': return refused('feature-unavailable');
  }
}

function forkFailed(status: number, cause: ForkFailure): CallStep {
  if (cause === 'caller-cancelled') return ended('cancelled', 'cancelled', 487);
  if (cause === 'ring-timeout') return refuse('no-answer', 0, 'no-answer');
  const reason = reasonForStatus(status);
  // RFC 3261 §16.7 step 6 chose the status; only "nobody responded" has a plainer one for the caller than 408.
  return refuse(reason, reason === 'phone-unreachable' ? 0 : status, CAUSE_OF[reason] ?? 'failed');
}

function huntFailed(status: number, cause: HuntFailure): CallStep {
  const verdict = huntVerdict(status, cause);
  if (verdict.reason === 'cancelled') return ended(verdict.cause, verdict.reason, verdict.status);
  return refuse(verdict.reason, verdict.status, verdict.cause);
}

/** What became of a call to the network. Statuses of trunks that a phone's user may see stay as they are; the others are ours to word. */
export function huntVerdict(status: number, cause: HuntFailure): { readonly cause: EndCause; readonly reason: Reason; readonly status: number } {
  const worded = (reason: Reason, end: EndCause): ReturnType<typeof huntVerdict> => ({ cause: end, reason, status: REASONS[reason].sip });
  switch (cause) {
    case 'caller-cancelled': return worded('cancelled', 'cancelled');
    case 'ring-timeout': return worded('no-answer', 'no-answer');
    case 'exhausted': return worded(status === 488 ? 'media-unacceptable' : 'trunk-failed', 'failed');
    case 'refused': {
      const reason = reasonForTrunkStatus(status);
      const end = CAUSE_OF[reason] ?? 'failed';
      return reason === 'network-refused' ? worded(reason, end) : { cause: end, reason, status };
    }
  }
}

const CAUSE_OF: Partial<Readonly<Record<Reason, EndCause>>> = {
  'busy': 'busy', 'declined': 'declined', 'no-answer': 'no-answer',
};

function go(phase: CallPhase, ...effects: readonly CallEffect[]): CallStep {
  return { phase, effects };
}

function refuse(reason: Reason, status: number, cause: EndCause, ...before: readonly CallEffect[]): CallStep {
  const given = status === 0 ? REASONS[reason].sip : status;
  return ended(cause, reason, given, ...before, { kind: 'refuse', reason, status: given });
}

function ended(cause: EndCause, reason: Reason | null, status: number, ...before: readonly CallEffect[]): CallStep {
  return { phase: 'ended', effects: [...before, { kind: 'end', cause, reason, status }] };
}
