import { NoTarget, scimPatch } from 'scim-patch';
import type { Json, JsonObject } from '../../domain/scim/person.js';
import type { Attribute, ResourceType } from './attribute.js';
import { matches, valuesAt, type ScimFilter } from './filter.js';
import { readPath, type PatchPath } from './patch-path.js';
import { isEmpty, isList, isObject } from './read-resource.js';
import { scimRefused, type ScimRefused } from './scim-problem.js';

export const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const MOST_OPERATIONS = 1000;
/** Each is applied to a copy of the resource. */
const MOST_APPLIED = 200;
const NEVER = new Date(0);

/** One operation, its attribute found in the schemas. */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly at: PatchPath;
  readonly value: Json;
}

export type ReadPatch =
  | { readonly kind: 'patch'; readonly operations: readonly PatchOperation[]; readonly unknown: readonly { readonly name: string; readonly value: Json }[] }
  | ScimRefused;

/**
 * Reads a PatchOp body (RFC 7644 §3.5.2) into operations on one attribute each, as identity providers really write them:
 * `op` in any case, no path and a value of many attributes, and keys of such a value that are paths themselves.
 */
export function readPatch(type: ResourceType, body: JsonObject): ReadPatch {
  const given = Object.entries(body).find(([name]) => name.toLowerCase() === 'operations')?.[1];
  if (!isList(given) || given.length === 0) return scimRefused('invalidSyntax', 'Operations', 'Give a list of operations.');
  if (given.length > MOST_OPERATIONS) return scimRefused('tooMany', 'Operations', `At most ${MOST_OPERATIONS} operations.`);
  const operations: PatchOperation[] = [];
  const unknown: { name: string; value: Json }[] = [];
  for (const [index, one] of given.entries()) {
    const place = `Operations[${index}]`;
    if (!isObject(one)) return scimRefused('invalidSyntax', place, 'An operation is an object.');
    const op = typeof one['op'] === 'string' ? one['op'].toLowerCase() : '';
    if (op !== 'add' && op !== 'replace' && op !== 'remove') return scimRefused('invalidSyntax', `${place}.op`, 'Use add, replace or remove.');
    const { path, value = null } = one;
    if (path !== undefined && path !== null && typeof path !== 'string') return scimRefused('invalidPath', `${place}.path`, 'A path is a text.');
    const parts: readonly (readonly [string, Json])[] | null = typeof path === 'string' && path !== '' ? [[path, value]]
      : op === 'remove' ? null : isObject(value) ? flattened(type, value) : [];
    // RFC 7644 §3.5.2.2: a removal without a path has no target.
    if (parts === null) return scimRefused('noTarget', `${place}.path`, 'Say what to remove.');
    if (parts.length === 0 && !isObject(value)) return scimRefused('invalidValue', `${place}.value`, 'Without a path the value is an object of attributes.');
    for (const [text, part] of parts) {
      const read = readPath(type, text);
      if (read.kind === 'unknown' && (path === undefined || path === null || text.toLowerCase().startsWith('urn:'))) {
        unknown.push({ name: text, value: part });
        continue;
      }
      if (read.kind === 'unknown') return scimRefused('invalidPath', `${place}.path`, `There is no attribute ${text.slice(0, 100)}.`);
      if (read.kind === 'refused') return read;
      if (read.at.attribute.mutability === 'readOnly') {
        // Interop: clients send back what they read, without a path; only what is named is refused.
        if (typeof path !== 'string' || path === '') continue;
        return scimRefused('mutability', `${place}.path`, `${text} cannot be written.`);
      }
      if (op !== 'remove' && !('value' in one)) return scimRefused('invalidValue', `${place}.value`, 'Give a value.');
      operations.push({ op, at: read.at, value: part });
    }
  }
  return { kind: 'patch', operations, unknown };
}

/** The attributes of a value without a path: an extension's one by one, dotted and bracketed names as the paths they are. */
function flattened(type: ResourceType, value: JsonObject): readonly (readonly [string, Json])[] {
  return Object.entries(value).flatMap(([name, part]): readonly (readonly [string, Json])[] => {
    const extension = type.extensions.find(({ id }) => id.toLowerCase() === name.toLowerCase());
    if (extension !== undefined && isObject(part)) return Object.entries(part).map(([inside, one]) => [`${extension.id}:${inside}`, one]);
    return name.toLowerCase() === 'schemas' ? [] : [[name, part]];
  });
}

