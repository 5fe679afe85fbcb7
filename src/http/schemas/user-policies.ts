import { z } from 'zod';
import { asId, type ExtensionId } from '../../domain/ids.js';
import type { PhoneUser } from '../../domain/identity/user.js';
import type { UserMember } from '../../domain/identity/user-member.js';
import type { SettingKey } from '../../domain/settings/setting-catalogue.js';
import type { SettingReading, SettingWish } from '../../usecases/admin/settings.js';
import type { HttpDeps } from '../http-deps.js';
import { assigneeView } from '../zoom-phone/device-view.js';
import { policyChanges, policyFields, policyView, policyWishes } from './policy-schemas.js';
import {
  membersOf, memberWish, recordingAccessMember, recordingAccessView, sentMembers, voicemailAccessMember, voicemailAccessView,
} from './user-setting-fields.js';

/** Policies of a person, in the order of the published shape. */
export const USER_POLICIES: readonly SettingKey[] = [
  'ad_hoc_call_recording', 'auto_call_recording', 'call_overflow', 'call_park', 'call_transferring', 'emergency_address_management', 'emergency_calls_to_psap',
  'forwarding_to_external_numbers', 'call_handling_forwarding_to_other_users', 'hand_off_to_room', 'mobile_switch_to_carrier',
  'select_outbound_caller_id', 'sms', 'voicemail', 'zoom_phone_on_mobile', 'personal_audio_library', 'voicemail_transcription',
  'voicemail_notification_by_email', 'shared_voicemail_notification_by_email', 'check_voicemails_over_phone', 'audio_intercom', 'peer_to_peer_media',
  'e2e_encryption', 'outbound_calling', 'outbound_sms', 'allow_end_user_edit_call_handling', 'voicemail_intent_based_prioritization', 'voicemail_tasks',
];
/** The same, shown as a mere switch. */
const FLAT = ['delegation', 'elevate_to_meeting'] as const satisfies readonly SettingKey[];
export const USER_POLICY_KEYS: readonly SettingKey[] = [...USER_POLICIES, ...FLAT];

const forwardTo = z.object({
  display_name: z.string(), extension_id: z.string(), extension_number: z.int(), extension_type: z.string(), id: z.string(),
});
const groups = policyFields(USER_POLICIES, { modified: true });
const fieldsOf = (key: SettingKey): z.ZodObject => z.object(groups.shape[key] instanceof z.ZodObject ? groups.shape[key].shape : {});

export const userPolicyFields = groups.extend({
  international_calling: z.boolean(), delegation: z.boolean(), elevate_to_meeting: z.boolean(),
  call_park: fieldsOf('call_park').extend({ forward_to: forwardTo.optional() }),
  voicemail: fieldsOf('voicemail').extend({ allow_transcription: z.boolean() }),
  ad_hoc_call_recording_access_members: z.array(recordingAccessMember), auto_call_recording_access_members: z.array(recordingAccessMember),
  voicemail_access_members: z.array(voicemailAccessMember),
}).describe('What holds for the user, wherever it is set (`locked_by`, `modified`); GET /v2/cordboard/users/{userId}/settings tells more.');

const sentGroups = policyChanges(USER_POLICIES);
/** Those that the catalogue does not know by this form. */
const OWN = {
  international_calling: z.boolean().optional(), delegation: z.boolean().optional(), elevate_to_meeting: z.boolean().optional(),
  voicemail_access_members: sentMembers.voicemail_access_members,
};
const ownPolicies = z.object({ ...OWN, voicemail: z.object({ allow_transcription: z.boolean().optional() }).optional() });
export const userPolicyChanges = sentGroups.extend({ ...OWN, voicemail: sentVoicemail() });

function sentVoicemail() {
  const sent = sentGroups.shape['voicemail'];
  const inner = sent instanceof z.ZodOptional ? sent.unwrap() : sent;
  return z.object(inner instanceof z.ZodObject ? inner.shape : {}).extend({ allow_transcription: z.boolean().optional() }).optional();
}

export function userPolicyView(deps: HttpDeps, phone: PhoneUser, reading: SettingReading, members: readonly UserMember[]) {
  const view = policyView(reading, USER_POLICIES, { modified: true });
  const forward = assigneeView(deps, asId<ExtensionId>(reading.get('call_park').value.forward_to_extension_id));
  const { name: display_name = '', ...rest } = forward ?? {};
  return {
    ...view, international_calling: phone.internationalCalling, delegation: reading.get('delegation').value.enable,
    elevate_to_meeting: reading.get('elevate_to_meeting').value.enable,
    call_park: { ...withFields(view['call_park']), ...(forward === null ? {} : { forward_to: { display_name, ...rest } }) },
    voicemail: { ...withFields(view['voicemail']), allow_transcription: reading.get('voicemail_transcription').value.enable },
    ad_hoc_call_recording_access_members: membersOf(members, 'ad_hoc_call_recording', (entry) => recordingAccessView(deps, entry)),
    auto_call_recording_access_members: membersOf(members, 'auto_call_recording', (entry) => recordingAccessView(deps, entry)),
    voicemail_access_members: membersOf(members, 'voice_mail', (entry) => voicemailAccessView(deps, entry)),
  };
}

/** What a change of policies (as `userPolicyChanges` lets it through) asks for. */
export function userPolicyWishes(sent: Readonly<Record<string, unknown>> = {}) {
  const { international_calling: internationalCalling, voicemail_access_members: members = [], voicemail, ...flat } = ownPolicies.parse(sent);
  const transcription = voicemail?.allow_transcription;
  const settings: readonly SettingWish[] = [
    ...policyWishes(USER_POLICIES, { ...sent, voicemail: without(sent['voicemail'], 'allow_transcription') }, 'policy.'),
    ...FLAT.flatMap((key): readonly SettingWish[] => (flat[key] === undefined ? [] : [{ key, field: `policy.${key}`, value: { enable: flat[key] } }])),
    ...(transcription === undefined ? [] : [{ key: 'voicemail_transcription' as const, field: 'policy.voicemail.allow_transcription', value: { enable: transcription } }]),
  ];
  const wanted = members.map((one, index) => memberWish(one, `policy.voicemail_access_members[${index}].access_user_id`));
  return { internationalCalling, more: { settings, members: wanted.length === 0 ? null : { kind: 'voice_mail' as const, wanted } } };
}

function without(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)) : value;
}

function withFields(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
