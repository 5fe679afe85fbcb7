import type { PhoneUserView } from '../../ports/admin-stores.js';
import { MOST_MEMBERS, NO_RIGHTS, type MemberKind, type MemberRights, type UserMember } from '../../domain/identity/user-member.js';
import type { Draft } from '../change.js';
import { done, refused, type Outcome } from '../outcome.js';
import { findAssignee } from './resolve.js';

/** An entry as a caller names it: by the extension (or its user, or an e-mail address), or by the entry's own id. */
export interface WantedMember {
  readonly member?: string;
  readonly id?: string;
  readonly rights: Partial<MemberRights>;
  /** How the caller names it in problems. */
  readonly field: string;
}

/** Adds an extension to one of a person's lists, inside a larger change. */
export async function addMember(draft: Draft, person: PhoneUserView, kind: MemberKind, wanted: WantedMember): Promise<Outcome<UserMember>> {
  const { field, member: text = '' } = wanted;
  const extension = await findAssignee(draft.stores, draft.accountId, text);
  if (extension === null) return refused('invalid', field, 'There is no extension, user or common area with this id.', text);
  if (extension.id === person.extension.id) return refused('invalid', field, 'This is the person whose list it is.', text);
  const present = (await draft.stores.userMembers.of(draft.accountId, person.phone.id)).filter((one) => one.kind === kind);
  if (present.some((one) => one.memberId === extension.id)) return refused('conflict', field, 'This extension is on the list already.', text);
  if (present.length >= MOST_MEMBERS) return refused('conflict', field, `A list has at most ${MOST_MEMBERS} entries. Remove one first.`);
  const member: UserMember = {
    id: draft.newId(), accountId: draft.accountId, userId: person.phone.id, kind, memberId: extension.id, rights: { ...NO_RIGHTS, ...wanted.rights },
    createdAt: draft.at,
  };
  await draft.stores.userMembers.insert(member);
  draft.note({ aggregate: 'phone_user', id: person.phone.id, change: 'updated', action: `add-${kind}-member`, before: { member: null }, after: { member } });
  return done(member);
}

/** Changes what an entry may do; one that is named by its extension and not there is added. */
export async function setMember(draft: Draft, person: PhoneUserView, kind: MemberKind, wanted: WantedMember): Promise<Outcome<UserMember>> {
  const before = await findMember(draft, person, kind, wanted);
  if (before === null) {
    return wanted.member === undefined
      ? refused('invalid', wanted.field, 'There is no entry with this shared_id on the list.', wanted.id ?? '') : addMember(draft, person, kind, wanted);
  }
  const member = { ...before, rights: { ...before.rights, ...wanted.rights } };
  await draft.stores.userMembers.setRights(before.id, member.rights);
  draft.note({
    aggregate: 'phone_user', id: person.phone.id, change: 'updated', action: `update-${kind}-member`, before: { member: before }, after: { member },
  });
  return done(member);
}

/** Takes an entry off a person's list. */
export async function removeMember(draft: Draft, person: PhoneUserView, kind: MemberKind, wanted: Omit<WantedMember, 'rights'>): Promise<Outcome<UserMember>> {
  const member = await findMember(draft, person, kind, wanted);
  if (member === null) return refused('not-found', wanted.field, 'There is no such entry on the list.', wanted.id ?? wanted.member ?? '');
  await draft.stores.userMembers.delete({ id: member.id });
  draft.note({ aggregate: 'phone_user', id: person.phone.id, change: 'updated', action: `remove-${kind}-member`, before: { member }, after: { member: null } });
  return done(member);
}

async function findMember(
  draft: Draft, person: PhoneUserView, kind: MemberKind, { id, member }: Pick<WantedMember, 'id' | 'member'>,
): Promise<UserMember | null> {
  const list = (await draft.stores.userMembers.of(draft.accountId, person.phone.id)).filter((one) => one.kind === kind);
  if (id !== undefined && id !== '') return list.find((one) => one.id === id) ?? null;
  if (member === undefined) return null;
  const extension = await findAssignee(draft.stores, draft.accountId, member);
  return list.find((one) => one.memberId === extension?.id) ?? null;
}
