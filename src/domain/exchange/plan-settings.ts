import type { Site } from '../identity/site.js';
import { isSettingKey, resolveKept, SETTING_CATALOGUE, type SettingKey } from '../settings/setting-catalogue.js';
import { merged } from '../settings/setting-value.js';
import type { SettingTemplate } from '../settings/setting-template.js';
import type { OwnSetting } from './entry.js';
import type { Holder, HolderFacts } from './holder-facts.js';
import type { RowReader } from './plan-row.js';

/** Switches that a column sets: the setting's key and the field of its group. */
export const SWITCH_COLUMNS = {
  changeCallerId: { key: 'select_outbound_caller_id', field: 'enable' },
  sms: { key: 'sms', field: 'enable' },
} as const satisfies Readonly<Record<string, { readonly key: SettingKey; readonly field: string }>>;
export type SwitchColumn = keyof typeof SWITCH_COLUMNS;

const YES = ['yes', 'y', 'true', '1', 'on', 'enabled'];
const NO = ['no', 'n', 'false', '0', 'off', 'disabled'];

/** As an export writes it: '' = set further out. */
export function switchText(settings: readonly OwnSetting[], column: SwitchColumn): string {
  const { key, field } = SWITCH_COLUMNS[column];
  const own = settings.find((one) => one.key === key);
  return own === undefined ? '' : flagIn(own.value, field) ? 'yes' : 'no';
}

function flagIn(value: unknown, field: string): boolean {
  return typeof value === 'object' && value !== null && new Map<string, unknown>(Object.entries(value)).get(field) === true;
}

/**
 * What the extension itself sets after the row: first what the file copies from another user, then the row's template, then its own cells.
 * What account or site lock stays away, which only a cell of its own makes a problem.
 */
export function planSettings(
  reader: RowReader<SwitchColumn>, facts: HolderFacts, holder: Holder,
  from: { readonly site: Site; readonly template: SettingTemplate | null; readonly switches: readonly SwitchColumn[] },
): readonly OwnSetting[] {
  const own = new Map(holder.settings.map((one) => [one.key, one]));
  const outer = facts.outer.filter(({ scope, scopeId }) => scope === 'account' || scopeId === from.site.id);
  const lockedBy = (key: SettingKey): string | null => resolveKept(key, outer).lockedBy;
  const valueOf = (key: SettingKey): unknown => resolveKept(key, [...outer, ...[...own.values()].map((one) => ({ ...one, scope: 'extension' as const }))]).value;
  for (const one of facts.copyFrom?.settings ?? []) {
    if (isSettingKey(one.key) && lockedBy(one.key) === null) own.set(one.key, one);
  }
  for (const key of Object.keys(from.template?.content.settings ?? {}).filter(isSettingKey)) {
    if (lockedBy(key) !== null) continue;
    own.set(key, { key, value: merged(SETTING_CATALOGUE[key].type, valueOf(key), from.template?.content.settings[key]), locked: own.get(key)?.locked ?? false });
  }
  for (const column of from.switches) {
    const { key, field } = SWITCH_COLUMNS[column];
    const wish = reader.wish(column, switchText([...own.values()], column));
    if (wish === undefined) continue;
    const lock = lockedBy(key);
    const word = wish?.toLowerCase() ?? '';
    if (lock !== null) reader.problem(column, `The ${lock} has locked this setting. Change or unlock it there.`);
    else if (wish === null) own.delete(key);
    else if (![...YES, ...NO].includes(word)) reader.problem(column, 'Give yes or no; - leaves it to the site.');
    else own.set(key, { key, value: merged(SETTING_CATALOGUE[key].type, valueOf(key), { [field]: YES.includes(word) }), locked: own.get(key)?.locked ?? false });
  }
  return [...own.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The template that the row names; null = none. */
export function planTemplate(reader: RowReader<'template'>, facts: HolderFacts, site: Site, type: SettingTemplate['type']): SettingTemplate | null {
  const wish = reader.wish('template', '');
  if (wish === undefined || wish === null) return null;
  const found = facts.settingTemplates.get(wish);
  if (found === undefined || found.type !== type) {
    reader.problem('template', `There is no template for ${type === 'user' ? 'users' : 'common areas'} with this name. GET /v2/phone/setting_templates lists them.`);
    return null;
  }
  if (found.siteId === null || found.siteId === site.id) return found;
  reader.problem('template', `The template is for another site than ${site.name}. Choose one of this site, or of every site.`);
  return null;
}
