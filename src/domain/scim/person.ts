import type { AccountUser, PhoneUser } from '../identity/user.js';
import type { PhoneRoleId, ScimGroupId, UserId } from '../ids.js';

/** JSON as it comes and goes. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** What an identity provider says of a person and nothing else here keeps. */
export interface ScimProfile {
  /** How the identity provider names the person; unique whatever its case. */
  readonly userName: string;
  /** The identity provider's own id; '' = none. Never a key here. */
  readonly externalId: string;
  /** Attributes by their canonical names (RFC 7643 §4.1), those of the account's own columns with them, as they came. */
  readonly attributes: JsonObject;
  readonly updatedAt: number;
}

/** A person's phone as SCIM shows it. */
export interface ScimPhone extends Pick<PhoneUser, 'status' | 'callingPlans' | 'packages'> {
  readonly extensionNumber: string;
  readonly siteName: string;
  /** In the order they were assigned, E.164. */
  readonly phoneNumbers: readonly string[];
}

/** Everything that a SCIM User shows of a person. */
export interface ScimPerson {
  readonly user: AccountUser;
  /** Null for people that no identity provider has written to. */
  readonly profile: ScimProfile | null;
  /** Null for people without a phone. */
  readonly phone: ScimPhone | null;
  readonly packageName: string | null;
  /** The phone role given first; null = none. */
  readonly roleId: PhoneRoleId | null;
  readonly groups: readonly { readonly id: ScimGroupId; readonly displayName: string }[];
}

/** The name a person goes by in SCIM: the identity provider's, else the e-mail address. */
export function userNameOf({ user, profile }: Pick<ScimPerson, 'user' | 'profile'>): string {
  return profile?.userName ?? user.email;
}

/** A group that an identity provider keeps here. */
export interface ScimGroup {
  readonly id: ScimGroupId;
  readonly displayName: string;
  readonly externalId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface ScimGroupMember {
  readonly userId: UserId;
  readonly name: string;
}
