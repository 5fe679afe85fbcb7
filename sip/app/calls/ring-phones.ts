import type { SrfRequest } from 'drachtio-srf';
import type { CallDecision } from '../../../src/domain/routing/call-decision.js';
import type { CallFacts } from '../../../src/domain/routing/call-facts.js';
import { bodyOf } from '../syntax/header.js';
import { passedHeaders } from '../trunks/border-headers.js';
import { ringFork, type Fork, type ForkDeps } from './fork.js';
import { inviteHeaders } from './invite-headers.js';
import { mediaTargets, type MediaPath } from './media-path.js';
import { ringTargets } from './ring-target.js';

export interface RingDeps extends Omit<ForkDeps, 'inviteFor'> {
  readonly request: SrfRequest;
  readonly facts: CallFacts;
  readonly media: MediaPath;
}

/**
 * Rings the phones of a decision, each with the caller's offer as its way of sound wants it.
 * @param ready gets what starts the ringing: in this turn where no description has to be readied before, else later
 */
export function ringPhones(deps: RingDeps, outcome: Extract<CallDecision['outcome'], { kind: 'ring' }>, ready: (start: () => Fork) => void): void {
  const { media, request, facts: { account, hopsLeft, source } } = deps;
  const offer = bodyOf(request);
  const targets = ringTargets(outcome.ring, hopsLeft);
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
    onAnswer(target, taken) {
      media.chosen(target.id);
      deps.onAnswer(target, taken);
    },
  }, targets, outcome.ringSeconds);
  const readied = media.prepare(mediaTargets(targets), offer);
  if (readied === null) ready(start);
  else void readied.then(() => deps.safely(() => ready(start)));
}
