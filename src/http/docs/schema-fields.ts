import type { JsonSchema } from '../openapi.js';
import { isSchema } from './example.js';

export interface FieldRow {
  /** `users[].email` */
  readonly path: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

/** Every field of a schema, outer ones before inner ones. */
export function fieldRows(schema: JsonSchema, prefix = ''): readonly FieldRow[] {
  if (schema.type === 'array' && isSchema(schema.items)) return fieldRows(schema.items, `${prefix}[]`);
  if (!isSchema(schema.properties)) return [];
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(schema.properties).flatMap(([name, inner]) => {
    if (!isSchema(inner)) return [];
    const path = prefix === '' ? name : `${prefix}.${name}`;
    return [{ path, required: required.includes(name), schema: inner }, ...fieldRows(inner, path)];
  });
}

export function descriptionOf(schema: JsonSchema): string {
  return typeof schema.description === 'string' ? schema.description : '';
}

/** A schema in a few words: `string, at most 64`. */
export function typeText(schema: JsonSchema): string {
  if (Array.isArray(schema.enum)) return schema.enum.map(String).join(' | ') + fallbackText(schema);
  if ('const' in schema) return String(schema.const);
  if (Array.isArray(schema.anyOf)) return schema.anyOf.filter(isSchema).map(typeText).join(' or ');
  const type = typeof schema.type === 'string' ? schema.type : 'any';
  const item = type === 'array' && isSchema(schema.items) ? ` of ${typeText(schema.items)}` : '';
  const length = typeof schema.maxLength === 'number' ? `, at most ${schema.maxLength}` : '';
  return type + item + length + fallbackText(schema);
}

function fallbackText(schema: JsonSchema): string {
  return 'default' in schema ? `, default ${JSON.stringify(schema.default)}` : '';
}
