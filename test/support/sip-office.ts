/**
 * The SIP application on the real edge and a real Redis, with an account in memory.
 *
 *   const office = await startOffice(t);
 *   const ann = await office.phoneOf(await office.person('101', 'Ann'));
 */
import { createHash, createHmac } from 'node:crypto';
import type { Test } from 'tap';
import { deviceHa1 } from '../../src/domain/auth/digest.js';
import type { PhoneNumber } from '../../src/domain/numbering/phone-number.js';
import type { Trunk, TrunkGateway } from '../../src/domain/trunk/trunk.js';
import type { Account } from '../../src/domain/identity/account.js';
import { DEFAULT_ACCOUNT_POLICY, type AccountPolicy } from '../../src/domain/identity/account.js';
import type { CallEvent, CallRecord } from '../../src/domain/calls/call-event.js';
import { foldCallRecord } from '../../src/domain/calls/fold-call-record.js';
import type { CallRecordId, ExtensionId, TrunkId } from '../../src/domain/ids.js';
import type { FraudGuard } from '../../src/domain/fraud/guard.js';
import type { GuardVerdict } from '../../src/domain/fraud/judge-guards.js';
import type { Device } from '../../src/domain/device/device.js';
import type { Extension } from '../../src/domain/numbering/extension.js';
import type { Site } from '../../src/domain/identity/site.js';
import type { PhoneUser } from '../../src/domain/identity/user.js';
import type { CallLog } from '../../src/ports/call-log.js';
import type { PlacedEmergencyCall } from '../../src/ports/emergency-calls.js';
import { systemRandom } from '../../src/security/random.js';
import { DirectoryIndex } from '../../src/storage/postgres/directory-index.js';
import type { RedisLocationService } from '../../src/storage/redis/location-service.js';
import { createCallBackPins, type RedisCallBackPins } from '../../src/storage/redis/call-back-pins.js';
import { createAuthenticateRequest } from '../../src/usecases/authenticate-request.js';
import { pinDesks } from '../../src/usecases/emergency/pin-desks.js';
import { createIdentifyCaller } from '../../src/usecases/identify-caller.js';
import { createPlaceCall } from '../../src/usecases/place-call.js';
import { createSeeTrunks } from '../../src/usecases/see-trunks.js';
import { createGatewayHealth, type GatewayHealthBoard } from '../../src/usecases/trunks/gateway-health.js';
import { createAnswerTrunkChallenge } from '../../src/usecases/trunks/trunk-credentials.js';
import { createGatewayAddresses } from '../../src/usecases/trunks/trunk-sources.js';
import { createReachability, type Reachability } from '../../src/usecases/reachability.js';
import { createRegisterDevice } from '../../src/usecases/register-device.js';
import { createSipApp, type SipApp } from '../../sip/app/app.js';
import { createLoopWatch } from '../../sip/app/trunks/loop-watch.js';
import type { SpokenRefusals } from '../../sip/app/calls/refuse-call.js';
import type { MediaPaths } from '../../sip/app/calls/media-path.js';
import { startEdge, type Edge, type EdgeOptions } from '../../sip/edge/edge.js';
import { silentLog } from '../../sip/edge/log.js';
import type { TransportName } from '../../sip/edge/transport/transport.js';
import { poolNumber } from './call-facts-office.js';
import { aTrunk } from './sample-trunk.js';
import { aDevice, anAccount, anExtension, aPhoneUser, aSite, aUser, newId } from './sample-account.js';
import { createTestLog, startTestRedis, type TestRedis } from './redis.js';
import { scriptedPhone, type ScriptedPhone } from './scripted-phone.js';

export const PASSWORD = 'correct horse';
const SECRET = 'office secret';

/** Call events in memory, folded as the real sink would. */
export interface RecordedCalls extends CallLog {
  readonly events: readonly CallEvent[];
  /** The record that satisfies the condition, now or later. */
  record(wanted: (record: CallRecord) => boolean, label: string): Promise<CallRecord>;
}

