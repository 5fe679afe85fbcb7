import { z } from 'zod';
import type { MemberKind, UserMember } from '../../domain/identity/user-member.js';
import type { Permission } from '../../usecases/admin/roles.js';
import { findPhoneUser } from '../../usecases/admin/resolve.js';
import { chainOf } from '../../usecases/admin/setting-places.js';
import { readSettings, type SettingWish } from '../../usecases/admin/settings.js';
import { setDeskPhone } from '../../usecases/admin/set-desk-phone.js';
import { addUserMembers, changeUserSettings, removeUserMember, setUserDevice } from '../../usecases/admin/user-setting-types.js';
import type { WantedMember } from '../../usecases/admin/user-members.js';
import { answer, created, failed, NO_CONTENT, type Answer } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { badRequest, fromRefusal, noPermission } from '../problem.js';
import { route, type Route } from '../route.js';
import { line, requiredLine } from '../schemas/fields.js';
import {
  delegationFields, delegationView, memberWish, recordingAccessMember, recordingAccessView, sentMembers, voiceMailMember, voiceMailView,
  voicemailAccessMember, voicemailAccessView,
} from '../schemas/user-setting-fields.js';
import { given } from '../schemas/views.js';

const TAG = 'Phone users';
const status = z.enum(['on', 'off', 'unsupported']);

const TYPES = [
  'delegation', 'desk_phone', 'voice_mail', 'intercom', 'voicemail_access_members', 'auto_call_recording_access_members',
  'ad_hoc_call_recording_access_members',
] as const;
type SettingType = (typeof TYPES)[number];

/** The list that each type is about; desk phones have none. */
const KIND: Readonly<Record<SettingType, MemberKind | null>> = {
  delegation: 'delegation', desk_phone: null, voice_mail: 'voice_mail', intercom: 'intercom', voicemail_access_members: 'voice_mail',
  auto_call_recording_access_members: 'auto_call_recording', ad_hoc_call_recording_access_members: 'ad_hoc_call_recording',
};

/** `voice_mail`, `voiceMail`: letter case and underscores do not matter. */
function typeOf(text: string): SettingType | undefined {
  const plain = (name: string): string => name.toLowerCase().replaceAll('_', '');
  return TYPES.find((type) => plain(type) === plain(text));
}

const UNKNOWN_TYPE = badRequest('settingType', `There is no such type. There are ${TYPES.join(', ')}.`);
const missing = (field: string): Answer => failed(badRequest(field, 'This field is needed for this type of settings.'));

const addBody = z.object({
  delegation_assistant_extension_id: requiredLine(64).optional(),
  device_id: requiredLine(64).optional().describe('desk_phone: a phone that is nobody\'s and becomes the user\'s.'),
  ...sentMembers,
});
const addAnswer = z.object({
  delegation: delegationFields.omit({ locked: true }).optional(), voice_mail: voiceMailMember.optional(),
  voicemail_access_members: z.array(voicemailAccessMember).optional(), auto_call_recording_access_members: z.array(recordingAccessMember).optional(),
  ad_hoc_call_recording_access_members: z.array(recordingAccessMember).optional(),
});
const changeBody = z.object({
  delegation: z.object({
    privacy: z.boolean().optional(), privileges: z.array(z.int().min(1).max(10)).max(10).optional(), locked: z.boolean().optional(),
  }).optional(),
  desk_phone: z.object({
    devices: z.array(z.object({
      id: z.string().max(64),
      policy: z.object({
        call_control: z.object({ status: status.optional() }).optional(), hot_desking: z.object({ status: status.optional() }).optional(),
      }).optional(),
    })).max(100).default([]),
    phone_screen_lock: z.boolean().optional(),
    pin_code: z.string().max(100).optional().describe('1 to 6 digits, for signing in at phones. It is kept as a hash and never shown.'),
  }).optional(),
  intercom: z.object({
    extension_id: requiredLine(64).optional().describe('Who is on the intercom; missing = the user themself.'),
    device_id: line(64).optional().describe('The phone of the user that the intercom uses; "" = any.'),
  }).optional(),
  ...sentMembers,
});

