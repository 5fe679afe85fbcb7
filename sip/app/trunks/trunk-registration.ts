import { randomUUID } from 'node:crypto';
import type Srf from 'drachtio-srf';
import type { GatewaySighting } from '../../../src/domain/trunk/gateway-health.js';
import type { TrunkGatewayId } from '../../../src/domain/ids.js';
import {
  newRegistration, registrationStep, type RegistrationEffect, type RegistrationEvent, type RegistrationState,
} from '../../../src/domain/trunk/trunk-registration.js';
import type { Trunk } from '../../../src/domain/trunk/trunk.js';
import type { RegistrationView } from '../../../src/ports/trunks.js';
import type { Clock } from '../../../src/ports/runtime.js';
import type { AnswerTrunkChallenge } from '../../../src/usecases/trunks/trunk-credentials.js';
import { sendRegister, type RegisterDialogue } from './register-request.js';

export interface RegistrationDeps {
  readonly current: () => Srf | null;
  readonly answerChallenge: AnswerTrunkChallenge;
  /** Told what each REGISTER shows of its gateway. */
  readonly report: (id: TrunkGatewayId, seen: GatewaySighting) => void;
  /** Told each time the registration is another. */
  readonly onView: (view: RegistrationView) => void;
  readonly clock: Clock;
  /** Uniform in 0–1. */
  readonly jitter: () => number;
}

/** The registration of one trunk, from its start to its end. */
export interface TrunkRegistration {
  readonly view: RegistrationView;
  /** Registers anew now: connections that it came by are gone. */
  refresh(): void;
  /** Sends nothing more; the registration stands at the peer until it expires. */
  abandon(): void;
  /** Takes the registration back; resolves when that is answered. Nothing is sent afterwards. */
  stop(): Promise<void>;
}

/** Registers with a trunk's peer and stays registered; a thin driver of `domain/trunk/trunk-registration`. */
export function startRegistration(trunk: Trunk, wish: number, aor: string, deps: RegistrationDeps): TrunkRegistration {
  const { clock, jitter } = deps;
  const gateways = trunk.gateways.toSorted((a, b) => a.priority - b.priority || b.weight - a.weight);
  let cseq = 0;
  const dialogue: RegisterDialogue = { aor, callId: randomUUID(), tag: randomUUID(), nextCSeq: () => (cseq += 1) };
  let state: RegistrationState = newRegistration(wish);
  let timer: NodeJS.Timeout | undefined;
  let nextAt: number | null = null;
  let turn = 0;
  let seen = 'Not tried yet.';
  let ended: (() => void) | null = null;
  let view = viewNow(clock.now());

  function viewNow(since: number): RegistrationView {
    return { state: stateOf(state, clock.now()), since, gatewayId: gateways[state.gateway]?.id ?? null, expiresAt: state.expiresAt, nextAt, lastSeen: seen };
  }

  function dispatch(event: RegistrationEvent): void {
    const step = registrationStep(state, event, { gateways: gateways.length, at: clock.now(), jitter: jitter() });
    state = step.state;
    for (const effect of step.effects) perform(effect);
    const now = viewNow(view.since);
    view = now.state === view.state ? now : { ...now, since: clock.now() };
    deps.onView(view);
    if (state.phase === 'stopped') ended?.();
  }

  function perform(effect: RegistrationEffect): void {
    clearTimeout(timer);
    nextAt = null;
    if (effect.kind === 'register') return void send(effect.gateway, effect.seconds);
    nextAt = clock.now() + effect.ms;
    timer = setTimeout(() => {
      nextAt = null;
      dispatch({ kind: 'due' });
    }, effect.ms).unref();
  }

  async function send(index: number, seconds: number): Promise<void> {
    const gateway = gateways[index];
    if (gateway === undefined) return;
    const mine = turn += 1;
    const outcome = await sendRegister(deps.current(), { trunk, gateway, seconds, dialogue, answerChallenge: deps.answerChallenge });
    if (outcome.sighting !== null) deps.report(gateway.id, outcome.sighting);
    if (mine !== turn) return;
    seen = seconds === 0 ? 'Taken back.' : outcome.seen;
    dispatch(seconds === 0 ? { kind: 'unregistered' } : outcome.event);
  }

  dispatch({ kind: 'start' });
  return {
    get view() {
      // It may have expired since the last answer.
      return { ...view, state: stateOf(state, clock.now()), nextAt };
    },
    refresh: () => dispatch({ kind: 'due' }),
    abandon() {
      clearTimeout(timer);
      turn += 1;
      state = { ...state, phase: 'stopped' };
      ended?.();
    },
    stop() {
      clearTimeout(timer);
      if (state.phase === 'stopped') return Promise.resolve();
      return new Promise((resolve) => {
        ended = resolve;
        dispatch({ kind: 'stop' });
      });
    },
  };
}

function stateOf({ phase, expiresAt, failures }: RegistrationState, now: number): RegistrationView['state'] {
  if (expiresAt !== null && expiresAt > now) return 'registered';
  if (phase === 'stopped' || phase === 'unregistering') return 'off';
  return failures > 0 || phase === 'waiting' ? 'failed' : 'trying';
}
