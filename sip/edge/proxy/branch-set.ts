import { isOpen, stepBranch, type BranchEffect, type BranchEvent, type BranchState } from './branch.js';

/**
 * How far a proxied request is. `closing`: no more targets are tried; `canceled`: the caller gave up; `accepted` and
 * `failed`: the caller has its final response, what still comes in is only tidied up (and 2xx forwarded).
 */
export type Phase = 'searching' | 'closing' | 'canceled' | 'accepted' | 'failed';

/** What a branch's outcome or the caller means for the whole. `exhausted`: no branch is open, none waits. */
type Turn = 'success' | 'failure' | 'challenge' | 'decline' | 'cancel' | 'exhausted';

type Action = 'start-next' | 'skip-waiting' | 'withdraw-open' | 'answer-best' | 'answer-canceled' | 'finish';

interface PhaseStep {
  readonly phase: Phase;
  readonly actions: readonly Action[];
}

const then = (phase: Phase, ...actions: Action[]): PhaseStep => ({ phase, actions });
const over = (phase: Phase): Readonly<Record<Turn, PhaseStep>> => {
  const stay = then(phase);
  return { success: stay, failure: stay, challenge: stay, decline: stay, cancel: stay, exhausted: stay };
};

const PHASES: Readonly<Record<Phase, Readonly<Record<Turn, PhaseStep>>>> = {
  searching: {
    // RFC 3261 §16.7 step 10: the first 2xx (and a 6xx) cancels all other branches.
    success: then('accepted', 'skip-waiting', 'withdraw-open', 'finish'),
    failure: then('searching', 'start-next'),
    // drachtio wire protocol §11: a challenge is for the caller, who will come back with credentials.
    challenge: then('closing', 'skip-waiting'),
    decline: then('closing', 'skip-waiting', 'withdraw-open'),
    // RFC 3261 §16.10.
    cancel: then('canceled', 'skip-waiting', 'withdraw-open'),
    exhausted: then('failed', 'answer-best', 'finish'),
  },
  closing: {
    success: then('accepted', 'withdraw-open', 'finish'),
    failure: then('closing'),
    challenge: then('closing'),
    decline: then('closing', 'withdraw-open'),
    cancel: then('canceled', 'withdraw-open'),
    exhausted: then('failed', 'answer-best', 'finish'),
  },
  canceled: {
    success: then('accepted', 'finish'),
    failure: then('canceled'),
    challenge: then('canceled'),
    decline: then('canceled'),
    cancel: then('canceled'),
    exhausted: then('failed', 'answer-canceled', 'finish'),
  },
  accepted: over('accepted'),
  failed: over('failed'),
};

export interface Branch {
  readonly id: number;
  /** A SIP URI. */
  readonly target: string;
  /** Named by a 3xx, not by the application. */
  readonly redirected: boolean;
  readonly state: BranchState;
  /** The final status it stands for; undefined while there is none, and when its redirection is followed. */
  readonly status: number | undefined;
}

export interface BranchSet {
  readonly order: 'serial' | 'simultaneous';
  readonly phase: Phase;
  /** In the order they are tried. */
  readonly branches: readonly Branch[];
}

export type SetEvent =
  | { readonly kind: 'begin' | 'cancel' }
  | {
    readonly kind: 'branch'; readonly id: number; readonly event: BranchEvent;
    /** Of a final response, or what its absence counts as (RFC 3261 §16.9: 503; default 408). */
    readonly status?: number;
    /** Contacts of a 3xx that are to be tried. */
    readonly redirects?: readonly string[];
  };

export type SetEffect =
  | { readonly kind: 'branch'; readonly id: number; readonly effect: Exclude<BranchEffect, 'tell-success' | 'tell-failure'> }
  /** @param canceled 487 rather than 408 when no branch has anything to say */
  | { readonly kind: 'answer-best'; readonly canceled: boolean }
  | { readonly kind: 'finish' };

