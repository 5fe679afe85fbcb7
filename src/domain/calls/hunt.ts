/**
 * The search of one call for a gateway that takes it (call policy rules 1 and 11) as a pure machine: one attempt at a time, in
 * the order of the routes. Whatever order the events come in, there is exactly one final outcome (`answer` or `fail`), at most
 * one winner, and every other attempt is cancelled or ended.
 */
export interface HuntState {
  readonly phase: HuntPhase;
  /** How many routes there are; attempts are named by their place among them, from 0. */
  readonly routes: number;
  readonly current: number;
  /** How far the current attempt came. */
  readonly heard: HuntHearing;
  readonly rules: HuntRules;
  /** Final statuses so far; 0 = none came. */
  readonly failures: readonly number[];
  /** Attempts that were given up without a final response: a 2xx of theirs is ended. */
  readonly givenUp: ReadonlySet<number>;
}

export type HuntPhase = 'hunting' | 'answered' | 'failed';
export type HuntHearing = 'nothing' | 'trying' | 'progress';

export interface HuntRules {
  /** Every final failure but the caller's own CANCEL leads on. */
  readonly emergency: boolean;
  /** Whether a 100 is heard of; without that, silence and a 100 are the same. */
  readonly hearsTrying: boolean;
}

export type HuntEvent =
  | { readonly kind: 'trying'; readonly route: number }
  | { readonly kind: 'provisional'; readonly route: number; readonly status: number }
  | { readonly kind: 'answered'; readonly route: number }
  /** A final 3xx–6xx, or 0: unreachable, or the edge gave up by itself. */
  | { readonly kind: 'failed'; readonly route: number; readonly status: number }
  /** The time set by `watch` is over. */
  | { readonly kind: 'late'; readonly route: number }
  | { readonly kind: 'caller-cancelled' }
  | { readonly kind: 'ring-timeout' };

export type HuntFailure = 'refused' | 'exhausted' | 'caller-cancelled' | 'ring-timeout';

export type HuntEffect =
  | { readonly kind: 'try'; readonly route: number }
  /** Say `late` after so many milliseconds, in place of any watch before; 0 = never. */
  | { readonly kind: 'watch'; readonly route: number; readonly ms: number }
  | { readonly kind: 'relay-provisional'; readonly route: number; readonly status: number }
  /** CANCEL; one is held back until the first provisional response (RFC 3261 §9.1) by who sends it. */
  | { readonly kind: 'cancel'; readonly route: number; readonly reason: 'silent' | 'caller-cancelled' | 'ring-timeout' }
  | { readonly kind: 'answer'; readonly route: number }
  /** ACK and BYE for a 2xx that came too late (RFC 3261 §13.2.2.4). */
  | { readonly kind: 'end-late-answer'; readonly route: number }
  /** `status` is that of the called side where it refused; 0 = it is ours to say. */
  | { readonly kind: 'fail'; readonly status: number; readonly cause: HuntFailure };

export interface HuntStep {
  readonly state: HuntState;
  readonly effects: readonly HuntEffect[];
}

/** Without any response a gateway is not there. */
export const FIRST_RESPONSE_MS = 4_000;
/** With a 100 alone it may still be looking for the called side. */
export const PROGRESS_MS = 20_000;
export const EMERGENCY_PROGRESS_MS = 8_000;

/** Statuses that say something of the gateway or the trunk, not of the called number; besides all of 5xx. */
const NEXT_STATUSES: ReadonlySet<number> = new Set([0, 401, 403, 407, 408, 488]);

/** Begins with the first of `routes` routes. Throws RangeError when there is none. */
export function startHunt(routes: number, rules: HuntRules): HuntStep {
  if (routes < 1) throw new RangeError('a hunt needs a route');
  return attempt({ phase: 'hunting', routes, current: 0, heard: 'nothing', rules, failures: [], givenUp: new Set() }, 0);
}

/** One event in, the next state and what to do out, in order. Events of attempts that are over change nothing but their late 2xx. */
export function huntStep(state: HuntState, event: HuntEvent): HuntStep {
  switch (event.kind) {
    case 'caller-cancelled': return giveUp(state, 'caller-cancelled');
    case 'ring-timeout': return giveUp(state, 'ring-timeout');
    default: return state.phase === 'hunting' && event.route === state.current && !state.givenUp.has(event.route)
      ? onCurrent(state, event) : onOther(state, event);
  }
}

