import type { AccountId, UserId } from '../domain/ids.js';
import type { MemberKind, MemberRights, UserMember } from '../domain/identity/user-member.js';

/** Lists of a person; an entry goes with the person and with the extension it names. */
export interface UserMemberStore {
  /** Of one person, of every kind, in the order they were added. */
  of(accountId: AccountId, userId: UserId): Promise<readonly UserMember[]>;
  insert(member: UserMember): Promise<void>;
  setRights(id: string, rights: MemberRights): Promise<void>;
  /** One entry, or a whole list of a person's. */
  delete(what: { readonly id: string } | { readonly userId: UserId; readonly kind: MemberKind }): Promise<void>;
}

export interface MemberStores {
  readonly userMembers: UserMemberStore;
}
