import { bestFailure } from '../routing/best-response.js';

/**
 * The ringing of one call on several branches (one INVITE each) as a pure machine: whatever order the events come in,
 * there is exactly one final outcome (`answer` or `fail`), at most one winner, and every other branch is cancelled or ended.
 */
export interface ForkState {
  readonly phase: ForkPhase;
  readonly branches: ReadonlyMap<string, BranchPhase>;
  /** Final statuses so far, for the choice of RFC 3261 §16.7 step 6. */
  readonly failures: readonly number[];
  /** How many branches there ever were: with one alone, early media may pass. */
  readonly started: number;
  /** How many times more branches will join: until then the fork has not failed. */
  readonly awaited: number;
  /** Last provisional status shown to the caller; 0 = none. */
  readonly relayed: number;
}

export type ForkPhase = 'ringing' | 'answered' | 'failed';
/** `cancelling`: CANCEL is out, its final response is not in. `released`: a 2xx came too late and was ended. */
export type BranchPhase = 'inviting' | 'proceeding' | 'cancelling' | 'won' | 'ended' | 'released';

export type CancelReason = 'completed-elsewhere' | 'caller-cancelled' | 'ring-timeout' | 'declined-everywhere';

export type ForkEvent =
  /** A 100 came: the branch is reached, nothing to show. */
  | { readonly kind: 'trying'; readonly branch: string }
  | { readonly kind: 'provisional'; readonly branch: string; readonly status: number }
  | { readonly kind: 'answered'; readonly branch: string }
  /** A final 3xx–6xx, or 0 where none came and 408 or a transport fault ended the branch. */
  | { readonly kind: 'failed'; readonly branch: string; readonly status: number }
  /** A 3xx whose contacts are followed by the branches `into`; without any, the branch counts as unavailable. */
  | { readonly kind: 'redirected'; readonly branch: string; readonly into?: readonly string[] }
  /** Their time has come; none = what was to join cannot be called. `alone`: what rings by now is left. */
  | { readonly kind: 'joins'; readonly into: readonly string[]; readonly alone: boolean }
  | { readonly kind: 'caller-cancelled' }
  | { readonly kind: 'ring-timeout' };

export type ForkEffect =
  | { readonly kind: 'relay-provisional'; readonly status: number; readonly withSdp: boolean }
  /** Nothing rings any more: whoever is to join comes now. */
  | { readonly kind: 'next' }
  /** Send the INVITE of a branch that a redirect or its time brought. */
  | { readonly kind: 'start'; readonly branch: string }
  /** CANCEL; one is held back until the branch's first provisional response (RFC 3261 §9.1) by who sends it. */
  | { readonly kind: 'cancel'; readonly branch: string; readonly reason: CancelReason }
  | { readonly kind: 'answer'; readonly branch: string }
  /** ACK and BYE for a 2xx that lost the race (RFC 3261 §13.2.2.4). */
  | { readonly kind: 'end-late-answer'; readonly branch: string }
  | { readonly kind: 'fail'; readonly status: number; readonly cause: ForkFailure };

export type ForkFailure = 'all-failed' | 'declined-everywhere' | 'caller-cancelled' | 'ring-timeout';

export interface ForkStep {
  readonly state: ForkState;
  readonly effects: readonly ForkEffect[];
}

type BranchEvent = Extract<ForkEvent, { readonly branch: string }>;

/**
 * Begins with one branch an INVITE, named by the caller's choice of distinct texts. Throws RangeError for duplicates, and for none where none is awaited.
 * @param awaited how many times more will join
 */
export function startFork(branches: readonly string[], awaited = 0): ForkState {
  const phases = new Map<string, BranchPhase>(branches.map((branch) => [branch, 'inviting']));
  if (branches.length + awaited === 0 || phases.size !== branches.length) throw new RangeError('a fork needs distinct branches, at least one');
  return { phase: 'ringing', branches: phases, failures: [], started: branches.length, awaited, relayed: 0 };
}

/** One event in, the next state and what to do out, in order. An event for an unknown branch changes nothing. */
export function forkStep(state: ForkState, event: ForkEvent): ForkStep {
  switch (event.kind) {
    case 'caller-cancelled':
      return state.phase === 'ringing' ? giveUp(state, 487, 'caller-cancelled') : unchanged(state);
    case 'ring-timeout':
      return state.phase === 'ringing' ? giveUp(state, 480, 'ring-timeout') : unchanged(state);
    case 'joins':
      return state.phase === 'ringing' ? join(state, event) : unchanged(state);
    default:
      return stepBranch(state, event);
  }
}

function join(before: ForkState, { into, alone }: Extract<ForkEvent, { readonly kind: 'joins' }>): ForkStep {
  const left = alone ? cancelPending(before, 'ring-timeout') : unchanged(before);
  const added = into.filter((branch, index) => !before.branches.has(branch) && into.indexOf(branch) === index);
  const branches = new Map(left.state.branches);
  for (const branch of added) branches.set(branch, 'inviting');
  const nobody = added.length === 0 || left.effects.length > 0;
  const state: ForkState = {
    ...left.state, branches, awaited: Math.max(0, before.awaited - 1), started: before.started + added.length,
    failures: nobody ? [...before.failures, 480] : before.failures,
  };
  if (added.length > 0) return { state, effects: [...left.effects, ...added.map((branch) => ({ kind: 'start', branch } as const))] };
  const rest = failIfNoneIsLeft(state);
  return { state: rest.state, effects: [...left.effects, ...rest.effects] };
}

