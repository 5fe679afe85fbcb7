import type { Grant, MappedAttributes } from '../../domain/saml/map-attributes.js';
import type { AccountUser } from '../../domain/identity/user.js';
import { insertAccountUser, type UserProfile } from '../admin/insert-account-user.js';
import type { AdminDeps } from '../admin/admin-deps.js';
import { change, type Actor } from '../change.js';
import { done } from '../outcome.js';

export type ReceiveDeps = AdminDeps;

export interface ReceivedPerson {
  readonly email: string;
  readonly mapped: MappedAttributes;
  /** Whether somebody unknown is made a user. */
  readonly provisioning: boolean;
}

export type Reception =
  | { readonly kind: 'received'; readonly user: AccountUser }
  | { readonly kind: 'refused'; readonly why: 'unknown-person' | 'no-sign-in' };

/**
 * The user whom the identity provider signed in, brought up to what it says of them: the profile here and now, what they may have of
 * telephony as wishes, of which none that cannot be granted stops the sign-in.
 */
export async function receivePerson(deps: ReceiveDeps, actor: Actor, { email, mapped, provisioning }: ReceivedPerson): Promise<Reception> {
  const received = await change<Reception>(deps, actor, async (draft) => {
    const known = await draft.stores.users.byEmail(draft.accountId, email);
    if (known === null && !provisioning) return done<Reception>({ kind: 'refused', why: 'unknown-person' });
    if (known?.status === 'inactive') return done<Reception>({ kind: 'refused', why: 'no-sign-in' });
    const said = profileOf(mapped);
    const user = known === null ? await insertAccountUser(draft, { email, ...said }) : { ...known, ...said };
    if (known !== null && Object.keys(said).length > 0) {
      await draft.stores.users.update(known.id, said);
      draft.note({ aggregate: 'user', id: known.id, change: 'updated', action: 'update-user', before: known, after: user });
    }
    return done<Reception>({ kind: 'received', user });
  });
  // Nothing above refuses.
  return received.kind === 'done' ? received.value : { kind: 'refused', why: 'no-sign-in' };
}

const PROFILE = [
  ['first_name', 'firstName'], ['last_name', 'lastName'], ['display_name', 'displayName'], ['department', 'department'], ['job_title', 'jobTitle'], ['cost_center', 'costCenter'],
] as const satisfies readonly (readonly [Grant, keyof UserProfile])[];

/** What is said of the person, and no more; longer texts than the API takes are cut. */
function profileOf(mapped: MappedAttributes): Pick<UserProfile, (typeof PROFILE)[number][1]> {
  return Object.fromEntries(PROFILE.flatMap(([grant, field]) => {
    const value = mapped.get(grant)?.[0]?.replace(/\p{Cc}/gu, ' ').slice(0, 64);
    return value === undefined ? [] : [[field, value]];
  }));
}
