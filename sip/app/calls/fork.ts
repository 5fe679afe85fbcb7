import type Srf from 'drachtio-srf';
import type { SrfResponse } from 'drachtio-srf';
import {
  forkStep, startFork, type CancelReason, type ForkEffect, type ForkEvent, type ForkFailure, type ForkState,
} from '../../../src/domain/calls/fork.js';
import type { CallLeg } from '../../../src/domain/calls/call-event.js';
import type { RingStep } from '../../../src/domain/forwarding/ring-plan.js';
import type { Clock, Log } from '../../../src/ports/runtime.js';
import { endTaken, inviteBranch, type Branch, type BranchEvents, type BranchInvite, type Taken } from './branch.js';
import { CANCEL_REASONS } from './invite-headers.js';
import type { LegLog } from './leg-log.js';
import type { NumberTarget, PhoneTarget, RingTarget } from './ring-target.js';

export interface ForkDeps {
  readonly srf: Srf;
  readonly clock: Clock;
  readonly log: Log;
  readonly legs: LegLog;
  readonly inviteFor: (target: PhoneTarget) => BranchInvite;
  /** Calls a number outside as one branch. */
  readonly callOutside: (target: NumberTarget, events: BranchEvents) => Branch;
  /** Where a phone's 3xx leads: further targets, none when policy forbids it. */
  readonly redirect: (target: PhoneTarget, response: SrfResponse) => Promise<readonly RingTarget[]>;
  /** What begins to ring by a later step; none when policy forbids it. */
  readonly bring: (step: RingStep) => Promise<readonly RingTarget[]>;
  /** A provisional response for the caller; `from` is null when its body is not for the caller. */
  readonly onProgress: (status: number, from: { readonly branch: string; readonly response: SrfResponse } | null) => void;
  readonly onAnswer: (target: RingTarget, taken: Taken) => void;
  readonly onFail: (status: number, cause: ForkFailure) => void;
  /** Runs what an event asks for; an error must not reach the connection or timer it came by. */
  readonly safely: (what: () => void) => void;
}

export interface Fork {
  /** The caller gave up, or somebody ended the call; `reason` is told to the phones. */
  cancel(reason?: string): void;
}

const RESULT_OF_CANCEL: Readonly<Record<CancelReason, CallLeg['result']>> = {
  'completed-elsewhere': 'completed-elsewhere', 'caller-cancelled': 'cancelled', 'ring-timeout': 'no-answer',
  'declined-everywhere': 'cancelled',
};

/**
 * Rings several phones and numbers: one INVITE a binding, the first to answer has the call. There is at least one target or step.
 * All decisions are `domain/calls/fork`; here its effects are carried out.
 * @param steps what joins later, by the seconds since the beginning
 */
