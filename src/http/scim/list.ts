import type { Json, JsonObject } from '../../domain/scim/person.js';
import type { ResourceType } from './attribute.js';
import { attributeAt, matches, readFilter, valuesAt, type AttributeAt, type ScimFilter } from './filter.js';
import { project, type Projection } from './projection.js';
import { textOf } from './read-resource.js';
import { LIST_SCHEMA, MOST_SHOWN } from './scim-schemas.js';
import { scimRefused, type ScimRefused } from './scim-problem.js';

/** What is asked of a list, by query or by body (RFC 7644 §3.4.2, §3.4.3). */
export interface ListRequest extends Projection {
  readonly filter?: string | undefined;
  readonly startIndex: number;
  readonly count: number;
  readonly sortBy?: string | undefined;
  readonly sortOrder?: string | undefined;
}

/** Where resources of a kind are found. */
export interface ResourceSource {
  /** Those that an equality on an indexed attribute names; null when no index knows. */
  readonly indexed: (attribute: string, value: string) => Promise<readonly JsonObject[]> | null;
  readonly count: () => Promise<number>;
  /** So many in the order of their ids, after skipping so many. */
  readonly slice: (skip: number, limit: number) => Promise<readonly JsonObject[]>;
  /** Every one, in the order of their ids, some at a time. */
  readonly all: () => AsyncIterable<readonly JsonObject[]>;
}

interface Asked {
  readonly filter: ScimFilter | null;
  readonly sort: AttributeAt | null;
  readonly descending: boolean;
  readonly from: number;
  readonly count: number;
}

/** A ListResponse: counted whole, shown in part. */
export async function listResources(type: ResourceType, source: ResourceSource, request: ListRequest): Promise<{ readonly kind: 'list'; readonly body: JsonObject } | ScimRefused> {
  const asked = readRequest(type, request);
  if (asked.kind === 'refused') return asked;
  const { total, shown } = await found(source, asked.asked);
  return {
    kind: 'list',
    body: {
      schemas: [LIST_SCHEMA], totalResults: total, startIndex: asked.asked.from, itemsPerPage: shown.length,
      Resources: shown.map((one) => project(type, one, request)),
    },
  };
}

function readRequest(type: ResourceType, request: ListRequest): { readonly kind: 'asked'; readonly asked: Asked } | ScimRefused {
  const filter = request.filter === undefined || request.filter === '' ? null : readFilter(type, request.filter);
  if (filter?.kind === 'refused') return filter;
  const sort = request.sortBy === undefined || request.sortBy === '' ? null : attributeAt(type, request.sortBy);
  if (sort === undefined) return scimRefused('invalidValue', 'sortBy', `There is no attribute ${request.sortBy ?? ''}.`);
  const order = (request.sortOrder ?? 'ascending').toLowerCase();
  if (order !== 'ascending' && order !== 'descending') return scimRefused('invalidValue', 'sortOrder', 'Use ascending or descending.', order);
  return {
    kind: 'asked',
    asked: {
      filter: filter?.filter ?? null, sort, descending: order === 'descending',
      // RFC 7644 §3.4.2.4: less than 1 means 1, a negative count 0.
      from: Math.max(1, request.startIndex), count: Math.min(MOST_SHOWN, Math.max(0, request.count)),
    },
  };
}

async function found(source: ResourceSource, { filter, sort, descending, from, count }: Asked): Promise<{ readonly total: number; readonly shown: readonly JsonObject[] }> {
  if (filter === null && sort === null) return { total: await source.count(), shown: count === 0 ? [] : await source.slice(from - 1, count) };
  const matching: JsonObject[] = [];
  let total = 0;
  for await (const some of candidates(source, filter)) {
    for (const one of some) {
      if (filter !== null && !matches(filter, one)) continue;
      total += 1;
      // Unsorted, what is not shown is only counted.
      if (sort !== null || (total >= from && matching.length < count)) matching.push(one);
    }
  }
  if (sort === null) return { total, shown: matching };
  const sorted = matching.map((one) => ({ one, key: sortKey(one, sort) })).sort((a, b) => compareKeys(a.key, b.key) * (descending ? -1 : 1));
  return { total, shown: sorted.slice(from - 1, from - 1 + count).map(({ one }) => one) };
}

async function* candidates(source: ResourceSource, filter: ScimFilter | null): AsyncIterable<readonly JsonObject[]> {
  const indexed = filter === null ? null : byIndex(source, filter);
  if (indexed === null) yield* source.all();
  else yield await indexed;
}

/** An equality with a text; one of several that must all hold will do. */
function byIndex(source: ResourceSource, filter: ScimFilter): Promise<readonly JsonObject[]> | null {
  if (filter.op === 'and') {
    for (const part of filter.filters) {
      const some = byIndex(source, part);
      if (some !== null) return some;
    }
    return null;
  }
  if (filter.op === 'values') return null;
  return filter.op === 'eq' && typeof filter.value === 'string' ? source.indexed(filter.at.path.join('.'), filter.value) : null;
}

/** RFC 7644 §3.4.2.3: of several values the primary one, else the first. */
function sortKey(resource: JsonObject, { path, attribute }: AttributeAt): string | null {
  const values = valuesAt(resource, path).map((value) => (typeof value === 'object' ? chosen(value) : String(value)));
  const [first] = values;
  return first === undefined ? null : attribute.caseExact ? first : first.toLowerCase();
}

function chosen(value: Json): string {
  return value !== null && typeof value === 'object' && 'value' in value ? textOf(value['value']) : '';
}

/** Those without a value come last when ascending. */
function compareKeys(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}
