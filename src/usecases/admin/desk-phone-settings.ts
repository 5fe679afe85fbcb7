import { adminPasswordProblem, DESK_PHONE_SETTING_KEYS, type DeskPhoneSettingKey } from '../../domain/device/desk-phone-settings.js';
import type { AccountId } from '../../domain/ids.js';
import type { SecretBox } from '../../ports/crypto.js';
import type { Stores } from '../../ports/admin-stores.js';
import { change, type Actor, type ChangeDeps } from '../change.js';
import { done, refused, type Outcome } from '../outcome.js';
import type { ResyncScope } from '../../domain/device/resync-scope.js';
import { askConcerned, type WhenToAsk } from '../resyncs/begin-campaign.js';
import { readTemplate } from './provision-templates.js';
import { settingChain, type SettingSubject } from './setting-places.js';
import { changeSettingsIn, readSettings, type SettingReading, type SettingWish } from './settings.js';

export interface DeskPhoneSettingDeps extends ChangeDeps {
  readonly stores: Stores;
  readonly secretBox: SecretBox;
}

export type DeskPhoneWish = SettingWish & { readonly key: DeskPhoneSettingKey; readonly field: string };

/** What holds of desk phones at a place, and where it comes from. */
export async function readDeskPhoneSettings(
  { stores }: Pick<DeskPhoneSettingDeps, 'stores'>, { accountId }: Pick<Actor, 'accountId'>, subject: SettingSubject,
): Promise<Outcome<SettingReading>> {
  const chain = await settingChain(stores, accountId, subject);
  return 'why' in chain ? chain : done(await readSettings(stores, accountId, chain, DESK_PHONE_SETTING_KEYS));
}

/** Changes them; the phones of the place are pending. The admin password comes in the clear and is kept sealed. */
export async function setDeskPhoneSettings(
  deps: DeskPhoneSettingDeps, actor: Actor, subject: SettingSubject, wanted: readonly DeskPhoneWish[], when: WhenToAsk = 'later',
): Promise<Outcome<SettingReading>> {
  return change(deps, actor, async (draft) => {
    const chain = await settingChain(draft.stores, draft.accountId, subject);
    if ('why' in chain) return chain;
    const wishes: SettingWish[] = [];
    for (const wish of wanted) {
      if (wish.key === 'desk-phone-admin-password' && typeof wish.value === 'string') {
        const problem = adminPasswordProblem(wish.value);
        // Without what was sent: it is a secret.
        if (problem !== null) return refused('invalid', wish.field, problem);
        wishes.push({ ...wish, value: deps.secretBox.seal(wish.value, adminPasswordContext(draft.accountId)) });
        continue;
      }
      if (wish.key === 'desk-phone-provision-template' && typeof wish.value === 'string') {
        const template = await readTemplate(draft.stores, draft.accountId, wish.value);
        if (template.kind === 'refused') return { ...template, problems: template.problems.map((problem) => ({ ...problem, field: wish.field })) };
        wishes.push({ ...wish, value: template.id ?? '' });
        continue;
      }
      if (wish.key === 'desk-phone-client-certificate' && wish.value === true && (await draft.stores.deviceAuthorities.all(draft.accountId)).length === 0) {
        return refused('conflict', wish.field, 'No phone could come any more, since no authority is trusted. Add one first: POST /v2/cordboard/provisioning/device_authorities.', 'true');
      }
      wishes.push(wish);
    }
    const problem = await changeSettingsIn(draft, chain, wishes, 'set-desk-phone-settings');
    const scope = scopeOf(subject);
    if (scope !== null) askConcerned(draft, when, { origin: 'settings', scope, share: null });
    return problem ?? done(await readSettings(draft.stores, draft.accountId, chain, DESK_PHONE_SETTING_KEYS));
  });
}

function scopeOf(subject: SettingSubject): ResyncScope | null {
  switch (subject.scope) {
    case 'account':
      return { kind: 'account' };
    case 'site':
      return { kind: 'site', siteId: subject.siteId };
    case 'device':
      return { kind: 'devices', deviceIds: [subject.deviceId] };
    default:
      return null;
  }
}

/** What opens a sealed admin password: it may hold at any place of the account. */
export function adminPasswordContext(accountId: AccountId): string {
  return `${accountId} desk-phone-admin-password`;
}
