/**
 * Hot desking on a real PostgreSQL: an account, people with PINs, phones, a directory that follows commits, the verbs over them, a
 * clock to move and calls to put up. Several offices on one database are several nodes.
 */
import { randomBytes } from 'node:crypto';
import type { Test } from 'tap';
import { WHOLE_ACCOUNT } from '../../src/domain/access/reach.js';
import type { DeviceId, SiteId } from '../../src/domain/ids.js';
import { asId } from '../../src/domain/ids.js';
import type { Device } from '../../src/domain/device/device.js';
import type { DeviceCalls } from '../../src/ports/call-control.js';
import type { Directory, DirectoryKeeper } from '../../src/ports/directory.js';
import { createPinHasher } from '../../src/security/pin-hasher.js';
import { createIdSource, hashText, systemRandom } from '../../src/security/random.js';
import { createSecretBox } from '../../src/security/secret-box.js';
import { createSecretHasher } from '../../src/security/secret-hasher.js';
import { createDirectory } from '../../src/storage/postgres/directory.js';
import type { PostgresDatabase } from '../../src/storage/postgres/database.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { addDevice } from '../../src/usecases/admin/add-device.js';
import { addPhoneUsers } from '../../src/usecases/admin/add-phone-users.js';
import type { AddedPhoneUser } from '../../src/usecases/admin/make-phone-user.js';
import type { AdminDeps } from '../../src/usecases/admin/admin-deps.js';
import { ensureFirstAccount } from '../../src/usecases/admin/ensure-first-account.js';
import type { Actor } from '../../src/usecases/change.js';
import type { Outcome } from '../../src/usecases/outcome.js';
import { createDeviceLock } from '../../src/usecases/hotdesk/create-device-lock.js';
import { createFinishDraining } from '../../src/usecases/hotdesk/create-finish-draining.js';
import { createSessionHistory } from '../../src/usecases/hotdesk/create-session-history.js';
import { createSignIn } from '../../src/usecases/hotdesk/create-sign-in.js';
import { createSignOut } from '../../src/usecases/hotdesk/create-sign-out.js';
import { createSweepSessions } from '../../src/usecases/hotdesk/create-sweep-sessions.js';
import { systemLocalTime } from '../../src/wiring/local-time.js';
import { createTestLog } from './redis.js';
import { startTestEmbedded } from './postgres.js';

/** A node's calls as hot desking asks for them: a set of phones, put up and taken down by hand. */
export interface HandCalls extends DeviceCalls {
  up(deviceId: DeviceId): void;
  down(deviceId: DeviceId): void;
}

export function createHandCalls(): HandCalls {
  const inCall = new Set<DeviceId>();
  const listeners = new Set<(deviceId: DeviceId) => void>();
  return {
    inCall: (ids) => new Set(ids.filter((id) => inCall.has(id))),
    onCallsOver: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    up: (id) => void inCall.add(id),
    down: (id) => {
      if (inCall.delete(id)) for (const listener of listeners) listener(id);
    },
  };
}

export interface MovableClock {
  now(): number;
  advance(ms: number): void;
}

/** Fixed start, so that a run can be repeated. */
export function movableClock(start = Date.UTC(2026, 2, 2, 9)): MovableClock {
  let at = start;
  return { now: () => at, advance: (ms) => void (at += ms) };
}