/** Entries that a body names for a type. */
function membersIn(type: SettingType, body: z.output<typeof addBody> | z.output<typeof changeBody>): readonly WantedMember[] {
  switch (type) {
    case 'voice_mail':
      return body.voice_mail === undefined ? [] : [memberWish(body.voice_mail, 'voice_mail.access_user_id')];
    case 'voicemail_access_members':
    case 'auto_call_recording_access_members':
    case 'ad_hoc_call_recording_access_members':
      return (body[type] ?? []).map((sent, index) => memberWish(sent, `${type}[${index}].access_user_id`));
    default:
      return [];
  }
}

/** What was added, in the words of its type. */
async function addedView(deps: HttpDeps, accountId: UserMember['accountId'], userId: string, type: SettingType, added: readonly UserMember[]) {
  switch (type) {
    case 'delegation': {
      const view = await findPhoneUser(deps.stores, accountId, userId);
      if (view === null) return {};
      const chain = chainOf(accountId, { siteId: view.site.id, extensionId: view.extension.id });
      const reading = await readSettings(deps.stores, accountId, chain, ['user-delegation']);
      const { assistants, privacy, privileges } = delegationView(deps, await deps.stores.userMembers.of(accountId, view.phone.id), reading);
      return { delegation: { assistants, privacy, privileges } };
    }
    case 'voice_mail':
      return given({ voice_mail: added.map((entry) => voiceMailView(deps, entry))[0] });
    case 'voicemail_access_members':
      return { [type]: added.map((entry) => voicemailAccessView(deps, entry)) };
    default:
      return { [type]: added.map((entry) => recordingAccessView(deps, entry)) };
  }
}

