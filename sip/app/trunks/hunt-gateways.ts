import type Srf from 'drachtio-srf';
import type { SrfRequest, SrfResponse } from 'drachtio-srf';
import { huntStep, startHunt, type HuntEffect, type HuntEvent, type HuntFailure, type HuntStep } from '../../../src/domain/calls/hunt.js';
import type { CallDecision } from '../../../src/domain/routing/call-decision.js';
import type { CallRecordId } from '../../../src/domain/ids.js';
import type { CallFacts } from '../../../src/domain/routing/call-facts.js';
import type { TrunkHop } from '../../../src/domain/routing/trunk-routes.js';
import type { TrunkGateway } from '../../../src/domain/trunk/trunk.js';
import type { Clock } from '../../../src/ports/runtime.js';
import type { TrunkHealth } from '../../../src/ports/trunks.js';
import type { AnswerTrunkChallenge } from '../../../src/usecases/trunks/trunk-credentials.js';
import { endTaken, type Taken } from '../calls/branch.js';
import { CANCEL_REASONS } from '../calls/invite-headers.js';
import type { LegLog } from '../calls/leg-log.js';
import type { MediaPath } from '../calls/media-path.js';
import { bodyOf } from '../syntax/header.js';
import { sessionPart } from '../syntax/multipart.js';
import { gatewayUri } from './border-headers.js';
import { gatewayInvite } from './gateway-invite.js';
import { sightingOf, SILENT } from './gateway-sighting.js';
import type { LoopWatch } from './loop-watch.js';
import { inviteTrunk, type TrunkLeg } from './trunk-leg.js';

/** What calls by trunks need of the rest of the program. */
export interface TrunkCalling {
  readonly answerChallenge: AnswerTrunkChallenge;
  readonly health: Pick<TrunkHealth, 'report'>;
  /** An address of the gateway, where it is known by now. */
  readonly addressOf: (gateway: TrunkGateway) => string | null;
  readonly loops: LoopWatch;
}

export interface GatewayHuntDeps {
  readonly srf: Srf;
  readonly id: CallRecordId;
  readonly clock: Clock;
  readonly trunks: TrunkCalling;
  /** Whether the edge tells of a 100. */
  readonly hearsTrying: boolean;
  readonly legs: LegLog;
  readonly media: MediaPath;
  /** The caller's INVITE. */
  readonly request: SrfRequest;
  readonly facts: CallFacts;
  /** Before the names of its attempts, where a call has several hunts. */
  readonly name?: string;
  /** A provisional response for the caller. */
  readonly onProgress: (status: number, from: { readonly branch: string; readonly response: SrfResponse }) => void;
  readonly onAnswer: (hop: TrunkHop, taken: Taken) => void;
  readonly onFail: (status: number, cause: HuntFailure) => void;
  /** Runs what an event asks for; an error must not reach the connection or timer it came by. */
  readonly safely: (what: () => void) => void;
}

export interface GatewayHunt {
  cancel(reason?: string): void;
}

/** RFC 3261 §16.6 step 11: no call rings for longer; emergency calls do. */
const LONGEST_RINGING_MS = 180_000;

type DialTrunk = Extract<CallDecision['outcome'], { readonly kind: 'dial-trunk' }>;

