import { asId, type UserId } from '../../domain/ids.js';
import type { AccountUser } from '../../domain/identity/user.js';
import { NO_DETAILS } from '../../domain/identity/user-details.js';
import type { Draft } from '../change.js';

/** What the API may set of a person, beside the address. */
export type UserProfile = Partial<Pick<
  AccountUser,
  | 'firstName' | 'lastName' | 'displayName' | 'type' | 'department' | 'costCenter' | 'jobTitle' | 'location'
  | 'timeZone' | 'language' | 'details'
>>;

export interface NewAccountUser extends UserProfile {
  readonly email: string;
}

/** The row itself, inside a larger change; the caller has made sure that the address is new. */
export async function insertAccountUser(draft: Draft, wanted: NewAccountUser): Promise<AccountUser> {
  const user: AccountUser = {
    id: asId<UserId>(draft.newId()),
    accountId: draft.accountId,
    email: wanted.email,
    firstName: wanted.firstName ?? '',
    lastName: wanted.lastName ?? '',
    displayName: wanted.displayName ?? '',
    type: wanted.type ?? 1,
    status: 'active',
    department: wanted.department ?? '',
    costCenter: wanted.costCenter ?? '',
    jobTitle: wanted.jobTitle ?? '',
    location: wanted.location ?? '',
    timeZone: wanted.timeZone ?? '',
    language: wanted.language ?? '',
    details: wanted.details ?? NO_DETAILS,
    licencePackageId: null,
    createdAt: draft.at,
  };
  await draft.stores.users.insert(user);
  draft.note({ aggregate: 'user', id: user.id, change: 'created', action: 'add-user', before: null, after: user });
  return user;
}
