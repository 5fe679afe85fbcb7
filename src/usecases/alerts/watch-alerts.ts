import {
  BAD_CALL_MS, badBelow, evaluateAlert, mayTell, type AlertFacts, type AlertVerdict, type WatchedCall, type WatchedDevice, type WatchedLock,
} from '../../domain/alerts/evaluate.js';
import type { Alert, AlertRule, AlertSetting, AlertSubject } from '../../domain/alerts/alert.js';
import { asId, type AccountId, type DeviceId, type SiteId } from '../../domain/ids.js';
import type { Stores, UnitOfWork } from '../../ports/admin-stores.js';
import type { Directory } from '../../ports/directory.js';
import type { LocationService } from '../../ports/location-service.js';
import type { Clock, LocalClock } from '../../ports/runtime.js';
import type { DevicePresence } from '../../ports/safety-stores.js';
import { grown, mailAlerts, newAlert, postAlert, type AlertDeps } from './open-alert.js';

export interface WatchDeps extends AlertDeps {
  readonly uow: UnitOfWork;
  readonly stores: Stores;
  readonly directory: Pick<Directory, 'device' | 'devices' | 'extension' | 'sites'>;
  readonly locations: Pick<LocationService, 'bindings'>;
  readonly clock: Clock;
  readonly localClock: LocalClock;
  /** What is wrong with trunks, by account; absent = nothing ever is. */
  readonly findTroubles?: () => Promise<ReadonlyMap<AccountId, readonly AlertSubject[]>>;
}

/** Rules that are looked at by the clock; an emergency call is told of at once, by itself. */
const LOOKED_AT: readonly AlertRule[] = [9, 10, 11, 12, 13, 101];
/** Devices asked for in one round trip. */
const CHUNK = 1000;

/**
 * Looks at every active alert once; resolves with how many changed. What a node finds is written once, whichever node is first: an alert
 * opens while none of its setting is open, and a phone's change is seen by the node that writes it. Costs nothing but a statement while no
 * alert is set.
 */
export function createWatchAlerts(deps: WatchDeps): () => Promise<number> {
  return async () => {
    const settings = await deps.stores.alertSettings.watching(LOOKED_AT);
    const open = new Map((await deps.stores.alerts.open()).map((alert) => [alert.settingId, alert]));
    let changes = await closeOrphans(deps, settings, [...open.values()]);
    if (settings.length === 0) return changes;
    const at = deps.clock.now();
    const devices = await watchDevices(deps, new Set(settings.map(({ accountId }) => accountId)), at);
    const troubles = settings.some(({ rule }) => rule === 9) ? await deps.findTroubles?.() : undefined;
    const last = await deps.stores.alerts.lastNotified(settings.map(({ id }) => id));
    for (const setting of settings) {
      const facts: AlertFacts = {
        at, clock: deps.localClock.timeAt(mainZone(deps, setting.accountId), at), devices: devices.get(setting.accountId) ?? [],
        troubles: troubles?.get(setting.accountId) ?? [],
        calls: setting.rule === 13 ? await watchCalls(deps, setting, at) : [],
        locks: setting.rule === 101 ? await watchLocks(deps, setting.accountId, at) : [],
      };
      const before = open.get(setting.id) ?? null;
      const verdict = evaluateAlert(setting, before, facts);
      if (await settle(deps, setting, before, verdict, at, last.get(setting.id) ?? null)) changes += 1;
    }
    return changes;
  };
}

/** Alerts whose setting was switched off or removed are over. */
async function closeOrphans(deps: WatchDeps, settings: readonly AlertSetting[], open: readonly Alert[]): Promise<number> {
  const watched = new Set(settings.map(({ id }) => id));
  const orphans = open.filter(({ settingId }) => !watched.has(settingId));
  for (const alert of orphans) await close(deps, alert, deps.clock.now());
  return orphans.length;
}

function close(deps: WatchDeps, alert: Alert, at: number): Promise<boolean> {
  return deps.uow.run(async (stores) => {
    const closed = { ...alert, closedAt: at };
    await stores.alerts.update(closed);
    await postAlert(deps, stores, 'alert.closed', closed, at);
    return { end: 'commit', value: true };
  });
}

async function settle(
  deps: WatchDeps, setting: AlertSetting, before: Alert | null, verdict: AlertVerdict, at: number, toldAt: number | null,
): Promise<boolean> {
  if (verdict.kind === 'close') return before !== null && close(deps, before, at);
  const told = mayTell(setting, toldAt, at);
  // What could not be told yet is told when it may be.
  if (verdict.kind === 'none') return told && tellLate(deps, setting, before, at);
  return deps.uow.run(async (stores) => {
    if (verdict.kind === 'grow') {
      if (before === null) return { end: 'rollback', value: false };
      const alert = { ...grown(before, verdict.subjects, verdict.text), notifiedAt: told ? at : before.notifiedAt };
      await stores.alerts.update(alert);
      if (told) await mailAlerts(deps, stores, setting, [alert], at);
      return { end: 'commit', value: true };
    }
    const alert = newAlert(deps, setting, at, { ...verdict, moment: verdict.kind === 'moment' });
    if (!await stores.alerts.insert({ ...alert, notifiedAt: told ? at : null })) return { end: 'rollback', value: false };
    await postAlert(deps, stores, 'alert.opened', alert, at);
    if (verdict.kind === 'moment') await postAlert(deps, stores, 'alert.closed', alert, at);
    if (told) await mailAlerts(deps, stores, setting, [alert], at);
    return { end: 'commit', value: true };
  });
}

