import type Srf from 'drachtio-srf';
import type { EmergencyCalls } from '../../src/ports/emergency-calls.js';
import type { CallControl, DeviceCalls, NatPinger, PhoneNotifier } from '../../src/ports/call-control.js';
import type { CallLog } from '../../src/ports/call-log.js';
import type { Directory } from '../../src/ports/directory.js';
import type { Clock, IdSource, Log } from '../../src/ports/runtime.js';
import type { EndCause } from '../../src/domain/calls/call-event.js';
import type { AuthenticateRequest } from '../../src/usecases/authenticate-request.js';
import type { IdentifyCaller } from '../../src/usecases/identify-caller.js';
import type { PlaceCall } from '../../src/usecases/place-call.js';
import type { RegisterDevice } from '../../src/usecases/register-device.js';
import { createInviteHandler } from './calls/handle-invite.js';
import { createCallTable } from './calls/call-table.js';
import type { MediaPaths } from './calls/media-path.js';
import type { SpokenRefusals } from './calls/refuse-call.js';
import { createDeviceOccupancy } from './calls/device-occupancy.js';
import { createEdgeConnection, type ControlAddress } from './connection.js';
import type { WatchTimes } from './connection-watch.js';
import { createNatPinger } from './devices/nat-pinger.js';
import { createPhoneNotifier } from './devices/phone-notifier.js';
import { answerLeftOvers, answerOtherMethods } from './other-methods.js';
import type { FeatureCodes } from './feature-codes/feature-call.js';
import { createRegistrar } from './registrar/handle-register.js';
import { createPublishHandler, type PublishDeps } from './quality/handle-publish.js';
import { createSoundTable } from './quality/sound-table.js';
import { guarded } from './steps/guarded.js';
import type { TrunkPeers } from './trunks/trunk-peers.js';
import { createTrunkSide, type TrunkSide, type TrunkSideDeps } from './trunks/trunk-side.js';

export interface SipAppDeps {
  /** Where the edge, or a drachtio-server, takes applications. */
  readonly control: ControlAddress;
  readonly directory: Directory;
  readonly authenticate: AuthenticateRequest;
  readonly registerDevice: RegisterDevice;
  /** Knows which nonces were used. */
  readonly location: PublishDeps['location'];
  readonly identifyCaller: IdentifyCaller;
  readonly placeCall: PlaceCall;
  /** Relays sound of calls that need it; absent = it goes from phone to phone. */
  readonly media?: MediaPaths;
  /** What answers the star codes; absent = they are refused as not served. */
  readonly featureCodes?: FeatureCodes;
  /** Ways to the telephone network; absent = there are none. */
  readonly trunks?: TrunkPeers;
  /** Says to callers why they are refused; absent = they get the status alone. */
  readonly spoken?: SpokenRefusals;
  /** Tells people of calls for help; absent = nobody is told. */
  readonly emergencyCalls?: EmergencyCalls;
  /** Asks gateways how they are and registers with carriers; absent = neither is done. */
  readonly trunkSide?: Pick<TrunkSideDeps, 'health' | 'answerChallenge' | 'leases'>;
  readonly callLog: CallLog;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly nodeId: string;
  /** Uniform in 0–1: spreads Retry-After and reconnections. Default Math.random. */
  readonly jitter?: () => number;
  /** How the connection to the edge is watched. Default: a probe every 10 s, answered within 5 s. */
  readonly watchTimes?: WatchTimes;
}

export interface SipApp {
  /** Resolves when the edge takes our connection; rejects when it refuses it or is not there within 15 s. */
  start(): Promise<void>;
  /** Refuses new calls but emergency ones, and resolves when none of those is left. */
  drain(): Promise<void>;
  /** Refuses new calls, ends the open ones on both legs, waits at most 3 s for the phones, disconnects. Idempotent. */
  stop(cause: EndCause): Promise<void>;
  readonly callControl: CallControl;
  /** The phones of this node's calls. */
  readonly deviceCalls: DeviceCalls;
  readonly natPinger: NatPinger;
  readonly phoneNotifier: PhoneNotifier;
  /** Null without `trunkSide`. */
  readonly trunks: TrunkSide | null;
}

/** The SIP application: what each request goes through, in order. */
export function createSipApp(deps: SipAppDeps): SipApp {
  const jitter = deps.jitter ?? Math.random;
  const log = deps.log.child({ part: 'sip' });
  const calls = createCallTable();
  const deviceCalls = createDeviceOccupancy(log);
  let draining = false;
  let stopping: Promise<void> | undefined;

  const sounds = createSoundTable(deps.clock);
  const register = createRegistrar(deps);
  const publish = createPublishHandler({ ...deps, sounds });
  const inviteDeps = { ...deps, log, jitter, calls, sounds, draining: () => draining, occupy: deviceCalls.occupy };
  const prepare = (srf: Srf): void => {
    // First, put there by drachtio-srf itself: requests inside a dialog go to their call (calls/bridge.ts).
    srf.register(guarded(log, jitter, register));
    srf.invite(guarded(log, jitter, createInviteHandler({ ...inviteDeps, hearsTrying: () => edge.hearsTrying(srf) }, srf)));
    srf.publish(guarded(log, jitter, publish));
    answerOtherMethods(srf);
    answerLeftOvers(srf);
  };

  const edge = createEdgeConnection({
    control: deps.control, log, jitter, prepare, onLost: (srf) => calls.connectionLost(srf),
    ...(deps.watchTimes === undefined ? {} : { watchTimes: deps.watchTimes }),
  });
  const trunks = deps.trunkSide === undefined ? null : createTrunkSide(() => edge.current(), { ...deps, ...deps.trunkSide, log, jitter });
  const stop = async (cause: EndCause): Promise<void> => {
    draining = true;
    await Promise.all([calls.stopAll(cause), trunks?.stop()]);
    edge.stop();
  };
  return {
    start: async () => {
      await edge.start();
      trunks?.start();
    },
    trunks,
    drain() {
      draining = true;
      if (calls.hasEmergency) log.warn('an emergency call is up: the stop waits for its end; a second signal ends at once');
      return calls.emergenciesOver();
    },
    stop: (cause) => (stopping ??= stop(cause)),
    callControl: {
      list: (accountId) => calls.list(accountId),
      hangUp: (id, cause) => calls.hangUp(id, cause),
      ready: () => edge.current() !== null,
    },
    deviceCalls,
    natPinger: createNatPinger(() => edge.current(), deps.directory),
    phoneNotifier: createPhoneNotifier(() => edge.current(), deps.directory),
  };
}
