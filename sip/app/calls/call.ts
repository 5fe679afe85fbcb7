import type Srf from 'drachtio-srf';
import type { Dialog, SrfRequest, SrfResponse } from 'drachtio-srf';
import type { CallDecision } from '../../../src/domain/routing/call-decision.js';
import type { Device } from '../../../src/domain/device/device.js';
import type { SrtpMode } from '../../../src/domain/provisioning/phone-configuration.js';
import type { CallFacts } from '../../../src/domain/routing/call-facts.js';
import type { EndCause } from '../../../src/domain/calls/call-event.js';
import type { CallRecordId } from '../../../src/domain/ids.js';
import type { LiveCall } from '../../../src/ports/call-control.js';
import type { Clock, Log } from '../../../src/ports/runtime.js';
import { ALLOW, SUPPORTED } from '../capabilities.js';
import { bodyOf, headerOf, typeOf, type Body } from '../syntax/header.js';
import { createBridge, createLeg, type Bridge, type Leg, type Side } from './bridge.js';
import { endTaken, type Taken } from './branch.js';
import { isEmergencyCall, type CallStory } from './call-story.js';
import { callStep, firstOf, SHOWN_AS, type CallEffect, type CallHappening, type CallPhase } from './call-states.js';
import type { RunningCall } from './call-table.js';
import { byeHeaders } from './end-reasons.js';
import { Farewells } from './farewells.js';
import type { MediaPath } from './media-path.js';
import { CallerProgress } from './caller-progress.js';
import { refuseCall, type RefusalDeps } from './refuse-call.js';
import { reachCallee, type Reach } from './reach-callee.js';
import type { PhoneTarget, RingTarget } from './ring-target.js';
import type { SendCallOn } from './send-on.js';
import type { CallSound } from '../quality/call-sound.js';
import { callerCredentials } from '../trunks/challenged-in-dialog.js';
import type { TrunkCalling } from '../trunks/hunt-gateways.js';
import { agreedSession, answerSession, sessionSecondsOf } from './session-timers.js';

export interface CallDeps extends RefusalDeps {
  readonly srf: Srf;
  readonly clock: Clock;
  readonly log: Log;
  /** Follows a phone's 3xx: further targets by a decision of its own. */
  readonly redirect: (target: PhoneTarget, response: SrfResponse) => Promise<readonly RingTarget[]>;
  /** Sends the call on for somebody, by a decision of its own. */
  readonly sendOn: SendCallOn;
  /** Whether a phone is set up to encrypt its sound. */
  readonly srtpOf: (device: Device) => SrtpMode;
  /** Ways to the telephone network; absent = there are none. */
  readonly trunks: TrunkCalling | undefined;
  /** Whether the edge tells of a 100. */
  readonly hearsTrying: boolean;
  /** Called once, when the call is over. */
  readonly onEnd: (call: Call) => void;
}

export interface CallAttempt {
  readonly id: CallRecordId;
  readonly request: SrfRequest;
  readonly response: SrfResponse;
  readonly facts: CallFacts;
  readonly decision: CallDecision;
  readonly story: CallStory;
  readonly media: MediaPath;
  readonly sound: CallSound;
}

/** One call: carries out what `call-states` decides, on two legs. Nothing else is decided here. */
export class Call implements RunningCall {
  readonly id: CallRecordId;
  readonly emergency: boolean;
  #phase: CallPhase = 'routing';
  #reach: Reach | null = null;
  #taken: Taken | null = null;
  #caller: Leg | null = null;
  #callee: Leg | null = null;
  #cause: EndCause = 'failed';
  /** Reason header of whoever ended the call. */
  #reason: string | undefined;
  #maxTimer: NodeJS.Timeout | undefined;
  #soundTold: Promise<void> = Promise.resolve();
  readonly #farewells = new Farewells();
  readonly #bridge: Bridge;
  readonly #progress: CallerProgress;

