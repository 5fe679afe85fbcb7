import { PHONE_SCHEMA } from './schemas.js';
import type { KeptWish } from '../../domain/entitlements/kept-wish.js';
import type { Json, JsonObject, ScimPerson } from '../../domain/scim/person.js';
import type { EditPerson } from '../../usecases/scim/people.js';
import { applyPatch, readPatch, type PatchOperation } from './patch.js';
import { asObject, isList, textOf } from './read-resource.js';
import { readUser, shown } from './read-user.js';
import { USER_TYPE } from './schemas.js';
import { userResource, type RoleNames } from './user-resource.js';

/** A person as PUT says them (RFC 7644 §3.5.1). Of the phone, what the body does not mention stays. */
export function replacedBy(body: JsonObject): EditPerson {
  return () => readUser(body);
}

/** A person after a PatchOp; of the phone, only what operations name is asked for. */
export function patchedBy(body: JsonObject, roles: RoleNames, origin: string): EditPerson {
  const patch = readPatch(USER_TYPE, body);
  return (before, waiting) => {
    if (patch.kind === 'refused') return patch;
    const after = applyPatch(withWaiting(userResource(before, roles, origin), waiting), patch.operations);
    if (after.kind === 'refused') return after;
    const read = readUser(after.resource, named(asObject(after.resource[PHONE_SCHEMA]), patch.operations));
    if (read.kind === 'refused') return read;
    return { kind: 'done', value: { ...read.value, ...keptNames(read.value, before), unknown: patch.unknown.map(shown) } };
  };
}

/** The phone extension with what the person waits for, so that adding one number gives up no other. */
function withWaiting(resource: JsonObject, waiting: readonly KeptWish[]): JsonObject {
  const numbers = waiting.flatMap(({ wish }) => (wish.kind === 'number' ? [wish.number] : []));
  const plans = waiting.flatMap(({ wish }) => (wish.kind === 'plan' ? [wish.plan] : []));
  if (numbers.length === 0 && plans.length === 0) return resource;
  const phone = asObject(resource[PHONE_SCHEMA]);
  const joined = (value: Json | undefined, more: readonly string[]): readonly Json[] => [...(isList(value) ? value : []), ...more];
  return {
    ...resource, [PHONE_SCHEMA]: { ...phone, phoneNumbers: joined(phone['phoneNumbers'], numbers), callingPlans: joined(phone['callingPlans'], plans) },
  };
}

/** What operations say of the phone: '' for what they took away. */
function named(phone: JsonObject, operations: readonly PatchOperation[]): JsonObject {
  const said: Record<string, Json> = {};
  for (const { at } of operations) {
    const [schema, attribute] = at.container;
    if (schema === PHONE_SCHEMA && attribute !== undefined) said[attribute] = phone[attribute] ?? (at.attribute.multiValued ? [] : '');
  }
  return said;
}

/** Interop: a patch of userName alone moves the address with it, where both were the same (Microsoft Entra ID, renamed people). */
function keptNames(after: { readonly userName: string; readonly email: string }, { user, profile }: ScimPerson): { readonly email: string } {
  const before = textOf(profile?.userName ?? user.email);
  const moved = before.toLowerCase() === user.email.toLowerCase() && after.email.toLowerCase() === user.email.toLowerCase() && after.userName.includes('@');
  return { email: moved ? after.userName : after.email };
}
