import type Srf from 'drachtio-srf';
import type { SrfRequest, SrfResponse } from 'drachtio-srf';
import { parseSipUri } from '../../../src/domain/addressing/sip-uri.js';
import { asId, type CallRecordId } from '../../../src/domain/ids.js';
import type { Device } from '../../../src/domain/device/device.js';
import type { SrtpMode } from '../../../src/domain/provisioning/phone-configuration.js';
import type { Directory } from '../../../src/ports/directory.js';
import type { EmergencyCalls } from '../../../src/ports/emergency-calls.js';
import { mayBeEmergency, type IdentifyCaller, type CallerClaim } from '../../../src/usecases/identify-caller.js';
import type { Account } from '../../../src/domain/identity/account.js';
import type { PlaceCall, PlacedCall, TrunkRequest } from '../../../src/usecases/place-call.js';
import { isFromDevice } from '../../../src/domain/routing/call-facts.js';
import type { Clock, IdSource, Log } from '../../../src/ports/runtime.js';
import { unsupportedOptions } from '../capabilities.js';
import { accountOf } from '../steps/account-of.js';
import { challengeAnswer, sendAnswer, unavailableAnswer, type Answer } from '../steps/answer.js';
import { flowOf } from '../steps/flow-of.js';
import { FeatureCall, type FeatureCodes } from '../feature-codes/feature-call.js';
import { aorOf, hasToTag } from '../syntax/aor.js';
import { bodyOf, headerOf, numberOf } from '../syntax/header.js';
import { parseNameAddr, splitList } from '../syntax/name-addr.js';
import type { TrunkPeers } from '../trunks/trunk-peers.js';
import { Call } from './call.js';
import { beginStory, isEmergencyCall, type CallStoryDeps } from './call-story.js';
import type { CallTable, RunningCall } from './call-table.js';
import { followRedirect } from './follow-redirect.js';
import { identifyTrunk } from '../trunks/identify-trunk.js';
import { policedMedia } from '../trunks/policed-media.js';
import { createCallSound } from '../quality/call-sound.js';
import type { SoundTable } from '../quality/sound-table.js';
import { callerMedia, trunkMedia } from './media-party.js';
import { directMedia, type MediaPath, type MediaPaths } from './media-path.js';
import { createSendCallOn } from './send-on.js';
import type { SpokenRefusals } from './refuse-call.js';
import { MIN_SESSION_SECONDS, sessionTooShort } from './session-timers.js';

export interface InviteDeps extends CallStoryDeps {
  readonly directory: Directory;
  readonly identifyCaller: IdentifyCaller;
  readonly placeCall: PlaceCall;
  readonly calls: CallTable;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  /** Ways to the telephone network; absent = there are none. */
  readonly trunks?: TrunkPeers;
  /** Says to callers why they are refused; absent = they get the status alone. */
  readonly spoken?: SpokenRefusals;
  /** Whether the edge tells of a 100. */
  readonly hearsTrying: () => boolean;
  /** Tells people of calls for help; absent = nobody is told. */
  readonly emergencyCalls?: EmergencyCalls;
  readonly jitter: () => number;
  /** Where sound may go by another way than from phone to phone; absent = it never does. */
  readonly media?: MediaPaths;
  /** True while the system stops: no new calls. */
  readonly draining: () => boolean;
  /** Where phones' reports of sound find their call. */
  readonly sounds: SoundTable;
  /** What answers the star codes; absent = they are refused. */
  readonly featureCodes?: FeatureCodes;
}

/** RFC 3261 §8.1.1.6: what a request without Max-Forwards counts as. */
const DEFAULT_HOPS = 70;

/** A caller who gave up while we were still looking. */
interface CallerPatience {
  /** Null while the caller waits; else the CANCEL's Reason, '' without one. */
  gaveUp: string | null;
  onCancel: (reason: string) => void;
}

