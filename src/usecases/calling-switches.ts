import type { Account } from '../domain/identity/account.js';
import type { ActingParty, DeviceSource, ForwardSource } from '../domain/routing/call-facts.js';
import type { SwitchedOff } from '../domain/routing/calling-switches.js';
import type { AccountId } from '../domain/ids.js';
import type { Directory, SettingLevels } from '../ports/directory.js';
import { commonAreaOf } from './acting-party.js';

/** What is switched off for the acting party; while a guest acts, for the phone's site and common area too. */
export function switchesOff(directory: Directory, account: Account, source: DeviceSource | ForwardSource): readonly SwitchedOff[] {
  const { acting, device, site } = source;
  const own = acting.kind === 'unassigned' ? [] : offFor(directory, levelsOf(account.id, acting), nameOfParty(acting), acting.kind === 'common_area');
  if (acting.kind !== 'user' || acting.session === null || device === null) return own;
  const area = commonAreaOf(directory, device);
  const desk = area === null ? { accountId: account.id, siteId: site.id } : { accountId: account.id, siteId: site.id, extensionId: area.extension.id };
  const named = area === null ? `site ${site.name}` : `common area ${area.area.displayName}`;
  const { value, lockedBy } = directory.setting('international_calling', { accountId: account.id, siteId: site.id });
  const abroad: readonly SwitchedOff[] = lockedBy === null || value.enable ? []
    : [{ setting: 'international_calling', holder: `site ${site.name}`, origin: lockedBy }];
  return [...own, ...offFor(directory, desk, `${named}, whose phone the guest uses`, area !== null), ...abroad];
}

function offFor(directory: Directory, levels: SettingLevels, holder: string, isArea: boolean): readonly SwitchedOff[] {
  const settings = isArea ? ['outbound_calling', 'external_calling_on_zoom_room_common_area'] as const : ['outbound_calling'] as const;
  return settings.flatMap((setting) => {
    const { value, origin } = directory.setting(setting, levels);
    return value.enable ? [] : [{ setting, holder, origin }];
  });
}

function levelsOf(accountId: AccountId, { extension }: Exclude<ActingParty, { readonly kind: 'unassigned' }>): SettingLevels {
  return { accountId, siteId: extension.siteId, extensionId: extension.id };
}

function nameOfParty(acting: Exclude<ActingParty, { readonly kind: 'unassigned' }>): string {
  return acting.kind === 'user' ? `user ${acting.name}` : `common area ${acting.name}`;
}