type RouteEvent = Extract<HuntEvent, { readonly route: number }>;

function onCurrent(state: HuntState, event: RouteEvent): HuntStep {
  const { route } = event;
  switch (event.kind) {
    case 'trying':
      return state.heard === 'nothing' ? { state: { ...state, heard: 'trying' }, effects: [watch(route, progressMs(state))] } : unchanged(state);
    case 'provisional': {
      // 100 is hop by hop (RFC 3261 §8.2.6.1); 199 tells of a branch's end (RFC 6228).
      if (event.status <= 100 || event.status >= 199) return unchanged(state);
      const first: readonly HuntEffect[] = state.heard === 'progress' ? [] : [watch(route, 0)];
      return { state: { ...state, heard: 'progress' }, effects: [...first, { kind: 'relay-provisional', route, status: event.status }] };
    }
    case 'answered':
      return { state: { ...state, phase: 'answered' }, effects: [watch(route, 0), { kind: 'answer', route }] };
    case 'failed':
      return failed({ ...state, failures: [...state.failures, event.status] }, route, event.status);
    case 'late': {
      if (state.heard === 'progress') return unchanged(state);
      const left = { ...state, failures: [...state.failures, 0], givenUp: new Set(state.givenUp).add(route) };
      return after({ kind: 'cancel', route, reason: 'silent' }, next(left, 0));
    }
  }
}

/** An attempt that is over, or a hunt that is: only a 2xx still asks for something. */
function onOther(state: HuntState, event: RouteEvent): HuntStep {
  if (event.kind !== 'answered' || (state.phase === 'answered' && event.route === state.current)) return unchanged(state);
  return { state, effects: [{ kind: 'end-late-answer', route: event.route }] };
}

function failed(state: HuntState, route: number, status: number): HuntStep {
  const leadsOn = state.rules.emergency || (state.heard !== 'progress' && saysNothingOfNumber(status));
  const step = leadsOn ? next(state, status) : fail(state, status, 'refused');
  return after(watch(route, 0), step);
}

/** A redirection is not followed: a message does not choose whom we call. */
function saysNothingOfNumber(status: number): boolean {
  return NEXT_STATUSES.has(status) || (status >= 300 && status < 400) || (status >= 500 && status < 600);
}

function next(state: HuntState, status: number): HuntStep {
  if (state.current + 1 < state.routes) return attempt({ ...state, current: state.current + 1, heard: 'nothing' }, state.current + 1);
  // The last word of an emergency centre counts as that of the called side; else only a codec that nobody takes is worth telling.
  if (state.rules.emergency && status >= 400 && !saysNothingOfNumber(status)) return fail(state, status, 'refused');
  return fail(state, state.failures.includes(488) ? 488 : 0, 'exhausted');
}

function attempt(state: HuntState, route: number): HuntStep {
  return { state, effects: [watch(route, state.rules.hearsTrying ? FIRST_RESPONSE_MS : progressMs(state)), { kind: 'try', route }] };
}

function giveUp(state: HuntState, cause: 'caller-cancelled' | 'ring-timeout'): HuntStep {
  if (state.phase !== 'hunting') return unchanged(state);
  const route = state.current;
  const over = { ...state, phase: 'failed' as const, givenUp: new Set(state.givenUp).add(route) };
  return { state: over, effects: [watch(route, 0), { kind: 'cancel', route, reason: cause }, { kind: 'fail', status: 0, cause }] };
}

function fail(state: HuntState, status: number, cause: HuntFailure): HuntStep {
  return { state: { ...state, phase: 'failed' }, effects: [{ kind: 'fail', status, cause }] };
}

function progressMs({ rules }: HuntState): number {
  return rules.emergency ? EMERGENCY_PROGRESS_MS : PROGRESS_MS;
}

function watch(route: number, ms: number): HuntEffect {
  return { kind: 'watch', route, ms };
}

function after(first: HuntEffect, { state, effects }: HuntStep): HuntStep {
  return { state, effects: [first, ...effects] };
}

function unchanged(state: HuntState): HuntStep {
  return { state, effects: [] };
}
