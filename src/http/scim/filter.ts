import { parse, type Compare, type Filter } from 'scim2-parse-filter';
import type { Json, JsonObject } from '../../domain/scim/person.js';
import { COMMON, named, type Attribute, type ResourceType } from './attribute.js';
import { isList, isObject, readFlag } from './read-resource.js';
import { scimRefused, type ScimRefused } from './scim-problem.js';

/** Longest filter: what is longer is an attack on whoever parses it, not a question. */
const LONGEST = 2048;
const DEEPEST = 20;

export type ReadFilter = { readonly kind: 'filter'; readonly filter: ScimFilter } | ScimRefused;

/** A filter of RFC 7644 §3.4.2.2 with its attributes found in the schemas. */
export type ScimFilter =
  | { readonly op: 'and' | 'or'; readonly filters: readonly ScimFilter[] }
  | { readonly op: 'not'; readonly filter: ScimFilter }
  | { readonly op: 'values'; readonly at: AttributeAt; readonly filter: ScimFilter }
  | { readonly op: 'pr'; readonly at: AttributeAt }
  | { readonly op: Compare['op']; readonly at: AttributeAt; readonly value: boolean | null | number | string };

/** Where an attribute is: the names to follow from the resource, and the attribute at the end. */
export interface AttributeAt {
  readonly path: readonly string[];
  readonly attribute: Attribute;
}

/** Reads a filter over resources of `type`. */
export function readFilter(type: ResourceType, text: string): ReadFilter {
  const parsed = parseText(text);
  return parsed.kind === 'refused' ? parsed : bound(parsed.filter, (path) => attributeAt(type, path));
}

/** Reads a filter over the values of one attribute: what stands in brackets. */
export function readValueFilter(of: Attribute, text: string): ReadFilter {
  const parsed = parseText(text);
  return parsed.kind === 'refused' ? parsed : bound(parsed.filter, (path) => inner(of, path));
}

function parseText(text: string): { readonly kind: 'parsed'; readonly filter: Filter } | ScimRefused {
  const wrong = (why: string) => scimRefused('invalidFilter', 'filter', why, text);
  // The parser's reader of quoted text takes exponential time over line ends that no quote follows.
  if (/\p{Cc}/u.test(text)) return wrong('Control characters are not allowed.');
  if (text.length > LONGEST) return wrong(`A filter has at most ${LONGEST} characters.`);
  if ((text.match(/[([]|\bnot\b/gi)?.length ?? 0) > DEEPEST) return wrong('The filter has too many brackets.');
  try {
    return { kind: 'parsed', filter: parse(withTrueQuotes(text)) };
  } catch {
    return wrong('This is no filter (RFC 7644 §3.4.2.2), e.g. userName eq "ada@example.com".');
  }
}

/** The parser doubles every backslash but that of \", so other escapes of JSON are resolved before it. */
function withTrueQuotes(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"/g, (quoted) => {
    const clear: unknown = JSON.parse(quoted);
    return typeof clear === 'string' ? `"${clear.replace(/"/g, '\\"')}"` : quoted;
  });
}

type Find = (path: string) => AttributeAt | undefined;

function bound(filter: Filter, find: Find): ReadFilter {
  const unknown = (path: string) => scimRefused('invalidFilter', 'filter', `There is no attribute ${path.slice(0, 100)}.`);
  switch (filter.op) {
    case 'and': case 'or': {
      const filters: ScimFilter[] = [];
      for (const part of filter.filters) {
        const read = bound(part, find);
        if (read.kind === 'refused') return read;
        filters.push(read.filter);
      }
      return { kind: 'filter', filter: { op: filter.op, filters } };
    }
    case 'not': {
      const read = bound(filter.filter, find);
      return read.kind === 'refused' ? read : { kind: 'filter', filter: { op: 'not', filter: read.filter } };
    }
    case '[]': {
      const at = find(filter.attrPath);
      if (at === undefined) return unknown(filter.attrPath);
      const read = bound(filter.valFilter, (path) => inner(at.attribute, path));
      return read.kind === 'refused' ? read : { kind: 'filter', filter: { op: 'values', at, filter: read.filter } };
    }
    case 'pr': {
      const at = find(filter.attrPath);
      return at === undefined ? unknown(filter.attrPath) : { kind: 'filter', filter: { op: 'pr', at } };
    }
    default: {
      const at = find(filter.attrPath);
      if (at === undefined) return unknown(filter.attrPath);
      if (at.attribute.returned === 'never') return scimRefused('sensitive', 'filter', `${at.attribute.name} cannot be asked for.`);
      return { kind: 'filter', filter: { op: filter.op, at: valueOf(at), value: filter.compValue } };
    }
  }
}

