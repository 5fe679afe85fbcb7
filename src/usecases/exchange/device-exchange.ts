import { ExtensionBook, formsToLookUp } from '../../domain/exchange/extension-book.js';
import { macIn } from '../../domain/exchange/mac-cell.js';
import { DEVICE_PLAN_COLUMNS, deviceCells, planDevice, type DevicePlanFacts } from '../../domain/exchange/plan-device.js';
import type { AccountId } from '../../domain/ids.js';
import type { Extension } from '../../domain/numbering/extension.js';
import type { Site } from '../../domain/identity/site.js';
import type { Stores } from '../../ports/admin-stores.js';
import { assigneeTexts } from './assignee-texts.js';
import type { ExchangeKind } from './exchange-deps.js';
import { commonFacts } from './read-holder-facts.js';

export const DEVICE_EXCHANGE: ExchangeKind = {
  columns: DEVICE_PLAN_COLUMNS,
  async planner({ stores, guides, newId, at }, { accountId, siteId }, rows) {
    const common = await commonFacts(stores, accountId, siteId);
    const texts = (column: string): readonly string[] => [...new Set(rows.flatMap(({ cells }) => cells[column] ?? []))];
    const devices = await stores.exchange.devicesByMac(accountId, texts('macAddress').flatMap((text) => macIn(text) ?? []));
    const assignees = await assigneesNamed(stores, accountId, common.sites, texts('assignee'));
    const ids = [...devices.flatMap((device) => device.assignees), ...texts('assignee').flatMap((text) => assignees(text).map(({ id }) => id))];
    const facts: DevicePlanFacts = {
      ...common, accountId, at, newId, assignees, devices: new Map(devices.map((device) => [device.macAddress, device])), prefixes: guides.prefixes,
      assigneeText: await assigneeTexts(stores, accountId, common.sites, ids),
    };
    return ({ row, cells }) => planDevice(row, cells, facts);
  },
  async exported(stores, accountId, page) {
    const found = await stores.devices.page(accountId, {}, page);
    const common = await commonFacts(stores, accountId, null);
    const assigneeText = await assigneeTexts(stores, accountId, common.sites, found.items.flatMap(({ assignees }) => assignees));
    return { ...found, items: found.items.map((device) => deviceCells(device, { ...common, assigneeText })) };
  },
};

/** By e-mail address, by extension, or by site code and extension. */
async function assigneesNamed(stores: Stores, accountId: AccountId, sites: readonly Site[], texts: readonly string[]): Promise<(text: string) => readonly Extension[]> {
  const digits = texts.filter((text) => /^\d{1,10}$/.test(text));
  const book = new ExtensionBook(sites, await stores.exchange.extensionsNumbered(accountId, [...new Set(digits.flatMap((text) => formsToLookUp(sites, text)))]));
  const users = await stores.exchange.usersByEmail(accountId, texts.filter((text) => text.includes('@')));
  const phones = await stores.exchange.phoneUsers(accountId, users.map(({ id }) => id));
  const extensions = new Map((await stores.exchange.extensions(accountId, phones.map(({ extensionId }) => extensionId))).map((extension): [string, Extension] => [extension.owner.id, extension]));
  const byEmail = new Map(users.map(({ id, email }) => [email.toLowerCase(), extensions.get(id)]));
  return (text) => (text.includes('@') ? [byEmail.get(text.toLowerCase()) ?? []].flat() : book.named(text));
}
