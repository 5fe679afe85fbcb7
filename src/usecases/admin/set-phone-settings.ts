import type { Site } from '../../domain/identity/site.js';
import { change, type Actor, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import { accountOf, type AdminDeps } from './admin-deps.js';
import { chainOf } from './setting-places.js';
import { changeSettingsIn, type SettingWish } from './settings.js';
import { recheckForms } from './site-forms.js';
import { sitesSetting, updateSiteIn } from './sites.js';

export interface PhoneSettings {
  readonly byoc?: boolean;
  readonly multipleSites?: boolean;
  readonly siteCodes?: boolean;
  /** For every site of the account. */
  readonly shortExtensionLength?: number;
  readonly showDeviceIp?: boolean;
}

/**
 * Changes switches of the account, all or nothing. One site again: only when there is no other. No site codes: every site loses its
 * own, unless two extensions would then be dialled alike.
 */
export async function setPhoneSettings(deps: AdminDeps, actor: Actor, wanted: PhoneSettings): Promise<Outcome<null>> {
  return change<null>(deps, actor, async (draft) => {
    const sites = await draft.stores.sites.all(draft.accountId);
    const others = sites.filter((site) => !site.isMain);
    if (wanted.multipleSites === false && others.length > 0) {
      return refused('conflict', 'multiple_sites.enabled', `There are ${others.length} sites besides the main one (${others[0]?.name ?? ''}). Remove them first.`, 'false');
    }
    const refusal = wanted.siteCodes === false ? await dropCodes(draft, sites) : null;
    if (refusal) return refusal;
    const before = await sitesSetting(draft);
    const switched = await changeSettingsIn(draft, chainOf(draft.accountId, {}), wishes(wanted, before), 'set-phone-settings');
    if (switched) return switched;
    const { shortExtensionLength } = wanted;
    if (shortExtensionLength === undefined) return done(null);
    for (const site of sites) {
      const outcome = await updateSiteIn(deps, draft, site.id, { shortExtensionLength });
      if (outcome.kind === 'refused') {
        const [problem] = outcome.problems;
        return refused(outcome.why, 'multiple_sites.site_code.short_extension_length', `Site ${site.name}: ${problem?.text ?? ''}`, String(shortExtensionLength));
      }
    }
    return done(null);
  });
}

async function dropCodes(draft: Draft, sites: readonly Site[]): Promise<Refused | null> {
  const coded = sites.filter((site) => site.siteCode !== null);
  if (coded.length === 0) return null;
  const account = await accountOf(draft);
  if (account.kind === 'refused') return account;
  const field = 'multiple_sites.site_code.enable';
  const clash = await recheckForms(draft, account.account, field, {
    sites: sites.map((site) => ({ ...site, siteCode: null })), changed: new Set(coded.map((site) => site.id)),
  });
  if (clash) return clash;
  for (const before of coded) {
    await draft.stores.sites.update(before.id, { siteCode: null });
    draft.note({ aggregate: 'site', id: before.id, change: 'updated', action: 'update-site', before, after: { ...before, siteCode: null } });
  }
  return null;
}

function wishes(wanted: PhoneSettings, before: { readonly enabled: boolean; readonly site_code: boolean }): readonly SettingWish[] {
  const enabled = wanted.multipleSites ?? before.enabled;
  const siteCode = wanted.siteCodes ?? before.site_code;
  return [
    ...(wanted.multipleSites === undefined && wanted.siteCodes === undefined ? []
      : [{ key: 'multiple_sites' as const, value: { enabled, site_code: siteCode } }]),
    ...(wanted.byoc === undefined ? [] : [{ key: 'byoc' as const, value: { enable: wanted.byoc } }]),
    ...(wanted.showDeviceIp === undefined ? [] : [{ key: 'show_device_ip_for_call_log' as const, value: { enable: wanted.showDeviceIp } }]),
  ];
}
