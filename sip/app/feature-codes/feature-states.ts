import type { EndCause } from '../../../src/domain/calls/call-event.js';
import type { Reason } from '../../../src/domain/reasons.js';

/**
 * A call to a feature code as a pure machine. `opening`: our sound is made ready. `answering`: the 200 is on its way.
 * `waiting`: the dialog stands, the caller's ACK is missing. `talking`: prompts and digits.
 */
export type FeaturePhase = 'opening' | 'answering' | 'waiting' | 'talking' | 'ended';

interface Happenings {
  'media-ready': object;
  /** There is no sound with this caller. `reason` null = the message itself was wrong. */
  'media-refused': { readonly status: number; readonly reason: Reason | null };
  'connected': object;
  /** The ACK is here, with a usable answer where we offered. */
  'acknowledged': object;
  /** All has been said. */
  'finished': object;
  'caller-cancelled': object;
  /** The caller's dialog ended, or never came to be. */
  'caller-gone': { readonly cause: EndCause };
  /** Somebody else ends the call: administrator, shutdown, the longest duration, sound that fails. */
  'stop': { readonly cause: EndCause };
  /** The edge's connection is lost, and the dialog with it. */
  'connection-lost': object;
}
type Happening = keyof Happenings;

export type FeatureHappening<Kind extends Happening = Happening> =
  { [K in Kind]: { readonly kind: K } & Happenings[K] }[Kind];

export type FeatureEffect =
  | { readonly kind: 'answer' }
  /** Final response to the caller. */
  | { readonly kind: 'refuse'; readonly status: number; readonly reason: Reason | null }
  | { readonly kind: 'connect' }
  | { readonly kind: 'converse' }
  | { readonly kind: 'bye' }
  | { readonly kind: 'end'; readonly cause: EndCause; readonly reason: Reason | null; readonly status: number };

export interface FeatureStep {
  readonly phase: FeaturePhase;
  readonly effects: readonly FeatureEffect[];
}

type Row = { readonly [Kind in Happening]: ((event: FeatureHappening<Kind>) => FeatureStep) | null };

const NOTHING: Row = {
  'media-ready': null, 'media-refused': null, 'connected': null, 'acknowledged': null, 'finished': null,
  'caller-cancelled': null, 'caller-gone': null, 'stop': null, 'connection-lost': null,
};

const STANDING: Row = {
  ...NOTHING,
  'caller-gone': ({ cause }) => ended(cause, null, 200),
  'stop': ({ cause }) => ended(cause, null, 200, { kind: 'bye' }),
  'connection-lost': () => ended('flow-lost', null, 200),
};

/** Null = the event changes nothing in that phase. */
const TABLE: Readonly<Record<FeaturePhase, Row>> = {
  opening: {
    ...NOTHING,
    'media-ready': () => go('answering', { kind: 'answer' }),
    'media-refused': ({ status, reason }) => ended('refused', reason, status, { kind: 'refuse', status, reason }),
    'caller-cancelled': () => ended('cancelled', 'cancelled', 487),
    'caller-gone': ({ cause }) => ended(cause, null, 487),
    'stop': ({ cause }) => ended(cause, 'shutting-down', 503, { kind: 'refuse', status: 503, reason: 'shutting-down' }),
    'connection-lost': () => ended('flow-lost', null, 0),
  },
  answering: {
    ...NOTHING,
    'connected': () => go('waiting', { kind: 'connect' }),
    'caller-cancelled': () => ended('cancelled', 'cancelled', 487),
    'caller-gone': ({ cause }) => ended(cause, null, 487),
    'stop': ({ cause }) => ended(cause, null, 200),
    'connection-lost': () => ended('flow-lost', null, 0),
  },
  waiting: { ...STANDING, 'acknowledged': () => go('talking', { kind: 'converse' }) },
  talking: { ...STANDING, 'finished': () => ended('callee-hangup', null, 200, { kind: 'bye' }) },
  ended: NOTHING,
};

/** One event in, the next phase and what to do out, in order. Total: what a phase does not know changes nothing. */
export function featureStep<Kind extends Happening>(phase: FeaturePhase, event: FeatureHappening<Kind>): FeatureStep {
  const row: Row = TABLE[phase];
  return row[event.kind]?.(event) ?? { phase, effects: [] };
}

function go(phase: FeaturePhase, ...effects: readonly FeatureEffect[]): FeatureStep {
  return { phase, effects };
}

function ended(cause: EndCause, reason: Reason | null, status: number, ...before: readonly FeatureEffect[]): FeatureStep {
  return { phase: 'ended', effects: [...before, { kind: 'end', cause, reason, status }] };
}
