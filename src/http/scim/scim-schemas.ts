import { z } from 'zod';
import type { JsonObject } from '../../domain/scim/person.js';

/** A body of SCIM: its attributes are read by the schemas of RFC 7643, whatever their case. */
export const scimBody = z.looseObject({});

/** What was read as JSON, as such; {} for what is no object. */
export function jsonOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const names = z.string().max(2000).optional();
export const projectionQuery = {
  attributes: names.describe('Only these attributes, with commas between.'), excludedAttributes: names.describe('All but these attributes.'),
};

export const listQuery = {
  filter: z.string().max(2048).optional().describe('RFC 7644 §3.4.2.2, e.g. userName eq "ada@example.com".'),
  startIndex: z.int().default(1).describe('Of the first shown, from 1.'),
  count: z.int().default(100).describe('At most so many; 200 is the most, 0 only counts.'),
  sortBy: z.string().max(200).optional(), sortOrder: z.string().max(20).optional().describe('ascending or descending.'),
  ...projectionQuery,
};

/** The same in the body of POST /.search (RFC 7644 §3.4.3). */
const list = z.union([z.string(), z.array(z.string())]).optional();
export const searchBody = z.looseObject({
  filter: z.string().max(2048).optional(), startIndex: z.int().default(1), count: z.int().default(100), sortBy: z.string().max(200).optional(),
  sortOrder: z.string().max(20).optional(), attributes: list, excludedAttributes: list,
});

export const MOST_SHOWN = 200;

const meta = z.object({
  resourceType: z.string(), created: z.string().optional(), lastModified: z.string().optional(), location: z.string(), version: z.string().optional(),
});
export const scimResource = z.looseObject({ schemas: z.array(z.string()), id: z.string(), meta: meta.partial().optional() });

export const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
export const scimList = z.object({
  schemas: z.tuple([z.literal(LIST_SCHEMA)]), totalResults: z.int(), startIndex: z.int(), itemsPerPage: z.int(), Resources: z.array(z.looseObject({})),
});