const DAY_MS = 86_400_000;

/** Alerts that opened since people were last told: one message for all of them. */
async function tellLate(deps: WatchDeps, setting: AlertSetting, open: Alert | null, at: number): Promise<boolean> {
  const over = await deps.stores.alerts.untold([setting.id], at - DAY_MS);
  const waiting = [...over, ...(open !== null && open.notifiedAt === null ? [open] : [])];
  if (waiting.length === 0) return false;
  return deps.uow.run(async (stores) => {
    for (const alert of waiting) await stores.alerts.update({ ...alert, notifiedAt: at });
    await mailAlerts(deps, stores, setting, waiting, at);
    return { end: 'commit', value: true };
  });
}

/** Every phone that was ever there, by account; what changed since the last look, of whatever node, is written. */
async function watchDevices(deps: WatchDeps, accounts: ReadonlySet<AccountId>, at: number): Promise<ReadonlyMap<AccountId, readonly WatchedDevice[]>> {
  const known = new Map((await deps.stores.devicePresence.all()).map((presence) => [presence.deviceId, presence]));
  const ids = [...accounts].flatMap((accountId) => deps.directory.devices(accountId).map(({ id }) => id));
  const online = new Set<DeviceId>();
  for (let start = 0; start < ids.length; start += CHUNK) {
    for (const [id, bindings] of await deps.locations.bindings(ids.slice(start, start + CHUNK))) if (bindings.length > 0) online.add(id);
  }
  const news = ids.flatMap((id): DevicePresence[] => {
    const before = known.get(id);
    const device = deps.directory.device(id);
    // A phone that never registered did not go.
    if (device === undefined || (before === undefined ? !online.has(id) : before.online === online.has(id))) return [];
    return [{ deviceId: id, accountId: device.accountId, online: online.has(id), since: at }];
  });
  const changed = new Set(news.length === 0 ? [] : await deps.stores.devicePresence.put(news));
  const now = new Map([...known, ...news.map((presence): [DeviceId, DevicePresence] => [presence.deviceId, presence])]);
  return new Map([...accounts].map((accountId) => [accountId, deps.directory.devices(accountId).flatMap((device): WatchedDevice[] => {
    const presence = now.get(device.id);
    if (presence === undefined) return [];
    return [{
      id: device.id, name: device.displayName, siteId: device.siteId, userId: ownerOf(deps, device.assignees[0]), online: presence.online, since: presence.since,
      changed: changed.has(device.id),
    }];
  })]));
}

async function watchLocks(deps: WatchDeps, accountId: AccountId, at: number): Promise<readonly WatchedLock[]> {
  return (await deps.stores.signInLocks.holding(accountId, at)).flatMap((lock): WatchedLock[] => {
    const device = deps.directory.device(lock.deviceId);
    if (device === undefined) return [];
    return [{
      id: `${lock.deviceId} ${lock.extensionKey ?? ''}`.trim(), name: device.displayName, deviceId: device.id, siteId: device.siteId,
      userId: ownerOf(deps, device.assignees[0]),
    }];
  });
}

/** So many bad calls are looked at; whoever sees more has another problem. */
const MOST_CALLS = 500;

async function watchCalls(deps: WatchDeps, setting: AlertSetting, at: number): Promise<readonly WatchedCall[]> {
  const calls = await deps.stores.callQuality.badCalls(setting.accountId, at - BAD_CALL_MS, badBelow(setting), MOST_CALLS);
  return calls.map(({ id, caller, callee, mos }) => ({
    id, mos, name: `${caller.name || caller.number} to ${callee.name || callee.number}, MOS ${mos.toFixed(2)}`,
    phones: [caller, callee].flatMap(({ deviceId, siteId, userId }) => (deviceId === null ? [] : [{ id: deviceId, siteId: siteId ?? asId<SiteId>(''), userId }])),
  }));
}

function ownerOf({ directory }: WatchDeps, extensionId: Parameters<Directory['extension']>[0] | undefined): WatchedDevice['userId'] {
  const owner = extensionId === undefined ? undefined : directory.extension(extensionId)?.owner;
  return owner?.kind === 'user' ? owner.id : null;
}

function mainZone({ directory }: WatchDeps, accountId: AccountId): string {
  return directory.sites(accountId).find(({ isMain }) => isMain)?.timeZone ?? 'UTC';
}
