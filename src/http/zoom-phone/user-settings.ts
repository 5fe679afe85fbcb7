import { z } from 'zod';
import type { Device } from '../../domain/device/device.js';
import { deskLanguage, personLanguage } from '../../domain/hotdesk/prompt-language.js';
import { PROMPT_LANGUAGES } from '../../domain/prompts/account-prompt.js';
import type { SettingKey } from '../../domain/settings/setting-catalogue.js';
import { resolveKept } from '../../domain/settings/setting-catalogue.js';
import { findPhoneUser } from '../../usecases/admin/resolve.js';
import { phoneUserNotFound } from '../../usecases/admin/not-found.js';
import { chainOf } from '../../usecases/admin/setting-places.js';
import { readSettings, type SettingWish } from '../../usecases/admin/settings.js';
import { updatePhoneUser } from '../../usecases/admin/update-phone-user.js';
import { answer, failed, json, NO_CONTENT } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { areaCode, country, countryView, line } from '../schemas/fields.js';
import { guestFields, guestView } from '../schemas/hot-desk-fields.js';
import { callerIdFields, callerIdsOf, shownNumber } from '../schemas/number-views.js';
import {
  delegationFields, delegationView, intercomFields, intercomView, membersOf, recordingAccessMember, recordingAccessView, voiceMailMember, voiceMailView,
} from '../schemas/user-setting-fields.js';
import { given } from '../schemas/views.js';
import { deviceType, statusesOf, type DeviceState } from './device-view.js';
import { apiStatus } from './users.js';

const TAG = 'Phone users';
const onOff = z.object({ status: z.enum(['on', 'off', 'unsupported']) });
const DEVICE_KEY = 'device-call-control';
const KEYS: readonly SettingKey[] = [
  'user-prompt-language', 'user-country', 'user-music-on-hold', 'user-delegation', 'user-phone-screen-lock', 'user-intercom-device',
];

const deskPhoneFields = z.object({
  devices: z.array(z.object({
    id: z.string(), display_name: z.string(), device_type: z.string(), mac_address: z.string(),
    status: z.string(), private_ip: z.string(), public_ip: z.string(),
    policy: z.object({ call_control: onOff, hot_desking: onOff }),
    hot_desk_session: guestFields.optional().describe('Who sits at it as guest now.'),
  })),
  keys_positions: z.object({ primary_number: z.string() }),
  phone_screen_lock: z.boolean(),
  pin_code: z.string().describe('****** when there is one: only its hash is kept.'),
});

export const userSettingFields = z.object({
  area_code: z.string(), audio_prompt_language: z.string().describe("The user's own, else what holds without it."), company_number: z.string(),
  country: z.object({ code: z.string(), country_code: z.string(), name: z.string() }), extension_number: z.int(), status: z.string(),
  music_on_hold_id: z.string(), delegation: delegationFields, desk_phone: deskPhoneFields, intercom: intercomFields,
  outbound_caller: z.object({ number: z.string().describe('E.164, hidden, or "" where there is none to show.') }),
  outbound_caller_ids: z.array(callerIdFields),
  voice_mail: z.array(voiceMailMember),
  auto_call_recording_access_members: z.array(recordingAccessMember), ad_hoc_call_recording_access_members: z.array(recordingAccessMember),
});

/** `en`, `en-US` or `''`; the country behind the language is nobody's business. */
const promptLanguage = z.string().regex(
  new RegExp(`^(?:(?:${PROMPT_LANGUAGES.join('|')})(?:[-_][A-Za-z]{2})?)?$`), `Give one of ${PROMPT_LANGUAGES.join(', ')}, or "" for that of the profile.`,
);

function userDevice(deps: HttpDeps, device: Device, state: DeviceState | undefined, callControl: 'on' | 'off' | 'unsupported') {
  const guest = deps.directory.guestOf(device.id);
  return {
    id: device.id, display_name: device.displayName, device_type: deviceType(device), mac_address: device.macAddress,
    status: state?.status ?? 'offline', private_ip: '', public_ip: state?.publicIp ?? '',
    policy: { call_control: { status: callControl }, hot_desking: { status: device.hotDesking } },
    ...(guest === undefined ? {} : { hot_desk_session: guestView(deps, guest) }),
  };
}

