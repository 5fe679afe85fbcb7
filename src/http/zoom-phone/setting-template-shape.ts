import { z } from 'zod';
import { SETTING_CATALOGUE, type SettingKey } from '../../domain/settings/setting-catalogue.js';
import type { SettingTemplate } from '../../domain/settings/setting-template.js';
import type { SettingWish } from '../../usecases/admin/settings.js';
import { country } from '../schemas/fields.js';
import { sentValue, shownValue } from '../schemas/setting-schemas.js';

/** Where each part of a template's shape is kept: its path there, the setting, and the fields of it that the shape has (none = all). */
interface Part {
  readonly at: readonly ['policy' | 'user_settings', string];
  readonly key: SettingKey;
  readonly fields?: readonly string[];
}

const PARTS: readonly Part[] = [
  { at: ['policy', 'ad_hoc_call_recording'], key: 'ad_hoc_call_recording', fields: ['enable', 'recording_start_prompt', 'recording_transcription'] },
  {
    at: ['policy', 'auto_call_recording'], key: 'auto_call_recording',
    fields: ['enable', 'recording_calls', 'recording_start_prompt', 'recording_transcription', 'inbound_audio_notification', 'outbound_audio_notification'],
  },
  { at: ['policy', 'sms'], key: 'sms', fields: ['enable', 'international_sms'] },
  { at: ['policy', 'call_forwarding'], key: 'call_handling_forwarding_to_other_users' },
  { at: ['policy', 'call_overflow'], key: 'call_overflow' },
  { at: ['user_settings', 'audio_prompt_language'], key: 'audio_prompt_language' },
  { at: ['user_settings', 'call_handling'], key: 'call_handling' },
  { at: ['user_settings', 'hold_music'], key: 'hold_music' },
];

function schemaOf(part: Part, make: (key: SettingKey) => z.ZodType): z.ZodType {
  const whole = make(part.key);
  const { fields } = part;
  if (fields === undefined || !(whole instanceof z.ZodObject)) return whole;
  return z.object(Object.fromEntries(Object.entries(whole.shape).filter(([name]) => fields.includes(name))));
}

function section(name: Part['at'][0], make: (key: SettingKey) => z.ZodType): Record<string, z.ZodType> {
  return Object.fromEntries(PARTS.filter(({ at }) => at[0] === name).map((part) => [part.at[1], schemaOf(part, make)]));
}

const shown = (key: SettingKey) => shownValue(SETTING_CATALOGUE[key].type);
const sent = (key: SettingKey) => sentValue(SETTING_CATALOGUE[key].type, false).optional();

export const templateItem = z.object({ id: z.string(), name: z.string(), type: z.enum(['user', 'common_area']), description: z.string() });

export const templateDetail = templateItem.extend({
  policy: z.object({ ...section('policy', shown), voicemail: z.object({ enable: z.boolean(), allow_transcription: z.boolean() }) }),
  profile: z.object({ area_code: z.string(), country: z.string() }),
  user_settings: z.object({
    ...section('user_settings', shown), block_calls_without_caller_id: z.boolean(),
    desk_phone: z.object({ pin_code: z.string().describe('****** = there is one, "" = none. It is never shown.') }),
  }),
});

export const templateChange = {
  policy: z.object({
    ...section('policy', sent), voicemail: z.object({ enable: z.boolean().optional(), allow_transcription: z.boolean().optional() }).optional(),
  }).optional(),
  profile: z.object({
    area_code: z.string().regex(/^\d{0,6}$/, 'An area code has at most 6 digits.').optional(),
    country: z.union([country, z.literal('')]).optional().describe('Of common areas; a user is in the country of the site.'),
  }).optional(),
  user_settings: z.object({
    ...section('user_settings', sent), block_calls_without_caller_id: z.boolean().optional(),
    desk_phone: z.object({ pin_code: z.string().max(100).optional().describe('1 to 6 digits, for everybody who gets the template; "" = none.') }).optional(),
  }).optional(),
};

export function templateItemView({ id, name, type, description }: SettingTemplate) {
  return { id, name, type, description };
}

export function templateView(template: SettingTemplate) {
  const { content } = template;
  const valueOf = <Key extends SettingKey>(key: Key) => SETTING_CATALOGUE[key].read(content.settings[key])?.value ?? SETTING_CATALOGUE[key].default;
  const parts = (name: Part['at'][0]) => Object.fromEntries(PARTS.filter(({ at }) => at[0] === name).map(({ at, key, fields }) => {
    const value: unknown = valueOf(key);
    return [at[1], fields === undefined ? value : Object.fromEntries(Object.entries(recordOf(value)).filter(([field]) => fields.includes(field)))];
  }));
  return {
    ...templateItemView(template),
    policy: {
      ...parts('policy'), voicemail: { enable: valueOf('voicemail').enable, allow_transcription: valueOf('voicemail_transcription').enable },
    },
    profile: { area_code: content.areaCode ?? '', country: content.country ?? '' },
    user_settings: {
      ...parts('user_settings'), block_calls_without_caller_id: valueOf('block_calls_without_caller_id').enable,
      desk_phone: { pin_code: template.sealedPin === null ? '' : '******' },
    },
  };
}

type Sent = { readonly [Name in 'policy' | 'user_settings']?: Readonly<Record<string, unknown>> | undefined };

/** What a change asks for, setting by setting. */
export function templateWishes(body: Sent): readonly Pick<SettingWish, 'key' | 'field' | 'value'>[] {
  const voicemail = recordOf(body.policy?.['voicemail']);
  const anonymous = body.user_settings?.['block_calls_without_caller_id'];
  const wishes = PARTS.map(({ at: [part, name], key }) => ({ key, field: `${part}.${name}`, value: body[part]?.[name] }));
  const derived = [
    { key: 'voicemail' as const, field: 'policy.voicemail', value: given('enable', voicemail['enable']) },
    { key: 'voicemail_transcription' as const, field: 'policy.voicemail.allow_transcription', value: given('enable', voicemail['allow_transcription']) },
    { key: 'block_calls_without_caller_id' as const, field: 'user_settings.block_calls_without_caller_id', value: given('enable', anonymous) },
  ];
  return [...wishes, ...derived].filter(({ value }) => value !== undefined);
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function given(name: string, value: unknown): object | undefined {
  return value === undefined ? undefined : { [name]: value };
}
