import { z } from 'zod';
import { ALERT_RULES, ALERT_TARGETS, type AlertRule, type AlertSetting, type AlertTargetType } from '../../domain/alerts/alert.js';
import { asId, type AlertSettingId, type DeviceId, type SiteId, type UserId } from '../../domain/ids.js';
import { nameOf } from '../../domain/identity/user.js';
import { addAlertSetting, alertSettingNotFound, removeAlertSetting, updateAlertSetting, type GivenChannel } from '../../usecases/alerts/set-alerts.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { email, line, requiredLine, siteRef } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { assigneeView } from './device-view.js';

const TAG = 'Alerts';

const RULE_TEXT = ALERT_RULES.map(({ rule, module, name, fires }) => `${rule} (module ${module}): ${name}${fires ? '' : ', kept, never true here'}`).join('; ');
const rule = z.int().refine(isRule, `Give one of the rules: ${ALERT_RULES.map((row) => row.rule).join(', ')}.`).describe(RULE_TEXT);
const targetType = z.int().refine(isTargetType, 'Give 1 (user), 2 (account), 3 (call queue), 4 (site) or 5 (device).');
const FREQUENCIES: readonly number[] = [5, 10, 15, 30, 60];

const condition = z.object({ rule_condition_type: z.int(), rule_condition_value: z.string() });
const channelView = z.object({ chat_channel_name: z.string(), token: z.string().describe('Never shown: "".'), end_point: z.string() });
const common = {
  alert_setting_id: z.string(), alert_setting_name: z.string(), module: z.int(), rule: z.int(), rule_conditions: z.array(condition),
  time_frame_type: z.enum(['all_day', 'specific_time']), time_frame_from: z.string(), time_frame_to: z.string(), frequency: z.int(),
  email_recipients: z.array(z.string()), chat_channels: z.array(channelView), status: z.int().describe('1: active. 0: not.'),
};
const item = z.object({ ...common, targets: z.array(z.object({ target_name: z.string() })) });
const detail = z.object({
  ...common,
  targets: z.array(z.object({
    target_id: z.string(), target_name: z.string(), target_type: z.int(), target_extension_number: z.int().optional(), site: siteRef.optional(),
    assignees: z.array(z.object({ extension_number: z.int(), name: z.string(), extension_type: z.string(), extension_id: z.string() })),
  })),
});

const clockTime = z.string().trim().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)?$/, 'Give a clock time, e.g. 08:30:00.');
const fields = {
  alert_setting_name: requiredLine(255),
  rule_conditions: z.array(z.object({ rule_condition_type: z.int().default(1), rule_condition_value: line(100).default('') })).max(10).describe(
    'The first value: of rule 10 minutes, of rule 12 percent, of rule 13 the MOS below which a call is bad (3.5 without).',
  ),
  target_ids: z.array(requiredLine(64)).max(500).describe('Empty: all there are.'),
  time_frame_type: z.enum(['all_day', 'specific_time']), time_frame_from: clockTime, time_frame_to: clockTime.describe('By the clock of the main site.'),
  frequency: z.int().refine((value) => FREQUENCIES.includes(value), 'Give 5, 10, 15, 30 or 60 minutes.').describe('Minutes between two mails.'),
  email_recipients: z.array(email).max(50),
  chat_channels: z.array(z.object({ chat_channel_name: line(255).default(''), token: line(500).default(''), end_point: line(2000).default('') })).max(10).describe(
    'Kept; nothing is posted to them.',
  ),
  status: z.int().min(0).max(1),
};

function isRule(value: number): value is AlertRule {
  return ALERT_RULES.some((row) => row.rule === value);
}
function isTargetType(value: number): value is AlertTargetType {
  return Object.values(ALERT_TARGETS).some((type) => type === value);
}

function frameOf(type: 'all_day' | 'specific_time', from: string, to: string): AlertSetting['timeFrame'] {
  const whole = (text: string): string => (text === '' ? '00:00:00' : text.length === 'HH:MM'.length ? `${text}:00` : text);
  return type === 'all_day' ? null : { from: whole(from), to: whole(to) };
}

