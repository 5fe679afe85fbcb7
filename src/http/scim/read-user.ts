import { email, timeZone } from '../schemas/fields.js';
import type { Json, JsonObject } from '../../domain/scim/person.js';
import type { WantedPerson } from '../../usecases/scim/wanted-person.js';
import { asObject, readResource, textOf } from './read-resource.js';
import { ENTERPRISE_SCHEMA, PHONE_SCHEMA, USER_TYPE } from './schemas.js';
import { scimRefused, type ScimRefused } from './scim-problem.js';
import { chosenEmail, entitlementsOf } from './user-resource.js';

export type ReadUser = { readonly kind: 'done'; readonly value: WantedPerson } | ScimRefused;

/** Never kept: what is made here, and what nobody may read. */
const NOT_KEPT: ReadonlySet<string> = new Set(['id', 'schemas', 'meta', 'groups', 'password', 'userName', 'externalId', 'active', PHONE_SCHEMA]);

/** More of what cannot be applied than this is no mistake of a mapping. */
const MOST_UNKNOWN = 50;
const LONGEST_UNKNOWN = 200;

/**
 * A whole User as a body says it (POST, PUT), or as a patch left it. `phone`: what is asked of the phone extension; by default all
 * that the body says of it.
 */
export function readUser(body: JsonObject, phone?: Json): ReadUser {
  const read = readResource(USER_TYPE, body);
  if (read.kind === 'refused') return read;
  const { resource } = read;
  const userName = textOf(resource['userName']);
  if (userName === '') return scimRefused('invalidValue', 'userName', 'This attribute is required.');
  const address = chosenEmail(resource['emails']) || userName;
  if (!email.safeParse(address).success) {
    return scimRefused('invalidValue', 'emails', 'A person needs an e-mail address: in emails, or as userName.', address);
  }
  const name = asObject(resource['name']);
  const enterprise = asObject(resource[ENTERPRISE_SCHEMA]);
  const zone = textOf(resource['timezone']);
  const knownZone = timeZone.safeParse(zone).success;
  return {
    kind: 'done',
    value: {
      userName, email: address, externalId: textOf(resource['externalId']), firstName: textOf(name['givenName']), lastName: textOf(name['familyName']),
      displayName: textOf(resource['displayName']), jobTitle: textOf(resource['title']), timeZone: knownZone ? zone : '',
      language: textOf(resource['preferredLanguage']), department: textOf(enterprise['department']), costCenter: textOf(enterprise['costCenter']),
      employeeId: textOf(enterprise['employeeNumber']), company: textOf(enterprise['organization']),
      managerId: textOf(asObject(enterprise['manager'])['value']),
      // RFC 7643 §4.1.1 leaves the meaning of a missing one to us: nobody is switched off by silence.
      active: resource['active'] !== false,
      attributes: Object.fromEntries(Object.entries(resource).filter(([attribute]) => !NOT_KEPT.has(attribute))),
      entitlements: entitlementsOf(phone === undefined ? resource[PHONE_SCHEMA] : phone),
      unknown: [...(knownZone ? [] : [{ name: 'timezone', value: zone as Json }]), ...read.unknown].slice(0, MOST_UNKNOWN).map(shown),
    },
  };
}

/** What was asked and has no place here, short enough for a list. */
export function shown({ name, value }: { readonly name: string; readonly value: Json }): { readonly name: string; readonly value: string } {
  const text = /password|secret|token/i.test(name) ? '***' : typeof value === 'string' ? value : JSON.stringify(value);
  return { name: name.slice(0, LONGEST_UNKNOWN), value: text.slice(0, LONGEST_UNKNOWN) };
}
