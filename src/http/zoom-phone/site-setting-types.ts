import { z } from 'zod';
import { HOURLY_PROMPTS, PLAIN_PROMPTS } from '../../domain/settings/rows/site-rows.js';
import { SETTING_CATALOGUE, type SettingKey, type SettingValues } from '../../domain/settings/setting-catalogue.js';
import type { SettingReading } from '../../usecases/admin/settings.js';
import type { HttpDeps } from '../http-deps.js';
import { sentValue, shownValue } from '../schemas/setting-schemas.js';
import { extensionView } from './site-view.js';

/** Setting types of a site by the path; the two spellings of the first are both in use. */
export const SITE_SETTING_TYPES = [
  'location_based_routing', 'local_based_routing', 'business_hours', 'closed_hours', 'holiday_hours', 'security', 'outbound_caller_id', 'audio_prompt',
  'desk_phone', 'dial_by_name', 'billing_account',
] as const;
export type SiteSettingType = (typeof SITE_SETTING_TYPES)[number];

export function isSiteSettingType(text: string): text is SiteSettingType {
  return SITE_SETTING_TYPES.some((type) => type === text);
}

type Overflow = SettingValues['closed_hours']['overflow'];

const overflow = z.object({
  allow_caller_to_reach_operator: z.boolean(),
  operator: z.object({ extension_id: z.string(), extension_number: z.int(), display_name: z.string(), extension_type: z.string() }),
  allow_caller_to_check_voicemail: z.boolean(),
});
const holiday = z.object({ holiday_id: z.string(), name: z.string(), from: z.string(), to: z.string() });
const audio = z.object({ audio_id: z.string(), name: z.string() });
const hourlyAudio = z.object({ business_hours: audio, closed_hours: audio, holiday_hours: audio });
export const timeout = z.object({
  number: z.int().describe('30 with minutes, 1 to 24 with hours; 0 = no time-out.'),
  unit: z.enum(['minutes', 'hours']).default('hours'),
});
export const generalSetting = z.object({
  setting_type: z.enum(['account_setting', 'site_setting']).default('account_setting').describe('account_setting = the account decides.'),
  web_interface: z.boolean().optional(),
});

const shown = (key: SettingKey) => shownValue(SETTING_CATALOGUE[key].type).optional();

export const siteSettingAnswer = z.object({
  location_based_routing: shown('location_based_routing'),
  business_hours: z.object({
    custom_hour_type: z.int(), custom_hours: z.array(z.object({ from: z.string(), to: z.string(), type: z.int(), weekday: z.int() })), overflow,
  }).optional(),
  closed_hours: z.object({ overflow }).optional(),
  holiday_hours: z.object({ holidays: z.array(holiday), overflow }).optional(),
  security: z.object({ device_types: z.array(z.string()) }).optional(),
  outbound_caller_id: shown('outbound_caller_id'),
  audio_prompt: z.object({
    language: z.string(),
    ...Object.fromEntries(HOURLY_PROMPTS.map((name) => [name, hourlyAudio])), ...Object.fromEntries(PLAIN_PROMPTS.map((name) => [name, audio])),
  }).optional(),
  desk_phone: z.object({ hot_desking_session_timeout: timeout, general_setting: generalSetting }).optional(),
  dial_by_name: shown('dial_by_name'),
  billing_account: z.object({ id: z.string(), name: z.string() }).optional().describe('There are no billing accounts.'),
}).describe('The type that was asked for.');

const sentOverflow = z.object({
  allow_caller_to_reach_operator: z.boolean().optional(), operator: z.object({ extension_id: z.string().max(64).optional() }).optional(),
  allow_caller_to_check_voicemail: z.boolean().optional(),
});
const instantText = z.iso.datetime({ offset: true });
export const newHoliday = z.object({ name: z.string().trim().min(1).max(100), from: instantText, to: instantText });
const clock = z.string().max(5);
const sent = (key: SettingKey) => sentValue(SETTING_CATALOGUE[key].type, false).optional();

