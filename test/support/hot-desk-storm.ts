/** Random operations of hot desking over one or more nodes of one database, and the rules that must hold after any of them. */
import { asId } from '../../src/domain/ids.js';
import type { AccountId, DeviceId, UserId } from '../../src/domain/ids.js';
import { replaySessions } from '../../src/domain/hotdesk/replay-sessions.js';
import type { PostgresDatabase } from '../../src/storage/postgres/database.js';
import { hotDeskSessionOf } from '../../src/storage/postgres/hot-desk-session-store.js';
import { addDevice } from '../../src/usecases/admin/add-device.js';
import { endSessionsOf } from '../../src/usecases/hotdesk/session-step.js';
import { setSessionSettings } from '../../src/usecases/hotdesk/set-session-settings.js';
import { setPin } from '../../src/usecases/hotdesk/set-pin.js';
import { unlockSignIn } from '../../src/usecases/hotdesk/unlock-sign-in.js';
import { updateDevice } from '../../src/usecases/admin/update-device.js';
import { updatePhoneUser } from '../../src/usecases/admin/update-phone-user.js';
import { change, type Actor } from '../../src/usecases/change.js';
import { done } from '../../src/usecases/outcome.js';
import type { HotDeskNode } from './hot-desk-office.js';

/** Whom and what the storm plays with; every process of a storm is told the same. */
export interface StormCast {
  readonly accountId: AccountId;
  readonly people: readonly { readonly id: UserId; readonly number: string; readonly extensionId: string }[];
  readonly devices: readonly DeviceId[];
}
export const STORM_PIN = '271828';

export interface StormFigures {
  operations: number;
  signedIn: number;
  refused: number;
  faults: number;
}

/** A random number generator that a seed repeats (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Gives everybody the storm's PIN. */
export async function equip(node: HotDeskNode, actor: Actor, cast: StormCast): Promise<void> {
  for (const { id } of cast.people) await setPin(node.deps, actor, { kind: 'user', id }, STORM_PIN);
}

type Operation = (node: HotDeskNode, pick: Picker, actor: Actor, figures: StormFigures) => Promise<unknown>;
interface Picker {
  readonly random: () => number;
  readonly person: () => StormCast['people'][number];
  readonly device: () => DeviceId;
  readonly chance: (share: number) => boolean;
}

const byPin = async (node: HotDeskNode, pick: Picker, figures: StormFigures, pin: string): Promise<void> => {
  const result = await node.signIn.byPin({ deviceId: pick.device(), digits: pick.person().number, pin, at: node.clock.now() });
  if (result.kind === 'signed-in') figures.signedIn += 1;
  if (result.kind === 'refused') figures.refused += 1;
};

