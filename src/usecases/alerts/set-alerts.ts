import { ALERT_RULES, ALERT_TARGETS, type AlertSetting, type ChatChannel } from '../../domain/alerts/alert.js';
import { asId, type AlertSettingId, type DeviceId, type SiteId } from '../../domain/ids.js';
import type { SecretBox } from '../../ports/crypto.js';
import { findPhoneUser } from '../admin/resolve.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { allOf, done, refused, type Outcome, type Refused } from '../outcome.js';

/** Each is looked at every few seconds. */
const MOST_SETTINGS = 200;

export interface SetAlertDeps extends ChangeDeps {
  /** Seals tokens of chat channels. */
  readonly webhookBox: SecretBox;
}

export const alertSettingNotFound = (id: string): Refused => refused('not-found', 'alertSettingId', 'There is no alert setting with this id.', id);

/** A channel as it is given; its token is kept sealed and shown to nobody. */
export interface GivenChannel extends ChatChannel {
  readonly token: string;
}
export interface AlertSettingFields extends Omit<AlertSetting, 'id' | 'accountId' | 'createdAt' | 'chatChannels'> {
  readonly module: number;
  readonly chatChannels: readonly GivenChannel[];
}

export function addAlertSetting(deps: SetAlertDeps, actor: Actor, wanted: AlertSettingFields): Promise<Outcome<AlertSetting>> {
  return change(deps, actor, async (draft) => {
    const { module, chatChannels, ...fields } = wanted;
    if (await draft.stores.alertSettings.count(draft.accountId) >= MOST_SETTINGS) {
      return refused('conflict', 'alert_setting_name', `An account has at most ${MOST_SETTINGS} alert settings. Remove some first.`);
    }
    if (ALERT_RULES.find(({ rule }) => rule === wanted.rule)?.module !== module) {
      return refused('invalid', 'rule', `Rule ${wanted.rule} is none of module ${module}.`, String(wanted.rule));
    }
    const setting: AlertSetting = {
      ...fields, id: asId<AlertSettingId>(draft.newId()), accountId: draft.accountId, chatChannels: chatChannels.map(withoutToken), createdAt: draft.at,
    };
    const problem = await settingProblem(draft, setting);
    if (problem !== null) return problem;
    await draft.stores.alertSettings.insert(setting, sealed(deps, setting.id, chatChannels));
    draft.note({ aggregate: 'alert_setting', id: setting.id, change: 'created', action: 'add-alert-setting', before: null, after: setting });
    return done(setting);
  });
}

/** Changes what is given; what it watches and whom it is about (rule, target type) stays. */
export function updateAlertSetting(
  deps: SetAlertDeps, actor: Actor, id: string, wanted: Partial<Omit<AlertSettingFields, 'module' | 'rule' | 'targetType'>>,
): Promise<Outcome<AlertSetting>> {
  return change(deps, actor, async (draft) => {
    const before = await draft.stores.alertSettings.get(draft.accountId, asId<AlertSettingId>(id));
    if (before === null) return alertSettingNotFound(id);
    const { chatChannels, ...fields } = wanted;
    const after = { ...before, ...fields, chatChannels: chatChannels?.map(withoutToken) ?? before.chatChannels };
    const problem = await settingProblem(draft, after);
    if (problem !== null) return problem;
    await draft.stores.alertSettings.update(after, chatChannels === undefined ? undefined : sealed(deps, before.id, chatChannels));
    draft.note({ aggregate: 'alert_setting', id: before.id, change: 'updated', action: 'update-alert-setting', before, after });
    return done(after);
  });
}

/** An alert of it that is open closes at the next look; the history stays. */
export function removeAlertSetting(deps: SetAlertDeps, actor: Actor, id: string): Promise<Outcome<AlertSetting>> {
  return change(deps, actor, async (draft) => {
    const before = await draft.stores.alertSettings.get(draft.accountId, asId<AlertSettingId>(id));
    if (before === null) return alertSettingNotFound(id);
    await draft.stores.alertSettings.delete(before.id);
    draft.note({ aggregate: 'alert_setting', id: before.id, change: 'deleted', action: 'remove-alert-setting', before, after: null });
    return done(before);
  });
}

async function settingProblem(draft: Draft, setting: AlertSetting): Promise<Refused | null> {
  const problems: Refused[] = [];
  for (const id of setting.targetIds) {
    if (!await isTarget(draft, setting.targetType, id)) problems.push(refused('invalid', 'target_ids', `There is no such ${TARGET_NAME.get(setting.targetType) ?? 'target'}.`, id));
  }
  const value = setting.conditions[0]?.value ?? '';
  if (setting.rule === 12 && value !== '' && !(Number(value) >= 1 && Number(value) <= 100)) {
    problems.push(refused('invalid', 'rule_conditions', 'Give the share of phones in percent, 1 to 100.', value));
  }
  if (setting.rule === 10 && value !== '' && !(Number(value) >= 0 && Number(value) <= 1440)) {
    problems.push(refused('invalid', 'rule_conditions', 'Give the minutes for which a phone has to be offline, 0 to 1440.', value));
  }
  return problems.length === 0 ? null : allOf(problems);
}

const TARGET_NAME: ReadonlyMap<number, string> = new Map([
  [ALERT_TARGETS.user, 'phone user'], [ALERT_TARGETS.callQueue, 'call queue'], [ALERT_TARGETS.site, 'site'], [ALERT_TARGETS.device, 'device'],
  [ALERT_TARGETS.account, 'target of the account: leave target_ids empty'],
]);

async function isTarget({ stores, accountId }: Draft, type: AlertSetting['targetType'], id: string): Promise<boolean> {
  switch (type) {
    case ALERT_TARGETS.user: return (await findPhoneUser(stores, accountId, id))?.phone.id === id;
    case ALERT_TARGETS.site: return await stores.sites.get(accountId, asId<SiteId>(id)) !== null;
    case ALERT_TARGETS.device: return await stores.devices.get(accountId, asId<DeviceId>(id)) !== null;
    case ALERT_TARGETS.account: return id === accountId;
    // There are no call queues.
    case ALERT_TARGETS.callQueue: return false;
  }
}

function withoutToken({ name, endPoint }: GivenChannel): ChatChannel {
  return { name, endPoint };
}

function sealed({ webhookBox }: SetAlertDeps, id: AlertSettingId, channels: readonly GivenChannel[]): string {
  return channels.every(({ token }) => token === '') ? '' : webhookBox.seal(JSON.stringify(channels.map(({ token }) => token)), id);
}
