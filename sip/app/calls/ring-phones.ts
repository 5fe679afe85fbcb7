import type { SrfRequest } from 'drachtio-srf';
import type { CallDecision } from '../../../src/domain/routing/call-decision.js';
import type { CallFacts } from '../../../src/domain/routing/call-facts.js';
import { bodyOf } from '../syntax/header.js';
import { passedHeaders } from '../trunks/border-headers.js';
import { ringFork, type Fork, type ForkDeps } from './fork.js';
import { inviteHeaders } from './invite-headers.js';
import { mediaTargets, type MediaPath } from './media-path.js';
import { ringTargets, type NumberTarget } from './ring-target.js';

export interface RingDeps extends Omit<ForkDeps, 'inviteFor'> {
  readonly request: SrfRequest;
  readonly facts: Pick<CallFacts, 'account' | 'source'>;
  readonly hopsLeft: number;
  /** Before the names of the branches. */
  readonly stage: string;
  readonly media: MediaPath;
}

/**
 * Rings the phones of a decision, each with the caller's offer as its way of sound wants it, with the numbers given, and what its plan lets join later.
 * @param ready gets what starts the ringing: in this turn where no description has to be readied before, else later
 */
export function ringPhones(
  deps: RingDeps, outcome: Extract<CallDecision['outcome'], { kind: 'ring' }>, numbers: readonly NumberTarget[], ready: (start: () => Fork) => void,
): void {
  const { media, request, hopsLeft, stage, facts: { account, source } } = deps;
  const offer = bodyOf(request);
  const [first, ...later] = outcome.plan?.steps ?? [];
  const phones = first === undefined || first.phones ? ringTargets(outcome.ring, hopsLeft, stage) : [];
  const steps = first === undefined || first.numbers.length === 0 ? later : [{ ...first, phones: false }, ...later];
  const invite = { account, callerId: outcome.callerId, contentType: offer?.contentType ?? null };
  const passed = source.kind === 'trunk' ? passedHeaders(source.trunk, request) : {};
  const start = (): Fork => ringFork({
    ...deps,
    inviteFor: (target) => ({ headers: { ...passed, ...inviteHeaders(invite, target) }, body: media.offerFor(target.id, offer)?.body ?? '' }),
    redirect: async (target, moved) => {
      const into = await deps.redirect(target, moved);
      await media.prepare(mediaTargets(into), offer);
      return into;
    },
    bring: async (step) => {
      const into = await deps.bring(step);
      await media.prepare(mediaTargets(into), offer);
      return into;
    },
    onAnswer(target, taken) {
      if (target.kind === 'phone') media.chosen(target.id);
      deps.onAnswer(target, taken);
    },
  }, [...phones, ...numbers], outcome.ringSeconds, steps);
  const readied = media.prepare(mediaTargets(phones), offer);
  if (readied === null) ready(start);
  else void readied.then(() => deps.safely(() => ready(start)));
}