function stepBranch(state: ForkState, event: BranchEvent): ForkStep {
  const phase = state.branches.get(event.branch);
  return phase === undefined ? unchanged(state) : ON_BRANCH[phase](state, event);
}

/** What an event means to a branch, by the branch's phase. */
const ON_BRANCH: Readonly<Record<BranchPhase, (state: ForkState, event: BranchEvent) => ForkStep>> = {
  inviting: stepPending,
  proceeding: stepPending,
  cancelling: stepOver,
  ended: stepOver,
  won: unchanged,
  released: unchanged,
};

/** A branch that may still win: the fork is `ringing`, for its end leaves no branch pending. */
function stepPending(state: ForkState, event: BranchEvent): ForkStep {
  switch (event.kind) {
    case 'trying':
      return { state: withBranch(state, event.branch, 'proceeding'), effects: [] };
    case 'provisional':
      return relay(withBranch(state, event.branch, 'proceeding'), event.status);
    case 'answered': {
      const answered: ForkState = { ...withBranch(state, event.branch, 'won'), phase: 'answered' };
      const rest = cancelPending(answered, 'completed-elsewhere');
      return { state: rest.state, effects: [{ kind: 'answer', branch: event.branch }, ...rest.effects] };
    }
    case 'failed':
      return endBranch(state, event.branch, event.status);
    case 'redirected':
      return redirect(state, event.branch, event.into ?? []);
  }
}

/** A branch without a chance: only its late 2xx still asks for something. */
function stepOver(state: ForkState, event: BranchEvent): ForkStep {
  if (event.kind === 'answered') {
    return { state: withBranch(state, event.branch, 'released'), effects: [{ kind: 'end-late-answer', branch: event.branch }] };
  }
  const final = event.kind === 'failed' || event.kind === 'redirected';
  return final ? { state: withBranch(state, event.branch, 'ended'), effects: [] } : unchanged(state);
}

function relay(state: ForkState, status: number): ForkStep {
  // 100 is hop by hop (RFC 3261 §8.2.6.1); 199 tells of a branch's end (RFC 6228), which is ours to hide.
  if (status <= 100 || status >= 199) return unchanged(state);
  if (state.started === 1 && state.awaited === 0) return { state: { ...state, relayed: status }, effects: [{ kind: 'relay-provisional', status, withSdp: true }] };
  // Early media of one phone among several would silence the others' ringing: the caller hears its own ringback instead.
  if (state.relayed === 180) return unchanged(state);
  return { state: { ...state, relayed: 180 }, effects: [{ kind: 'relay-provisional', status: 180, withSdp: false }] };
}

function endBranch(before: ForkState, branch: string, status: number): ForkStep {
  // A 3xx that nobody follows says that the phone is not there.
  const counted = status >= 300 && status < 400 ? 480 : status;
  const state: ForkState = { ...withBranch(before, branch, 'ended'), failures: [...before.failures, counted] };
  // RFC 3261 §16.7 step 5: a 6xx ends the search; all other branches are cancelled.
  // Deviation: the caller is told at once, not after the other branches' final responses.
  if (counted >= 600) return giveUp(state, bestFailure(state.failures), 'declined-everywhere');
  return failIfNoneIsLeft(state);
}

function redirect(state: ForkState, branch: string, into: readonly string[]): ForkStep {
  const added = into.filter((target, index) => !state.branches.has(target) && into.indexOf(target) === index);
  if (added.length === 0) return endBranch(state, branch, 480);
  const branches = new Map(state.branches).set(branch, 'ended');
  for (const target of added) branches.set(target, 'inviting');
  return {
    state: { ...state, branches, started: state.started + added.length },
    effects: added.map((target) => ({ kind: 'start', branch: target })),
  };
}

function failIfNoneIsLeft(state: ForkState): ForkStep {
  const pending = [...state.branches.values()].some(isPending);
  if (pending) return { state, effects: [] };
  if (state.awaited > 0) return { state, effects: [{ kind: 'next' }] };
  const status = bestFailure(state.failures);
  return { state: { ...state, phase: 'failed' }, effects: [{ kind: 'fail', status, cause: 'all-failed' }] };
}

function giveUp(state: ForkState, status: number, cause: Exclude<ForkFailure, 'all-failed'>): ForkStep {
  const rest = cancelPending({ ...state, phase: 'failed' }, cause);
  return { state: rest.state, effects: [...rest.effects, { kind: 'fail', status, cause }] };
}

function cancelPending(state: ForkState, reason: CancelReason): ForkStep {
  const branches = new Map(state.branches);
  const effects: ForkEffect[] = [];
  for (const [branch, phase] of state.branches) {
    if (!isPending(phase)) continue;
    branches.set(branch, 'cancelling');
    effects.push({ kind: 'cancel', branch, reason });
  }
  return { state: { ...state, branches }, effects };
}

function isPending(phase: BranchPhase): boolean {
  return phase === 'inviting' || phase === 'proceeding';
}

function withBranch(state: ForkState, branch: string, phase: BranchPhase): ForkState {
  return state.branches.get(branch) === phase ? state : { ...state, branches: new Map(state.branches).set(branch, phase) };
}

function unchanged(state: ForkState): ForkStep {
  return { state, effects: [] };
}