export const siteSettingChange = z.object({
  location_based_routing: sent('location_based_routing'),
  business_hours: z.object({
    custom_hour_type: z.literal([1, 2]).optional().describe('1 = always open, 2 = custom_hours.'),
    custom_hours: z.array(z.object({ from: clock.default(''), to: clock.default(''), type: z.int().default(0), weekday: z.int() })).max(50).optional(),
    overflow: sentOverflow.optional(),
  }).optional(),
  closed_hours: z.object({ overflow: sentOverflow.optional() }).optional(),
  holiday_hours: z.object({
    holidays: z.array(newHoliday.partial().extend({ holiday_id: z.string().max(64) })).max(100).optional(), overflow: sentOverflow.optional(),
  }).optional(),
  outbound_caller_id: sent('outbound_caller_id'),
  audio_prompt: sent('audio_prompt'),
  desk_phone: z.object({ hot_desking_session_timeout: timeout.optional(), general_setting: generalSetting.optional() }).optional(),
  general_setting: generalSetting.optional(),
  dial_by_name: sent('dial_by_name'),
  billing_account: z.object({ id: z.string().max(64).optional() }).optional(),
});

/** Keys to read for each type. */
export const KEYS_OF: Readonly<Record<SiteSettingType, readonly SettingKey[]>> = {
  location_based_routing: ['location_based_routing'], local_based_routing: ['location_based_routing'], business_hours: ['business_hours'],
  closed_hours: ['closed_hours'], holiday_hours: ['holiday_hours'], security: ['security'], outbound_caller_id: ['outbound_caller_id'],
  audio_prompt: ['audio_prompt'], desk_phone: ['hot-desk-session-timeout', 'desk-phone-web-interface'], dial_by_name: ['dial_by_name'], billing_account: [],
};

const HOUR_MINUTES = 60;

/** The part of the answer that the type names. */
export function siteSettingView(deps: HttpDeps, type: SiteSettingType, reading: SettingReading): Readonly<Record<string, unknown>> {
  switch (type) {
    case 'location_based_routing':
    case 'local_based_routing':
      return { location_based_routing: reading.get('location_based_routing').value };
    case 'outbound_caller_id':
    case 'dial_by_name':
    case 'security':
      return { [type]: reading.get(type).value };
    case 'business_hours': {
      const { overflow: held, ...hours } = reading.get(type).value;
      return { business_hours: { ...hours, overflow: overflowView(deps, held) } };
    }
    case 'closed_hours':
      return { closed_hours: { overflow: overflowView(deps, reading.get(type).value.overflow) } };
    case 'holiday_hours': {
      const { holidays, overflow: held } = reading.get(type).value;
      return { holiday_hours: { holidays, overflow: overflowView(deps, held) } };
    }
    case 'audio_prompt':
      return { audio_prompt: promptView(reading.get(type).value) };
    case 'desk_phone': {
      const web = reading.get('desk-phone-web-interface');
      return {
        desk_phone: {
          hot_desking_session_timeout: inUnits(reading.get('hot-desk-session-timeout').value ?? 0),
          general_setting: { setting_type: web.setHere ? 'site_setting' : 'account_setting', web_interface: web.value },
        },
      };
    }
    case 'billing_account':
      return { billing_account: { id: '', name: '' } };
  }
}

function overflowView(deps: HttpDeps, held: Overflow) {
  const { id: _owner, ...operator } = extensionView(deps, held.operator_extension_id);
  return {
    allow_caller_to_reach_operator: held.allow_caller_to_reach_operator, operator, allow_caller_to_check_voicemail: held.allow_caller_to_check_voicemail,
  };
}

function promptView(held: SettingValues['audio_prompt']) {
  const named = ({ audio_id: id }: { readonly audio_id: string }) => ({ audio_id: id, name: '' });
  return {
    language: held.language,
    ...Object.fromEntries(HOURLY_PROMPTS.map((name) => [name, {
      business_hours: named(held[name].business_hours), closed_hours: named(held[name].closed_hours), holiday_hours: named(held[name].holiday_hours),
    }])),
    ...Object.fromEntries(PLAIN_PROMPTS.map((name) => [name, named(held[name])])),
  };
}

function inUnits(minutes: number): z.output<typeof timeout> {
  return minutes % HOUR_MINUTES === 0 ? { number: minutes / HOUR_MINUTES, unit: 'hours' } : { number: minutes, unit: 'minutes' };
}
