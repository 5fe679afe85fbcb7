import type { Grant, MappedAttributes } from '../../domain/saml/map-attributes.js';
import type { WantedEntitlements } from '../../domain/entitlements/entitlements.js';
import type { AccountUser } from '../../domain/identity/user.js';
import { insertAccountUser, type UserProfile } from '../admin/insert-account-user.js';
import type { AdminDeps } from '../admin/admin-deps.js';
import { change, type Actor } from '../change.js';
import { grantAsked, keepWishes } from '../entitlements/apply-entitlements.js';
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
    await keepWishes(draft, user.id, { source: SOURCE, wanted: entitlementsOf(mapped), unknown: [] }, actor);
    return done<Reception>({ kind: 'received', user });
  });
  // Nothing above refuses.
  if (received.kind === 'refused') return { kind: 'refused', why: 'no-sign-in' };
  if (received.value.kind === 'received') await grantAsked(deps, actor, received.value.user.id);
  return received.value;
}

/** What identity providers say of a person by SAML. */
const SOURCE = 'saml';

const PROFILE = [
  ['first_name', 'firstName'], ['last_name', 'lastName'], ['display_name', 'displayName'], ['department', 'department'], ['job_title', 'jobTitle'], ['cost_center', 'costCenter'],
] as const satisfies readonly (readonly [Grant, keyof UserProfile])[];

const SINGLE = [
  ['extension_number', 'extensionNumber'], ['site', 'site'], ['package', 'licencePackage'], ['role', 'role'], ['template', 'template'],
] as const satisfies readonly (readonly [Grant, keyof WantedEntitlements])[];

/** What is said of their telephony, in the words that SCIM has for it; numbers and plans are whole sets. */
function entitlementsOf(mapped: MappedAttributes): WantedEntitlements {
  const single = Object.fromEntries(SINGLE.flatMap(([grant, name]) => {
    const value = mapped.get(grant)?.[0];
    return value === undefined ? [] : [[name, value]];
  }));
  const [phoneNumbers, callingPlans] = [mapped.get('phone_number'), mapped.get('calling_plan')];
  return { ...single, ...(phoneNumbers === undefined ? {} : { phoneNumbers }), ...(callingPlans === undefined ? {} : { callingPlans }) };
}

/** What is said of the person, and no more; longer texts than the API takes are cut. */
function profileOf(mapped: MappedAttributes): Pick<UserProfile, (typeof PROFILE)[number][1]> {
  return Object.fromEntries(PROFILE.flatMap(([grant, field]) => {
    const value = mapped.get(grant)?.[0]?.replace(/\p{Cc}/gu, ' ').slice(0, 64);
    return value === undefined ? [] : [[field, value]];
  }));
}
