import type { Device } from '../../domain/device/device.js';
import { differingFields, EXCHANGED_KINDS, type Entry, type EntryOf, type Exchanged, type ExchangedKind } from '../../domain/exchange/entry.js';
import { asId, type CommonAreaId, type DeviceId, type ExtensionId, type PhoneNumberId, type UserId } from '../../domain/ids.js';
import { removeAreaIn } from '../admin/common-areas.js';
import { removeDeviceIn } from '../admin/remove-device.js';
import { removePhone } from '../admin/remove-phone-user.js';
import type { Draft } from '../change.js';
import { endSessionsOf } from '../hotdesk/session-step.js';
import { removeFreeNumbersIn } from '../numbers/change-numbers.js';
import { openWindowOfNew } from '../provisioning/enrol-windows.js';
import type { ExchangeDeps } from './exchange-deps.js';

type WriteDeps = Pick<ExchangeDeps, 'random' | 'secretBox' | 'enrolling' | 'deviceCalls' | 'nodeId'>;

/** As devices get them one by one: see `insertDevice`. */
const PASSWORD_LENGTH = 28;
const USER_NAME_LENGTH = 16;

/** Entries with the user names of devices that are new. */
export function withUserNames({ random }: Pick<ExchangeDeps, 'random'>, entries: readonly Entry[]): readonly Entry[] {
  return entries.map((entry) => (entry.kind === 'device' && entry.before === null && entry.after !== null && entry.after.userName === ''
    ? { ...entry, after: { ...entry.after, userName: random.token(USER_NAME_LENGTH) } } : entry));
}

/**
 * Writes entries, additions and removals too, whatever rows they come from: what is added first, then what changes, then what goes. Forwards for
 * a file that is applied, backwards (see `reversed`) for one that is undone.
 */
export async function writeEntries(deps: WriteDeps, draft: Draft, entries: readonly Entry[], action: string): Promise<void> {
  await add(deps, draft, entries);
  for (const kind of EXCHANGED_KINDS) await update(deps, draft, entries, kind);
  for (const entry of entries) {
    if (entry.after === null) continue;
    draft.note({ aggregate: entry.kind, id: noteId(entry), change: entry.before === null ? 'created' : 'updated', action, before: entry.before, after: entry.after });
  }
  for (const kind of [...EXCHANGED_KINDS].reverse()) await remove(deps, draft, entries, kind, action);
}

export function reversed(entries: readonly Entry[]): readonly Entry[] {
  return [...entries].reverse().map((entry) => turned(entry));
}

function turned<Kind extends ExchangedKind>(entry: EntryOf<Kind>): EntryOf<Kind> & Entry;
function turned(entry: Entry): Entry {
  return { ...entry, before: entry.after, after: entry.before } as Entry;
}

function noteId({ kind, id }: Entry): string {
  return kind === 'setting' ? `extension:${id}` : id;
}

function of<Kind extends ExchangedKind>(entries: readonly Entry[], kind: Kind): readonly EntryOf<Kind>[] {
  return entries.filter((entry): entry is EntryOf<Kind> & Entry => entry.kind === kind);
}

function added<Kind extends ExchangedKind>(entries: readonly Entry[], kind: Kind): readonly Exchanged[Kind][] {
  return of(entries, kind).flatMap(({ before, after }) => (before === null && after !== null ? [after] : []));
}

async function add(deps: WriteDeps, draft: Draft, entries: readonly Entry[]): Promise<void> {
  const { exchange, phoneNumbers } = draft.stores;
  await exchange.addUsers(added(entries, 'user'));
  await exchange.addExtensions(added(entries, 'extension'));
  await exchange.addPhoneUsers(added(entries, 'phone_user'));
  await exchange.addCommonAreas(added(entries, 'common_area'));
  const numbers = added(entries, 'phone_number');
  if (numbers.length > 0) await phoneNumbers.insert(numbers);
  const devices = added(entries, 'device');
  await exchange.addDevices(devices.map((device) => ({ device, sealedPassword: deps.secretBox.seal(deps.random.token(PASSWORD_LENGTH), device.id) })));
  if (deps.enrolling === undefined) return;
  for (const device of devices) await openWindowOfNew({ ...deps.enrolling, random: deps.random }, draft, device);
}

