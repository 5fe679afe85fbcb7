/** Where our registration with a trunk's peer stands. */
export type RegistrationPhase =
  /** Nothing is registered, nothing is under way. */
  | 'idle'
  /** A REGISTER is under way; nothing is registered as far as we know. */
  | 'trying'
  | 'registered'
  /** A refresh is under way, or failed at some gateways: the registration stands until it expires. */
  | 'refreshing'
  /** Every gateway failed; the next round comes. */
  | 'waiting'
  | 'unregistering'
  | 'stopped';

export interface RegistrationState {
  readonly phase: RegistrationPhase;
  /** Index of the gateway that is tried or holds the registration, in the order of priority. */
  readonly gateway: number;
  /** How many of this round were tried, this one included. */
  readonly tried: number;
  /** Rounds in a row that failed at every gateway. */
  readonly failures: number;
  /** Seconds we ask for; raised by a 423. */
  readonly wish: number;
  /** The peer refused who we are: hammering would have us banned. */
  readonly refused: boolean;
  /** The longest Retry-After of this round. */
  readonly retryAfterMs: number;
  /** Epoch ms; null = nothing is registered. */
  readonly expiresAt: number | null;
}

export type RegistrationEvent =
  | { readonly kind: 'start' }
  /** 200 with our Contact; seconds as granted (RFC 3261 §10.2.4). */
  | { readonly kind: 'granted'; readonly seconds: number }
  /** 423 with Min-Expires (RFC 3261 §10.2.8). */
  | { readonly kind: 'too-brief'; readonly leastSeconds: number }
  /** `identity`: 401, 403, 404, 407 after our credentials; `other`: anything else, silence and the network included. */
  | { readonly kind: 'failed'; readonly because: 'identity' | 'other'; readonly retryAfterMs: number }
  /** The time of the last `wait` is over. */
  | { readonly kind: 'due' }
  /** The trunk goes, is switched off, or another node takes it. */
  | { readonly kind: 'stop' }
  /** The answer to the last REGISTER, whatever it was. */
  | { readonly kind: 'unregistered' };

export type RegistrationEffect =
  /** `seconds` 0 takes it back. */
  | { readonly kind: 'register'; readonly gateway: number; readonly seconds: number }
  | { readonly kind: 'wait'; readonly ms: number };

export interface RegistrationStep {
  readonly state: RegistrationState;
  readonly effects: readonly RegistrationEffect[];
}

export interface RegistrationFacts {
  readonly gateways: number;
  /** Epoch ms. */
  readonly at: number;
  /** 0 ≤ x < 1: spreads refreshes and rounds, so that trunks of many nodes never come in step. */
  readonly jitter: number;
}

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 300_000;
/** After a refusal of our identity: nothing changes by itself. */
const FIRST_REFUSED_MS = 60_000;
const LONGEST_REFUSED_MS = 3_600_000;
const LONGEST_RETRY_AFTER_MS = 3_600_000;
const LONGEST_WISH_S = 604_800;
const SHORTEST_REFRESH_MS = 1_000;
/** However much was granted: a timer of Node.js holds no more than 24 days. */
const LONGEST_REFRESH_MS = 43_200_000;

export function newRegistration(wish: number): RegistrationState {
  return { phase: 'idle', gateway: 0, tried: 0, failures: 0, wish, refused: false, retryAfterMs: 0, expiresAt: null };
}

type Handler = (state: RegistrationState, event: RegistrationEvent, facts: RegistrationFacts) => RegistrationStep;

const ignored: Handler = (state) => ({ state, effects: [] });
const begin: Handler = (state, _event, { gateways }) => attempt({ ...state, tried: 1, gateway: state.gateway % Math.max(1, gateways), retryAfterMs: 0, refused: false });
const stop: Handler = (state) => (state.expiresAt === null ? { state: { ...state, phase: 'stopped' }, effects: [] }
  : { state: { ...state, phase: 'unregistering' }, effects: [{ kind: 'register', gateway: state.gateway, seconds: 0 }] });
/** A REGISTER is on its way and may yet register us. */
const stopUnderWay: Handler = (state) => ({ state: { ...state, phase: 'unregistering' }, effects: [{ kind: 'register', gateway: state.gateway, seconds: 0 }] });
const end: Handler = (state) => ({ state: { ...state, phase: 'stopped', expiresAt: null }, effects: [] });