export const userSettingRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/users/{userId}/settings', operationId: 'phoneUserSettings',
    summary: "Get a phone user's settings", tag: TAG,
    access: 'phone_user:read', self: true,
    answer: { status: 200, description: 'Settings; lists of what is not built are kept and obeyed by nothing.', schema: userSettingFields },
    async handle({ deps, actor, params }) {
      const { accountId } = actor;
      const view = await findPhoneUser(deps.stores, accountId, params.userId);
      if (!view) return failed(fromRefusal(phoneUserNotFound(params.userId)));
      const { phone, user, site, extension } = view;
      const devices = deps.directory.devicesOf(extension.id);
      const states = await statusesOf(deps, devices);
      const places = devices.map((device) => ({ scope: 'device' as const, scopeId: device.id }));
      const controls = await deps.stores.settings.read(accountId, [DEVICE_KEY], places);
      const reading = await readSettings(deps.stores, accountId, chainOf(accountId, { siteId: site.id, extensionId: extension.id }), KEYS);
      const members = await deps.stores.userMembers.of(accountId, phone.id);
      const pin = await deps.stores.pins.get({ kind: 'user', id: phone.id });
      const { policy } = deps.directory.defaultAccount();
      const where = countryView(reading.get('user-country').value || site.country);
      return json({
        area_code: phone.areaCode, country: { ...where, country_code: where.code }, company_number: deps.directory.numbers.customized(accountId)[0]?.number ?? '',
        audio_prompt_language: reading.get('user-prompt-language').value || personLanguage(user, deskLanguage(site, policy)),
        extension_number: Number(extension.number), status: apiStatus(phone.status), music_on_hold_id: reading.get('user-music-on-hold').value,
        delegation: delegationView(deps, members, reading),
        desk_phone: {
          devices: devices.map((device) => userDevice(
            deps, device, states.get(device.id), resolveKept(DEVICE_KEY, controls.filter((one) => one.scopeId === device.id)).value,
          )),
          keys_positions: { primary_number: deps.directory.numbers.of(extension.id)[0]?.number ?? '' }, phone_screen_lock: reading.get('user-phone-screen-lock').value,
          pin_code: pin === null ? '' : '******',
        },
        intercom: intercomView(deps, members, reading, states),
        outbound_caller: { number: shownNumber(deps, extension) }, outbound_caller_ids: callerIdsOf(deps, extension),
        voice_mail: membersOf(members, 'voice_mail', (entry) => voiceMailView(deps, entry)),
        auto_call_recording_access_members: membersOf(members, 'auto_call_recording', (entry) => recordingAccessView(deps, entry)),
        ad_hoc_call_recording_access_members: membersOf(members, 'ad_hoc_call_recording', (entry) => recordingAccessView(deps, entry)),
      });
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/users/{userId}/settings', operationId: 'updateUserSettings',
    summary: "Change a phone user's settings", tag: TAG, access: 'phone_user:write',
    body: z.object({
      area_code: areaCode.optional(),
      outbound_caller_id: line(64).optional().describe('A number that the user may show, hidden, or "" for the default.'),
      audio_prompt_language: promptLanguage.optional().describe('Of prompts spoken to the user; "" = that of the profile.'),
      country_iso_code: z.union([z.literal(''), country]).optional().describe('Kept and shown; the site decides how numbers are read.'),
      music_on_hold_id: z.string().max(64).optional().describe('"" or 0 = the built-in sound, -1 = none.'),
    }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      const settings: readonly SettingWish[] = [
        ...wish('user-prompt-language', 'audio_prompt_language', body.audio_prompt_language?.slice(0, 2)),
        ...wish('user-country', 'country_iso_code', body.country_iso_code?.toUpperCase()),
        ...wish('user-music-on-hold', 'music_on_hold_id', body.music_on_hold_id),
      ];
      return answer(
        await updatePhoneUser(deps, actor, params.userId, given({ areaCode: body.area_code, outboundCallerId: body.outbound_caller_id }), { settings }), () => NO_CONTENT,
      );
    },
  }),
];

function wish(key: SettingKey, field: string, value: string | undefined): readonly SettingWish[] {
  return value === undefined ? [] : [{ key, field, value }];
}
