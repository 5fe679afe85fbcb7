import type { Json, JsonObject } from '../../domain/scim/person.js';
import { COMMON, named, type Attribute, type ResourceType } from './attribute.js';
import { scimRefused, type ScimRefused } from './scim-problem.js';

/** More values than this in one attribute are no data of a person; members of groups are counted apart. */
const MOST_VALUES = 100;

export interface ReadResource {
  readonly kind: 'read';
  /** Names in canonical case, values of the declared types, attributes nobody may write left out. */
  readonly resource: JsonObject;
  /** Attributes of no schema here, by the names they came with; never silently dropped. */
  readonly unknown: readonly { readonly name: string; readonly value: Json }[];
}

/** What a body says, by the schemas of its kind. Names count whatever their case (RFC 7643 §2.1). */
export function readResource(type: ResourceType, body: JsonObject): ReadResource | ScimRefused {
  const resource: Record<string, Json> = {};
  const unknown: { name: string; value: Json }[] = [];
  for (const [name, value] of Object.entries(body)) {
    const extension = type.extensions.find(({ id }) => id.toLowerCase() === name.toLowerCase());
    if (extension !== undefined) {
      if (value === null) continue;
      if (!isObject(value)) return scimRefused('invalidSyntax', name, 'An extension is an object.');
      const read = readObject(extension.attributes, value, `${extension.id}:`, unknown);
      if (read.kind === 'refused') return read;
      resource[extension.id] = { ...asObject(resource[extension.id]), ...read.value };
      continue;
    }
    const read = readObject([...COMMON, ...type.core.attributes], { [name]: value }, '', unknown);
    if (read.kind === 'refused') return read;
    Object.assign(resource, read.value);
  }
  return { kind: 'read', resource, unknown };
}

type Read<T> = { readonly kind: 'value'; readonly value: T } | ScimRefused;

function readObject(attributes: readonly Attribute[], given: JsonObject, path: string, unknown: { name: string; value: Json }[]): Read<JsonObject> {
  const kept: Record<string, Json> = {};
  for (const [name, value] of Object.entries(given)) {
    const one = named(attributes, name);
    if (one === undefined) {
      unknown.push({ name: `${path}${name}`, value });
      continue;
    }
    // RFC 7643 §7: what a client may not write is ignored.
    if (one.mutability === 'readOnly') continue;
    const read = one.multiValued ? readValues(one, value, path, unknown) : readValue(one, value, path, unknown);
    if (read.kind === 'refused') return read;
    kept[one.name] = read.value;
  }
  return { kind: 'value', value: kept };
}

function readValues(one: Attribute, value: Json, path: string, unknown: { name: string; value: Json }[]): Read<Json> {
  if (value === null) return { kind: 'value', value: [] };
  // Interop: some clients send the only value by itself.
  const list = isList(value) ? value : [value];
  if (list.length > MOST_VALUES && one.name !== 'members') return scimRefused('invalidValue', `${path}${one.name}`, `At most ${MOST_VALUES} values.`);
  const values: Json[] = [];
  for (const item of list) {
    const read = readValue(one, item, path, unknown);
    if (read.kind === 'refused') return read;
    if (read.value !== null && !isEmpty(read.value)) values.push(read.value);
  }
  return { kind: 'value', value: onePrimary(values) };
}

/** Reads one value; null stays null: no value (RFC 7643 §2.5). */
function readValue(one: Attribute, value: Json, path: string, unknown: { name: string; value: Json }[]): Read<Json> {
  const place = `${path}${one.name}`;
  if (value === null) return { kind: 'value', value };
  if (one.type === 'complex') {
    if (isObject(value)) return readObject(one.subAttributes, value, `${place}.`, unknown);
    // Interop: Microsoft Entra ID sends a manager, and some clients an address, as the bare value.
    const bare = named(one.subAttributes, 'value');
    return typeof value === 'string' && bare !== undefined ? readObject(one.subAttributes, { value }, `${place}.`, unknown)
      : scimRefused('invalidValue', place, 'This attribute is an object.');
  }
  if (one.type === 'boolean') {
    const flag = typeof value === 'boolean' ? value : readFlag(value);
    return flag === null ? scimRefused('invalidValue', place, 'This attribute is true or false.') : { kind: 'value', value: flag };
  }
  // Interop: numbers and codes come as numbers from some mappings.
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return scimRefused('invalidValue', place, 'This attribute is a text.');
  const line = text.trim();
  if (line.length > one.longest) return scimRefused('invalidValue', place, `At most ${one.longest} characters.`);
  // A formatted address has lines.
  if (/\p{Cc}/u.test(line) && one.name !== 'formatted') return scimRefused('invalidValue', place, 'Control characters are not allowed.');
  return { kind: 'value', value: line };
}

/** Interop: Microsoft Entra ID sends `"True"` and `"False"`. */
export function readFlag(value: Json): boolean | null {
  if (typeof value !== 'string') return null;
  const text = value.toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : null;
}

/** RFC 7643 §2.4: one value at most is the primary one; of several, the last that was named. */
function onePrimary(values: readonly Json[]): readonly Json[] {
  const last = values.findLastIndex((value) => isObject(value) && value['primary'] === true);
  return values.map((value, index) => (isObject(value) && value['primary'] === true && index !== last ? { ...value, primary: false } : value));
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** Whether nothing is said: '', {} or []. */
export function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  return isList(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

/** A text; '' for what is none. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