/** Tries one gateway after the other until one takes the call. All decisions are `domain/calls/hunt`; here its effects are carried out. */
export function huntGateways(deps: GatewayHuntDeps, outcome: DialTrunk): GatewayHunt {
  const { clock, legs, media, trunks } = deps;
  const { routes, emergency } = outcome;
  /** The name of an attempt among the call's branches. */
  const branchOf = (route: number): string => `${deps.name ?? ''}trunk ${route}`;
  const given = bodyOf(deps.request);
  // Where a phone says it is, and what else it adds, is not for the network.
  const offer = given === null ? null : sessionPart(given);
  const invites = new Map<number, TrunkLeg>();
  const taken = new Map<number, Taken>();
  const { callerId, diversion } = outcome;
  const shown = [...new Set([callerId.number, ...(diversion?.caller ? [diversion.caller.number] : [])])];
  const out = [
    ...[...new Set(routes.map(({ number }) => number))].flatMap((number) => shown.map((caller) => trunks.loops.goesOut(number, caller))),
    ...(diversion === undefined || diversion.number === '' ? [] : shown.map((caller) => trunks.loops.isSentOn(diversion.number, caller))),
  ];
  let last: SrfResponse | null = null;
  let callerReason: string | undefined;
  let watch: NodeJS.Timeout | undefined;
  const limit = emergency ? undefined : setTimeout(() => step({ kind: 'ring-timeout' }), LONGEST_RINGING_MS);

  const attempt = (route: number, hop: TrunkHop): void => {
    const { trunk, gateway } = hop;
    const branch = branchOf(route);
    legs.started({ id: branch, deviceId: null, trunkId: trunk.id, gatewayId: gateway.id, contactUri: gatewayUri(hop) }, clock.now());
    const readied = media.prepare([{
      id: branch, anchor: trunk.media.anchor === 'always', ...(trunk.media.srtp === 'optional' ? {} : { transport: trunk.media.srtp === 'off' ? 'RTP/AVP' : 'RTP/SAVP' }),
      party: { address: trunks.addressOf(gateway) ?? deps.request.source_address, behindNat: false, transport: 'RTP/AVP' },
    }], offer);
    if (readied === null) invite(route, hop);
    else void readied.then(() => deps.safely(() => invite(route, hop)));
  };

  const invite = (route: number, hop: TrunkHop): void => {
    if (hunt.state.phase !== 'hunting' || hunt.state.current !== route || hunt.state.givenUp.has(route)) return;
    const { trunk, gateway } = hop;
    const branch = branchOf(route);
    const invited = gatewayInvite({ ...deps, outcome, at: clock.now() }, media.offerFor(branch, offer), hop);
    const ended = (status: number): void => legs.ended(branch, status, status === 0 ? 'no-answer' : status === 487 ? 'cancelled' : 'failed', clock.now());
    if (invited === 'refused') {
      ended(488);
      return step({ kind: 'failed', route, status: 488 });
    }
    invites.set(route, inviteTrunk({ srf: deps.srf, answerChallenge: trunks.answerChallenge }, trunk, invited, {
      trying: () => step({ kind: 'trying', route }),
      provisional(status, response) {
        last = response;
        if (status === 180 || status === 183) legs.ringing(branch, clock.now());
        trunks.health.report(gateway.id, { kind: 'answered', status, retryAfterMs: null });
        step({ kind: 'provisional', route, status });
      },
      taken(answer) {
        taken.set(route, answer);
        trunks.health.report(gateway.id, { kind: 'answered', status: 200, retryAfterMs: null });
        step({ kind: 'answered', route });
      },
      failed(status, response) {
        const sighting = sightingOf(response);
        const seen = sighting.kind === 'answered' || sighting.kind === 'refused' ? status : 0;
        // What became of an attempt that we gave up says nothing new of the gateway.
        if (hunt.state.phase === 'hunting' && !hunt.state.givenUp.has(route)) trunks.health.report(gateway.id, sighting);
        ended(seen);
        step({ kind: 'failed', route, status: seen });
      },
    }));
  };

  const perform = (effect: HuntEffect): void => {
    switch (effect.kind) {
      case 'try': {
        const hop = routes[effect.route];
        if (hop !== undefined) attempt(effect.route, hop);
        return;
      }
      case 'watch': {
        clearTimeout(watch);
        const { route, ms } = effect;
        if (ms > 0) watch = setTimeout(() => late(route), ms);
        return;
      }
      case 'relay-provisional': return last === null ? undefined : deps.onProgress(effect.status, { branch: branchOf(effect.route), response: last });
      case 'cancel': {
        const { route, reason } = effect;
        legs.ended(branchOf(route), reason === 'silent' ? 408 : 487, reason === 'caller-cancelled' ? 'cancelled' : 'no-answer', clock.now());
        const given = reason === 'caller-cancelled' ? callerReason : undefined;
        return invites.get(route)?.cancel(given ?? CANCEL_REASONS[reason === 'silent' ? 'ring-timeout' : reason]);
      }
      case 'answer': {
        const hop = routes[effect.route];
        const answer = taken.get(effect.route);
        if (hop === undefined || answer === undefined) return;
        legs.answered(branchOf(effect.route), clock.now());
        media.chosen(branchOf(effect.route), hop.trunk.media);
        return deps.onAnswer(hop, answer);
      }
      case 'end-late-answer': {
        const answer = taken.get(effect.route);
        if (answer !== undefined) endTaken(answer, { Reason: CANCEL_REASONS['completed-elsewhere'] });
        return;
      }
      case 'fail': return deps.onFail(effect.status, effect.cause);
    }
  };

  const late = (route: number): void => {
    const hop = routes[route];
    if (hop !== undefined && hunt.state.heard === 'nothing' && hunt.state.current === route) trunks.health.report(hop.gateway.id, SILENT);
    step({ kind: 'late', route });
  };

  const take = (result: HuntStep): void => {
    hunt = result;
    if (hunt.state.phase !== 'hunting') {
      clearTimeout(limit);
      for (const end of out) end();
    }
    for (const effect of result.effects) perform(effect);
  };
  const step = (event: HuntEvent): void => deps.safely(() => take(huntStep(hunt.state, event)));

  let hunt: HuntStep = startHunt(routes.length, { emergency, hearsTrying: deps.hearsTrying });
  take(hunt);
  return {
    cancel(reason) {
      callerReason = reason;
      step({ kind: 'caller-cancelled' });
    },
  };
}
