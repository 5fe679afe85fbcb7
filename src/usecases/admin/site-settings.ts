import { asId, type ExtensionId, type SiteId } from '../../domain/ids.js';
import type { SettingValues } from '../../domain/settings/setting-catalogue.js';
import { change, type Actor, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import type { AdminDeps } from './admin-deps.js';
import { siteNotFound } from './not-found.js';
import { chainOf } from './setting-places.js';
import { changeSettingsIn, readSettings, type SettingWish } from './settings.js';
import { updateSiteIn, type SiteChanges } from './sites.js';

export type Holiday = SettingValues['holiday_hours']['holidays'][number];
export type HolidayChanges = Omit<Holiday, 'holiday_id'>;

/** Changes settings of a site, and what the site itself takes from them; operators that are named must be there. */
export async function changeSiteSettings(
  deps: AdminDeps, actor: Actor, siteId: string, wishes: readonly SettingWish[],
  more: { readonly site?: SiteChanges; readonly operator?: { readonly id: string; readonly field: string } | undefined } = {},
): Promise<Outcome<null>> {
  return change<null>(deps, actor, async (draft) => {
    const { operator } = more;
    if (operator !== undefined && operator.id !== '' && await draft.stores.extensions.get(draft.accountId, asId<ExtensionId>(operator.id)) === null) {
      return refused('invalid', operator.field, 'There is no extension with this id.', operator.id);
    }
    const outcome = await updateSiteIn(deps, draft, siteId, more.site ?? {}, wishes);
    return outcome.kind === 'refused' ? outcome : done(null);
  });
}

/** Adds holidays to a site; each ends after it begins. */
export async function addHolidays(deps: AdminDeps, actor: Actor, siteId: string, holidays: readonly HolidayChanges[]): Promise<Outcome<readonly Holiday[]>> {
  return change<readonly Holiday[]>(deps, actor, async (draft) => {
    const held = await holidaysOf(draft, siteId);
    if ('why' in held) return held;
    const added = holidays.map((holiday) => ({ ...holiday, holiday_id: draft.newId() }));
    const refusal = backwards(added) ?? await keepHolidays(draft, siteId, [...held.holidays, ...added]);
    return refusal ?? done(added);
  });
}

/** Changes holidays by their ids; one that is not there refuses all. */
export async function changeHolidays(
  deps: AdminDeps, actor: Actor, siteId: string, changes: readonly (Partial<HolidayChanges> & { readonly holiday_id: string })[],
): Promise<Outcome<null>> {
  return change<null>(deps, actor, async (draft) => {
    const held = await holidaysOf(draft, siteId);
    if ('why' in held) return held;
    const stranger = changes.findIndex(({ holiday_id: id }) => !held.holidays.some((one) => one.holiday_id === id));
    if (stranger !== -1) return refused('invalid', `holiday_hours.holidays[${stranger}].holiday_id`, 'The site has no holiday with this id.', changes[stranger]?.holiday_id ?? '');
    const after = held.holidays.map((one) => ({ ...one, ...changes.find(({ holiday_id: id }) => id === one.holiday_id) }));
    const refusal = backwards(after) ?? await keepHolidays(draft, siteId, after);
    return refusal ?? done(null);
  });
}

export async function removeHoliday(deps: AdminDeps, actor: Actor, siteId: string, id: string): Promise<Outcome<null>> {
  return change<null>(deps, actor, async (draft) => {
    const held = await holidaysOf(draft, siteId);
    if ('why' in held) return held;
    if (!held.holidays.some((one) => one.holiday_id === id)) return refused('not-found', 'holiday_id', 'The site has no holiday with this id.', id);
    return await keepHolidays(draft, siteId, held.holidays.filter((one) => one.holiday_id !== id)) ?? done(null);
  });
}

/** Puts a type of device on a site's list, or takes it off. */
export async function changeDeviceTypes(
  deps: AdminDeps, actor: Actor, siteId: string, step: { readonly add: string } | { readonly remove: string },
): Promise<Outcome<null>> {
  return change<null>(deps, actor, async (draft) => {
    const chain = await chainAt(draft, siteId);
    if ('why' in chain) return chain;
    const held = (await readSettings(draft.stores, draft.accountId, chain, ['security'])).get('security').value.device_types;
    if ('remove' in step && !held.includes(step.remove)) return refused('not-found', 'device_type', 'This type is not on the list.', step.remove);
    if ('add' in step && held.includes(step.add)) return refused('conflict', 'device_type', 'This type is on the list already.', step.add);
    const types = 'add' in step ? [...held, step.add] : held.filter((type) => type !== step.remove);
    return await changeSettingsIn(draft, chain, [{ key: 'security', value: { device_types: types } }]) ?? done(null);
  });
}

async function chainAt(draft: Draft, siteId: string): Promise<ReturnType<typeof chainOf> | Refused> {
  const site = await draft.stores.sites.get(draft.accountId, asId<SiteId>(siteId));
  return site === null ? siteNotFound(siteId) : chainOf(draft.accountId, { siteId });
}

async function holidaysOf(draft: Draft, siteId: string): Promise<SettingValues['holiday_hours'] | Refused> {
  const chain = await chainAt(draft, siteId);
  return 'why' in chain ? chain : (await readSettings(draft.stores, draft.accountId, chain, ['holiday_hours'])).get('holiday_hours').value;
}

function keepHolidays(draft: Draft, siteId: string, holidays: readonly Holiday[]): Promise<Refused | null> {
  return changeSettingsIn(draft, chainOf(draft.accountId, { siteId }), [{ key: 'holiday_hours', field: 'holidays', value: { holidays } }]);
}

function backwards(holidays: readonly Holiday[]): Refused | null {
  const wrong = holidays.findIndex(({ from, to }) => Date.parse(from) >= Date.parse(to));
  return wrong === -1 ? null : refused('invalid', `holidays[${wrong}].to`, 'A holiday ends after it begins.', holidays[wrong]?.to ?? '');
}