export function recordCalls(): RecordedCalls {
  const events: CallEvent[] = [];
  const records = new Map<CallRecordId, CallRecord>();
  const waiting = new Set<() => void>();
  return {
    events,
    append(event) {
      events.push(event);
      const folded = foldCallRecord(records.get(event.callId) ?? null, event);
      if (folded !== null) records.set(event.callId, folded);
      for (const look of waiting) look();
    },
    flush: () => Promise.resolve(),
    record: (wanted, label) => new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        waiting.delete(look);
        reject(new Error(`no record: ${label}; have ${JSON.stringify([...records.values()])}`));
      }, 8_000);
      const look = (): void => {
        const found = [...records.values()].find(wanted);
        if (found === undefined) return;
        clearTimeout(deadline);
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    }),
  };
}

export interface Office {
  readonly account: Account;
  readonly site: Site;
  readonly directory: DirectoryIndex;
  readonly calls: RecordedCalls;
  readonly app: SipApp;
  readonly edge: Edge;
  readonly redis: TestRedis;
  readonly location: RedisLocationService;
  readonly reachability: Reachability;
  /** What guards against fraud said of calls. */
  readonly told: readonly GuardVerdict[];
  readonly log: ReturnType<typeof createTestLog>;
  /** Port of the edge's listener. */
  port(transport: TransportName): number;
  /** A phone user with an extension. */
  person(number: string, name: string, changes?: Partial<PhoneUser>): Extension;
  /** A device of that extension (null = unassigned). */
  device(extension: ExtensionId | null, changes?: Partial<Device>): Device;
  /** Desks to be called back. */
  readonly pins: RedisCallBackPins;
  /** Calls for help so far. */
  readonly forHelp: readonly PlacedEmergencyCall[];
  /** How well the gateways are. */
  readonly gateways: GatewayHealthBoard;
  /** A trunk of the account; `password` answers its challenges. */
  trunk(changes: Partial<Trunk>, password?: string): Trunk;
  /** A number of the account; null = assigned to nobody. */
  number(number: string, extension: ExtensionId | null, changes?: Partial<PhoneNumber>): PhoneNumber;
  /** A scripted phone on a device; not registered yet. */
  phone(device: Device, options?: { transport?: 'udp' | 'tcp'; password?: string; userName?: string }): Promise<ScriptedPhone>;
  /** A new person's registered phone. */
  registered(number: string, name: string, options?: { transport?: 'udp' | 'tcp' }): Promise<ScriptedPhone & { readonly device: Device; readonly extension: Extension }>;
}

export interface OfficeOptions {
  readonly policy?: Partial<AccountPolicy>;
  readonly edge?: Partial<Pick<EdgeOptions, 'timers' | 'listeners' | 'tls' | 'limits' | 'protection'>>;
  readonly country?: string;
  readonly media?: MediaPaths;
  /** Says to callers why they are refused. */
  readonly spoken?: SpokenRefusals;
  /** Guards against fraud; what they say of calls is in `told`. */
  readonly guards?: readonly FraudGuard[];
}

