import { z } from 'zod';
import { asId, type SiteId } from '../../domain/ids.js';
import { PROMPT_LANGUAGES } from '../../domain/prompts/account-prompt.js';
import { changeSettings, readSettingsOf, type SettingWish } from '../../usecases/admin/settings.js';
import { addHolidays, changeDeviceTypes, changeHolidays, changeSiteSettings, removeHoliday } from '../../usecases/admin/site-settings.js';
import type { Actor } from '../../usecases/change.js';
import { setSessionSettings } from '../../usecases/hotdesk/set-session-settings.js';
import { done, named, type Outcome } from '../../usecases/outcome.js';
import { answer, created, failed, json, NO_CONTENT, type Answer } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { badRequest } from '../problem.js';
import { route, type Route } from '../route.js';
import { line } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import {
  isSiteSettingType, KEYS_OF, newHoliday, SITE_SETTING_TYPES, siteSettingAnswer, siteSettingChange, siteSettingView, type SiteSettingType,
} from './site-setting-types.js';

const TAG = 'Sites';
const PATH = '/v2/phone/sites/{siteId}/settings/{settingType}';
const HOUR_MINUTES = 60;
const TIMEOUT_FIELD = 'desk_phone.hot_desking_session_timeout';

type Sent = z.output<typeof siteSettingChange>;
type SentOverflow = NonNullable<NonNullable<Sent['closed_hours']>['overflow']>;

function wrongType(settingType: string, types: readonly string[] = SITE_SETTING_TYPES): Answer {
  return failed(badRequest('settingType', `There is no type ${settingType.slice(0, 50)} here. There are ${types.join(', ')}.`));
}

/** The overflow as it is kept, and the operator whose being there is to be checked. */
function overflowOf(sent: SentOverflow | undefined, type: string) {
  if (sent === undefined) return { fields: {}, operator: undefined };
  const { operator, ...flags } = sent;
  const id = operator?.extension_id;
  const fields = { overflow: { ...flags, ...given({ operator_extension_id: id }) } };
  return { fields, operator: id === undefined ? undefined : { id, field: `${type}.overflow.operator.extension_id` } };
}

async function changeType(deps: HttpDeps, actor: Actor, siteId: string, type: SiteSettingType, sent: Sent): Promise<Outcome<unknown>> {
  switch (type) {
    case 'location_based_routing':
    case 'local_based_routing':
      return changePlain(deps, actor, siteId, 'location_based_routing', sent.location_based_routing);
    case 'outbound_caller_id':
    case 'dial_by_name':
      return changePlain(deps, actor, siteId, type, sent[type]);
    case 'business_hours':
    case 'closed_hours':
    case 'holiday_hours': {
      const holidays = type === 'holiday_hours' ? sent.holiday_hours?.holidays : undefined;
      if (holidays !== undefined) {
        const changed = await changeHolidays(deps, actor, siteId, holidays.map((one) => ({ ...given(one), holiday_id: one.holiday_id })));
        if (changed.kind === 'refused') return changed;
      }
      const { fields, operator } = overflowOf(sent[type]?.overflow, type);
      const { overflow: _overflow, ...hours } = type === 'business_hours' ? sent.business_hours ?? {} : {};
      const value = { ...given(hours), ...fields };
      return changeSiteSettings(deps, actor, siteId, Object.keys(value).length === 0 ? [] : [{ key: type, value }], { operator });
    }
    case 'audio_prompt':
      return changePrompts(deps, actor, siteId, sent.audio_prompt);
    case 'desk_phone':
      return changeDeskPhones(deps, actor, siteId, sent);
    case 'security':
    case 'billing_account':
      return changeSiteSettings(deps, actor, siteId, []);
  }
}

function changePlain(deps: HttpDeps, actor: Actor, siteId: string, key: 'location_based_routing' | 'outbound_caller_id' | 'dial_by_name', value: unknown) {
  return changeSiteSettings(deps, actor, siteId, value === undefined ? [] : [{ key, value }]);
}

/** The site's phones speak the language too, where prompts are spoken in it. */
function changePrompts(deps: HttpDeps, actor: Actor, siteId: string, value: unknown) {
  if (value === undefined) return changeSiteSettings(deps, actor, siteId, []);
  const language = typeof value === 'object' && value !== null && 'language' in value && typeof value.language === 'string' ? value.language : undefined;
  const spoken = PROMPT_LANGUAGES.find((one) => one === language?.slice(0, 2)) ?? null;
  return changeSiteSettings(deps, actor, siteId, [{ key: 'audio_prompt', value }], language === undefined ? {} : { site: { promptLanguage: spoken } });
}