/** A comparison with a multi-valued attribute is one with its values (RFC 7644 §3.4.2.2). */
function valueOf(at: AttributeAt): AttributeAt {
  const value = at.attribute.type === 'complex' ? named(at.attribute.subAttributes, 'value') : undefined;
  return value === undefined ? at : { path: [...at.path, 'value'], attribute: value };
}

/** Finds `name.familyName`, `emails.value`, `urn:…:User:department` and the like; undefined for what no schema has. */
export function attributeAt(type: ResourceType, text: string): AttributeAt | undefined {
  const lower = text.toLowerCase();
  for (const schema of [type.core, ...type.extensions]) {
    const prefix = `${schema.id.toLowerCase()}:`;
    if (!lower.startsWith(prefix)) continue;
    const rest = follow(schema.attributes, text.slice(prefix.length));
    return rest && (schema === type.core ? rest : { ...rest, path: [schema.id, ...rest.path] });
  }
  return follow([...COMMON, ...type.core.attributes], text);
}

function follow(attributes: readonly Attribute[], text: string): AttributeAt | undefined {
  const [first = '', second, ...more] = text.split('.');
  const top = named(attributes, first);
  if (top === undefined || more.length > 0) return undefined;
  if (second === undefined) return { path: [top.name], attribute: top };
  const sub = named(top.subAttributes, second);
  return sub && { path: [top.name, sub.name], attribute: sub };
}

function inner(of: Attribute, text: string): AttributeAt | undefined {
  if (of.type !== 'complex' && text.toLowerCase() === 'value') return { path: [], attribute: of };
  return follow(of.subAttributes, text);
}

/** Whether a resource, or a value of an attribute, is one that the filter means. */
export function matches(filter: ScimFilter, resource: Json): boolean {
  switch (filter.op) {
    case 'and': return filter.filters.every((part) => matches(part, resource));
    case 'or': return filter.filters.some((part) => matches(part, resource));
    case 'not': return !matches(filter.filter, resource);
    case 'values': return valuesAt(resource, filter.at.path).some((value) => matches(filter.filter, value));
    case 'pr': return valuesAt(resource, filter.at.path).some((value) => value !== '' && !(isObject(value) && Object.keys(value).length === 0));
    default: {
      const values = valuesAt(resource, filter.at.path);
      // RFC 7643 §2.5: no value equals null.
      if (filter.value === null) return (values.length === 0) === (filter.op === 'eq');
      if (filter.op === 'ne') return !values.some((value) => compared('eq', filter.at.attribute, value, filter.value));
      return values.some((value) => compared(filter.op, filter.at.attribute, value, filter.value));
    }
  }
}

/** The values at a path, those of lists one by one; none for null and what is not there. */
export function valuesAt(resource: Json, path: readonly string[]): readonly Json[] {
  if (isList(resource)) return resource.flatMap((item) => valuesAt(item, path));
  const [first, ...rest] = path;
  if (first === undefined) return resource === null ? [] : [resource];
  if (!isObject(resource)) return [];
  const value = ownValue(resource, first);
  return value === undefined ? [] : valuesAt(value, rest);
}

function ownValue(resource: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(resource, name) ? resource[name] : undefined;
}

function compared(op: Compare['op'], attribute: Attribute, value: Json, wanted: boolean | null | number | string): boolean {
  if (typeof value === 'boolean') return op === 'eq' && value === (typeof wanted === 'boolean' ? wanted : readFlag(String(wanted)));
  if (typeof value !== 'string' || wanted === null) return false;
  const [left, right] = attribute.type === 'dateTime' ? [orderOf(value), orderOf(String(wanted))]
    : attribute.caseExact ? [value, String(wanted)] : [value.toLowerCase(), String(wanted).toLowerCase()];
  switch (op) {
    case 'eq': return left === right;
    case 'ne': return left !== right;
    case 'co': return left.includes(right);
    case 'sw': return left.startsWith(right);
    case 'ew': return left.endsWith(right);
    case 'gt': return left > right;
    case 'ge': return left >= right;
    case 'lt': return left < right;
    case 'le': return left <= right;
  }
}

/** Instants compare as such, however they are written. */
function orderOf(text: string): string {
  const at = Date.parse(text);
  return Number.isNaN(at) ? text : new Date(at).toISOString();
}
