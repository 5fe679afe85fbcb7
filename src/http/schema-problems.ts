import type { z } from 'zod';
import type { FieldProblem } from '../usecases/outcome.js';

/** Fields whose value is never sent back. */
const SECRET = /password|secret|pin|token/i;
/** Most problems told at once. */
const MOST = 50;

/** Every complaint of a schema as field, value and sentence; none for no error. */
export function problemsOf(error: z.ZodError | undefined): readonly FieldProblem[] {
  return (error?.issues ?? []).flatMap(fromIssue).slice(0, MOST);
}

function fromIssue(issue: z.core.$ZodIssue): readonly FieldProblem[] {
  const field = fieldName(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: fieldName([...issue.path, key]), text: 'There is no such field.' }));
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) return [{ field, text: 'This field is required.' }];
  const text = sentence(issue);
  const value = shown(issue.input);
  return [value === null || SECRET.test(field) ? { field, text } : { field, value, text }];
}

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union') {
    const texts = new Set(issue.errors.flat().map((inner) => inner.message.replace(/^Invalid input: /, '')));
    return texts.size === 0 ? 'Invalid value.' : `Invalid value: ${[...texts].join(', or ')}.`;
  }
  return /[.!?]$/.test(issue.message) ? issue.message : `${issue.message}.`;
}

function shown(input: unknown): string | null {
  if (typeof input === 'string') return input;
  return typeof input === 'number' || typeof input === 'boolean' ? String(input) : null;
}

/** `['users', 0, 'email']` as `users[0].email`; the body itself is `body`. */
export function fieldName(path: readonly PropertyKey[]): string {
  const name = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return name === '' ? 'body' : name.replace(/^\./, '');
}
