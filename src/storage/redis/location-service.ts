import type { CallAsk } from '../../domain/calls/call-limits.js';
import type { DeviceId } from '../../domain/ids.js';
import type { Binding } from '../../domain/registration/binding.js';
import type { BindingEvent, LocationService, NonceUse, RegisterCommand, RegisterResult } from '../../ports/location-service.js';
import { StorageFault, type Clock, type Log } from '../../ports/runtime.js';
import { contactKey } from '../../domain/registration/contact-uri.js';
import { isStream, listBindings, readAllBindings, records, texts } from './binding-copy.js';
import type { HeardEvent } from './binding-events.js';
import { BindingMirror } from './binding-mirror.js';
import { byPreference, recordTail } from './binding-record.js';
import { createCallLeases, type RedisCallLeases } from './call-leases.js';
import type { RedisClient } from './client.js';
import * as keys from './keys.js';
import { MirrorKeeper } from './mirror-keeper.js';
import { NonceMemory } from './nonce-memory.js';
import type { Scripts } from './scripts.js';

export interface RedisLocationService extends LocationService {
  /** Reads all bindings into memory and begins to hear of changes; before it only Redis itself answers. */
  start(): Promise<void>;
  close(): void;
  /** Places of calls among those that may be up at once. */
  readonly leases: Pick<RedisCallLeases, 'keep' | 'release' | 'moveTo' | 'renew' | 'endEarlier'>;
  /** Numbers for the metrics page. */
  figures(): Readonly<Record<string, number>>;
}

export interface LocationOptions {
  readonly client: RedisClient;
  readonly scripts: Scripts;
  readonly clock: Clock;
  readonly log: Log;
  /** Name of this node: whose flows it can keep open, and whose die with it. */
  readonly nodeId: string;
  /** This is the only node (private Redis): every stream flow of an earlier process is lost, whatever its name was. */
  readonly onlyNode: boolean;
}

const SWEEP_CHUNK = 200;
const DROP_CHUNK = 100;
const PRUNE_INTERVAL_MS = 30_000;
const HIGHEST_COUNT = 0xffff_ffff;

