import { createHash } from 'node:crypto';
import type { WantedEntitlements } from '../../domain/entitlements/entitlements.js';
import { seatByNameOrCode } from '../../domain/licensing/catalogue.js';
import { userNameOf, type Json, type JsonObject, type ScimPerson } from '../../domain/scim/person.js';
import { codesOf } from '../../usecases/admin/seats.js';
import { given } from '../schemas/views.js';
import { asObject, isEmpty, isList, isObject, textOf } from './read-resource.js';
import { ENTERPRISE_SCHEMA, PHONE_SCHEMA, USER_SCHEMA } from './schemas.js';
import { SCIM_BASE } from './scim-problem.js';

/** A resource with `meta`; its version is a weak tag (RFC 7644 §3.14) of `versioned`, by default all the rest. */
export function withMeta(
  resource: JsonObject, meta: { readonly resourceType: string; readonly created: number; readonly lastModified: number; readonly location: string },
  versioned: Json = resource,
): JsonObject {
  const version = `W/"${createHash('sha256').update(JSON.stringify(versioned)).digest('base64url').slice(0, 22)}"`;
  return {
    ...resource,
    meta: {
      resourceType: meta.resourceType, created: new Date(meta.created).toISOString(), lastModified: new Date(meta.lastModified).toISOString(),
      location: meta.location, version,
    },
  };
}

export function versionOf(resource: JsonObject): string {
  return textOf(asObject(resource['meta'])['version']);
}

/** Names of roles by their ids. */
export type RoleNames = ReadonlyMap<string, string>;

/** A person as a SCIM User: what the identity provider said, under what is so here. */
export function userResource(person: ScimPerson, roles: RoleNames, origin: string): JsonObject {
  const { user, profile } = person;
  const kept = profile?.attributes ?? {};
  const enterprise = withoutEmpty({
    ...asObject(kept[ENTERPRISE_SCHEMA]), employeeNumber: user.details.employeeUniqueId, costCenter: user.costCenter, organization: user.details.company,
    department: user.department,
  });
  const phoneView = phoneResource(person, roles);
  const name = withoutEmpty({ ...asObject(kept['name']), givenName: user.firstName, familyName: user.lastName });
  const core = withoutEmpty({
    ...kept, [ENTERPRISE_SCHEMA]: {},
    id: user.id, externalId: profile?.externalId ?? '', userName: userNameOf(person),
    name: isEmpty(name) ? {} : { formatted: [user.firstName, user.lastName].filter(Boolean).join(' '), ...name },
    displayName: user.displayName, title: user.jobTitle, timezone: user.timeZone, preferredLanguage: user.language,
    emails: emailsOf(kept['emails'], user.email),
    groups: person.groups.map(({ id, displayName }) => ({
      value: id, $ref: `${origin}${SCIM_BASE}/Groups/${id}`, display: displayName, type: 'direct',
    })),
  });
  const extensions = [...(isEmpty(enterprise) ? [] : [ENTERPRISE_SCHEMA]), ...(isEmpty(phoneView) ? [] : [PHONE_SCHEMA])];
  return withMeta({
    schemas: [USER_SCHEMA, ...extensions], ...core, active: user.status === 'active',
    ...(isEmpty(enterprise) ? {} : { [ENTERPRISE_SCHEMA]: enterprise }), ...(isEmpty(phoneView) ? {} : { [PHONE_SCHEMA]: phoneView }),
  }, {
    resourceType: 'User', created: user.createdAt, lastModified: Math.max(profile?.updatedAt ?? 0, user.createdAt),
    location: `${origin}${SCIM_BASE}/Users/${user.id}`,
  });
}

function phoneResource({ phone, packageName, roleId }: ScimPerson, roles: RoleNames): JsonObject {
  const role = roleId === null ? '' : roles.get(roleId) ?? roleId;
  if (phone === null) return withoutEmpty({ role });
  return withoutEmpty({
    extensionNumber: phone.extensionNumber, site: phone.siteName, phoneNumbers: phone.phoneNumbers,
    callingPlans: codesOf(phone).map((code) => seatByNameOrCode(String(code))?.name ?? String(code)), package: packageName ?? '', role,
  });
}

/** The addresses that came, as long as the person's own is the one meant; else the person's own before the others. */
function emailsOf(kept: Json | undefined, email: string): readonly Json[] {
  const list = isList(kept) ? kept : [];
  if (list.some((one) => addressOf(one).toLowerCase() === email.toLowerCase())) return list;
  return [{ value: email, type: 'work', primary: true }, ...list.map((one) => (isObject(one) && one['primary'] === true ? { ...one, primary: false } : one))];
}

function addressOf(value: Json): string {
  return textOf(asObject(value)['value']);
}

/** The address that stands for the person: the primary one, else the one of work, else the first. */
export function chosenEmail(emails: Json | undefined): string {
  const list = (isList(emails) ? emails : []).filter((one) => addressOf(one) !== '');
  const chosen = list.find((one) => asObject(one)['primary'] === true) ?? list.find((one) => textOf(asObject(one)['type']).toLowerCase() === 'work') ?? list[0];
  return chosen === undefined ? '' : addressOf(chosen);
}

function withoutEmpty(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => !isEmpty(value)));
}

/** What a body asks of the phone; what it leaves out stays as it is. */
export function entitlementsOf(extension: Json | undefined): WantedEntitlements {
  if (!isObject(extension)) return {};
  const text = (name: string): string | undefined => (name in extension ? textOf(extension[name]) : undefined);
  const texts = (name: string): readonly string[] | undefined => (
    name in extension ? (isList(extension[name]) ? extension[name].map(textOf).filter((one) => one !== '') : []) : undefined);
  return given({
    extensionNumber: text('extensionNumber'), site: text('site'), phoneNumbers: texts('phoneNumbers'), callingPlans: texts('callingPlans'),
    licencePackage: text('package'), role: text('role'), template: text('template'),
  });
}
