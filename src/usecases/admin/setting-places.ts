import type { AccountId, DeviceId, ExtensionId, SiteId } from '../../domain/ids.js';
import type { SettingScope } from '../../domain/settings/resolve-setting.js';
import type { Stores } from '../../ports/admin-stores.js';
import { refused, type Refused } from '../outcome.js';
import { deviceNotFound, siteNotFound } from './not-found.js';

/** Where something is, or could be, set. */
export interface SettingPlace {
  readonly scope: SettingScope;
  readonly scopeId: string;
}

/** The innermost place a question is about. */
export type SettingSubject =
  | { readonly scope: 'account' }
  | { readonly scope: 'site'; readonly siteId: SiteId }
  | { readonly scope: 'extension'; readonly extensionId: ExtensionId }
  | { readonly scope: 'device'; readonly deviceId: DeviceId };

/** The account and what is given, outermost first. */
export function chainOf(
  accountId: AccountId, inner: { readonly siteId?: string | undefined; readonly extensionId?: string | undefined; readonly deviceId?: string | undefined },
): readonly SettingPlace[] {
  const places: readonly (readonly [SettingScope, string | undefined])[] = [
    ['account', accountId], ['site', inner.siteId], ['extension', inner.extensionId], ['device', inner.deviceId],
  ];
  return places.flatMap(([scope, scopeId]) => (scopeId === undefined ? [] : [{ scope, scopeId }]));
}

/**
 * Every level that has a say at the subject, outermost first: a device's are its own site and its first assignee; a refusal when the
 * subject is not there.
 */
export async function settingChain(stores: Stores, accountId: AccountId, subject: SettingSubject): Promise<readonly SettingPlace[] | Refused> {
  switch (subject.scope) {
    case 'account':
      return chainOf(accountId, {});
    case 'site':
      return await stores.sites.get(accountId, subject.siteId) === null ? siteNotFound(subject.siteId) : chainOf(accountId, subject);
    case 'extension': {
      const extension = await stores.extensions.get(accountId, subject.extensionId);
      if (extension === null) return refused('not-found', 'extensionId', 'There is no extension with this id.', subject.extensionId);
      return chainOf(accountId, { siteId: extension.siteId, extensionId: extension.id });
    }
    case 'device': {
      const device = await stores.devices.get(accountId, subject.deviceId);
      if (device === null) return deviceNotFound(subject.deviceId);
      return chainOf(accountId, { siteId: device.siteId, extensionId: device.assignees[0], deviceId: device.id });
    }
  }
}