function channelsOf(list: z.output<typeof fields.chat_channels>): readonly GivenChannel[] {
  return list.map((one) => ({ name: one.chat_channel_name, token: one.token, endPoint: one.end_point }));
}

function commonView(setting: AlertSetting) {
  return {
    alert_setting_id: setting.id, alert_setting_name: setting.name, module: ALERT_RULES.find((row) => row.rule === setting.rule)?.module ?? 0, rule: setting.rule,
    rule_conditions: setting.conditions.map(({ type, value }) => ({ rule_condition_type: type, rule_condition_value: value })),
    time_frame_type: setting.timeFrame === null ? 'all_day' : 'specific_time', time_frame_from: setting.timeFrame?.from ?? '', time_frame_to: setting.timeFrame?.to ?? '',
    frequency: setting.frequencyMinutes, email_recipients: [...setting.emailRecipients],
    chat_channels: setting.chatChannels.map(({ name, endPoint }) => ({ chat_channel_name: name, token: '', end_point: endPoint })), status: setting.active ? 1 : 0,
  };
}

/** One target with its name, from memory; one that is gone since has none. */
function targetView({ directory }: Pick<HttpDeps, 'directory'>, type: AlertTargetType, id: string) {
  const base = { target_id: id, target_type: type, assignees: [] };
  if (type === ALERT_TARGETS.site) return { ...base, target_name: directory.site(asId<SiteId>(id))?.name ?? '' };
  if (type === ALERT_TARGETS.user) {
    const user = directory.user(asId<UserId>(id));
    const phone = directory.phoneUser(asId<UserId>(id));
    const number = phone === undefined ? undefined : directory.extension(phone.extensionId)?.number;
    return {
      ...base, target_name: user === undefined ? '' : nameOf(user), ...(number === undefined ? {} : { target_extension_number: Number(number) }),
      ...(phone === undefined ? {} : { site: { id: phone.siteId, name: directory.site(phone.siteId)?.name ?? '' } }),
    };
  }
  const device = directory.device(asId<DeviceId>(id));
  if (device === undefined) return { ...base, target_name: '' };
  const assignees = device.assignees.flatMap((extension) => assigneeView({ directory }, extension) ?? [])
    .map(({ extension_number, name, extension_type, extension_id }) => ({ extension_number, name, extension_type, extension_id }));
  return { ...base, target_name: device.displayName, site: { id: device.siteId, name: directory.site(device.siteId)?.name ?? '' }, assignees };
}