export const userSettingTypeRoutes: readonly Route[] = [
  route({
    method: 'POST', path: '/v2/phone/users/{userId}/settings/{settingType}', operationId: 'addUserSetting',
    summary: 'Add an assistant, a phone, or who may open voicemail and recordings', tag: TAG, access: 'phone_user:write',
    body: addBody,
    answer: { status: 201, description: 'What was added, in the words of its type; fields of other types are not looked at.', schema: addAnswer },
    async handle({ deps, actor, permissions, params, body }) {
      const type = typeOf(params.settingType);
      if (type === undefined) return failed(UNKNOWN_TYPE);
      if (type === 'desk_phone') {
        if (!permissions.has('device:write')) return failed(noPermission('device:write'));
        if (body.device_id === undefined) return missing('device_id');
        return answer(await setUserDevice(deps, actor, params.userId, body.device_id, true), () => created({}));
      }
      if (type === 'intercom') return failed(badRequest('settingType', 'Intercom partners are set by PATCH.'));
      const assistant = body.delegation_assistant_extension_id;
      if (type === 'delegation' && assistant === undefined) return missing('delegation_assistant_extension_id');
      const wanted = type === 'delegation' && assistant !== undefined
        ? [{ member: assistant, rights: {}, field: 'delegation_assistant_extension_id' }] : membersIn(type, body);
      if (wanted.length === 0) return missing(type);
      const outcome = await addUserMembers(deps, actor, params.userId, KIND[type] ?? 'delegation', wanted);
      if (outcome.kind === 'refused') return failed(fromRefusal(outcome));
      return created(await addedView(deps, actor.accountId, params.userId, type, outcome.value));
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/users/{userId}/settings/{settingType}', operationId: 'deleteUserSetting',
    summary: 'Take away an assistant, a phone, or who may open voicemail and recordings', tag: TAG, access: 'phone_user:write',
    query: z.object({
      shared_id: line(64).optional(), assistant_extension_id: line(64).optional(), device_id: line(64).optional(), intercom_extension_id: line(64).optional(),
    }),
    answer: { status: 204, description: 'Taken away; a phone is nobody\'s then.', schema: null },
    async handle({ deps, actor, permissions, params, query }) {
      const type = typeOf(params.settingType);
      if (type === undefined) return failed(UNKNOWN_TYPE);
      if (type === 'desk_phone') {
        if (!permissions.has('device:write')) return failed(noPermission('device:write'));
        if (query.device_id === undefined) return missing('device_id');
        return answer(await setUserDevice(deps, actor, params.userId, query.device_id, false), () => NO_CONTENT);
      }
      if (type === 'intercom' && query.device_id !== undefined) {
        const settings: readonly SettingWish[] = [{ key: 'user-intercom-device', field: 'device_id', inherit: true }];
        return answer(await changeUserSettings(deps, actor, params.userId, { members: null, settings, devices: [] }), () => NO_CONTENT);
      }
      const named = { delegation: 'assistant_extension_id', intercom: 'intercom_extension_id' } as const;
      const field = type === 'delegation' || type === 'intercom' ? named[type] : 'shared_id';
      const value = query[field];
      if (value === undefined) return missing(field);
      const wanted = field === 'shared_id' ? { id: value, field } : { member: value, field };
      return answer(await removeUserMember(deps, actor, params.userId, KIND[type] ?? 'delegation', wanted), () => NO_CONTENT);
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/users/{userId}/settings/{settingType}', operationId: 'updateUserSetting',
    summary: "Change a user's PIN and phones, delegation, intercom, or who may open voicemail and recordings", tag: TAG, access: 'device:write',
    body: changeBody,
    answer: { status: 204, description: 'Changed; fields of other types are not looked at.', schema: null },
    async handle({ deps, actor, permissions, params, body }) {
      const type = typeOf(params.settingType);
      if (type === undefined) return failed(UNKNOWN_TYPE);
      const aboutPerson = type !== 'desk_phone' || body.desk_phone?.pin_code !== undefined || body.desk_phone?.phone_screen_lock !== undefined;
      const needed: Permission = 'phone_user:write';
      if (aboutPerson && !permissions.has(needed)) return failed(noPermission(needed));
      if (type === 'desk_phone') return patchDeskPhone({ deps, actor, userId: params.userId, wanted: body.desk_phone ?? { devices: [] } });
      if (type === 'delegation') {
        const settings: readonly SettingWish[] = body.delegation === undefined
          ? [] : [{ key: 'user-delegation', field: 'delegation', value: given(body.delegation) }];
        return answer(await changeUserSettings(deps, actor, params.userId, { members: null, settings, devices: [] }), () => NO_CONTENT);
      }
      if (type === 'intercom') {
        const { extension_id: partner, device_id: device } = body.intercom ?? {};
        if (partner === undefined && device === undefined) return missing('intercom.device_id');
        const members = partner === undefined ? null
          : { kind: 'intercom' as const, wanted: [{ member: partner, rights: given({ deviceId: device }), field: 'intercom.extension_id' }] };
        const settings: readonly SettingWish[] = partner === undefined ? [{ key: 'user-intercom-device', field: 'intercom.device_id', value: device }] : [];
        return answer(await changeUserSettings(deps, actor, params.userId, { members, settings, devices: [] }), () => NO_CONTENT);
      }
      const members = { kind: KIND[type] ?? 'voice_mail', wanted: membersIn(type, body) };
      if (members.wanted.length === 0) return missing(type);
      return answer(await changeUserSettings(deps, actor, params.userId, { members, settings: [], devices: [] }), () => NO_CONTENT);
    },
  }),
];

type DeskPhoneBody = NonNullable<z.output<typeof changeBody>['desk_phone']>;

/** PIN and hot desking have rules of their own and go first; what is merely kept follows. */
async function patchDeskPhone(
  { deps, actor, userId, wanted }: { readonly deps: HttpDeps; readonly actor: Parameters<typeof setDeskPhone>[1]; readonly userId: string; readonly wanted: DeskPhoneBody },
): Promise<Answer> {
  const hotDesking = wanted.devices.flatMap(({ id, policy }, index) => {
    const wish = policy?.hot_desking?.status;
    return wish === undefined ? [] : [{ deviceId: id, hotDesking: wish, field: `desk_phone.devices[${index}].id` }];
  });
  const devices = wanted.devices.flatMap(({ id, policy }, index) => {
    const value = policy?.call_control?.status;
    const field = `desk_phone.devices[${index}]`;
    return value === undefined ? [] : [{ deviceId: id, field: `${field}.id`, settings: [{ key: 'device-call-control' as const, field: `${field}.policy.call_control.status`, value }] }];
  });
  const settings: readonly SettingWish[] = wanted.phone_screen_lock === undefined
    ? [] : [{ key: 'user-phone-screen-lock', field: 'desk_phone.phone_screen_lock', value: wanted.phone_screen_lock }];
  const set = await setDeskPhone(deps, actor, userId, { devices: hotDesking, pin: wanted.pin_code ?? null, more: { members: null, settings, devices } });
  return answer(set, () => NO_CONTENT);
}
