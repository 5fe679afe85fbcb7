import type { SrfRequest } from 'drachtio-srf';
import type { CallDecision } from '../../../src/domain/routing/call-decision.js';
import type { Device } from '../../../src/domain/device/device.js';
import type { SrtpMode } from '../../../src/domain/provisioning/phone-configuration.js';
import type { CallFacts } from '../../../src/domain/routing/call-facts.js';
import type { TrunkMedia } from '../../../src/domain/trunk/trunk.js';
import { bodyOf, type Body } from '../syntax/header.js';
import { passedHeaders } from '../trunks/border-headers.js';
import { ringFork, type Fork, type ForkDeps } from './fork.js';
import { inviteHeaders } from './invite-headers.js';
import { transportOf } from './media-party.js';
import { mediaTargets, type MediaPath, type MediaTarget } from './media-path.js';
import { ringTargets, type NumberTarget, type RingTarget } from './ring-target.js';

export interface RingDeps extends Omit<ForkDeps, 'inviteFor'> {
  readonly request: SrfRequest;
  readonly facts: Pick<CallFacts, 'account' | 'source'>;
  readonly hopsLeft: number;
  /** Before the names of the branches. */
  readonly stage: string;
  readonly media: MediaPath;
  /** Whether a phone is set up to encrypt its sound. */
  readonly srtpOf: (device: Device) => SrtpMode;
}

/**
 * Rings the phones of a decision, each with the caller's offer as its way of sound wants it, with the numbers given, and what its plan lets join later.
 * @param ready gets what starts the ringing: in this turn where no description has to be readied before, else later
 */
export function ringPhones(
  deps: RingDeps, outcome: Extract<CallDecision['outcome'], { kind: 'ring' }>, numbers: readonly NumberTarget[], ready: (start: () => Fork) => void,
): void {
  const { media, request, srtpOf, hopsLeft, stage, facts: { account, source } } = deps;
  const offer = bodyOf(request);
  const [first, ...later] = outcome.plan?.steps ?? [];
  const phones = first === undefined || first.phones ? ringTargets(outcome.ring, hopsLeft, stage) : [];
  const steps = first === undefined || first.numbers.length === 0 ? later : [{ ...first, phones: false }, ...later];
  const invite = { account, callerId: outcome.callerId, contentType: offer?.contentType ?? null };
  const passed = source.kind === 'trunk' ? passedHeaders(source.trunk, request) : {};
  const sound = (into: readonly RingTarget[]): readonly MediaTarget[] => (source.kind === 'trunk' ? fromTrunk(source.trunk.media, offer, into, srtpOf) : mediaTargets(into));
  const start = (): Fork => ringFork({
    ...deps,
    inviteFor: (target) => ({ headers: { ...passed, ...inviteHeaders(invite, target) }, body: media.offerFor(target.id, offer)?.body ?? '' }),
    redirect: async (target, moved) => {
      const into = await deps.redirect(target, moved);
      await media.prepare(sound(into), offer);
      return into;
    },
    bring: async (step) => {
      const into = await deps.bring(step);
      await media.prepare(sound(into), offer);
      return into;
    },
    onAnswer(target, taken) {
      if (target.kind === 'phone') media.chosen(target.id);
      deps.onAnswer(target, taken);
    },
  }, [...phones, ...numbers], outcome.ringSeconds, steps);
  const readied = media.prepare(sound(phones), offer);
  if (readied === null) ready(start);
  else void readied.then(() => deps.safely(() => ready(start)));
}

/** Phones that a trunk's call rings: through the gateway where the trunk wants it, and encrypted as each phone is set up, whatever the trunk speaks. */
function fromTrunk({ anchor, srtp }: TrunkMedia, offer: Body | null, targets: readonly RingTarget[], srtpOf: RingDeps['srtpOf']): readonly MediaTarget[] {
  const spoken = transportOf(offer?.body ?? '', srtp === 'required' ? 'RTP/SAVP' : 'RTP/AVP');
  const phones = targets.filter((target) => target.kind === 'phone');
  return mediaTargets(phones).map((target, index) => {
    const device = phones[index]?.device;
    const mode = device === undefined ? 'optional' : srtpOf(device);
    const other = spoken === 'RTP/SAVP' && mode === 'off' ? 'RTP/AVP' : spoken === 'RTP/AVP' && mode === 'required' ? 'RTP/SAVP' : null;
    const converted = other !== null && target.party.transport !== 'UDP/TLS/RTP/SAVPF';
    return { ...target, anchor: anchor === 'always', ...(converted ? { transport: other } : {}) };
  });
}
