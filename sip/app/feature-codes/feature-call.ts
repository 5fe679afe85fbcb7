import type Srf from 'drachtio-srf';
import type { Dialog, SrfRequest, SrfResponse } from 'drachtio-srf';
import type { EndCause } from '../../../src/domain/calls/call-event.js';
import { deskLanguage } from '../../../src/domain/hotdesk/prompt-language.js';
import type { CallRecordId } from '../../../src/domain/ids.js';
import type { Feature } from '../../../src/domain/numbering/dialled.js';
import type { Reason } from '../../../src/domain/reasons.js';
import type { DeviceCallFacts } from '../../../src/domain/routing/call-facts.js';
import type { DeviceNotifier, LiveCall } from '../../../src/ports/call-control.js';
import { StorageFault, type Clock, type Log } from '../../../src/ports/runtime.js';
import type { CallStory } from '../calls/call-story.js';
import type { RunningCall } from '../calls/call-table.js';
import { byeHeaders } from '../calls/end-reasons.js';
import { answerSession } from '../calls/session-timers.js';
import { ALLOW, SUPPORTED } from '../capabilities.js';
import { refusalAnswer, sendAnswer, unavailableAnswer } from '../steps/answer.js';
import { headerOf } from '../syntax/header.js';
import { sdpOf } from '../syntax/sdp-of.js';
import { aorOf } from '../syntax/aor.js';
import { flowOf } from '../steps/flow-of.js';
import { answerCaller } from './caller-dialog.js';
import { CallerMedia, type MediaDeps, type MediaRefusal } from './caller-media.js';
import { Conversation } from './conversation.js';
import { featureStep, type FeatureEffect, type FeatureHappening, type FeaturePhase } from './feature-states.js';
import { featureVerbs, type FeatureUseCases } from './feature-verbs.js';
import { LabelChanges } from './label-changes.js';

/** What the star codes need; without it they are refused as not served. */
export interface FeatureCodes extends FeatureUseCases {
  readonly media: MediaDeps;
  readonly notifier: DeviceNotifier;
  /** Longest duration of a call to a code, ms; default three minutes. */
  readonly longestMs?: number;
}

export interface FeatureCallDeps {
  readonly features: FeatureCodes;
  readonly srf: Srf;
  readonly clock: Clock;
  readonly log: Log;
  readonly jitter: () => number;
  /** Called once, when the call is over. */
  readonly onEnd: (call: FeatureCall) => void;
}

export interface FeatureAttempt {
  readonly id: CallRecordId;
  readonly request: SrfRequest;
  readonly response: SrfResponse;
  readonly facts: DeviceCallFacts;
  readonly feature: Feature;
  /** Digits dialled behind the code, '' = none. */
  readonly argument: string;
  readonly story: CallStory;
}

const LONGEST_MS = 180_000;

/** A call to a feature code: one leg, answered by prompts. Carries out what `feature-states` decides. */
export class FeatureCall implements RunningCall {
  readonly id: CallRecordId;
  readonly emergency = false;
  readonly #labels: LabelChanges;
  #phase: FeaturePhase = 'opening';
  #media: CallerMedia | null = null;
  #dialog: Dialog | null = null;
  #conversation: Conversation | null = null;
  #cause: EndCause = 'callee-hangup';
  #limit: NodeJS.Timeout | undefined;
  #farewell: Promise<void> | null = null;

  constructor(private readonly deps: FeatureCallDeps, private readonly attempt: FeatureAttempt) {
    this.id = attempt.id;
    this.#labels = new LabelChanges(deps.features.notifier, deps.log);
  }

  /** Answers the caller; resolves when the answer is on its way. Never rejects. */
  async start(): Promise<void> {
    const { request } = this.attempt;
    const ref = { callId: headerOf(request, 'call-id') ?? '', fromTag: aorOf(request, 'from')?.tag ?? '', toTag: this.id };
    const opening = await CallerMedia.open(this.deps.features.media, { ref, address: flowOf(request).address }, sdpOf(request))
      .catch((error: unknown): MediaRefusal => {
        this.deps.log.error('media failed', { callId: this.id, err: error });
        return { kind: 'refused', status: 503, reason: 'storage-unavailable' };
      });
    if (opening.kind === 'refused') return this.#handle({ ...opening, kind: 'media-refused' });
    if (this.#phase !== 'opening') return opening.media.close();
    this.#media = opening.media;
    opening.media.endpoint.on('closed', () => this.#handle({ kind: 'stop', cause: 'failed' }));
    this.#handle({ kind: 'media-ready' });
  }

  cancelledByCaller(): void {
    this.#handle({ kind: 'caller-cancelled' });
  }

  stop(cause: EndCause): void {
    this.#handle({ kind: 'stop', cause });
  }

  connectionLost(): void {
    this.#handle({ kind: 'connection-lost' });
  }

  async quiet(): Promise<void> {
    await this.#farewell;
  }

  live(): LiveCall {
    const { story } = this.attempt;
    const stands = this.#phase === 'waiting' || this.#phase === 'talking' || this.#phase === 'ended';
    return { id: this.id, emergency: false, state: !stands ? 'routing' : story.held ? 'held' : 'answered', ...story.live() };
  }

  #handle(event: FeatureHappening): void {
    this.#safely(() => {
      const step = featureStep(this.#phase, event);
      this.#phase = step.phase;
      for (const effect of step.effects) if (effect.kind === 'end') this.#cause = effect.cause;
      for (const effect of step.effects) this.#perform(effect);
    });
  }