export async function startOffice(t: Test, options: OfficeOptions = {}): Promise<Office> {
  const log = createTestLog();
  const redis = await startTestRedis(t);
  const { service: location } = await redis.location();
  const edge = await startEdge({
    listeners: [{ transport: 'udp', host: '127.0.0.1', port: 0 }, { transport: 'tcp', host: '127.0.0.1', port: 0 }],
    admin: { host: '127.0.0.1', port: 0, secret: SECRET }, localNetworks: ['127.0.0.0/8'], log: silentLog, ...options.edge,
  });
  t.teardown(() => edge.stop());

  const account = anAccount({ sipDomain: 'office.example', policy: { ...DEFAULT_ACCOUNT_POLICY, ...options.policy } });
  const site = aSite(account.id, { country: options.country ?? 'US' });
  const directory = new DirectoryIndex();
  directory.putAccount(account);
  directory.putSite(site);
  const hash = (algorithm: 'md5' | 'sha256', text: string): string => createHash(algorithm).update(text).digest('hex');
  const clock = { now: () => Date.now() };
  const reachability = createReachability();
  const authenticate = createAuthenticateRequest({
    directory, clock, random: systemRandom, hash, hostAliases: ['127.0.0.1'],
    mac: (text, bytes) => createHmac('sha256', 'key').update(text).digest().subarray(0, bytes).toString('base64url'),
  });
  const told: GuardVerdict[] = [];
  const calls = recordCalls();
  const gateways = createGatewayHealth({ trunks: () => directory.trunks, clock });
  const locator = { locate: async ({ host, port }: Pick<TrunkGateway, 'host' | 'port'>) => ({ kind: 'found', servers: [{ address: host, port }] }) as const };
  const addresses = createGatewayAddresses({ trunks: () => directory.trunks, locator, clock, log });
  const passwords = new Map<TrunkId, string>();
  const pins = createCallBackPins({ client: await redis.client(), clock, log });
  const forHelp: PlacedEmergencyCall[] = [];
  const app = createSipApp({
    control: { ...edge.admin, secret: SECRET }, directory, location, authenticate, clock, log, nodeId: 'node-a', callLog: calls,
    ids: { next: () => newId() },
    ...(options.media === undefined ? {} : { media: options.media }),
    ...(options.spoken === undefined ? {} : { spoken: options.spoken }),
    emergencyCalls: pinDesks(pins, { placed: (call) => void forHelp.push(call) }),
    registerDevice: createRegisterDevice({ location, reachability, clock, jitter: () => 0 }),
    identifyCaller: createIdentifyCaller({ directory, location, authenticate }),
    placeCall: createPlaceCall({ directory, location, reachability, trunks: createSeeTrunks({ directory, health: gateways, clock, spread: () => 0 }), callBackPins: pins, limits: {
      leases: location.leases, ids: { next: newId }, clock,
      guards: { directory, guards: { of: () => options.guards ?? [] }, clockAt: () => ({ time: '12:00', weekday: 1 }) },
      tellFraud: { seen: (_account, _watched, verdicts) => void told.push(...verdicts) },
    } }),
    trunks: {
      health: gateways, sources: addresses, loops: createLoopWatch(), addressOf: ({ host }) => host,
      answerChallenge: createAnswerTrunkChallenge({ secrets: { password: async (id) => passwords.get(id) ?? null }, random: systemRandom, hash }),
    },
  });
  await app.start();
  t.teardown(() => app.stop('shutdown'));

  const port = (transport: TransportName): number => {
    const found = edge.bound.find((listener) => listener.transport === transport);
    if (found === undefined) throw new Error(`no ${transport} listener`);
    return found.port;
  };
  const office: Office = {
    account, site, directory, calls, app, edge, redis, location, reachability, told, log, port, gateways, pins, forHelp,
    trunk(changes, password = '') {
      const trunk = aTrunk(account.id, changes);
      passwords.set(trunk.id, password);
      directory.trunks.putTrunk({ id: trunk.id, trunk, sealedPassword: '' });
      return trunk;
    },
    number(number, extension, changes = {}) {
      const held = poolNumber(number, { id: newId(), accountId: account.id, siteId: site.id, extensionId: extension, ...changes });
      directory.numbers.putNumber(held);
      return held;
    },
    person(number, name, changes = {}) {
      const user = aUser(account.id, { displayName: name });
      const extension = anExtension(site, number, { kind: 'user', id: user.id });
      directory.putUser(user);
      directory.putPhoneUser(aPhoneUser(user, extension, changes));
      directory.putExtension(extension);
      return extension;
    },
    device(extension, changes = {}) {
      const device = aDevice(site, extension === null ? [] : [extension], changes);
      directory.putDevice(device, deviceHa1(hash, device.userName, account.sipDomain, PASSWORD));
      return device;
    },
    phone(device, given = {}) {
      const transport = given.transport ?? 'udp';
      return scriptedPhone(t, {
        edge: { address: '127.0.0.1', port: port(transport) }, userName: given.userName ?? device.userName, password: given.password ?? PASSWORD,
        domain: account.sipDomain, transport,
      });
    },
    async registered(number, name, given = {}) {
      const extension = office.person(number, name);
      const device = office.device(extension.id);
      const phone = await office.phone(device, given);
      const answer = await phone.register();
      if (answer.status !== 200) throw new Error(`not registered: ${answer.raw}`);
      return { ...phone, device, extension };
    },
  };
  return office;
}