/** Live registrations in Redis, with a memory copy that answers while it is away. */
export function createLocationService(options: LocationOptions): RedisLocationService {
  const { client, scripts, clock, log, nodeId, onlyNode } = options;
  const mirror = new BindingMirror();
  const nonces = new NonceMemory();
  const leases = createCallLeases({ client, scripts, clock, log, nodeId, onlyNode });
  const listeners = new Set<(event: BindingEvent) => void>();
  const keeper = new MirrorKeeper({ client, scripts, clock, log, mirror, onEvent: hear });
  let prunedAt = 0;

  async function register(command: RegisterCommand): Promise<RegisterResult> {
    const { nonce, contacts } = command;
    // A count Redis could not hold exactly was never issued in good order (RFC 7616: nc is 8 hex digits).
    if (!(Number.isInteger(nonce.count) && nonce.count >= 0 && nonce.count <= HIGHEST_COUNT)) return { kind: 'nonce-replayed' };
    if (nonces.use(nonce.nonce, nonce.count, nonce.expiresAt, command.at)) return { kind: 'nonce-replayed' };
    const answer = texts(await client.run(scripts.register, [
      keys.nonceKey(nonce.nonce), keys.bindingsKey(command.deviceId), keys.EXPIRIES_KEY, keys.accountKey(command.accountId),
    ], [
      command.at, keys.nonceTtlMs(nonce.expiresAt, command.at), nonce.count, contacts.kind, JSON.stringify(command.callId),
      command.cseq, command.maxContacts, keys.BINDINGS_CHANNEL, command.accountId, command.deviceId, ...contactArguments(command, nodeId),
    ]));
    const kind = answer[0];
    if (kind === 'registered') {
      const stored = records(answer.slice(1));
      mirror.setDevice(command.deviceId, stored);
      return { kind, bindings: stored.map(({ binding }) => binding).sort(byPreference) };
    }
    if (kind === 'too-many-contacts') return { kind, limit: command.maxContacts };
    if (kind === 'out-of-order' || kind === 'nonce-replayed') return { kind };
    throw new Error(`register.lua answered ${String(kind)}`);
  }

  async function callFacts(nonce: NonceUse | null, devices: readonly DeviceId[], ask?: CallAsk): ReturnType<LocationService['callFacts']> {
    const now = clock.now();
    if (nonce && nonces.use(nonce.nonce, nonce.count, nonce.expiresAt, now)) return { nonceReplayed: true, bindings: new Map() };
    if (!nonce && devices.length === 0 && !ask) return { nonceReplayed: false, bindings: new Map() };
    try {
      return await askCallFacts(nonce, devices, now, ask);
    } catch (error) {
      if (!(error instanceof StorageFault)) throw error;
      return { nonceReplayed: false, bindings: fromMirror(devices), ...(ask ? { counts: leases.fromMemory(ask) } : {}) };
    }
  }

  async function askCallFacts(
    nonce: NonceUse | null, devices: readonly DeviceId[], now: number, ask: CallAsk | undefined,
  ): ReturnType<LocationService['callFacts']> {
    const answer = await client.run(scripts['call-facts'], [
      keys.nonceKey(nonce?.nonce ?? ''), keys.EPOCH_KEY, ...devices.map(keys.bindingsKey),
    ], [nonce?.count ?? -1, nonce ? keys.nonceTtlMs(nonce.expiresAt, now) : 0, ask ? leases.written(ask) : '']);
    if (!Array.isArray(answer)) throw new Error('call-facts.lua answered no list');
    const [replayed, emptied, counted, ...sets]: readonly unknown[] = answer;
    if (replayed === 1) return { nonceReplayed: true, bindings: new Map() };
    if (emptied === 1) {
      client.suspectDataLoss();
      return { nonceReplayed: false, bindings: fromMirror(devices), ...(ask ? { counts: leases.fromMemoryAgainst(ask, counted) } : {}) };
    }
    const counts = ask ? { counts: leases.read(ask, counted) } : {};
    const bindings = new Map<DeviceId, readonly Binding[]>();
    devices.forEach((device, index) => {
      const stored = records(sets[index]);
      // An empty answer erases nothing: in a Redis just flushed it would forget what is to be written back.
      if (stored.length > 0) mirror.setDevice(device, stored);
      const live = stored.map(({ binding }) => binding).filter(({ expiresAt }) => expiresAt > now).sort(byPreference);
      if (live.length > 0) bindings.set(device, live);
    });
    return { nonceReplayed: false, bindings, ...counts };
  }

  function fromMirror(devices: readonly DeviceId[]): ReadonlyMap<DeviceId, readonly Binding[]> {
    const found = devices.map((device) => [device, mirror.bindings(device, keeper.now())] as const);
    return new Map(found.filter(([, bindings]) => bindings.length > 0));
  }

  async function sweep(now: number, limit: number): Promise<number> {
    if (Math.abs(now - prunedAt) >= PRUNE_INTERVAL_MS) {
      prunedAt = now;
      mirror.prune(Math.min(now, keeper.now()));
    }
    let gone = 0;
    while (gone < limit) {
      const size = Math.min(SWEEP_CHUNK, limit - gone);
      const [looked = 0, ended = 0] = texts(await client.run(scripts.sweep, [keys.EXPIRIES_KEY], [
        now, size, keys.BINDINGS_CHANNEL, keys.DEVICE_PREFIX, keys.ACCOUNT_PREFIX,
      ])).map(Number);
      gone += ended;
      if (looked < size) break;
    }
    return gone;
  }

  async function dropBindings(deviceId: DeviceId, key: string, end: string, expected: string): Promise<number> {
    return Number(await client.run(scripts.drop, [keys.bindingsKey(deviceId), keys.EXPIRIES_KEY], [
      keys.BINDINGS_CHANNEL, keys.ACCOUNT_PREFIX, deviceId, end, key, expected,
    ]));
  }

  async function endStreamBindings(): Promise<number> {
    let gone = 0;
    for await (const page of readAllBindings(client, scripts)) {
      const lost = page.filter((one) => isStream(one) && (onlyNode || one.nodeId === nodeId));
      for (let start = 0; start < lost.length; start += DROP_CHUNK) {
        const counts = await Promise.all(lost.slice(start, start + DROP_CHUNK).map(async (one) => {
          mirror.end(one);
          return dropBindings(one.binding.deviceId, one.key, 'flow-lost', one.text);
        }));
        gone += counts.reduce((sum, count) => sum + count, 0);
      }
    }
    return gone;
  }

  function hear({ event, stored }: HeardEvent): void {
    if (event.kind === 'ended') mirror.end(stored);
    else mirror.put(stored);
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        log.error('binding listener failed', { err: error });
      }
    }
  }

  return {
    register,
    callFacts,
    async bindings(devices) {
      return (await callFacts(null, devices)).bindings;
    },
    list: (accountId, after, size) => listBindings(client, scripts, accountId, after, size, clock.now()),
    count: (accountId) => client.ask((redis) => redis.zcard(keys.accountKey(accountId))),
    // A key is never empty, so a contact without text matches nothing instead of all.
    drop: (deviceId, contactUri, end) => (
      dropBindings(deviceId, contactUri === null ? '' : contactKey(contactUri) || ' ', end, '')
    ),
    sweep,
    leases,
    async nattedBindings() {
      const now = keeper.now();
      return [...mirror.all()]
        .filter((one) => (onlyNode || one.nodeId === nodeId) && one.binding.behindNat && !isStream(one))
        .map(({ binding }) => binding)
        .filter(({ expiresAt }) => expiresAt > now);
    },
    endStreamBindings,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    start: () => keeper.start(),
    close() {
      leases.close();
      keeper.close();
    },
    figures: () => ({ available: client.available ? 1 : 0, bindings_in_memory: mirror.size, nonces_in_memory: nonces.size, calls_holding_places: leases.size }),
  };
}

/** Key, expiry (epoch ms, 0 = remove), instance and record of each contact; of two contacts with one key the last counts. */
function contactArguments(command: RegisterCommand, nodeId: string): readonly (string | number)[] {
  if (command.contacts.kind !== 'contacts') return [];
  const byKey = new Map<string, readonly (string | number)[]>();
  for (const contact of command.contacts.contacts) {
    const seconds = command.granted.get(contact.uri);
    if (seconds === undefined) throw new Error('register: a contact was granted no lifetime');
    const key = contactKey(contact.uri);
    const tail = recordTail(command, contact, nodeId);
    byKey.set(key, [key, seconds > 0 ? command.at + seconds * 1000 : 0, tail.slice(1, tail.indexOf('"', 1)), tail]);
  }
  return [...byKey.values()].flat();
}