  constructor(private readonly deps: CallDeps, private readonly attempt: CallAttempt) {
    this.id = attempt.id;
    this.emergency = isEmergencyCall(attempt.facts);
    this.#progress = new CallerProgress(attempt, (what) => this.#safely(what));
    this.#bridge = createBridge({
      srf: deps.srf,
      media: attempt.media,
      sessionSeconds: sessionSecondsOf(attempt.facts),
      peerOf: (side) => (this.#phase !== 'up' ? null : side === 'caller' ? this.#callee : this.#caller),
      onGone: (side, cause, bye) => this.#gone(side, cause, bye),
      onHold: (side, held) => attempt.story.hold(side, held),
      safely: (what) => this.#safely(what),
    });
  }

  /** Carries out the decision. */
  start(): void {
    this.#handle(firstOf(this.attempt.decision, this.deps.trunks !== undefined));
  }

  cancelledByCaller(reason: string | undefined): void {
    this.#reason = reason;
    this.#handle({ kind: 'caller-cancelled' });
  }

  stop(cause: EndCause): void {
    this.#handle({ kind: 'stop', cause });
  }

  connectionLost(): void {
    this.#handle({ kind: 'connection-lost' });
  }

  /** Resolves when every BYE of the call was answered, and its sound is told of. */
  async quiet(): Promise<void> {
    await this.#farewells.quiet();
    await this.#soundTold;
  }

  live(): LiveCall {
    const { story } = this.attempt;
    const state = this.#phase === 'up' && story.held ? 'held' : SHOWN_AS[this.#phase];
    return { id: this.id, emergency: this.emergency, state, ...story.live() };
  }

  #handle(event: CallHappening): void {
    this.#safely(() => {
      if ('cause' in event && event.kind !== 'fork-failed' && event.kind !== 'hunt-failed') this.#cause = event.cause;
      const step = callStep(this.#phase, event);
      this.#phase = step.phase;
      for (const effect of step.effects) this.#perform(effect);
    });
  }

  #perform(effect: CallEffect): void {
    switch (effect.kind) {
      case 'fork': return this.#reachCallee();
      case 'answer-caller': return this.#answerCaller();
      case 'bridge': return this.#connected();
      case 'cancel-fork': return this.#reach?.cancel(this.#reason);
      case 'refuse': return refuseCall(this.deps, this.attempt, effect.reason, effect.status, this.#progress.described);
      case 'bye-caller': return this.#bye(this.#caller);
      case 'bye-callee': return this.#byeCallee();
      case 'end': {
        clearTimeout(this.#maxTimer);
        this.#soundTold = this.attempt.sound.anchored(this.attempt.media.end());
        this.attempt.story.ended(effect.cause, effect.reason, effect.status);
        this.deps.onEnd(this);
      }
    }
  }

  #reachCallee(): void {
    reachCallee(this.deps, this.attempt, {
      safely: (what) => this.#safely(what),
      onProgress: (status, from) => this.#progress.relay(status, from),
      onAnswer: (taken) => {
        this.#taken = taken;
        if (taken.kind === 'dialog') this.#joinCallee(taken.dialog, taken);
        this.#handle({ kind: 'answered' });
      },
      onFail: (failure) => this.#handle(failure),
    }, (start) => {
      if (this.#phase === 'ringing') this.#reach = start();
    });
  }

  #answerCaller(): void {
    const taken = this.#taken;
    if (taken === null) return;
    const role = taken.kind === 'dialog' ? 'answer' : 'offer';
    this.attempt.media.pass('callee', role, bodyOf(taken.response), (body) => this.#safely(() => this.#acceptCaller(taken, body)));
  }

  #acceptCaller(taken: Taken, body: Body | null): void {
    const { request, response, facts, sound } = this.attempt;
    const session = answerSession(request, sessionSecondsOf(facts));
    const headers = { Allow: ALLOW, Supported: SUPPORTED, ...session.headers, ...typeOf(body) };
    this.deps.srf.createUAS(request, response, { localSdp: body?.body ?? '', headers }, (error, dialog) => this.#safely(() => {
      if (error || dialog === undefined) return this.#handle({ kind: 'caller-gone', cause: 'cancelled' });
      this.#caller = createLeg('caller', { dialog, ...callerCredentials(this.deps.trunks, facts) }, session.timer, request);
      sound.stands('caller', request, taken.kind === 'dialog' ? body : null);
      this.#bridge.join(this.#caller);
      if (this.#phase === 'ended') return this.#bye(this.#caller);
      if (taken.kind === 'dialog') return this.#handle({ kind: 'connected' });
      this.#caller.onAck = (sdp) => this.#answerOffer(taken, sdp);
    }));
  }

  /** The caller's ACK brings the answer to the phone's offer (RFC 3261 §13.2.1); without one there is no session. */
  #answerOffer(taken: Extract<Taken, { readonly kind: 'offer' }>, sdp: string): void {
    if (this.#caller !== null) this.#caller.onAck = null;
    if (this.#phase === 'ended') return;
    if (sdp === '') return this.#handle({ kind: 'stop', cause: 'failed' });
    this.attempt.sound.answered('caller', sdp);
    this.attempt.media.pass('caller', 'answer', { body: sdp, contentType: 'application/sdp' }, (answer) => {
      if (this.#phase === 'ended') return;
      this.attempt.sound.answered('callee', answer?.body ?? sdp);
      taken.offer.ack(answer?.body ?? sdp).then((dialog) => this.#safely(() => {
        this.#joinCallee(dialog, taken);
        if (this.#phase === 'ended') return this.#bye(this.#callee);
        this.#handle({ kind: 'connected' });
      }), () => this.#handle({ kind: 'callee-gone', cause: 'failed' }));
    });
  }

  #joinCallee(dialog: Dialog, { response: success, credentials }: Taken): void {
    this.#callee = createLeg('callee', { dialog, ...(credentials === undefined ? {} : { credentials }) }, agreedSession(success), success);
    this.attempt.sound.stands('callee', success, this.#taken?.kind === 'dialog' ? bodyOf(success) : null);
    this.#bridge.join(this.#callee);
  }

  #connected(): void {
    this.attempt.story.answered(this.attempt.sound.ends);
    const { maxCallSeconds } = this.attempt.facts.account.policy;
    if (this.emergency || maxCallSeconds === 0) return;
    this.#maxTimer = setTimeout(() => this.stop('max-duration'), maxCallSeconds * 1000);
  }

  #gone(side: Side, cause: EndCause, bye: SrfRequest): void {
    this.#reason = headerOf(bye, 'reason');
    if (side === 'caller') this.#caller = null;
    else this.#callee = null;
    this.#handle(side === 'caller' ? { kind: 'caller-gone', cause } : { kind: 'callee-gone', cause });
    this.attempt.sound.farewell(side, bye);
  }

  #bye(leg: Leg | null): void {
    if (leg === null || !leg.dialog.connected) return;
    this.#farewells.say(leg, byeHeaders(this.#cause, this.#reason), (answer) => this.#safely(() => {
      if (answer !== null) this.attempt.sound.farewell(leg.side, answer);
    }));
  }

  #byeCallee(): void {
    if (this.#callee !== null) this.#bye(this.#callee);
    else if (this.#taken?.kind === 'offer') endTaken(this.#taken);
  }

  #safely(what: () => void): void {
    try {
      what();
    } catch (error) {
      this.deps.log.error('call step failed', { callId: this.id, phase: this.#phase, err: error });
    }
  }
}
