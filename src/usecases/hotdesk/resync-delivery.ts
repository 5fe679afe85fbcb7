import { answerChallenge, parseChallenges } from '../../domain/auth/answer-challenge.js';
import type { Device } from '../../domain/device/device.js';
import { PHONE_FAMILIES } from '../../domain/device/phone-families.js';
import { labelRefreshOf, recognisePhone } from '../../domain/device/phone-families-recognise.js';
import { bestAnswer, type DeviceResync, type ResyncEvent } from '../../domain/device/resync-machine.js';
import type { DeviceId } from '../../domain/ids.js';
import type { Binding } from '../../domain/registration/binding.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { AnswerChallenge, PhoneNotifier } from '../../ports/call-control.js';
import type { HashFunction, RandomSource, SecretBox } from '../../ports/crypto.js';
import type { Directory } from '../../ports/directory.js';
import type { LocationService } from '../../ports/location-service.js';
import type { Clock, Log } from '../../ports/runtime.js';

export interface ResyncDeliveryDeps {
  readonly stores: Pick<Stores, 'deviceResyncs' | 'devices' | 'callRecords' | 'deviceConfigurations' | 'provisioningTokens'>;
  readonly directory: Pick<Directory, 'device'>;
  readonly location: Pick<LocationService, 'bindings' | 'subscribe'>;
  readonly notifier: PhoneNotifier;
  readonly secretBox: SecretBox;
  readonly hash: HashFunction;
  readonly random: RandomSource;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * What a phone reads of us: `nothing` where its account was typed in, so that it has no new label to read and may restart for
 * nothing; its `configuration`; or one that a guest was in who has left, which it shows until it is told.
 */
export type PhoneReading = 'nothing' | 'configuration' | 'past-guest';

export interface ResyncDelivery {
  /** Throws StorageFault. */
  readings(deviceIds: readonly DeviceId[]): Promise<ReadonlyMap<DeviceId, PhoneReading>>;
  /** Whether the phone is told at all; true while it is not registered, since it says itself what it is. */
  isNeeded(resync: DeviceResync, bindings: readonly Binding[], reading: PhoneReading): boolean;
  /** A NOTIFY to each contact of this phone at once, of a campaign to its newest one alone; never rejects. */
  send(resync: DeviceResync, bindings: readonly Binding[], reading: PhoneReading): Promise<ResyncEvent>;
}

const CNONCE_CHARACTERS = 20;

export function createResyncDelivery(deps: ResyncDeliveryDeps): ResyncDelivery {
  return {
    async readings(deviceIds) {
      const [enrolled, past] = await Promise.all([
        deps.stores.provisioningTokens.enrolled(deviceIds), deps.stores.deviceConfigurations.showingPastGuests(deviceIds),
      ]);
      return new Map(deviceIds.map((id) => [id, !enrolled.has(id) ? 'nothing' : past.has(id) ? 'past-guest' : 'configuration']));
    },
    isNeeded(resync, bindings, reading) {
      const device = deps.directory.device(resync.deviceId);
      if (device === undefined || !(resync.byPerson || reading !== 'nothing')) return false;
      return bindings.length === 0 || bindings.some(({ userAgent }) => eventFor(device, userAgent, resync, reading) !== null);
    },
    async send(resync, bindings, reading) {
      const device = deps.directory.device(resync.deviceId);
      if (device === undefined) return { kind: 'not-needed' };
      const authorize = authorizer(deps, device, resync);
      // To each contact the event of its own family: what re-syncs one phone restarts another.
      const asked = (resync.campaignId === null ? bindings : newest(bindings)).flatMap((binding) => {
        const event = eventFor(device, binding.userAgent, resync, reading);
        return event === null ? [] : [deps.notifier.notify(binding, event, authorize)];
      });
      const best = await firstTaken(asked);
      deps.log.debug('phone told to read its configuration again', { deviceId: device.id, ...best });
      return best ?? { kind: 'not-needed' };
    },
  };
}

/** The first success, since the other contacts are often dead and silent for half a minute; else the best of all. */
function firstTaken(asked: readonly Promise<ResyncEvent>[]): Promise<ResyncEvent | undefined> {
  return new Promise((resolve, reject) => {
    for (const one of asked) void one.then((answer) => void (answer.kind === 'answered' && answer.status < 300 && resolve(answer)), reject);
    void Promise.all(asked).then((answers) => resolve(bestAnswer(answers)), reject);
  });
}

/** What a phone registered last is where it is; older contacts of it are often dead. */
function newest(bindings: readonly Binding[]): readonly Binding[] {
  return [...bindings].sort((a, b) => b.registeredAt - a.registeredAt).slice(0, 1);
}

/** Null: this phone is not told. */
function eventFor(device: Device, userAgent: string, { byPerson, restart }: DeviceResync, reading: PhoneReading): string | null {
  const phone = recognisePhone(device, userAgent);
  if (restart) return PHONE_FAMILIES[phone.family].restartEvent;
  // Signing in restarts no phone for its label; a guest who has left is taken off it all the same.
  return byPerson || reading === 'past-guest' || labelRefreshOf(phone) === 'live' ? PHONE_FAMILIES[phone.family].resyncEvent : null;
}

/** Answers a phone's challenge with the phone's own account, as long as the wish is the newest. */
function authorizer(deps: ResyncDeliveryDeps, device: Device, resync: DeviceResync): AnswerChallenge {
  return async (challenge, method, uri) => {
    try {
      const newest = await deps.stores.deviceResyncs.get(device.id);
      if (newest === null || newest.fence !== resync.fence) return null;
      const sealed = await deps.stores.devices.sealedPassword(device.id);
      if (sealed === null) return null;
      return answerChallenge(parseChallenges(challenge), {
        method, uri, body: '', userName: device.userName, password: deps.secretBox.open(sealed, device.id),
        cnonce: deps.random.token(CNONCE_CHARACTERS), hash: deps.hash,
      });
    } catch {
      // The error itself is not told: it may hold what it failed on.
      deps.log.error('phone asks for credentials that cannot be read now', { deviceId: device.id });
      return null;
    }
  };
}