/** Name, how often of a hundred, and what. */
const OPERATIONS: readonly (readonly [name: string, weight: number, operation: Operation])[] = [
  ['sign in', 34, (node, pick, _actor, figures) => byPin(node, pick, figures, STORM_PIN)],
  ['wrong PIN', 6, (node, pick, _actor, figures) => byPin(node, pick, figures, '918273')],
  ['sign out', 12, (node, pick) => node.signOut.byPhone(pick.device())],
  ['sign in by API', 6, (node, pick, actor) => node.signIn.byApi(actor, pick.device(), pick.person().id)],
  ['sign out by API', 5, async (node, pick, actor) => {
    const session = node.directory.guestOf(pick.device());
    if (session !== undefined) await node.signOut.byApi(actor, session.id, 'admin');
  }],
  ['time passes', 8, async (node, pick) => {
    node.clock.advance(Math.floor(pick.random() * 20 * 60_000));
    await node.sweep();
  }],
  ['a call comes up', 7, async (node, pick) => node.calls.up(pick.device())],
  ['a call ends', 9, async (node, pick) => {
    const device = pick.device();
    node.calls.down(device);
    await node.finishDraining.ofDevice(device);
  }],
  ['draining is swept', 3, (node) => node.finishDraining.sweep()],
  ['a user on or off', 2, (node, pick, actor) => updatePhoneUser(node.deps, actor, pick.person().id, { status: pick.chance(0.7) ? 'active' : 'deactivated' })],
  ['a user allowed or not', 1, (node, pick, actor) => updatePhoneUser(node.deps, actor, pick.person().id, { hotDeskAllowed: pick.chance(0.8) })],
  ['hot desking on or off', 2, (node, pick, actor) => updateDevice(node.deps, actor, pick.device(), { hotDesking: pick.chance(0.8) ? 'on' : 'off' })],
  ['another owner', 1, (node, pick, actor) => updateDevice(node.deps, actor, pick.device(), { assignedTo: pick.chance(0.9) ? pick.person().extensionId : '' })],
  ['device lock', 1, (node, pick, actor) => node.deviceLock.byApi(actor, pick.device(), pick.chance(0.3))],
  ['settings', 1, (node, pick, actor) => setSessionSettings(node.deps, actor, { scope: 'device', deviceId: pick.device() }, [
    { key: 'hot-desk-session-timeout', value: pick.chance(0.5) ? 30 : null }, { key: 'hot-desk-idle-timeout', value: pick.chance(0.5) ? 10 : null },
    { key: 'hot-desk-daily-end', value: pick.chance(0.3) ? '18:00' : null },
  ])],
  ['unlock', 1, (node, pick, actor) => unlockSignIn(node.deps, actor, { deviceId: pick.device() })],
  ['phone out of service', 1, (node, pick, actor) => change(node.deps, actor, async (draft) => done(await endSessionsOf(node.deps, draft, { deviceId: pick.device() }, 'admin')))],
];
const WEIGHT = OPERATIONS.reduce((sum, [, weight]) => sum + weight, 0);

/** Runs `operations` random ones, `atOnce` at a time, spread over the nodes. A fault of storage is counted; anything else throws. */
export async function storm(
  nodes: readonly HotDeskNode[], cast: StormCast, actor: Actor, options: { readonly random: () => number; readonly operations: number; readonly atOnce: number },
): Promise<StormFigures> {
  const { random } = options;
  const figures: StormFigures = { operations: 0, signedIn: 0, refused: 0, faults: 0 };
  const one = <T>(list: readonly T[]): T => {
    const found = list[Math.floor(random() * list.length)];
    if (found === undefined) throw new Error('an empty list');
    return found;
  };
  const pick: Picker = { random, person: () => one(cast.people), device: () => one(cast.devices), chance: (share) => random() < share };
  while (figures.operations < options.operations) {
    const batch = Math.min(options.atOnce, options.operations - figures.operations);
    figures.operations += batch;
    await Promise.all(Array.from({ length: batch }, async () => {
      let place = random() * WEIGHT;
      const [, , operation] = OPERATIONS.find(([, weight]) => (place -= weight) < 0) ?? one(OPERATIONS);
      try {
        await operation(one(nodes), pick, actor, figures);
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'StorageFault') throw error;
        figures.faults += 1;
      }
    }));
  }
  return figures;
}

