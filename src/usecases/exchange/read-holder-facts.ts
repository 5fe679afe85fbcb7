import { ExtensionBook, formsToLookUp } from '../../domain/exchange/extension-book.js';
import { deskColumn, DESK_PHONES } from '../../domain/exchange/holder-columns.js';
import type { Holder, HolderFacts } from '../../domain/exchange/holder-facts.js';
import type { Import } from '../../domain/exchange/import.js';
import { macIn } from '../../domain/exchange/mac-cell.js';
import { listIn } from '../../domain/exchange/plan-entitlements.js';
import { numberText } from '../../domain/exchange/plan-numbers.js';
import { SWITCH_COLUMNS } from '../../domain/exchange/plan-settings.js';
import type { AccountId, ExtensionId } from '../../domain/ids.js';
import type { Site } from '../../domain/identity/site.js';
import { nameOf } from '../../domain/identity/user.js';
import type { Extension } from '../../domain/numbering/extension.js';
import { isSettingKey } from '../../domain/settings/setting-catalogue.js';
import type { SettingTemplate } from '../../domain/settings/setting-template.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { StagedRow } from '../../ports/import-stores.js';
import type { PlanContext } from './exchange-deps.js';
import { holdersOfUserIds } from './read-holders.js';

/** What is the same for every row, also of an export. */
export async function commonFacts(stores: Stores, accountId: AccountId, siteId: Import['siteId']) {
  const account = await stores.accounts.get(accountId);
  const sites = await stores.sites.all(accountId);
  const site = sites.find(({ id }) => id === siteId) ?? sites.find(({ isMain }) => isMain) ?? sites[0];
  if (account === null || site === undefined) throw new Error(`account ${accountId} is gone, or without a site`);
  const templates = await stores.exchange.provisionTemplates(accountId);
  return {
    account, sites, site, packages: await stores.licencePackages.all(accountId),
    provisionTemplates: new Map(templates.flatMap(({ id, name }) => [[name, id], [id, id]] as const)),
    provisionTemplateNames: new Map<string, string>(templates.map(({ id, name }) => [id, name])),
  };
}

/** E.164 of the numbers that holders chose to show, by id. */
export async function chosenNumbers(stores: Stores, accountId: AccountId, holders: readonly Holder[]): Promise<ReadonlyMap<string, string>> {
  const ids = holders.flatMap(({ callerId }) => callerId?.phoneNumberId ?? []);
  return new Map<string, string>((await stores.exchange.numbers(accountId, [...new Set(ids)])).map(({ id, number }) => [id, number]));
}

