import { NOBODY, type Holder } from '../../domain/exchange/holder-facts.js';
import type { AccountId, ExtensionId, UserId } from '../../domain/ids.js';
import type { CommonArea } from '../../domain/identity/common-area.js';
import type { AccountUser } from '../../domain/identity/user.js';
import type { Stores } from '../../ports/admin-stores.js';

/** People with their phones and all that hangs on them, a statement a kind of thing; in the order given. */
export async function holdersOfUsers(stores: Stores, accountId: AccountId, users: readonly AccountUser[]): Promise<readonly Holder[]> {
  const phones = new Map((await stores.exchange.phoneUsers(accountId, users.map(({ id }) => id))).map((phone) => [phone.id, phone]));
  const complete = await completion(stores, accountId, [...phones.values()].map(({ extensionId }) => extensionId));
  return users.map((user) => {
    const phone = phones.get(user.id) ?? null;
    return { ...NOBODY, user, phone, ...(phone === null ? {} : complete(phone.extensionId)) };
  });
}

export async function holdersOfUserIds(stores: Stores, accountId: AccountId, ids: readonly UserId[]): Promise<readonly Holder[]> {
  const users = new Map((await stores.exchange.users(accountId, ids)).map((user) => [user.id, user]));
  return holdersOfUsers(stores, accountId, ids.flatMap((id) => users.get(id) ?? []));
}

export async function holdersOfAreas(stores: Stores, accountId: AccountId, areas: readonly CommonArea[]): Promise<readonly Holder[]> {
  const complete = await completion(stores, accountId, areas.map(({ extensionId }) => extensionId));
  return areas.map((area) => ({ ...NOBODY, area, ...complete(area.extensionId) }));
}

async function completion({ exchange }: Stores, accountId: AccountId, ids: readonly ExtensionId[]): Promise<(id: ExtensionId) => Partial<Holder>> {
  const extensions = new Map((await exchange.extensions(accountId, ids)).map((extension) => [extension.id, extension]));
  const numbers = grouped(await exchange.numbersOf(ids), ({ extensionId }) => extensionId);
  const callerIds = new Map((await exchange.callerIds(ids)).map((choice) => [choice.id, choice]));
  const devices = grouped(await exchange.devicesOf(accountId, ids), ({ assignees }) => assignees[0] ?? null);
  const settings = new Map((await exchange.settingsOf(accountId, ids)).map((own) => [own.id, own.settings]));
  return (id) => ({
    extension: extensions.get(id) ?? null, numbers: numbers.get(id) ?? [], callerId: callerIds.get(id) ?? null, devices: devices.get(id) ?? [], settings: settings.get(id) ?? [],
  });
}

function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
