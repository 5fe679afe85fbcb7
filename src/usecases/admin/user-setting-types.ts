import type { MemberKind, UserMember } from '../../domain/identity/user-member.js';
import type { PhoneUserView } from '../../ports/admin-stores.js';
import { change, type Actor, type Draft } from '../change.js';
import { allOf, done, refused, type Outcome, type Refused } from '../outcome.js';
import type { AdminDeps } from './admin-deps.js';
import { setOwner } from './assign-device.js';
import { phoneUserNotFound } from './not-found.js';
import { findDevice, findPhoneUser } from './resolve.js';
import { chainOf } from './setting-places.js';
import { changeSettingsIn, type SettingWish } from './settings.js';
import { addMember, removeMember, setMember, type WantedMember } from './user-members.js';

type Person = { readonly person: PhoneUserView; readonly draft: Draft };

/** Adds entries to a list of a person's, all or none. */
export function addUserMembers(
  deps: AdminDeps, actor: Actor, idOrEmail: string, kind: MemberKind, wanted: readonly WantedMember[],
): Promise<Outcome<readonly UserMember[]>> {
  return withPerson(deps, actor, idOrEmail, (at) => eachOf(wanted, (one) => addMember(at.draft, at.person, kind, one)));
}

/** What a change of one kind of settings asks for. */
export interface UserSettingChanges {
  readonly members: { readonly kind: MemberKind; readonly wanted: readonly WantedMember[] } | null;
  readonly settings: readonly SettingWish[];
  /** Settings of phones of the person. */
  readonly devices: readonly { readonly deviceId: string; readonly field: string; readonly settings: readonly SettingWish[] }[];
}

/** Changes entries of a list and settings of a person's, all or nothing. */
export function changeUserSettings(deps: AdminDeps, actor: Actor, idOrEmail: string, wanted: UserSettingChanges): Promise<Outcome<null>> {
  return withPerson(deps, actor, idOrEmail, ({ person, draft }) => changeUserSettingsIn(draft, person, wanted));
}

/** The same inside a larger change. */
export async function changeUserSettingsIn(draft: Draft, person: PhoneUserView, wanted: UserSettingChanges): Promise<Outcome<null>> {
  const { kind = 'delegation', wanted: members = [] } = wanted.members ?? {};
  const set = await eachOf(members, (one) => setMember(draft, person, kind, one));
  if (set.kind === 'refused') return set;
  const chain = chainOf(draft.accountId, { siteId: person.site.id, extensionId: person.extension.id });
  const problems: (Refused | null)[] = [
    await intercomProblem(draft, person, wanted.settings), await changeSettingsIn(draft, chain, wanted.settings, 'set-user-settings'),
  ];
  for (const { deviceId, field, settings } of wanted.devices) {
    const device = await ownDevice(draft, person, deviceId, field);
    problems.push(device.kind === 'refused' ? device : await changeSettingsIn(
      draft, chainOf(draft.accountId, { siteId: device.value.siteId, extensionId: person.extension.id, deviceId: device.value.id }), settings, 'set-user-settings',
    ));
  }
  const refusals = problems.filter((problem) => problem !== null);
  return refusals.length > 0 ? allOf(refusals) : done(null);
}

/** Takes an entry off a list of a person's. */
export function removeUserMember(
  deps: AdminDeps, actor: Actor, idOrEmail: string, kind: MemberKind, wanted: Omit<WantedMember, 'rights'>,
): Promise<Outcome<UserMember>> {
  return withPerson(deps, actor, idOrEmail, ({ person, draft }) => removeMember(draft, person, kind, wanted));
}

/** Gives a person a phone that is nobody's, or takes one away, which is nobody's then. */
export function setUserDevice(deps: AdminDeps, actor: Actor, idOrEmail: string, deviceId: string, give: boolean): Promise<Outcome<null>> {
  return withPerson(deps, actor, idOrEmail, async ({ person, draft }) => {
    const device = await findDevice(draft.stores, draft.accountId, deviceId);
    if (device === null) return refused('invalid', 'device_id', 'There is no device with this id. GET /v2/phone/devices lists them.', deviceId);
    const isTheirs = device.assignees.includes(person.extension.id);
    if (give && device.assignees.length > 0) {
      return refused('conflict', 'device_id', isTheirs ? 'The user has this device already.' : 'The device has an assignee and takes one only. Remove that one first.', deviceId);
    }
    if (!give && !isTheirs) return refused('not-found', 'device_id', 'The user has no such device.', deviceId);
    const set = await setOwner(deps, draft, device, give ? [person.extension.id] : []);
    return set.kind === 'refused' ? set : done(null);
  });
}

async function ownDevice(draft: Draft, person: PhoneUserView, deviceId: string, field: string) {
  const device = await findDevice(draft.stores, draft.accountId, deviceId);
  return device?.assignees.includes(person.extension.id) === true
    ? done(device) : refused('invalid', field, 'The user has no such device. GET …/settings lists those there are.', deviceId);
}

async function intercomProblem(draft: Draft, person: PhoneUserView, settings: readonly SettingWish[]): Promise<Refused | null> {
  const { value, field = '' } = settings.find(({ key }) => key === 'user-intercom-device') ?? {};
  if (typeof value !== 'string' || value === '') return null;
  const device = await ownDevice(draft, person, value, field);
  return device.kind === 'refused' ? device : null;
}

async function eachOf<W, T>(wanted: readonly W[], verb: (one: W) => Promise<Outcome<T>>): Promise<Outcome<readonly T[]>> {
  const made: T[] = [];
  const refusals: Refused[] = [];
  for (const one of wanted) {
    const outcome = await verb(one);
    if (outcome.kind === 'done') made.push(outcome.value);
    else refusals.push(outcome);
  }
  return refusals.length > 0 ? allOf(refusals) : done(made);
}

function withPerson<T>(deps: AdminDeps, actor: Actor, idOrEmail: string, verb: (at: Person) => Promise<Outcome<T>>): Promise<Outcome<T>> {
  return change(deps, actor, async (draft) => {
    const person = await findPhoneUser(draft.stores, draft.accountId, idOrEmail);
    return person === null ? phoneUserNotFound(idOrEmail) : verb({ person, draft });
  });
}