export function ringFork(deps: ForkDeps, targets: readonly RingTarget[], ringSeconds: number, steps: readonly RingStep[] = []): Fork {
  const known = new Map(targets.map((target) => [target.id, target]));
  const branches = new Map<string, Branch>();
  const taken = new Map<string, Taken>();
  const later = [...steps];
  let state: ForkState = startFork([...known.keys()], later.length);
  let provisional: Parameters<ForkDeps['onProgress']>[1] = null;
  let callerReason: string | undefined;
  let joining = false;
  let nextTimer: NodeJS.Timeout | undefined;
  const ringTimer = setTimeout(() => step({ kind: 'ring-timeout' }), ringSeconds * 1000);

  const start = (target: RingTarget): void => {
    const events: BranchEvents = {
      provisional(status, response, branch = target.id) {
        deps.legs.ringing(target.id, deps.clock.now());
        provisional = { branch, response };
        step({ kind: 'provisional', branch: target.id, status });
      },
      taken(answer) {
        taken.set(target.id, answer);
        step({ kind: 'answered', branch: target.id });
      },
      failed(status, response) {
        const moved = target.kind === 'phone' && status >= 300 && status < 400 && state.phase === 'ringing';
        if (moved && response !== null) return void follow(target, status, response);
        deps.legs.ended(target.id, status, resultOf(status), deps.clock.now());
        step({ kind: 'failed', branch: target.id, status });
      },
    };
    if (target.kind === 'number') return void branches.set(target.id, deps.callOutside(target, events));
    deps.legs.started({ id: target.id, deviceId: target.device.id, contactUri: target.binding.contactUri }, deps.clock.now());
    branches.set(target.id, inviteBranch(deps.srf, target, deps.inviteFor(target), events));
  };

  const follow = async (target: PhoneTarget, status: number, response: SrfResponse): Promise<void> => {
    deps.legs.ended(target.id, status, 'redirected', deps.clock.now());
    const into = await deps.redirect(target, response).catch((error: unknown) => {
      deps.log.warn('redirection not followed', { err: error });
      return [];
    });
    add(into, (ids) => step({ kind: 'redirected', branch: target.id, into: ids }));
  };

  /** Targets that turn out to be not wanted any more have calls of their own to end. */
  const add = (into: readonly RingTarget[], tell: (ids: readonly string[]) => void): void => {
    const fresh = into.filter(({ id }) => !known.has(id));
    for (const target of fresh) known.set(target.id, target);
    tell(into.map(({ id }) => id));
    for (const target of into) {
      const started = fresh.includes(target) && branches.has(target.id);
      if (target.kind === 'number' && !started) target.call.end('cancelled', 'cancelled', 487);
    }
  };

  const joinNext = (): void => {
    clearTimeout(nextTimer);
    const next = joining ? undefined : later.shift();
    if (next === undefined) return;
    joining = true;
    waitFor(next);
    deps.bring(next).catch((error: unknown) => {
      deps.log.warn('nobody joins the ringing', { err: error });
      return [];
    }).then((into) => {
      joining = false;
      add(into, (ids) => step({ kind: 'joins', into: ids, alone: next.alone }));
    }, () => undefined);
  };
  /** The step after the one that begins now. */
  const waitFor = ({ afterSeconds }: Pick<RingStep, 'afterSeconds'>): void => {
    const [next] = later;
    if (next !== undefined && state.phase === 'ringing') nextTimer = setTimeout(joinNext, (next.afterSeconds - afterSeconds) * 1000);
  };

  const perform = (effect: ForkEffect): void => {
    switch (effect.kind) {
      case 'relay-provisional': return deps.onProgress(effect.status, effect.withSdp ? provisional : null);
      case 'next': return joinNext();
      case 'start': {
        const target = known.get(effect.branch);
        if (target !== undefined) start(target);
        return;
      }
      case 'cancel': {
        deps.legs.ended(effect.branch, 487, RESULT_OF_CANCEL[effect.reason], deps.clock.now());
        const given = effect.reason === 'caller-cancelled' ? callerReason : undefined;
        branches.get(effect.branch)?.cancel(given ?? CANCEL_REASONS[effect.reason]);
        return;
      }
      case 'answer': {
        const target = known.get(effect.branch);
        const answer = taken.get(effect.branch);
        if (target === undefined || answer === undefined) return;
        deps.legs.answered(effect.branch, deps.clock.now());
        return deps.onAnswer(target, answer);
      }
      case 'end-late-answer': {
        const answer = taken.get(effect.branch);
        if (answer !== undefined) endTaken(answer, { Reason: CANCEL_REASONS['completed-elsewhere'] });
        return;
      }
      case 'fail': return deps.onFail(effect.status, effect.cause);
    }
  };

  const step = (event: ForkEvent): void => deps.safely(() => {
    const result = forkStep(state, event);
    state = result.state;
    if (state.phase !== 'ringing') {
      clearTimeout(ringTimer);
      clearTimeout(nextTimer);
    }
    for (const effect of result.effects) perform(effect);
  });

  for (const target of targets) start(target);
  const [first] = later;
  if (first !== undefined) {
    if (first.afterSeconds === 0) joinNext();
    else waitFor({ afterSeconds: 0 });
  }
  return {
    cancel(reason) {
      callerReason = reason;
      step({ kind: 'caller-cancelled' });
    },
  };
}

function resultOf(status: number): CallLeg['result'] {
  if (status === 0) return 'no-answer';
  return status === 487 ? 'cancelled' : 'failed';
}