async function changeDeskPhones(deps: HttpDeps, actor: Actor, id: string, sent: Sent): Promise<Outcome<unknown>> {
  const siteId = asId<SiteId>(id);
  const wanted = sent.desk_phone?.hot_desking_session_timeout;
  const outcome = await setSessionSettings(deps, actor, { scope: 'site', siteId }, wanted === undefined ? [] : [{
    key: 'hot-desk-session-timeout', value: wanted.number === 0 ? null : wanted.unit === 'hours' ? wanted.number * HOUR_MINUTES : wanted.number,
  }]);
  if (outcome.kind === 'refused') return outcome.why === 'not-found' ? outcome : named(TIMEOUT_FIELD, outcome);
  const general = sent.general_setting ?? sent.desk_phone?.general_setting;
  if (general === undefined) return done(null);
  const field = sent.general_setting === undefined ? 'desk_phone.general_setting.web_interface' : 'general_setting.web_interface';
  const wish: SettingWish = general.setting_type === 'account_setting' ? { key: 'desk-phone-web-interface', field, inherit: true }
    : { key: 'desk-phone-web-interface', field, ...given({ value: general.web_interface }) };
  return changeSettings(deps, actor, { scope: 'site', siteId }, [wish]);
}

export const siteSettingRoutes: readonly Route[] = [
  route({
    method: 'GET', path: PATH, operationId: 'getSiteSettingForType', summary: "Get a site's settings of one type", tag: TAG, access: 'site:read',
    answer: { status: 200, description: 'What holds at the site, wherever it is set.', schema: siteSettingAnswer },
    async handle({ deps, actor, params }) {
      const { settingType } = params;
      if (!isSiteSettingType(settingType)) return wrongType(settingType);
      const outcome = await readSettingsOf(deps, actor, { scope: 'site', siteId: asId<SiteId>(params.siteId) }, KEYS_OF[settingType]);
      return answer(outcome, (reading) => json(siteSettingView(deps, settingType, reading)));
    },
  }),
  route({
    method: 'POST', path: PATH, operationId: 'addSiteSetting', summary: 'Add holidays (holiday_hours) or a type of device (security)', tag: TAG,
    access: 'site:write',
    body: z.object({ device_type: line(100).optional(), holidays: z.array(newHoliday).max(100).optional() }),
    answer: {
      status: 201, description: 'What was added.',
      schema: z.object({ holidays: z.array(newHoliday.extend({ holiday_id: z.string() })).optional() }),
    },
    async handle({ deps, actor, params, body }) {
      if (params.settingType === 'holiday_hours') {
        if (body.holidays === undefined || body.holidays.length === 0) return failed(badRequest('holidays', 'Give the holidays to add.'));
        return answer(await addHolidays(deps, actor, params.siteId, body.holidays), (holidays) => created({ holidays: [...holidays] }));
      }
      if (params.settingType !== 'security') return wrongType(params.settingType, ['holiday_hours', 'security']);
      if (body.device_type === undefined || body.device_type === '') return failed(badRequest('device_type', 'Give the type of device to add.'));
      return answer(await changeDeviceTypes(deps, actor, params.siteId, { add: body.device_type }), () => created({}));
    },
  }),
  route({
    method: 'DELETE', path: PATH, operationId: 'deleteSiteSetting', summary: 'Remove a holiday (holiday_hours) or a type of device (security)', tag: TAG,
    access: 'site:write',
    query: z.object({ device_type: line(100).optional(), holiday_id: line(64).optional() }),
    answer: { status: 204, description: 'Removed.', schema: null },
    async handle({ deps, actor, params, query }) {
      if (params.settingType === 'holiday_hours') {
        if (query.holiday_id === undefined) return failed(badRequest('holiday_id', 'Name the holiday to remove.'));
        return answer(await removeHoliday(deps, actor, params.siteId, query.holiday_id), () => NO_CONTENT);
      }
      if (params.settingType !== 'security') return wrongType(params.settingType, ['holiday_hours', 'security']);
      if (query.device_type === undefined) return failed(badRequest('device_type', 'Name the type of device to remove.'));
      return answer(await changeDeviceTypes(deps, actor, params.siteId, { remove: query.device_type }), () => NO_CONTENT);
    },
  }),
  route({
    method: 'PATCH', path: PATH, operationId: 'updateSiteSetting', summary: "Change a site's settings of one type", tag: TAG, access: 'site:write',
    body: siteSettingChange,
    answer: { status: 204, description: 'Set; with desk_phone, sessions that run there have got their new ends.', schema: null },
    async handle({ deps, actor, params, body }) {
      if (!isSiteSettingType(params.settingType)) return wrongType(params.settingType);
      const billing = body.billing_account?.id ?? '';
      if (billing !== '') return failed(badRequest('billing_account.id', 'There are no billing accounts. Leave it out.'));
      return answer(await changeType(deps, actor, params.siteId, params.settingType, body), () => NO_CONTENT);
    },
  }),
];
