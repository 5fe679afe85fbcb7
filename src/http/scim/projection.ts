import type { Json, JsonObject } from '../../domain/scim/person.js';
import { COMMON, type Attribute, type ResourceType } from './attribute.js';
import { attributeAt } from './filter.js';
import { isList, isObject } from './read-resource.js';

/** Which attributes an answer shows (RFC 7644 §3.9): names as they were asked for; undefined = the usual ones. */
export interface Projection {
  readonly attributes?: string | readonly string[] | undefined;
  readonly excludedAttributes?: string | readonly string[] | undefined;
}

/** The part of a resource that was asked for; what is returned always stays. Names that no schema has ask for nothing. */
export function project(type: ResourceType, resource: JsonObject, { attributes, excludedAttributes }: Projection): JsonObject {
  const wanted = pathsOf(type, attributes);
  const unwanted = pathsOf(type, excludedAttributes);
  if (wanted === null && unwanted === null) return resource;
  return pick(resource, [], (path, attribute) => {
    if (attribute?.returned === 'always') return 'whole';
    if (wanted !== null) return wanted.some((one) => startsWith(path, one)) ? 'whole' : wanted.some((one) => startsWith(one, path)) ? 'part' : 'none';
    const gone = unwanted?.some((one) => startsWith(path, one)) ?? false;
    return gone ? 'none' : unwanted?.some((one) => startsWith(one, path)) === true ? 'part' : 'whole';
  }, new Map([...COMMON, ...type.core.attributes].map((one) => [one.name, one])));
}

/** Whether an answer needs an attribute at all, so that members of large groups are not read in vain. */
export function isShown(type: ResourceType, name: string, projection: Projection): boolean {
  return name in project(type, { [name]: '' }, projection);
}

function pathsOf(type: ResourceType, names: string | readonly string[] | undefined): readonly (readonly string[])[] | null {
  const list = (typeof names === 'string' ? names.split(',') : names ?? []).map((name) => name.trim()).filter((name) => name !== '');
  if (list.length === 0) return null;
  return list.flatMap((name) => {
    const extension = type.extensions.find(({ id }) => id.toLowerCase() === name.toLowerCase());
    if (extension !== undefined) return [[extension.id]];
    const at = attributeAt(type, name);
    return at === undefined ? [] : [at.path];
  });
}

type Choose = (path: readonly string[], attribute: Attribute | undefined) => 'whole' | 'part' | 'none';

function pick(object: JsonObject, path: readonly string[], choose: Choose, attributes: ReadonlyMap<string, Attribute>): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [name, value] of Object.entries(object)) {
    const place = [...path, name];
    const choice = choose(place, attributes.get(name));
    if (choice === 'whole') kept[name] = value;
    if (choice !== 'part') continue;
    const part = isList(value) ? value.map((item) => (isObject(item) ? pick(item, place, choose, NO_ATTRIBUTES) : item))
      : isObject(value) ? pick(value, place, choose, NO_ATTRIBUTES) : value;
    if (!isObject(part) || Object.keys(part).length > 0) kept[name] = part;
  }
  return kept;
}

const NO_ATTRIBUTES: ReadonlyMap<string, Attribute> = new Map();

function startsWith(path: readonly string[], prefix: readonly string[]): boolean {
  return prefix.length <= path.length && prefix.every((name, index) => path[index] === name);
}