export const alertSettingRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/alert_settings', operationId: 'ListAlertSettingsWithPagingQuery', summary: 'List alert settings', tag: TAG,
    access: 'alert:read',
    query: z.object({ ...pageQuery(100), module: z.int().optional(), rule: rule.optional(), status: z.int().min(0).max(1).optional() }),
    answer: { status: 200, description: 'Alert settings, oldest first.', schema: z.object({ ...pageFields, alert_settings: z.array(item) }) },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const rules = query.module === undefined && query.rule === undefined ? undefined : ALERT_RULES
        .filter((row) => (query.module ?? row.module) === row.module && (query.rule ?? row.rule) === row.rule).map((row) => row.rule);
      const filter = given({ rules, active: query.status === undefined ? undefined : query.status === 1 });
      const found = await deps.stores.alertSettings.page(actor.accountId, filter, page.page);
      return json({
        ...paging(found, query), alert_settings: found.items.map((setting) => ({
          ...commonView(setting), targets: setting.targetIds.map((id) => ({ target_name: targetView(deps, setting.targetType, id).target_name })),
        })),
      });
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/alert_settings', operationId: 'AddAnAlertSetting', summary: 'Add an alert setting', tag: TAG, access: 'alert:write',
    body: z.object({
      alert_setting_name: fields.alert_setting_name, module: z.int(), rule, target_type: targetType, target_ids: fields.target_ids.default([]),
      rule_conditions: fields.rule_conditions, time_frame_type: fields.time_frame_type, time_frame_from: fields.time_frame_from.default(''),
      time_frame_to: fields.time_frame_to.default(''), frequency: fields.frequency.default(5), email_recipients: fields.email_recipients.default([]),
      chat_channels: fields.chat_channels.default([]), status: fields.status.default(1),
    }),
    answer: { status: 201, description: 'The new alert setting.', schema: z.object({ alert_setting_id: z.string(), alert_setting_name: z.string() }) },
    async handle({ deps, actor, body }) {
      const outcome = await addAlertSetting(deps, actor, {
        name: body.alert_setting_name, module: body.module, rule: body.rule, targetType: body.target_type, targetIds: [...new Set(body.target_ids)],
        conditions: body.rule_conditions.map((one) => ({ type: one.rule_condition_type, value: one.rule_condition_value })),
        timeFrame: frameOf(body.time_frame_type, body.time_frame_from, body.time_frame_to), frequencyMinutes: body.frequency,
        emailRecipients: body.email_recipients, chatChannels: channelsOf(body.chat_channels), active: body.status === 1,
      });
      return answer(outcome, ({ id, name }) => created({ alert_setting_id: id, alert_setting_name: name }));
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/alert_settings/{alertSettingId}', operationId: 'GetAlertSettingDetails', summary: 'Get an alert setting', tag: TAG,
    access: 'alert:read',
    answer: { status: 200, description: 'The alert setting.', schema: detail },
    async handle({ deps, actor, params }) {
      const setting = await deps.stores.alertSettings.get(actor.accountId, asId<AlertSettingId>(params.alertSettingId));
      if (setting === null) return failed(fromRefusal(alertSettingNotFound(params.alertSettingId)));
      return json({ ...commonView(setting), targets: setting.targetIds.map((id) => targetView(deps, setting.targetType, id)) });
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/alert_settings/{alertSettingId}', operationId: 'UpdateAnAlertSetting', summary: 'Change an alert setting', tag: TAG,
    access: 'alert:write',
    body: z.object({
      alert_setting_name: fields.alert_setting_name.optional(), rule_conditions: fields.rule_conditions.optional(), target_ids: fields.target_ids.optional(),
      time_frame_type: fields.time_frame_type.optional(), time_frame_from: fields.time_frame_from.optional(), time_frame_to: fields.time_frame_to.optional(),
      frequency: fields.frequency.optional(), email_recipients: fields.email_recipients.optional(), chat_channels: fields.chat_channels.optional(),
      status: fields.status.optional(),
    }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      const before = await deps.stores.alertSettings.get(actor.accountId, asId<AlertSettingId>(params.alertSettingId));
      if (before === null) return failed(fromRefusal(alertSettingNotFound(params.alertSettingId)));
      const { time_frame_type: type, time_frame_from: from, time_frame_to: to } = body;
      const framed = type === undefined && from === undefined && to === undefined ? {} : {
        timeFrame: frameOf(type ?? (before.timeFrame === null ? 'all_day' : 'specific_time'), from ?? before.timeFrame?.from ?? '', to ?? before.timeFrame?.to ?? ''),
      };
      return answer(await updateAlertSetting(deps, actor, params.alertSettingId, {
        ...framed, ...given({
          name: body.alert_setting_name, targetIds: body.target_ids, frequencyMinutes: body.frequency, emailRecipients: body.email_recipients,
          conditions: body.rule_conditions?.map((one) => ({ type: one.rule_condition_type, value: one.rule_condition_value })),
          chatChannels: body.chat_channels === undefined ? undefined : channelsOf(body.chat_channels), active: body.status === undefined ? undefined : body.status === 1,
        }),
      }), () => NO_CONTENT);
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/alert_settings/{alertSettingId}', operationId: 'DeleteAnAlertSetting', summary: 'Remove an alert setting', tag: TAG,
    access: 'alert:write',
    answer: { status: 204, description: 'Removed; its history stays.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await removeAlertSetting(deps, actor, params.alertSettingId), () => NO_CONTENT);
    },
  }),
];
