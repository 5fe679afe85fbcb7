import type { z } from 'zod';

/** A query string as read: a name given twice has a list. */
export type RawQuery = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Gives query text the JSON type its schema asks for, where the text is exactly one: digits become numbers, `true` and
 * `false` booleans, `a,b` or a repeated name a list. Anything else stays text, and the schema refuses it by name.
 */
export function readQuery(schema: z.ZodObject, raw: RawQuery): Readonly<Record<string, unknown>> {
  const values = new Map<string, unknown>();
  for (const [rawName, text] of Object.entries(raw)) {
    const name = rawName.endsWith('[]') ? rawName.slice(0, -2) : rawName;
    const wanted = Object.hasOwn(schema.shape, name) ? kindOf(schema.shape[name]) : 'string';
    values.set(name, readValue(wanted, text));
  }
  // A query name such as __proto__ stays an own property: fromEntries defines, it does not assign.
  return Object.fromEntries(values);
}

/** Digits that are a safe integer whatever they are; `Number` alone would also take '', 0x10 and 1e3. */
const INTEGER = /^-?\d{1,15}$/;

function readValue(wanted: string, text: string | readonly string[] | undefined): unknown {
  if (text === undefined) return undefined;
  if (wanted === 'array') return typeof text === 'string' ? text.split(',').filter((item) => item !== '') : text;
  if (typeof text !== 'string') return text;
  if (wanted === 'number') return INTEGER.test(text) ? Number(text) : text;
  if (wanted === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

const WRAPPERS: ReadonlySet<string> = new Set(['optional', 'default', 'nullable']);

function kindOf(schema: unknown): string {
  const inner = definitionOf(schema);
  if (inner === null) return 'string';
  return WRAPPERS.has(inner.type) ? kindOf(inner.innerType) : inner.type;
}

function definitionOf(schema: unknown): { readonly type: string; readonly innerType?: unknown } | null {
  if (typeof schema !== 'object' || schema === null || !('def' in schema)) return null;
  const { def } = schema;
  if (typeof def !== 'object' || def === null || !('type' in def) || typeof def.type !== 'string') return null;
  return 'innerType' in def ? { type: def.type, innerType: def.innerType } : { type: def.type };
}