async function update(deps: WriteDeps, draft: Draft, all: readonly Entry[], kind: ExchangedKind): Promise<void> {
  const { stores, accountId } = draft;
  switch (kind) {
    case 'user':
      for (const entry of updated(all, 'user')) await stores.users.update(asId<UserId>(entry.id), entry.changes);
      return;
    case 'extension':
      for (const entry of updated(all, 'extension')) await stores.extensions.update(asId<ExtensionId>(entry.id), entry.after);
      return;
    case 'phone_user':
      for (const { id, before, after, changes } of updated(all, 'phone_user')) {
        await stores.phoneUsers.update(asId<UserId>(id), changes);
        if (before.status === 'active' && after.status !== 'active') await endSessionsOf(deps, draft, { userId: asId<UserId>(id) }, 'user-disabled');
      }
      return;
    case 'common_area':
      for (const entry of updated(all, 'common_area')) await stores.commonAreas.update(asId<CommonAreaId>(entry.id), entry.changes);
      return;
    case 'phone_number': {
      const entries = updated(all, 'phone_number');
      await stores.exchange.setNumbers(entries);
      for (const { id, changes } of entries) {
        const { extensionId: _extension, assignedOrder: _order, siteId: _site, ...rest } = changes;
        await stores.phoneNumbers.update(asId<PhoneNumberId>(id), rest);
      }
      return;
    }
    case 'device':
      for (const { id, before, after, changes } of updated(all, 'device')) {
        await stores.devices.update(asId<DeviceId>(id), changes);
        // A guest was let in by the owner that was: another owner, or none, begins without one.
        if (before.assignees[0] !== after.assignees[0]) await endSessionsOf(deps, draft, { deviceId: asId<DeviceId>(id) }, 'device-disabled');
      }
      return;
    case 'caller_id_choice':
      for (const { id, after } of of(all, 'caller_id_choice')) {
        if (after !== null) await stores.callerIds.setChoice(after);
        else await stores.callerIds.clearChoice(asId<ExtensionId>(id));
      }
      return;
    case 'setting':
      await stores.exchange.setSettings(accountId, of(all, 'setting').map(({ id, after }) => ({ id: asId<ExtensionId>(id), settings: after?.settings ?? [] })));
  }
}

type Updated<Kind extends ExchangedKind> = { readonly kind: Kind; readonly id: string; readonly before: Exchanged[Kind]; readonly after: Exchanged[Kind]; readonly changes: Partial<Exchanged[Kind]> };

function updated<Kind extends ExchangedKind>(entries: readonly Entry[], kind: Kind): readonly Updated<Kind>[] {
  return of(entries, kind).flatMap(({ id, before, after }) => {
    if (before === null || after === null) return [];
    const names = new Set(differingFields(before, after));
    const changes = Object.fromEntries(Object.entries(after).filter(([name]) => names.has(name))) as Partial<Exchanged[Kind]>;
    return [{ kind, id, before, after, changes }];
  });
}

async function remove(deps: WriteDeps, draft: Draft, entries: readonly Entry[], kind: ExchangedKind, action: string): Promise<void> {
  const { stores, accountId } = draft;
  const gone = of(entries, kind).filter(({ before, after }) => before !== null && after === null);
  if (gone.length === 0) return;
  if (kind === 'phone_number') return removeFreeNumbersIn(draft, await stores.exchange.numbers(accountId, gone.map(({ id }) => asId<PhoneNumberId>(id))));
  for (const entry of gone) {
    if (kind === 'device') {
      const device = await stores.devices.get(accountId, asId<DeviceId>(entry.id));
      if (device !== null) await removeDeviceIn(deps, draft, device);
    } else if (kind === 'phone_user') {
      const view = await stores.phoneUsers.get(accountId, asId<UserId>(entry.id));
      if (view !== null) await removePhone(deps, draft, view);
    } else if (kind === 'common_area') {
      const view = await stores.commonAreas.get(accountId, asId<CommonAreaId>(entry.id));
      if (view !== null) await removeAreaIn(deps, draft, view);
    } else if (kind === 'user') {
      await stores.users.delete(asId<UserId>(entry.id));
      draft.note({ aggregate: 'user', id: entry.id, change: 'deleted', action, before: entry.before, after: null });
    } else if (kind === 'caller_id_choice' || kind === 'setting') {
      draft.note({ aggregate: kind, id: kind === 'setting' ? `extension:${entry.id}` : entry.id, change: 'deleted', action, before: entry.before, after: null });
    }
  }
}

/** Devices that entries took away: whoever commits drops their registrations. */
export function removedDevices(entries: readonly Entry[]): readonly Device[] {
  return of(entries, 'device').flatMap(({ before, after }) => (before !== null && after === null ? [before] : []));
}
