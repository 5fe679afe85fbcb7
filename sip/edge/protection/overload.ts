import type { ProtectionLimits } from './limits.js';

/** How much is refused. Emergency calls, dialogs and refreshes go through at every level. */
export type OverloadLevel = 'normal' | 'refuse-new' | 'refreshes-only';

/** What a request is to the one who must choose, most precious first. */
export type RequestClass = 'emergency' | 'in-dialog' | 'refresh' | 'registration' | 'call' | 'other';

/** One look at the load. */
export interface LoadSample {
  /** 90th percentile of how late the event loop was, ms. */
  readonly loopDelayMs: number;
  /** How long the application takes to answer, ms. */
  readonly answerMs: number;
  /** Requests other than INVITE that wait for it. */
  readonly pending: number;
}

export interface OverloadState {
  readonly level: OverloadLevel;
  /** 0 to 1: how much new work `refuse-new` turns away. */
  readonly share: number;
  /** Samples in a row that asked for the next level up, or down. */
  readonly over: number;
  readonly calm: number;
}

export const overloadStart: OverloadState = { level: 'normal', share: 0, over: 0, calm: 0 };

/** Samples in a row before a level is entered: one garbage collection is no overload. */
const TO_REFUSE = 2;
const TO_REFRESHES_ONLY = 4;
/** Samples of calm before one is left: what was turned away must not come back into the same jam. */
const TO_LEAVE = 8;
const FIRST_SHARE = 0.2;
const SHARE_STEP = 0.1;
/** Below this part of a limit counts as calm; between it and the limit nothing moves. */
const CALM = 0.5;

/** The worst signal as a multiple of its limit: from 1 on it is overload. A limit of 0 is no signal. */
export function pressureOf(sample: LoadSample, limits: ProtectionLimits): number {
  const part = (value: number, limit: number): number => (limit > 0 ? value / limit : 0);
  return Math.max(
    part(sample.loopDelayMs, limits.loopDelayMs), part(sample.answerMs, limits.answerMs), part(sample.pending, limits.pendingRequests),
  );
}

const STEPS: Readonly<Record<OverloadLevel, (state: OverloadState, pressure: number) => OverloadState>> = {
  'normal': (state, pressure) => {
    const over = pressure >= 1 ? state.over + 1 : 0;
    return over < TO_REFUSE ? { ...overloadStart, over } : { level: 'refuse-new', share: FIRST_SHARE, over: 0, calm: 0 };
  },
  'refuse-new': (state, pressure) => {
    if (pressure >= 1) {
      const over = state.share >= 1 && pressure >= 2 ? state.over + 1 : 0;
      if (over >= TO_REFRESHES_ONLY) return { level: 'refreshes-only', share: 1, over: 0, calm: 0 };
      return { ...state, share: Math.min(1, state.share + SHARE_STEP * Math.min(pressure, 4)), over, calm: 0 };
    }
    if (pressure >= CALM) return { ...state, over: 0, calm: 0 };
    const calm = state.calm + 1;
    const share = Math.max(0, state.share - SHARE_STEP);
    return calm >= TO_LEAVE && share === 0 ? overloadStart : { ...state, share, over: 0, calm };
  },
  'refreshes-only': (state, pressure) => {
    const calm = pressure < CALM ? state.calm + 1 : 0;
    return calm >= TO_LEAVE ? { level: 'refuse-new', share: 1, over: 0, calm: 0 } : { ...state, calm };
  },
};

/** The state after one more sample; samples come at a fixed interval. */
export function stepOverload(state: OverloadState, pressure: number): OverloadState {
  return STEPS[state.level](state, pressure);
}

/** Probability that a request of this class is refused: the less precious, the sooner. */
const REFUSED: Readonly<Record<OverloadLevel, Readonly<Record<RequestClass, (share: number) => number>>>> = {
  'normal': { 'emergency': none, 'in-dialog': none, 'refresh': none, 'registration': none, 'call': none, 'other': none },
  'refuse-new': {
    'emergency': none, 'in-dialog': none, 'refresh': none,
    'registration': (share) => share * share, 'call': (share) => Math.min(1, share * 1.5), 'other': () => 1,
  },
  'refreshes-only': {
    'emergency': none, 'in-dialog': none, 'refresh': none, 'registration': () => 1, 'call': () => 1, 'other': () => 1,
  },
};

function none(): number {
  return 0;
}

/** @param chance uniform in [0, 1) */
export function isShed(state: OverloadState, of: RequestClass, chance: number): boolean {
  return state.level !== 'normal' && chance < REFUSED[state.level][of](state.share);
}