const granted: Handler = (state, event, { at, jitter }) => {
  if (event.kind !== 'granted') return ignored(state, event, { at, jitter, gateways: 0 });
  const lifetimeMs = event.seconds * 1000;
  return {
    state: { ...state, phase: 'registered', failures: 0, tried: 0, refused: false, retryAfterMs: 0, expiresAt: at + lifetimeMs },
    // Between a half and four fifths of it: late enough to be no burden, early enough for a second try.
    effects: [{ kind: 'wait', ms: Math.min(LONGEST_REFRESH_MS, Math.max(SHORTEST_REFRESH_MS, Math.round(lifetimeMs * (0.5 + 0.3 * jitter)))) }],
  };
};

const tooBrief: Handler = (state, event, facts) => {
  if (event.kind !== 'too-brief') return ignored(state, event, facts);
  // A peer that asks for more again and again is no registrar.
  const more = event.leastSeconds > state.wish && event.leastSeconds <= LONGEST_WISH_S;
  return more ? attempt({ ...state, wish: event.leastSeconds }) : failed(state, { kind: 'failed', because: 'other', retryAfterMs: 0 }, facts);
};

const failed: Handler = (state, event, facts) => {
  if (event.kind !== 'failed') return ignored(state, event, facts);
  const refused = state.refused || event.because === 'identity';
  const retryAfterMs = Math.max(state.retryAfterMs, Math.min(event.retryAfterMs, LONGEST_RETRY_AFTER_MS));
  if (state.tried < facts.gateways) return attempt({ ...state, refused, retryAfterMs, tried: state.tried + 1, gateway: (state.gateway + 1) % facts.gateways });
  const failures = state.failures + 1;
  const [first, longest] = refused ? [FIRST_REFUSED_MS, LONGEST_REFUSED_MS] : [FIRST_WAIT_MS, LONGEST_WAIT_MS];
  const wait = Math.min(longest, first * 2 ** Math.min(failures - 1, 20)) * (0.5 + 0.5 * facts.jitter);
  const held = state.expiresAt !== null && state.expiresAt > facts.at;
  return {
    state: { ...state, phase: held ? 'refreshing' : 'waiting', failures, refused, retryAfterMs, expiresAt: held ? state.expiresAt : null, tried: 0 },
    effects: [{ kind: 'wait', ms: Math.round(Math.max(wait, retryAfterMs)) }],
  };
};

function attempt(state: RegistrationState): RegistrationStep {
  return {
    state: { ...state, phase: state.expiresAt === null ? 'trying' : 'refreshing' }, effects: [{ kind: 'register', gateway: state.gateway, seconds: state.wish }],
  };
}

/** Every event in every phase; `ignored` is what came too late. */
const TABLE: Readonly<Record<RegistrationPhase, Readonly<Record<RegistrationEvent['kind'], Handler>>>> = {
  'idle': { 'start': begin, 'granted': ignored, 'too-brief': ignored, 'failed': ignored, 'due': ignored, 'stop': stop, 'unregistered': ignored },
  'trying': { 'start': ignored, 'granted': granted, 'too-brief': tooBrief, 'failed': failed, 'due': ignored, 'stop': stopUnderWay, 'unregistered': ignored },
  'registered': { 'start': ignored, 'granted': ignored, 'too-brief': ignored, 'failed': ignored, 'due': begin, 'stop': stop, 'unregistered': ignored },
  'refreshing': { 'start': ignored, 'granted': granted, 'too-brief': tooBrief, 'failed': failed, 'due': begin, 'stop': stopUnderWay, 'unregistered': ignored },
  'waiting': { 'start': begin, 'granted': ignored, 'too-brief': ignored, 'failed': ignored, 'due': begin, 'stop': stop, 'unregistered': ignored },
  'unregistering': { 'start': ignored, 'granted': ignored, 'too-brief': ignored, 'failed': ignored, 'due': ignored, 'stop': ignored, 'unregistered': end },
  'stopped': { 'start': ignored, 'granted': ignored, 'too-brief': ignored, 'failed': ignored, 'due': ignored, 'stop': ignored, 'unregistered': ignored },
};

/** One step of the registration (RFC 3261 §10.2): pure, total. */
export function registrationStep(state: RegistrationState, event: RegistrationEvent, facts: RegistrationFacts): RegistrationStep {
  return TABLE[state.phase][event.kind](state, event, facts);
}
