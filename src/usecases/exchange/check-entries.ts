import { differingFields, type Entry, type Exchanged, type ExchangedKind } from '../../domain/exchange/entry.js';
import { asId, type AccountId, type CommonAreaId, type DeviceId, type ExtensionId, type PhoneNumberId, type UserId } from '../../domain/ids.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { JournalRow } from '../../ports/import-stores.js';

/** Why rows cannot be undone, by row: what they made is not as they left it. */
export async function laterChanges(stores: Stores, accountId: AccountId, rows: readonly JournalRow[]): Promise<ReadonlyMap<number, string>> {
  const entries = rows.flatMap((row) => row.entries);
  const now = await presentValues(stores, accountId, entries);
  const extensions = entries.flatMap(({ kind, before, id }) => (kind === 'extension' && before === null ? [asId<ExtensionId>(id)] : []));
  const { exchange } = stores;
  // What others gave to somebody who would go.
  const known = new Set(entries.map(({ kind, id }) => `${kind}:${id}`));
  const strange = [
    ...(await exchange.devicesOf(accountId, extensions)).map((device) => ({ kind: 'device', id: device.id, owner: device.assignees[0] ?? '', text: `the phone ${device.displayName}` })),
    ...(await exchange.numbersOf(extensions)).map((number) => ({ kind: 'phone_number', id: number.id, owner: number.extensionId ?? '', text: `the number ${number.number}` })),
    ...(await exchange.settingsOf(accountId, extensions)).map(({ id }) => ({ kind: 'setting', id, owner: id, text: 'settings of its own' })),
    ...(await exchange.callerIds(extensions)).map(({ id }) => ({ kind: 'caller_id_choice', id, owner: id, text: 'a caller ID' })),
  ].filter(({ kind, id }) => !known.has(`${kind}:${id}`));
  const problems = new Map<number, string>();
  for (const { row, entries: own } of rows) {
    const changed = own.flatMap((entry) => differingFields(entry.after, now.get(`${entry.kind}:${entry.id}`) ?? null).map((field) => `${entry.kind} ${field}`));
    const given = strange.filter(({ owner }) => own.some((entry) => entry.kind === 'extension' && entry.id === owner));
    if (changed.length > 0) problems.set(row, `Changed since the import: ${changed.slice(0, 5).join(', ')}. Set it back as the import left it, or keep the import.`);
    else if (given.length > 0) problems.set(row, `Since the import it has ${given.slice(0, 3).map(({ text }) => text).join(', ')}. Take that away, or keep the import.`);
  }
  return problems;
}

/** What entries are about as it is now, by kind and id. */
async function presentValues({ exchange }: Stores, accountId: AccountId, entries: readonly Entry[]): Promise<ReadonlyMap<string, object>> {
  const ids = (kind: ExchangedKind): readonly string[] => [...new Set(entries.filter((entry) => entry.kind === kind).map(({ id }) => id))];
  const found: Readonly<Record<ExchangedKind, readonly Exchanged[ExchangedKind][]>> = {
    user: await exchange.users(accountId, ids('user').map((id) => asId<UserId>(id))),
    extension: await exchange.extensions(accountId, ids('extension').map((id) => asId<ExtensionId>(id))),
    phone_user: await exchange.phoneUsers(accountId, ids('phone_user').map((id) => asId<UserId>(id))),
    common_area: await exchange.commonAreas(accountId, ids('common_area').map((id) => asId<CommonAreaId>(id))),
    phone_number: await exchange.numbers(accountId, ids('phone_number').map((id) => asId<PhoneNumberId>(id))),
    device: await exchange.devices(accountId, ids('device').map((id) => asId<DeviceId>(id))),
    caller_id_choice: await exchange.callerIds(ids('caller_id_choice').map((id) => asId<ExtensionId>(id))),
    setting: await exchange.settingsOf(accountId, ids('setting').map((id) => asId<ExtensionId>(id))),
  };
  return new Map(Object.entries(found).flatMap(([kind, items]) => items.map((item) => [`${kind}:${item.id}`, item] as const)));
}