/** One node over a database: the verbs, its directory, its calls. */
export async function hotDeskNode(
  database: PostgresDatabase, clock: MovableClock, keys: { readonly pin: Buffer; readonly box: Buffer }, nodeId: string,
  options: { readonly pinCost?: number; readonly onCommit?: () => void } = {},
) {
  const log = createTestLog();
  const secretBox = createSecretBox(keys.box);
  const directory: Directory & DirectoryKeeper = createDirectory({ db: database, secretBox, hash: hashText, log });
  const calls = createHandCalls();
  const pauses: number[] = [];
  const deps: AdminDeps & { readonly directory: Directory } = {
    uow: createUnitOfWork(database, { onCommitted: async (events) => {
      options.onCommit?.();
      await directory.apply(events);
    } }),
    stores: createStores(database), clock, ids: createIdSource({ now: () => Date.now() }), random: systemRandom, secretBox, hasher: createSecretHasher(),
    mail: { enabled: false, box: secretBox },
    pinHasher: createPinHasher(keys.pin, options.pinCost), deviceCalls: calls, localTime: systemLocalTime, log, nodeId, directory,
    pause: async (ms) => void pauses.push(ms),
  };
  return {
    deps, directory, calls, clock, log, pauses,
    signIn: createSignIn(deps), signOut: createSignOut(deps), finishDraining: createFinishDraining(deps), sweep: createSweepSessions(deps),
    deviceLock: createDeviceLock(deps), history: createSessionHistory(deps.stores),
  };
}
export type HotDeskNode = Awaited<ReturnType<typeof hotDeskNode>>;

export interface Sitter extends AddedPhoneUser {
  readonly number: string;
}

export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'done') return outcome.value;
  throw new Error(`refused: ${outcome.problems.map(({ field, text }) => `${field}: ${text}`).join('; ')}`);
}

/** An office with one node, its people and phones made on demand. */
export async function startHotDeskOffice(t: Test) {
  const postgres = await startTestEmbedded(t);
  const node = await hotDeskNode(await postgres.open(t), movableClock(), { pin: randomBytes(32), box: randomBytes(32) }, 'node-1');
  return { ...node, ...await furnish(node) };
}

/** An account in a node's database, with makers of people and phones. */
export async function furnish(node: HotDeskNode) {
  const { deps, directory } = node;
  const account = await ensureFirstAccount(deps, { sipDomain: 'pbx.example.com', country: 'US' });
  await directory.load();
  const actor: Actor = { accountId: account.id, name: 'client:test', address: '192.0.2.1', requestId: 'request-1', reach: WHOLE_ACCOUNT };
  const sit = async (numbers: readonly string[]): Promise<readonly Sitter[]> => {
    const rows = numbers.map((number) => ({
      email: `u${number}@example.com`, firstName: `User ${number}`, lastName: '', callingPlans: [], siteCode: '', siteName: '', extensionNumber: number, deskPhones: [],
    }));
    return valueOf(await addPhoneUsers(deps, actor, rows)).map((added) => ({ ...added, number: added.extension.number }));
  };
  let macs = 0;
  const desk = async (owner: string | null, changes: { readonly hotDesking?: Device['hotDesking'] } = {}): Promise<Device> => {
    macs += 1;
    return valueOf(await addDevice(deps, actor, {
      displayName: `Desk ${macs}`, macAddress: macs.toString(16).padStart(12, '0'), type: 'Yealink', model: 'T54W', assignees: owner === null ? [] : [owner],
      provisionTemplateId: null, hotDesking: changes.hotDesking ?? 'on',
    }));
  };
  const pinIn = (device: Pick<Device, 'id'>, digits: string, pin: string) => node.signIn.byPin({ deviceId: device.id, digits, pin, at: node.clock.now() });
  /** Signs in, and fails the test when that is refused. */
  const seat = async (device: Pick<Device, 'id'>, sitter: Sitter) => {
    const result = await pinIn(device, sitter.number, sitter.pinCode);
    if (result.kind !== 'signed-in') throw new Error(`not signed in: ${JSON.stringify(result)}`);
    return result.session;
  };
  const session = async (id: Parameters<typeof deps.stores.hotDeskSessions.get>[1]) => {
    const found = await deps.stores.hotDeskSessions.get(account.id, id);
    if (found === null) throw new Error('no such session');
    return found;
  };
  const site = asId<SiteId>((await deps.stores.sites.main(account.id))?.id ?? '');
  return { account, actor, site, sit, desk, pinIn, seat, session };
}