/** INVITE outside a dialog: from first look to a ringing phone or a refusal with its reason. */
export function createInviteHandler(
  deps: InviteDeps, srf: Srf,
): (request: SrfRequest, response: SrfResponse) => Promise<void> {
  return async (request, response) => {
    const patience = watchCancel(request);

    // What is wrong with the message itself.
    const wrong = refuseMessage(request);
    if (wrong !== null) return sendAnswer(response, wrong);
    const from = aorOf(request, 'from');
    const account = accountOf(deps.directory, request.uri, from?.host ?? '');
    if (deps.draining() && !mayBeEmergency(deps.directory, account, request.uri)) return sendAnswer(response, unavailableAnswer(deps.jitter, 'shutting-down'));

    // Who calls: a trunk, known by its address, or a phone, which has to prove it.
    const fromTrunk = trunkCall(deps, request, account);
    if (fromTrunk !== null) return take(request, response, patience, account, await deps.placeCall(fromTrunk));
    if (from === null) return sendAnswer(response, { status: 400, phrase: 'Malformed From' });
    const claim: CallerClaim = {
      account, requestUri: request.uri, authorization: headerOf(request, 'authorization'),
      fromUser: from.user, flow: flowOf(request),
    };
    let who = await deps.identifyCaller(claim);

    // What the caller asks for, and whether it may be.
    const hopsLeft = numberOf(request, 'max-forwards') ?? DEFAULT_HOPS;
    let placed = await place(deps.placeCall, claim, who, hopsLeft);
    if (placed.kind === 'nonce-replayed') {
      who = await deps.identifyCaller.afterReplay(claim);
      placed = await place(deps.placeCall, claim, who, hopsLeft);
    }
    if (placed.kind === 'answer') return sendAnswer(response, placed.answer);
    take(request, response, patience, account, placed);
  };

  function take(request: SrfRequest, response: SrfResponse, patience: CallerPatience, account: Account, placed: PlacedCall): void | Promise<void> {
    const forHelp = placed.kind === 'decided' && isEmergencyCall(placed.facts);
    if (deps.draining() && !forHelp) {
      if (placed.kind === 'decided') placed.hold.release();
      return sendAnswer(response, unavailableAnswer(deps.jitter, 'shutting-down'));
    }
    switch (placed.kind) {
      case 'nonce-replayed':
      case 'gone': return sendAnswer(response, { status: 403 });
      case 'decided': break;
    }

    // The call.
    const id = asId<CallRecordId>(deps.ids.next());
    const { facts, decision, hold } = placed;
    const onEnd = (ended: RunningCall): void => {
      hold.release();
      deps.calls.remove(ended);
    };
    const sipCallId = headerOf(request, 'call-id') ?? '';
    const story = beginStory(deps, id, facts, sipCallId, hold.byTrunk);
    if (forHelp) deps.emergencyCalls?.placed({ callId: id, facts, decision, at: deps.clock.now() });
    const { outcome } = decision;
    const { featureCodes: features } = deps;
    if (outcome.kind === 'run-feature' && features !== undefined && isFromDevice(facts)) {
      const call = new FeatureCall({
        features, srf, clock: deps.clock, log: deps.log, jitter: deps.jitter, onEnd,
      }, { id, request, response, facts, story, feature: outcome.feature, argument: outcome.argument });
      deps.calls.add(call, srf);
      hold.keep();
      patience.onCancel = () => call.cancelledByCaller();
      return patience.gaveUp === null ? call.start() : call.cancelledByCaller();
    }
    const sendOn = createSendCallOn({ ...deps, sendOn: deps.placeCall.sendOn }, { id, account, facts, sipCallId });
    const call = new Call({
      srf, clock: deps.clock, log: deps.log, trunks: deps.trunks, srtpOf, hearsTrying: deps.hearsTrying(), spoken: deps.spoken,
      onEnd: (ended) => {
        onEnd(ended);
        if (ended.emergency) deps.emergencyCalls?.ended?.({ facts, at: deps.clock.now() });
      },
      sendOn, redirect: (target, moved) => followRedirect(sendOn, target, moved),
    }, { id, request, response, facts, decision, story, media: mediaOf(id, request, placed), sound: createCallSound(deps, story) });
    deps.calls.add(call, srf);
    hold.keep();
    patience.onCancel = (reason) => call.cancelledByCaller(reason === '' ? undefined : reason);
    if (patience.gaveUp !== null) return patience.onCancel(patience.gaveUp);
    if (call.emergency && decision.outcome.kind === 'reject') {
      const { reason } = decision.outcome;
      deps.log.error('emergency call refused', { callId: id, deviceId: facts.source.kind === 'device' ? facts.source.device.id : null, reason });
    }
    call.start();
  }

  function srtpOf({ id, accountId, siteId }: Device): SrtpMode {
    return deps.directory.setting('desk-phone-srtp', { accountId, siteId, deviceId: id }).value;
  }

  function mediaOf(id: CallRecordId, request: SrfRequest, { facts }: Extract<PlacedCall, { readonly kind: 'decided' }>): MediaPath {
    const { source } = facts;
    const caller = source.kind === 'trunk' ? trunkMedia(request, source.trunk.media) : callerMedia(request);
    return policedMedia(deps.media?.open(id, caller) ?? directMedia, facts);
  }
}