export interface SetStep {
  readonly set: BranchSet;
  readonly effects: readonly SetEffect[];
}

/** Redirections are not followed beyond this many targets. */
const MAX_BRANCHES = 32;

/** @param targets SIP URIs in the order of the application */
export function newBranchSet(order: BranchSet['order'], targets: readonly string[]): BranchSet {
  const branches = targets.slice(0, MAX_BRANCHES).map((target, id): Branch =>
    ({ id, target, redirected: false, state: 'waiting', status: undefined }));
  return { order, phase: 'searching', branches };
}

/** RFC 3261 §16.7: what all branches together do; pure. */
export function stepBranchSet(set: BranchSet, event: SetEvent): SetStep {
  const branches = [...set.branches];
  const effects: SetEffect[] = [];
  let { phase } = set;

  const feed = (id: number, branchEvent: BranchEvent, status = 408, redirects: readonly string[] = []): void => {
    const at = branches.findIndex((branch) => branch.id === id);
    const branch = branches[at];
    if (branch === undefined) return;
    const step = stepBranch(branch.state, branchEvent);
    branches[at] = { ...branch, state: step.state };
    for (const effect of step.effects) {
      if (effect === 'tell-success') turn('success');
      else if (effect === 'tell-failure') fail(at, status, redirects);
      else effects.push({ kind: 'branch', id, effect });
    }
  };
  const fail = (at: number, status: number, redirects: readonly string[]): void => {
    const branch = branches[at];
    if (branch === undefined) return;
    const followed = phase === 'searching' ? newTargets(branches, redirects) : [];
    // RFC 3261 §16.7 step 4: a redirection that is followed is no answer for the caller.
    branches[at] = { ...branch, status: followed.length > 0 ? undefined : status };
    branches.splice(at + 1, 0, ...followed);
    turn(status === 401 || status === 407 ? 'challenge' : status >= 600 ? 'decline' : 'failure');
  };
  const turn = (what: Turn): void => {
    const step = PHASES[phase][what];
    phase = step.phase;
    for (const action of step.actions) act(action);
  };
  const act = (action: Action): void => {
    switch (action) {
      case 'start-next': return startNext();
      case 'skip-waiting': return withdraw((state) => state === 'waiting');
      case 'withdraw-open': return withdraw(isOpen);
      case 'answer-best': case 'answer-canceled':
        effects.push({ kind: 'answer-best', canceled: action === 'answer-canceled' });
        return;
      case 'finish': effects.push({ kind: 'finish' });
    }
  };
  const startNext = (): void => {
    if (set.order === 'serial' && branches.some((branch) => isOpen(branch.state))) return;
    const waiting = branches.filter((branch) => branch.state === 'waiting');
    for (const branch of set.order === 'serial' ? waiting.slice(0, 1) : waiting) feed(branch.id, 'start');
  };
  const withdraw = (which: (state: BranchState) => boolean): void => {
    for (const branch of [...branches]) if (which(branch.state)) feed(branch.id, 'withdraw');
  };

  if (event.kind === 'branch') feed(event.id, event.event, event.status, event.redirects);
  else if (event.kind === 'begin') startNext();
  else turn('cancel');
  if (!branches.some((branch) => branch.state === 'waiting' || isOpen(branch.state))) turn('exhausted');
  return { set: { order: set.order, phase, branches }, effects };
}

/** RFC 3261 §16.5: no target twice, so that redirections cannot go in circles. */
function newTargets(branches: readonly Branch[], redirects: readonly string[]): Branch[] {
  const known = new Set(branches.map((branch) => branch.target));
  const fresh: Branch[] = [];
  for (const target of redirects) {
    const id = branches.length + fresh.length;
    if (known.has(target) || id >= MAX_BRANCHES) continue;
    known.add(target);
    fresh.push({ id, target, redirected: true, state: 'waiting', status: undefined });
  }
  return fresh;
}