/** Every rule that does not hold now, one sentence each. To be asked while nothing runs; nodes catch up first. */
export async function brokenRules(database: PostgresDatabase, nodes: readonly HotDeskNode[], cast: StormCast): Promise<readonly string[]> {
  const broken: string[] = [];
  const rows = (await database.queries.selectFrom('hot_desk_sessions').selectAll().where('account_id', '=', cast.accountId).execute()).map(hotDeskSessionOf);
  const [anyNode] = nodes;
  if (anyNode === undefined) return ['no node'];
  const events = await anyNode.deps.stores.hotDeskSessions.events(cast.accountId, {}, 10_000_000);
  const replay = replaySessions(events);
  broken.push(...replay.broken);
  if (replay.sessions.size !== rows.length) broken.push(`the log knows ${replay.sessions.size} sessions, the table ${rows.length}`);
  const signedOut = new Map<string, number>();
  for (const { kind, sessionId } of events) if (kind === 'signed_out') signedOut.set(sessionId, (signedOut.get(sessionId) ?? 0) + 1);
  for (const row of rows) {
    const told = replay.sessions.get(row.id);
    if (told?.state !== row.state || told.fence !== row.fence || told.cause !== row.cause) broken.push(`${row.id}: the log does not replay to the table`);
    if (row.state === 'ended' && (row.cause === null || row.endedAt === null)) broken.push(`${row.id}: ended without cause or time`);
    if ((signedOut.get(row.id) ?? 0) !== (row.state === 'ended' ? 1 : 0)) broken.push(`${row.id}: ${signedOut.get(row.id) ?? 0} signed_out events while ${row.state}`);
  }
  const active = rows.filter(({ state }) => state === 'active');
  if (new Set(active.map(({ deviceId }) => deviceId)).size !== active.length) broken.push('two guests at one phone');
  if (new Set(active.map(({ userId }) => userId)).size !== active.length) broken.push('two phones of one user');
  for (const node of nodes) {
    await node.directory.catchUp();
    for (const deviceId of cast.devices) {
      const guest = active.find((row) => row.deviceId === deviceId);
      if (JSON.stringify(node.directory.guestOf(deviceId)) !== JSON.stringify(guest)) broken.push(`${deviceId}: the directory of ${node.deps.nodeId} is not the table`);
      const draining = rows.filter((row) => row.deviceId === deviceId && row.state === 'draining').map(({ id }) => id).sort();
      if (JSON.stringify(node.directory.drainingOn(deviceId).map(({ id }) => id)) !== JSON.stringify(draining)) broken.push(`${deviceId}: draining in ${node.deps.nodeId}`);
    }
    for (const { id } of cast.people) {
      if (node.directory.deskOf(id)?.id !== active.find((row) => row.userId === id)?.id) broken.push(`${id}: the desk in ${node.deps.nodeId} is not the table's`);
    }
  }
  for (const session of active) {
    const device = anyNode.directory.device(session.deviceId);
    const phone = anyNode.directory.phoneUser(session.userId);
    if (device?.hotDesking !== 'on' || device.assignees.length === 0) broken.push(`${session.id}: at a phone that takes no guests`);
    if (phone?.status !== 'active' || !phone.hotDeskAllowed) broken.push(`${session.id}: of a user who may not`);
    if (device !== undefined && device.assignees[0] === phone?.extensionId) broken.push(`${session.id}: the owner as guest`);
  }
  return broken;
}

/** People and phones to play with, on a node whose account is there. */
export async function castOf(
  node: HotDeskNode, office: { readonly account: { readonly id: AccountId }; readonly actor: Actor; sit(numbers: readonly string[]): Promise<readonly { readonly user: { readonly id: UserId }; readonly number: string; readonly extension: { readonly id: string } }[]> },
  size: { readonly people: number; readonly devices: number },
): Promise<StormCast> {
  const sitters = await office.sit(Array.from({ length: size.people }, (_, n) => String(1001 + n)));
  const devices: DeviceId[] = [];
  for (let n = 0; n < size.devices; n += 1) {
    const owner = sitters[n % sitters.length];
    const added = await addDevice(node.deps, office.actor, {
      displayName: `Storm ${n}`, macAddress: (0x5000 + n).toString(16).padStart(12, '0'), type: 'Other', model: '', provisionTemplateId: null,
      assignees: owner === undefined ? [] : [owner.extension.id], hotDesking: 'on',
    });
    if (added.kind === 'done') devices.push(asId<DeviceId>(added.value.id));
  }
  const cast = {
    accountId: office.account.id, devices,
    people: sitters.map(({ user, number, extension }) => ({ id: user.id, number, extensionId: extension.id })),
  };
  await equip(node, office.actor, cast);
  return cast;
}
