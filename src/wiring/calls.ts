import { networkInterfaces } from 'node:os';
import { createSipApp, type SipApp } from '../../sip/app/app.js';
import { createMediaPaths, type MediaPaths } from '../../sip/app/calls/media-path.js';
import type { SpokenRefusals } from '../../sip/app/calls/refuse-call.js';
import { createLoopWatch } from '../../sip/app/trunks/loop-watch.js';
import type { TrunkPeers } from '../../sip/app/trunks/trunk-peers.js';
import { hashText, systemRandom } from '../security/random.js';
import { createAuthenticateRequest } from '../usecases/authenticate-request.js';
import { pinDesks } from '../usecases/emergency/pin-desks.js';
import { createExplainPolicy, type ExplainPolicy } from '../usecases/explain-policy.js';
import { createIdentifyCaller } from '../usecases/identify-caller.js';
import { createResyncNotifier, type ResyncNotifier } from '../usecases/hotdesk/resync-notifier.js';
import { createKeepNatOpen, type KeepNatOpen } from '../usecases/keep-nat-open.js';
import { createPlaceCall } from '../usecases/place-call.js';
import { createSeeTrunks } from '../usecases/see-trunks.js';
import { createReachability } from '../usecases/reachability.js';
import { createRegisterDevice } from '../usecases/register-device.js';
import type { TrunkWatch } from '../ports/trunks.js';
import { createTrunkWatch } from '../usecases/trunks/watch-trunks.js';
import type { Core } from './core.js';
import { featureCodes } from './feature-codes.js';
import { keepChallengePrepared } from './early-challenge.js';
import type { EdgeHandle } from './edge.js';
import { createPhoneActivation } from '../usecases/activation/create-phone-activation.js';
import type { HotDeskPart } from './hot-desk.js';
import type { FraudPart } from './fraud.js';
import type { LifeCycle } from './life-cycle.js';
import { systemWallClock } from './local-time.js';
import type { MediaPart } from './media.js';
import type { PostgresPart } from './postgres.js';
import type { RedisPart } from './redis.js';
import type { SafetyPart } from './safety.js';
import type { TrunksPart } from './trunks.js';

export interface CallsPart {
  readonly sip: SipApp;
  readonly explain: ExplainPolicy;
  readonly keepNatOpen: KeepNatOpen;
  /** Tells phones that who acts on them has changed. */
  readonly resyncs: ResyncNotifier;
  readonly mediaFigures: MediaPaths['figures'];
  /** Trunks as the API shows and tests them. */
  readonly trunkWatch: TrunkWatch;
  readonly trunkFigures: TrunksPart['figures'];
}

export interface CallsNeeds {
  readonly redis: RedisPart;
  readonly postgres: PostgresPart;
  readonly edge: EdgeHandle;
  readonly media: MediaPart;
  readonly hotDesk: HotDeskPart;
  readonly safety: SafetyPart;
  readonly fraud: FraudPart;
  readonly trunks: TrunksPart;
}

/** The SIP application with the verbs it runs. */
export async function startCalls(life: LifeCycle, core: Core, { redis, postgres, edge, media, hotDesk, safety, fraud, trunks }: CallsNeeds): Promise<CallsPart> {
  const { settings, log, clock, ids } = core;
  const { directory } = postgres;
  const { location, callLog, callBackPins } = redis;
  const reachability = createReachability();
  const wallClock = (zone: string) => systemWallClock(zone, clock.now());
  const seeTrunks = createSeeTrunks({ directory, health: trunks.health, clock, spread: Math.random });
  const authenticate = createAuthenticateRequest({
    directory, clock, random: systemRandom, mac: core.nonceMac, hash: hashText, hostAliases: ownHosts(settings.publicAddress),
  });
  const paths = settings.mediaRelay === 'off' ? undefined : createMediaPaths(media.gateway, settings.mediaRelay, log);
  const sip = createSipApp({
    control: edge.control,
    directory, location, callLog, clock, ids, log, emergencyCalls: pinDesks(callBackPins, safety.emergencyCalls),
    ...(paths === undefined ? {} : { media: paths }),
    nodeId: settings.nodeId,
    trunks: trunkPeers(trunks),
    spoken: spokenRefusals(directory, media),
    trunkSide: { health: trunks.health, answerChallenge: trunks.answerChallenge, leases: redis.trunkLeases },
    authenticate,
    featureCodes: featureCodes(hotDesk.hotDesk, createPhoneActivation({ ...postgres.admin, directory }), media, { resync: (deviceId, fence) => resyncs.resync(deviceId, fence) }),
    registerDevice: createRegisterDevice({ location, reachability, clock, jitter: Math.random }),
    identifyCaller: createIdentifyCaller({ directory, location, authenticate }),
    placeCall: createPlaceCall({ directory, location, reachability, trunks: seeTrunks, callBackPins, limits: { leases: location.leases, ids, clock, guards: fraud.watch, tellFraud: fraud.tell }, wallClock }),
  });
  const resyncs = createResyncNotifier({
    stores: postgres.admin.stores, deviceCalls: postgres.deviceCalls, secretBox: core.secretBox, random: systemRandom, hash: hashText,
    directory, location, clock, log, nodeId: settings.nodeId, notifier: sip.phoneNotifier, jitter: Math.random,
  });
  await life.start('sip application', async () => {
    await sip.start();
    const endChallenges = keepChallengePrepared(directory, core.nonceKey, edge);
    const deaf = directory.onChange(() => sip.trunks?.sync());
    return {
      value: sip,
      stop: async () => {
        endChallenges();
        deaf();
        await sip.stop('shutdown');
      },
    };
  });
  if (sip.trunks === null) throw new Error('the SIP application was made without its trunks');
  trunks.bind(sip.trunks);
  await life.start('phone re-syncs', async () => ({ value: resyncs, stop: async () => resyncs.stop() }));
  return {
    sip,
    resyncs,
    trunkWatch: createTrunkWatch({ ...trunks, sip: sip.trunks }),
    trunkFigures: trunks.figures,
    mediaFigures: () => paths?.figures() ?? {},
    explain: createExplainPolicy({ directory, location, reachability, trunks: seeTrunks, callBackPins, limits: { ids, clock, guards: fraud.watch }, wallClock }),
    keepNatOpen: createKeepNatOpen({ location, pinger: sip.natPinger, reachability, clock, log, jitter: Math.random }),
  };
}

/** Prompts for refused calls, where account and site want them. */
function spokenRefusals(directory: PostgresPart['directory'], { endpoints, converter }: MediaPart): SpokenRefusals {
  return {
    media: { endpoints, gateway: converter },
    wanted: ({ account, source }) => directory.setting('spoken_refusals', { accountId: account.id, siteId: source.site.id }).value.enable,
  };
}

/** Trunks as calls meet them. */
function trunkPeers({ health, addresses, answerChallenge }: TrunksPart): TrunkPeers {
  return {
    health, sources: addresses, loops: createLoopWatch(), answerChallenge,
    addressOf: (gateway) => {
      const located = addresses.located(gateway);
      return located?.kind === 'found' ? located.servers[0]?.address ?? null : null;
    },
  };
}

function ownHosts(publicAddress: string | undefined): readonly string[] {
  const local = Object.values(networkInterfaces()).flatMap((list) => list ?? []).map(({ address }) => address);
  return [...local, 'localhost', ...(publicAddress === undefined ? [] : [publicAddress])];
}
