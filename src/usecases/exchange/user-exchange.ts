import { USER_COLUMNS } from '../../domain/exchange/holder-columns.js';
import type { HolderFacts } from '../../domain/exchange/holder-facts.js';
import { planUser, userCells } from '../../domain/exchange/plan-user.js';
import { ExtensionBook } from '../../domain/exchange/extension-book.js';
import type { ExchangeKind } from './exchange-deps.js';
import { chosenNumbers, commonFacts, readHolderFacts } from './read-holder-facts.js';
import { holdersOfUserIds, holdersOfUsers } from './read-holders.js';
import type { AccountId } from '../../domain/ids.js';
import type { Holder } from '../../domain/exchange/holder-facts.js';
import type { Stores } from '../../ports/admin-stores.js';

export const USER_EXCHANGE: ExchangeKind = {
  columns: USER_COLUMNS,
  async planner(context, wanted, rows) {
    const emails = [...new Set(rows.flatMap(({ cells }) => cells['email'] ?? []))];
    const holders = await holdersOfUsers(context.stores, wanted.accountId, await context.stores.exchange.usersByEmail(wanted.accountId, emails));
    const byEmail = new Map(holders.map((holder) => [holder.user?.email.toLowerCase() ?? '', holder]));
    const facts = await readHolderFacts(context, wanted, rows, holders, 'user');
    return ({ row, cells }) => planUser(row, cells, byEmail.get((cells['email'] ?? '').toLowerCase()) ?? null, facts);
  },
  async exported(stores, accountId, page) {
    const found = await stores.phoneUsers.page(accountId, {}, page);
    const holders = await holdersOfUserIds(stores, accountId, found.items.map(({ user }) => user.id));
    const facts = await exportFacts(stores, accountId, holders);
    return { ...found, items: holders.map((holder) => userCells(holder, facts)) };
  },
};

/** What cells are written with. */
export async function exportFacts(stores: Stores, accountId: AccountId, holders: readonly Holder[]): Promise<HolderFacts> {
  const common = await commonFacts(stores, accountId, null);
  return {
    ...common, at: 0, newId: () => '', settingTemplates: new Map(), copyFrom: null, shown: new Map(), nextFree: () => null, prefixes: [], extensions: new ExtensionBook([], []),
    devices: new Map(), numbers: new Map(), numberTexts: await chosenNumbers(stores, accountId, holders), outer: [], owners: new Map(),
  };
}