  #perform(effect: FeatureEffect): void {
    switch (effect.kind) {
      case 'answer': return this.#answer();
      case 'refuse': return this.#refuse(effect.status, effect.reason);
      case 'connect': return this.#connected();
      case 'converse': return this.#converse();
      case 'bye': return this.#bye();
      case 'end': return this.#end(effect);
    }
  }

  #answer(): void {
    const { request, response, facts } = this.attempt;
    const media = this.#media;
    if (media === null) return;
    const { sessionExpiresSeconds } = facts.account.policy;
    const session = answerSession(request, sessionExpiresSeconds);
    const headers = { 'Allow': ALLOW, 'Supported': SUPPORTED, ...session.headers, 'Content-Type': 'application/sdp' };
    this.deps.srf.createUAS(request, response, { localSdp: media.sdp, headers }, (error, dialog) => this.#safely(() => {
      if (error || dialog === undefined) return this.#handle({ kind: 'caller-gone', cause: 'cancelled' });
      this.#dialog = dialog;
      answerCaller(dialog, {
        media, sessionSeconds: sessionExpiresSeconds,
        onGone: (cause) => this.#handle({ kind: 'caller-gone', cause }),
        onAck: (answer) => void this.#acknowledged(media, answer),
        onHold: (held) => this.attempt.story.hold('caller', held),
        safely: (what) => this.#safely(what),
      });
      if (this.#phase === 'ended') this.#bye();
      else this.#handle({ kind: 'connected' });
    }));
  }

  #refuse(status: number, reason: Reason | null): void {
    const { response } = this.attempt;
    if (reason === null) sendAnswer(response, { status, phrase: 'Malformed SDP' });
    else sendAnswer(response, status === 503 ? unavailableAnswer(this.deps.jitter, reason) : refusalAnswer(reason, { status }));
  }

  #connected(): void {
    this.attempt.story.answered();
    this.#limit = setTimeout(() => this.stop('max-duration'), this.deps.features.longestMs ?? LONGEST_MS);
  }

  /** With an offer of ours in the 200, the ACK has to bring the answer (RFC 3261 §13.2.1). */
  async #acknowledged(media: CallerMedia, answer: string | null): Promise<void> {
    const usable = !media.offered || (answer !== null && await media.answered(answer));
    this.#handle(usable ? { kind: 'acknowledged' } : { kind: 'stop', cause: 'failed' });
  }

  #converse(): void {
    const { facts, feature, argument } = this.attempt;
    const media = this.#media;
    if (media === null) return;
    const { device, site } = facts.source;
    const { features, clock } = this.deps;
    this.#conversation = new Conversation({
      endpoint: media.endpoint, accountId: facts.account.id, clock,
      verbs: featureVerbs(feature, features, device.id, (deviceId, fence) => this.#labels.add(deviceId, fence)),
      onHangUp: () => this.#handle({ kind: 'finished' }),
      onFault: (error) => this.#fault(error),
    }, argument, deskLanguage(site, facts.account.policy));
    this.#conversation.begin();
  }

  #bye(): void {
    const dialog = this.#dialog;
    if (dialog === null || !dialog.connected) return;
    this.#farewell = new Promise((resolve) => {
      dialog.destroy({ headers: byeHeaders(this.#cause, undefined) }, () => resolve());
    });
  }

  #end({ cause, reason, status }: Extract<FeatureEffect, { kind: 'end' }>): void {
    clearTimeout(this.#limit);
    this.#conversation?.callerGone();
    this.#media?.close();
    this.attempt.story.ended(cause, reason, status);
    this.deps.onEnd(this);
    // Labels are read again after the BYE: a phone in a call does not listen.
    void this.quiet().then(() => this.#labels.callOver());
  }

  /** Only what an error is and where it arose: its text could hold what was typed. */
  #fault(error: unknown): void {
    const about = { callId: this.id, feature: this.attempt.feature, deviceId: this.attempt.facts.source.device.id };
    if (error instanceof StorageFault) return this.deps.log.warn('feature code not served, storage away', { ...about, part: error.part });
    const at = error instanceof Error ? error.stack?.split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 10) : undefined;
    this.deps.log.error('feature code failed', { ...about, error: error instanceof Error ? error.name : typeof error, at });
  }

  #safely(what: () => void): void {
    try {
      what();
    } catch (error) {
      this.deps.log.error('feature call step failed', { callId: this.id, phase: this.#phase, err: error });
    }
  }
}
