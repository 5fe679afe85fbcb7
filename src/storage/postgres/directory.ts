import type { ConfigEvent } from '../../domain/events.js';
import type { HashFunction, SecretBox } from '../../ports/crypto.js';
import type { ChangeFollower, Directory, DirectoryKeeper } from '../../ports/directory.js';
import type { Log } from '../../ports/runtime.js';
import type { PostgresDatabase } from './database.js';
import { createHa1Maker } from './device-ha1.js';
import type { Ha1Maker } from './device-ha1.js';
import { readAffected } from './directory-changes.js';
import { DirectoryIndex } from './directory-index.js';
import { DirectoryReader } from './directory-reader.js';
import { eventsAfter } from './outbox.js';
import { everyChunk } from './row-chunks.js';
import { everySetting } from './setting-store.js';
import { SafetyReader } from './safety-reader.js';
import { ForwardReader } from './forward-reader.js';
import { TrunkReader } from './trunk-reader.js';
import { VersionTracker } from './version-tracker.js';

export interface DirectoryOptions {
  readonly db: PostgresDatabase;
  /** Opens the devices' passwords, sealed with the device id as context. */
  readonly secretBox: SecretBox;
  readonly hash: HashFunction;
  readonly log: Log;
}

/** Events read at once when catching up; more than that, and all is loaded anew. */
const CATCH_UP_LIMIT = 2000;

/**
 * The directory over PostgreSQL. Lookups touch memory alone and see a change whole or not at all. `load`, `apply` and `catchUp`
 * run one after the other; each throws StorageFault when the database is away and then leaves what is known as it was.
 */
export function createDirectory(options: DirectoryOptions): Directory & DirectoryKeeper {
  const { db, log } = options;
  const reader = new DirectoryReader(db.queries);
  const safetyReader = new SafetyReader(db.queries);
  const trunkReader = new TrunkReader(db.queries);
  const forwardReader = new ForwardReader(db.queries);
  const versions = new VersionTracker();
  const ha1Of = createHa1Maker(options);
  let index = new DirectoryIndex();
  const listeners = new Set<() => void>();
  const followers = new Set<ChangeFollower>();
  let queue: Promise<unknown> = Promise.resolve();

  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = queue.then(task);
    queue = result.catch(() => undefined);
    return result;
  }

  async function loadAll(): Promise<void> {
    const startedAt = performance.now();
    // Read before the tables: what is committed meanwhile has a higher version and is applied again below.
    const known = await reader.configVersions();
    const read = await readAll(reader, ha1Of);
    await safetyReader.load(read.safety);
    await trunkReader.load(read.trunks);
    await forwardReader.load(read.forwards);
    for (const follower of followers) await follower.load();
    index = read;
    versions.reset(known);
    for (const tell of listeners) tell();
    log.info('directory-loaded', { ms: Math.round(performance.now() - startedAt), accounts: known.size });
  }

  async function applyAll(events: readonly ConfigEvent[]): Promise<void> {
    const change = await readAffected(reader, index, events, ha1Of);
    const safety = await safetyReader.affected(index.safety, events);
    const trunks = await trunkReader.affected(index.trunks, events);
    const forwards = await forwardReader.affected(index.forwards, events);
    for (const follower of followers) await follower.apply(events);
    change();
    safety();
    trunks();
    forwards();
    versions.applied(events);
    for (const tell of listeners) tell();
  }

  /** Whether everything missed could be read from the outbox. */
  async function followOutbox(): Promise<boolean> {
    const current = await reader.configVersions();
    for (const [accountId, version] of current) {
      const known = versions.upTo(accountId);
      if (version === known) continue;
      if (version < known || version - known > CATCH_UP_LIMIT) return false;
      const events = await eventsAfter(db.queries, accountId, known, CATCH_UP_LIMIT);
      if (!leavesNoGap(events, known, version)) return false;
      const missed = events.filter((event) => !versions.holds(event));
      if (missed.length > 0) await applyAll(missed);
    }
    return true;
  }

  async function follow(): Promise<void> {
    if (await followOutbox()) return;
    log.warn('directory-reload', { because: 'changes missed are no longer in the outbox' });
    await loadAll();
  }

  return {
    load: () => inTurn(async () => {
      await loadAll();
      await follow();
    }),
    apply: (events) => inTurn(() => applyAll(events)),
    catchUp: () => inTurn(follow),
    follow: (follower) => inTurn(async () => {
      await follower.load();
      followers.add(follower);
      return () => void followers.delete(follower);
    }),
    get safety() {
      return index.safety;
    },
    get trunks() {
      return index.trunks;
    },
    get forwards() {
      return index.forwards;
    },
    accounts: () => index.accounts(),
    devicesWithOwnAlgorithms: () => index.devicesWithOwnAlgorithms(),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    account: (id) => index.account(id),
    accountByDomain: (domain) => index.accountByDomain(domain),
    defaultAccount: () => index.defaultAccount(),
    site: (id) => index.site(id),
    sites: (accountId) => index.sites(accountId),
    user: (id) => index.user(id),
    phoneUser: (id) => index.phoneUser(id),
    commonArea: (id) => index.commonArea(id),
    extension: (id) => index.extension(id),
    extensionsByNumber: (accountId, number) => index.extensionsByNumber(accountId, number),
    device: (id) => index.device(id),
    deviceByUserName: (accountId, userName) => index.deviceByUserName(accountId, userName),
    devices: (accountId) => index.devices(accountId),
    devicesOf: (extensionId) => index.devicesOf(extensionId),
    ha1: (id) => index.ha1(id),
    guestOf: (deviceId) => index.guestOf(deviceId),
    deskOf: (userId) => index.deskOf(userId),
    drainingOn: (deviceId) => index.drainingOn(deviceId),
    get numbers() {
      return index.numbers;
    },
    setting: (key, levels) => index.setting(key, levels),
    outboundBlocks: (...asked) => index.outboundBlocks(...asked),
    inboundBlocks: (...asked) => index.inboundBlocks(...asked),
    outboundSaying: (...asked) => index.outboundSaying(...asked),
  };
}

