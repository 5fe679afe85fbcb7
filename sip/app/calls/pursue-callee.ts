import type { ForkFailure } from '../../../src/domain/calls/fork.js';
import { afterRinging, type RingStep, type SentOnBecause } from '../../../src/domain/forwarding/ring-plan.js';
import type { ForwardTo } from '../../../src/domain/forwarding/call-handling.js';
import type { ExtensionId } from '../../../src/domain/ids.js';
import type { Extension } from '../../../src/domain/numbering/extension.js';
import type { CallDecision } from '../../../src/domain/routing/call-decision.js';
import { callOutside } from './call-outside.js';
import type { CallAttempt, CallDeps } from './call.js';
import type { Reach, ReachHooks } from './reach-callee.js';
import { ringPhones } from './ring-phones.js';
import { numberTarget, ringTargets, type NumberTarget, type RingTarget } from './ring-target.js';

type RingOutcome = Extract<CallDecision['outcome'], { readonly kind: 'ring' }>;
type ForwardOutcome = Extract<CallDecision['outcome'], { readonly kind: 'forward' }>;

/** What the caller is told when a call that should be sent on cannot be. */
interface Failure {
  readonly status: number;
  readonly cause: ForkFailure;
}

const NOWHERE: Failure = { status: 480, cause: 'all-failed' };

/**
 * Rings whoever was called, and sends the call on when nobody takes it, for as long as somebody's call handling says so.
 * @param ready gets what starts it: in this turn where no description has to be readied before, else later
 */
export function pursueCallee(
  deps: CallDeps, attempt: CallAttempt, hooks: ReachHooks, first: RingOutcome | ForwardOutcome, ready: (start: () => Reach) => void,
): void {
  const { facts, media, story, request } = attempt;
  /** Who sent the call on, oldest first. */
  const via: ExtensionId[] = [];
  let current: Reach | null = null;
  let cancelled = false;
  const reach: Reach = {
    cancel(reason) {
      cancelled = true;
      current?.cancel(reason);
    },
  };
  const hopsLeft = (): number => facts.hopsLeft - via.length;
  const stage = (): string => (via.length === 0 ? '' : `${via.length} `);

  const ring = (outcome: RingOutcome, numbers: readonly NumberTarget[], begin: (start: () => void) => void): void => {
    ringPhones({
      ...deps, request, media, facts, ...hooks, hopsLeft: hopsLeft(), stage: stage(), legs: story.legs,
      bring: (step) => bring(outcome, step),
      callOutside: (target, events) => {
        if (deps.trunks === undefined) throw new Error('a number is called without trunks');
        return callOutside({ ...deps, id: attempt.id, request, facts, media, trunks: deps.trunks, legs: story.legs, safely: hooks.safely }, target, events);
      },
      onAnswer(target, taken) {
        if (target.kind === 'phone') story.answering(target);
        else story.sentOn(target.call);
        hooks.onAnswer(taken);
      },
      onFail(status, cause) {
        const next = outcome.otherwise === undefined ? null : afterRinging(outcome.otherwise, status, cause);
        const { extension } = outcome;
        if (next === null || extension === null) return hooks.onFail({ kind: 'fork-failed', status, cause });
        void send(extension, next.to, 'handling', next.because, { status, cause });
      },
    }, outcome, numbers, (start) => begin(() => {
      if (!cancelled) current = start();
    }));
  };

  /** Those of a later step: phones that may ring now, and numbers by a decision each. */
  const bring = async ({ extension, ring: phones, plan }: RingOutcome, step: RingStep): Promise<readonly RingTarget[]> => {
    const rung = step.phones && plan !== undefined ? ringTargets(phones, hopsLeft(), stage()) : [];
    if (extension === null) return rung;
    const asked = await Promise.all(step.numbers.map((number) => deps.sendOn({
      forwarder: { kind: 'extension', extension, by: 'handling' }, because: 'unconditional', to: { kind: 'number', number, description: '' }, via, hopsLeft: hopsLeft() - 1,
    })));
    const numbers = asked.flatMap((sent) => (sent.kind === 'outside' ? [numberTarget(sent.call, stage())] : []));
    const inside = asked.flatMap((sent) => (sent.kind === 'inside' && sent.outcome.kind === 'ring' ? ringTargets(sent.outcome.ring, hopsLeft() - 1, stage()) : []));
    return [...rung, ...inside, ...numbers];
  };
  const send = async (extension: Extension, to: ForwardTo, by: 'handling' | 'number', because: SentOnBecause, failure: Failure): Promise<void> => {
    current = null;
    const refuse = (): void => hooks.safely(() => hooks.onFail({ kind: 'fork-failed', ...failure }));
    try {
      const sent = await deps.sendOn({ forwarder: { kind: 'extension', extension, by }, because, to, via: [...via], hopsLeft: hopsLeft() - 1 });
      if (cancelled) return sent.kind === 'outside' ? sent.call.end('cancelled', 'cancelled', 487) : undefined;
      if (sent.kind === 'refused') return refuse();
      via.push(extension.id);
      hooks.safely(() => {
        if (sent.kind === 'outside') return ring(alone(sent.call.outcome.callerId), [numberTarget(sent.call, stage())], (start) => start());
        if (sent.outcome.kind === 'ring') return ring(sent.outcome, [], (start) => start());
        const { outcome } = sent;
        void send(outcome.extension, outcome.to, outcome.by, outcome.because, failure);
      });
    } catch (error) {
      deps.log.warn('call not sent on', { callId: attempt.id, err: error });
      refuse();
    }
  };

  if (first.kind === 'ring') return ring(first, [], (start) => ready(() => {
    start();
    return reach;
  }));
  ready(() => {
    void send(first.extension, first.to, first.by, first.because, NOWHERE);
    return reach;
  });
}

/** Longest that a number rings to which a call was sent on; its own gateways give up before, as a rule. */
const OUTSIDE_SECONDS = 120;

function alone(callerId: RingOutcome['callerId']): RingOutcome {
  return { kind: 'ring', extension: null, calleeName: '', ring: [], ringSeconds: OUTSIDE_SECONDS, callerId };
}