/** The resource after the operations, one after the other; the one given stays as it is. */
export function applyPatch(resource: JsonObject, operations: readonly PatchOperation[]): { readonly kind: 'patched'; readonly resource: JsonObject } | ScimRefused {
  if (operations.length > MOST_APPLIED) return scimRefused('tooMany', 'Operations', `At most ${MOST_APPLIED} operations on one resource, members of groups apart.`);
  let present: JsonObject = resource;
  for (const operation of operations) {
    const after = applyOne(present, operation);
    if (after.kind === 'refused') return after;
    present = after.resource;
  }
  return { kind: 'patched', resource: present };
}

function applyOne(resource: JsonObject, { op, at, value }: PatchOperation): ReturnType<typeof applyPatch> {
  const { filter } = at;
  if (filter !== null && !valuesAt(resource, at.container).some((one) => matches(filter, one))) {
    // Interop: what a client removes is gone already; what it replaces by a filter of equalities is added (Microsoft Entra ID).
    if (op === 'remove') return { kind: 'patched', resource };
    const fresh = valueFor(filter);
    if (fresh === null) return scimRefused('noTarget', 'path', `No value of ${at.container.join('.')} matches the path.`);
    const added = at.sub === null ? (isObject(value) ? { ...fresh, ...value } : fresh) : { ...fresh, [at.sub.name]: value };
    return patched(resource, { op: 'add', path: pathText(at.container), value: [added] });
  }
  const path = pathText(at.container) + (at.text === '' ? '' : `[${at.text}]`) + (at.sub === null ? '' : `.${at.sub.name}`);
  if (op === 'remove') return removed(resource, path, at, value);
  // RFC 7644 §3.5.2.3: null and [] say that there is no value.
  if (value === null || (isList(value) && value.length === 0 && op === 'replace')) return patched(resource, { op: 'remove', path });
  const list = at.attribute.multiValued && filter === null && at.sub === null && !isList(value) ? [value] : value;
  return patched(resource, { op, path, value: list });
}

/** A removal that names values takes those with the same `value`, whatever else is said of them (Microsoft Entra ID, RFC 7644 erratum 5690). */
function removed(resource: JsonObject, path: string, at: PatchPath, value: Json): ReturnType<typeof applyPatch> {
  if (isEmpty(value) || !at.attribute.multiValued || at.filter !== null) return patched(resource, { op: 'remove', path });
  const gone = new Set((isList(value) ? value : [value]).map(keyOf));
  const left = valuesAt(resource, at.container).filter((one) => !gone.has(keyOf(one)));
  return patched(resource, left.length === 0 ? { op: 'remove', path } : { op: 'replace', path, value: left });
}

export function keyOf(value: Json): string {
  const key = isObject(value) && 'value' in value ? value['value'] : value;
  return typeof key === 'string' ? key : JSON.stringify(key);
}

/** The value that a filter of equalities describes; null for any other filter. */
function valueFor(filter: ScimFilter): JsonObject | null {
  if (filter.op === 'and') {
    const parts = filter.filters.map(valueFor);
    return parts.some((part) => part === null) ? null : Object.assign({}, ...parts);
  }
  const [name] = 'at' in filter ? filter.at.path : [];
  return filter.op === 'eq' && name !== undefined ? { [name]: filter.value } : null;
}

/** A path as the library reads it: a schema before a colon, then names with dots. */
function pathText([first = '', ...rest]: readonly string[]): string {
  return first.startsWith('urn:') ? `${first}:${rest.join('.')}` : [first, ...rest].join('.');
}

type Plain = { readonly op: 'remove'; readonly path: string } | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: Json };

function patched(resource: JsonObject, operation: Plain): ReturnType<typeof applyPatch> {
  // The library writes into what it is given and into the values of operations; it wants dates where JSON has texts.
  const copy = Object.assign(structuredClone(resource), { schemas: [], meta: { resourceType: '', created: NEVER, lastModified: NEVER } });
  try {
    const { schemas: _schemas, meta: _meta, ...after } = scimPatch(copy, [structuredClone(operation)]);
    return { kind: 'patched', resource: { ...after, schemas: resource['schemas'] ?? [], meta: resource['meta'] ?? {} } };
  } catch (error) {
    return error instanceof NoTarget ? scimRefused('noTarget', 'path', 'No value matches the path.')
      : scimRefused('invalidPath', 'path', `${operation.path} cannot be changed in this way.`);
  }
}

/** Whether an operation is about the attribute named, at the top of the resource. */
export function concerns(operation: PatchOperation, name: Attribute['name']): boolean {
  return operation.at.container[0] === name;
}
