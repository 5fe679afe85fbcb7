/** What a setting may hold, as data: values are checked, completed, merged and documented by it. */
export type ValueType =
  | { readonly kind: 'flag' }
  | { readonly kind: 'whole' | 'decimal'; readonly minimum: number; readonly maximum: number }
  | { readonly kind: 'text'; readonly longest: number; readonly form?: TextForm }
  | { readonly kind: 'one-of'; readonly values: readonly (string | number)[] }
  | { readonly kind: 'list'; readonly of: ValueType; readonly longest: number }
  | { readonly kind: 'group'; readonly fields: Readonly<Record<string, ValueType>> }
  | { readonly kind: 'or-null'; readonly of: ValueType };

/** A form that a text must have, with the sentence that says so. */
export interface TextForm {
  readonly pattern: RegExp;
  readonly text: string;
}

/** A type together with what its values are for the compiler; `like` is never there. */
export interface Typed<V> {
  readonly type: ValueType;
  readonly like?: V;
}

export interface ValueProblem {
  /** Path inside the value, e.g. `.feedback_mos.min`; '' = the value itself. */
  readonly path: string;
  readonly text: string;
}

export const FLAG: Typed<boolean> = { type: { kind: 'flag' } };

export function whole(minimum: number, maximum: number): Typed<number> {
  return { type: { kind: 'whole', minimum, maximum } };
}

export function decimal(minimum: number, maximum: number): Typed<number> {
  return { type: { kind: 'decimal', minimum, maximum } };
}

export function text(longest: number, form?: TextForm): Typed<string> {
  return { type: form === undefined ? { kind: 'text', longest } : { kind: 'text', longest, form } };
}

export function oneOf<const V extends string | number>(...values: readonly V[]): Typed<V> {
  return { type: { kind: 'one-of', values } };
}

export function listOf<V>(of: Typed<V>, longest: number): Typed<readonly V[]> {
  return { type: { kind: 'list', of: of.type, longest } };
}

export function orNull<V>(of: Typed<V>): Typed<V | null> {
  return { type: { kind: 'or-null', of: of.type } };
}

export function group<F extends Readonly<Record<string, Typed<unknown>>>>(
  fields: F,
): Typed<{ readonly [Key in keyof F]: F[Key] extends Typed<infer V> ? V : never }> {
  return { type: { kind: 'group', fields: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.type])) } };
}

/** What is wrong with a whole value; null = nothing. Fields a group does not know are wrong, and so are missing ones. */
export function valueProblem(type: ValueType, value: unknown, path = ''): ValueProblem | null {
  switch (type.kind) {
    case 'flag':
      return typeof value === 'boolean' ? null : { path, text: 'Give true or false.' };
    case 'whole':
    case 'decimal':
      return isNumberOf(type, value) ? null : { path, text: `Give a ${type.kind === 'whole' ? 'whole number' : 'number'} from ${type.minimum} to ${type.maximum}.` };
    case 'text':
      return textProblem(type, value, path);
    case 'one-of':
      return type.values.some((one) => one === value) ? null : { path, text: `Give one of ${type.values.join(', ')}.` };
    case 'or-null':
      return value === null ? null : valueProblem(type.of, value, path);
    case 'list':
      if (!isList(value)) return { path, text: 'Give a list.' };
      if (value.length > type.longest) return { path, text: `Give at most ${type.longest}.` };
      return first(value.map((one, index) => valueProblem(type.of, one, `${path}[${index}]`)));
    case 'group':
      return groupProblem(type.fields, value, path);
  }
}

export function isValue<V>({ type }: Typed<V>, value: unknown): value is V {
  return valueProblem(type, value) === null;
}

/**
 * A whole value of what was stored, perhaps before a field was known: what is missing or no value of its field comes from
 * `fallback`; a value of another type altogether is the fallback.
 */
export function completed<V>(typed: Typed<V>, stored: unknown, fallback: V): V {
  const made = filled(typed.type, stored, fallback);
  return isValue(typed, made) ? made : fallback;
}

/** `sent` over `held`: groups field by field, everything else as a whole. */
export function merged(type: ValueType, held: unknown, sent: unknown): unknown {
  if (type.kind !== 'group' || !isRecord(sent) || !isRecord(held)) return sent;
  const fields = Object.entries(sent).map(([name, value]) => {
    const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
    return [name, field === undefined ? value : merged(field, held[name], value)] as const;
  });
  return { ...held, ...Object.fromEntries(fields) };
}

function filled(type: ValueType, stored: unknown, fallback: unknown): unknown {
  if (type.kind !== 'group') return valueProblem(type, stored) === null ? stored : fallback;
  const held = isRecord(stored) ? stored : {};
  const base = isRecord(fallback) ? fallback : {};
  return Object.fromEntries(Object.entries(type.fields).map(([name, field]) => [name, filled(field, held[name], base[name])]));
}

function groupProblem(fields: Readonly<Record<string, ValueType>>, value: unknown, path: string): ValueProblem | null {
  if (!isRecord(value)) return { path, text: 'Give an object.' };
  const stranger = Object.keys(value).find((name) => !Object.hasOwn(fields, name));
  if (stranger !== undefined) return { path: `${path}.${stranger}`, text: `There is no such field. There are ${Object.keys(fields).join(', ')}.` };
  return first(Object.entries(fields).map(([name, field]) => valueProblem(field, value[name], `${path}.${name}`)));
}

function textProblem(type: Extract<ValueType, { readonly kind: 'text' }>, value: unknown, path: string): ValueProblem | null {
  if (typeof value !== 'string') return { path, text: 'Give a text.' };
  if (value.length > type.longest) return { path, text: `Give at most ${type.longest} characters.` };
  if (hasControl(value)) return { path, text: 'Control characters are not allowed.' };
  return type.form === undefined || type.form.pattern.test(value) ? null : { path, text: type.form.text };
}

function isNumberOf(type: Extract<ValueType, { readonly minimum: number }>, value: unknown): boolean {
  if (typeof value !== 'number' || !Number.isFinite(value) || (type.kind === 'whole' && !Number.isInteger(value))) return false;
  return value >= type.minimum && value <= type.maximum;
}

function hasControl(value: string): boolean {
  return [...value].some((character) => character < ' ' || character === '\u007f');
}

function first(problems: readonly (ValueProblem | null)[]): ValueProblem | null {
  return problems.find((problem) => problem !== null) ?? null;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