/** Whether `events` hold every version from `known` + 1 to at least `version`. */
function leavesNoGap(events: readonly ConfigEvent[], known: number, version: number): boolean {
  return events.length >= version - known && events.every((event, position) => event.version === known + 1 + position);
}

async function readAll(reader: DirectoryReader, ha1Of: Ha1Maker): Promise<DirectoryIndex> {
  const index = new DirectoryIndex();
  for await (const chunk of everyChunk(reader.accounts.bind(reader))) for (const account of chunk) index.putAccount(account);
  for await (const chunk of everyChunk(reader.sites.bind(reader))) for (const site of chunk) index.putSite(site);
  for await (const chunk of everyChunk(reader.users.bind(reader))) for (const user of chunk) index.putUser(user);
  for await (const chunk of everyChunk(reader.phoneUsers.bind(reader))) for (const phone of chunk) index.putPhoneUser(phone);
  for await (const chunk of everyChunk(reader.commonAreas.bind(reader))) for (const area of chunk) index.putCommonArea(area);
  for await (const chunk of everyChunk(reader.extensions.bind(reader))) for (const extension of chunk) index.putExtension(extension);
  for await (const chunk of everyChunk(reader.devices.bind(reader))) {
    // An account made since the accounts were read is missing: its own event, which follows, reads its devices again.
    const made = await ha1Of(chunk, (accountId) => index.account(accountId)?.sipDomain);
    for (const { id, device } of chunk) index.putDevice(device, made.get(id));
  }
  for await (const chunk of everyChunk(reader.hotDeskSessions.bind(reader))) for (const session of chunk) index.putHotDeskSession(session);
  for await (const chunk of everyChunk(reader.blockedNumbers.bind(reader))) for (const entry of chunk) index.putBlockedNumber(entry);
  for await (const chunk of everyChunk(reader.numbers.phoneNumbers)) for (const number of chunk) index.numbers.putNumber(number);
  for await (const chunk of everyChunk(reader.numbers.customizedNumbers)) for (const entry of chunk) index.numbers.putCustomized(entry);
  for await (const chunk of everyChunk(reader.numbers.callerIdChoices)) for (const choice of chunk) index.numbers.putChoice(choice);
  for await (const chunk of everySetting(reader.queries)) index.settings.add(chunk);
  for await (const chunk of everyChunk(reader.outboundExceptions.bind(reader))) for (const entry of chunk) index.putException(entry);
  for (const rule of await reader.outboundCountries(null)) index.addCountry(rule);
  return index;
}
