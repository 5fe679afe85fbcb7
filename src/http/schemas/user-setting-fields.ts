import { z } from 'zod';
import type { DeviceId } from '../../domain/ids.js';
import type { MemberKind, MemberRights, UserMember } from '../../domain/identity/user-member.js';
import type { SettingReading } from '../../usecases/admin/settings.js';
import type { HttpDeps } from '../http-deps.js';
import { assigneeView, type DeviceState } from '../zoom-phone/device-view.js';
import { line, requiredLine } from './fields.js';
import { given } from './views.js';

const assistant = z.object({
  display_name: z.string(), extension_id: z.string(), extension_number: z.int(), extension_type: z.string(), id: z.string(),
});
export const delegationFields = z.object({
  assistants: z.array(assistant), privacy: z.boolean(), privileges: z.array(z.int()), locked: z.boolean(),
});
export const voiceMailMember = z.object({ access_user_id: z.string(), delete: z.boolean(), download: z.boolean(), shared_id: z.string() });
export const voicemailAccessMember = z.object({
  access_user_id: z.string(), allow_delete: z.boolean(), allow_download: z.boolean(), allow_sharing: z.boolean(), shared_id: z.string(),
});
export const recordingAccessMember = voicemailAccessMember.omit({ allow_sharing: true });
export const intercomFields = z.object({
  audio_intercoms: z.array(z.object({
    extension_id: z.string(), extension_number: z.string(), extension_type: z.string(), display_name: z.string(), status: z.string(),
    device_id: z.string(), device_status: z.string(),
  })),
  device: z.object({ id: z.string(), name: z.string() }).describe('"" = any phone of the user.'),
});

const member = { access_user_id: requiredLine(128).optional(), shared_id: line(64).optional() };
const rights = { allow_delete: z.boolean().optional(), allow_download: z.boolean().optional() };
const memberList = <Shape extends z.ZodRawShape>(shape: Shape) => z.array(z.object(shape)).min(1).max(50).optional();

/** Entries as they are sent, of whatever list. */
export const sentMembers = {
  voice_mail: z.object({ ...member, delete: z.boolean().optional(), download: z.boolean().optional() }).optional(),
  voicemail_access_members: memberList({ ...member, ...rights, allow_sharing: z.boolean().optional() }),
  auto_call_recording_access_members: memberList({ ...member, ...rights }),
  ad_hoc_call_recording_access_members: memberList({ ...member, ...rights }),
};

interface SentMember {
  readonly access_user_id?: string | undefined;
  readonly shared_id?: string | undefined;
  readonly delete?: boolean | undefined;
  readonly download?: boolean | undefined;
  readonly allow_delete?: boolean | undefined;
  readonly allow_download?: boolean | undefined;
  readonly allow_sharing?: boolean | undefined;
}

/** What an entry asks for, `field` naming it in problems. */
export function memberWish(sent: SentMember, field: string) {
  const rightsOf: Partial<MemberRights> = given({
    delete: sent.allow_delete ?? sent.delete, download: sent.allow_download ?? sent.download, share: sent.allow_sharing,
  });
  return { ...given({ member: sent.access_user_id, id: sent.shared_id }), rights: rightsOf, field };
}

type Deps = Pick<HttpDeps, 'directory'>;

/** Whom an entry names: a user by the user's id, a common area by its own. */
function accessId({ directory }: Deps, { memberId }: UserMember): string {
  return directory.extension(memberId)?.owner.id ?? memberId;
}

export function voiceMailView(deps: Deps, entry: UserMember) {
  return { access_user_id: accessId(deps, entry), delete: entry.rights.delete, download: entry.rights.download, shared_id: entry.id };
}

export function recordingAccessView(deps: Deps, entry: UserMember) {
  return { access_user_id: accessId(deps, entry), allow_delete: entry.rights.delete, allow_download: entry.rights.download, shared_id: entry.id };
}

export function voicemailAccessView(deps: Deps, entry: UserMember) {
  return { ...recordingAccessView(deps, entry), allow_sharing: entry.rights.share };
}

/** The entries of one list, each as `view` shows it. */
export function membersOf<T>(members: readonly UserMember[], kind: MemberKind, view: (entry: UserMember) => T): readonly T[] {
  return members.filter((entry) => entry.kind === kind).map(view);
}

export function delegationView(deps: Deps, members: readonly UserMember[], reading: SettingReading) {
  const assistants = members.filter(({ kind }) => kind === 'delegation').flatMap(({ memberId }) => {
    const view = assigneeView(deps, memberId);
    return view === null ? [] : [{
      display_name: view.name, extension_id: view.extension_id, extension_number: view.extension_number, extension_type: view.extension_type, id: view.id,
    }];
  });
  return { assistants, ...reading.get('user-delegation').value };
}

export function intercomView(deps: Deps, members: readonly UserMember[], reading: SettingReading, states: ReadonlyMap<DeviceId, DeviceState>) {
  const own = reading.get('user-intercom-device').value;
  const named = [...states.keys()].find((id) => id === own);
  return {
    audio_intercoms: members.filter(({ kind }) => kind === 'intercom').flatMap(({ memberId, rights: { deviceId } }) => {
      const view = assigneeView(deps, memberId);
      const known = [...states.keys()].find((id) => id === deviceId);
      return view === null ? [] : [{
        extension_id: view.extension_id, extension_number: String(view.extension_number), extension_type: view.extension_type, display_name: view.name,
        status: 'active', device_id: deviceId, device_status: known === undefined ? '' : states.get(known)?.status ?? 'offline',
      }];
    }),
    device: { id: named ?? '', name: named === undefined ? '' : deps.directory.device(named)?.displayName ?? '' },
  };
}
