import type { Attribute, ResourceType } from './attribute.js';
import { named } from './attribute.js';
import { attributeAt, readValueFilter, type ScimFilter } from './filter.js';
import { scimRefused, type ScimRefused } from './scim-problem.js';

/** What a path of RFC 7644 §3.5.2, figure 7, leads to. */
export interface PatchPath {
  /** Names from the resource to the attribute that a filter chooses values of, or to the attribute itself. */
  readonly container: readonly string[];
  /** The attribute at the end. */
  readonly attribute: Attribute;
  /** Which values are meant; null = the attribute. */
  readonly filter: ScimFilter | null;
  /** The filter again, in canonical names; '' for none. */
  readonly text: string;
  /** The part of each chosen value; null = the value. */
  readonly sub: Attribute | null;
}

export type ReadPath = { readonly kind: 'path'; readonly at: PatchPath } | { readonly kind: 'unknown' } | ScimRefused;

/** Reads `attr`, `attr.sub`, `attr[filter]`, `attr[filter].sub`, each with or without a schema in front. */
export function readPath(type: ResourceType, text: string): ReadPath {
  const open = text.indexOf('[');
  if (open < 0) {
    const at = attributeAt(type, text.trim());
    return at === undefined ? { kind: 'unknown' } : { kind: 'path', at: { container: at.path, attribute: at.attribute, filter: null, text: '', sub: null } };
  }
  const close = text.lastIndexOf(']');
  const wrong = scimRefused('invalidPath', 'path', 'This is no path (RFC 7644 §3.5.2), e.g. emails[type eq "work"].value.', text.slice(0, 200));
  if (close < open) return wrong;
  const at = attributeAt(type, text.slice(0, open).trim());
  if (at === undefined) return { kind: 'unknown' };
  if (!at.attribute.multiValued) return wrong;
  const filter = readValueFilter(at.attribute, text.slice(open + 1, close));
  if (filter.kind === 'refused') return { ...filter, scimType: 'invalidPath' };
  const rest = text.slice(close + 1).trim();
  const sub = rest === '' ? null : named(at.attribute.subAttributes, rest.replace(/^\./, ''));
  if (sub === undefined || (rest !== '' && !rest.startsWith('.'))) return wrong;
  return { kind: 'path', at: { container: at.path, attribute: sub ?? at.attribute, filter: filter.filter, text: filterText(filter.filter), sub } };
}

/** A filter as text, with the names of the schemas, for those who read it by themselves. */
export function filterText(filter: ScimFilter): string {
  switch (filter.op) {
    case 'and': case 'or': return filter.filters.map((part) => `(${filterText(part)})`).join(` ${filter.op} `);
    case 'not': return `not (${filterText(filter.filter)})`;
    case 'values': return `${filter.at.path.join('.')}[${filterText(filter.filter)}]`;
    case 'pr': return `${filter.at.path.join('.')} pr`;
    default: return `${filter.at.path.join('.')} ${filter.op} ${JSON.stringify(filter.value)}`;
  }
}