/** Everything that a batch of rows about people or common areas is held against. */
export async function readHolderFacts(
  { stores, guides, newId, at, freeExtensions }: PlanContext, wanted: Import, rows: readonly StagedRow[], holders: readonly Holder[], type: SettingTemplate['type'],
): Promise<HolderFacts> {
  const { accountId } = wanted;
  const common = await commonFacts(stores, accountId, wanted.siteId);
  const texts = (column: string): readonly string[] => [...new Set(rows.flatMap(({ cells }) => cells[column] ?? []))];
  const devices = await stores.exchange.devicesByMac(accountId, DESK_PHONES.flatMap((slot) => texts(deskColumn(slot, 'Mac')).flatMap((text) => macIn(text) ?? [])));
  const countries = [...new Set(common.sites.map(({ country }) => country))];
  const e164 = texts('phoneNumbers').flatMap(listIn).flatMap((text) => countries.flatMap((country) => numberText(text, country) ?? []));
  const numbers = await stores.phoneNumbers.find(accountId, { ids: [], numbers: [...new Set(e164)] });
  const digits = [...new Set([...texts('extension'), ...holders.flatMap(({ extension }) => extension?.number ?? [])])].filter((text) => /^\d{1,10}$/.test(text));
  const extensions = await stores.exchange.extensionsNumbered(accountId, [...new Set(digits.flatMap((text) => formsToLookUp(common.sites, text)))]);
  const settingTemplates = await templatesNamed(stores, accountId, type, texts('template'));
  const copyFrom = wanted.copyFrom === null ? null : (await holdersOfUserIds(stores, accountId, [wanted.copyFrom]))[0] ?? null;
  const settingKeys = [...new Set([
    'international_calling', ...Object.values(SWITCH_COLUMNS).map(({ key }) => key), ...(copyFrom?.settings ?? []).map(({ key }) => key),
    ...[...settingTemplates.values()].flatMap(({ content }) => Object.keys(content.settings).filter(isSettingKey)),
  ])];
  const withCallerId = texts('callerId').length > 0;
  const places = withCallerId ? [accountId, ...common.sites.map(({ id }) => id), ...holders.flatMap(({ extension }) => extension?.id ?? [])] : [];
  const shown = new Map<string, HolderFacts['numbers'] extends ReadonlyMap<string, infer One> ? One[] : never>();
  for (const { scopeId, number } of await stores.exchange.shown(accountId, places)) shown.set(scopeId, [...shown.get(scopeId) ?? [], number]);
  const choosing = freeExtensions !== null && rows.some(({ cells }) => ['0', undefined, null].includes(cells['extension']));
  const nextFree = choosing ? await freeExtensions() : () => null;
  const wantedIds = [...extensions.map(({ id }) => id), ...devices.flatMap(({ assignees }) => assignees), ...numbers.flatMap(({ extensionId }) => extensionId ?? [])];
  const known = new Set(holders.map(({ extension }) => extension?.id));
  return {
    ...common, at, newId, settingTemplates, copyFrom, shown, nextFree, prefixes: guides.prefixes,
    extensions: new ExtensionBook(common.sites, extensions),
    devices: new Map(devices.map((device) => [device.macAddress, device])), numbers: new Map(numbers.map((number) => [number.number, number])),
    numberTexts: new Map([...await chosenNumbers(stores, accountId, holders), ...[...numbers, ...holders.flatMap((one) => one.numbers), ...[...shown.values()].flat()].map(({ id, number }) => [id, number] as const)]),
    outer: await stores.exchange.outerSettings(accountId, settingKeys),
    owners: await ownerNames(stores, accountId, wantedIds.filter((id) => !known.has(id)), holders),
  };
}

async function templatesNamed(stores: Stores, accountId: AccountId, type: SettingTemplate['type'], names: readonly string[]): Promise<ReadonlyMap<string, SettingTemplate>> {
  const found = new Map<string, SettingTemplate>();
  for (const name of names) {
    const template = await stores.settingTemplates.byName(accountId, type, name);
    if (template !== null) found.set(name, template);
  }
  return found;
}

/** Names of those who have extensions, as refusals call them. */
async function ownerNames(stores: Stores, accountId: AccountId, ids: readonly ExtensionId[], holders: readonly Holder[]): Promise<ReadonlyMap<ExtensionId, string>> {
  const extensions = await stores.exchange.extensions(accountId, [...new Set(ids)]);
  const names = new Map<string, string>(holders.flatMap(({ user, area }) => [...(user === null ? [] : [[user.id, nameOf(user)] as const]), ...(area === null ? [] : [[area.id, area.displayName] as const])]));
  const owners = (kind: Extension['owner']['kind']): readonly Extension['owner'][] => extensions.map(({ owner }) => owner).filter((owner) => owner.kind === kind && !names.has(owner.id));
  for (const user of await stores.exchange.users(accountId, owners('user').flatMap((owner) => (owner.kind === 'user' ? [owner.id] : [])))) names.set(user.id, nameOf(user));
  for (const area of await stores.exchange.commonAreas(accountId, owners('common_area').flatMap((owner) => (owner.kind === 'common_area' ? [owner.id] : [])))) names.set(area.id, area.displayName);
  const all = [...extensions, ...holders.flatMap(({ extension }) => extension ?? [])];
  return new Map(all.map((extension) => [extension.id, `${names.get(extension.owner.id) ?? extension.owner.kind} (extension ${extension.number})`]));
}

/** The site that a row names, as far as it can be told without judging it. */
export function siteNamed(sites: readonly Site[], { cells }: StagedRow): Site | null {
  const [code, name] = [cells['siteCode'], cells['siteName']?.toLowerCase()];
  return sites.find(({ siteCode, name: own }) => (code !== undefined && code !== null && siteCode === code) || own.toLowerCase() === name) ?? null;
}