/** A call that a trunk brings; null = it comes from none. */
function trunkCall({ directory, trunks }: InviteDeps, request: SrfRequest, account: Account): TrunkRequest | null {
  if (trunks === undefined) return null;
  const claim = identifyTrunk(trunks, directory, account, request);
  return claim === null ? null : { account, trunk: claim.source, requestUri: claim.requestUri, hopsLeft: numberOf(request, 'max-forwards') ?? DEFAULT_HOPS };
}

/** Refusals that need no knowledge of the caller, in the order of RFC 3261 §8.2. */
function refuseMessage(request: SrfRequest): Answer | null {
  // RFC 3261 §12.2.2: a To-tag without a dialog.
  if (hasToTag(request)) return { status: 481 };
  const unsupported = unsupportedOptions(request);
  if (unsupported.length > 0) return { status: 420, headers: { Unsupported: unsupported.join(', ') } };
  const contact = headerOf(request, 'contact');
  if (contact === undefined) return { status: 400, phrase: 'Missing Contact' };
  const target = parseNameAddr(splitList(contact)[0] ?? '');
  if (target === null || parseSipUri(target.uri) === null) return { status: 400, phrase: 'Malformed Contact' };
  if (parseNameAddr(headerOf(request, 'to') ?? '') === null) return { status: 400, phrase: 'Malformed To' };
  const hops = numberOf(request, 'max-forwards');
  if (hops !== null && !(hops >= 0)) return { status: 400, phrase: 'Malformed Max-Forwards' };
  const body = bodyOf(request);
  if (body !== null && !/^(?:application\/sdp|multipart\/)/i.test(body.contentType)) {
    return { status: 415, headers: { Accept: 'application/sdp' } };
  }
  // RFC 4028 §9.
  if (sessionTooShort(request)) return { status: 422, headers: { 'Min-SE': String(MIN_SESSION_SECONDS) } };
  return null;
}

type Who = Awaited<ReturnType<IdentifyCaller>>;

async function place(placeCall: PlaceCall, { account, requestUri, flow }: CallerClaim, who: Who, hopsLeft: number) {
  switch (who.kind) {
    case 'challenge': return { kind: 'answer', answer: challengeAnswer(who.challenges) } as const;
    case 'malformed': return { kind: 'answer', answer: { status: 400, phrase: 'Malformed Authorization' } } as const;
    case 'device': return placeCall({ account, device: who.device, requestUri, nonce: who.nonce, hopsLeft, flow });
  }
}

function watchCancel(request: SrfRequest): CallerPatience {
  const patience: CallerPatience = {
    gaveUp: null,
    onCancel: (reason) => {
      patience.gaveUp = reason;
    },
  };
  request.on('cancel', (cancel) => patience.onCancel(headerOf(cancel, 'reason') ?? ''));
  return patience;
}
