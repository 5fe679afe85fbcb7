import type { FieldProblem } from '../usecases/outcome.js';
import { fieldName } from './schema-problems.js';

/** Nothing of this API nests deeper than eight; what does is an attack on whoever walks it. */
const DEEPEST = 32;
const MOST = 20;

/**
 * What no field may hold, whatever its schema says: a `__proto__` name, NUL (PostgreSQL refuses it), half a surrogate
 * pair (no UTF-8 has it), and nesting without end. Walks without recursion; the bytes of a file are no fields.
 */
export function hostileParts(value: unknown): readonly FieldProblem[] {
  const found: FieldProblem[] = [];
  const waiting: { readonly value: unknown; readonly path: readonly PropertyKey[] }[] = [{ value, path: [] }];
  for (let next = waiting.pop(); next !== undefined && found.length < MOST; next = waiting.pop()) {
    const { value: part, path } = next;
    if (typeof part === 'string') {
      const text = complaint(part);
      if (text) found.push({ field: fieldName(path), text });
    } else if (typeof part === 'object' && part !== null && !(part instanceof Uint8Array)) {
      if (path.length >= DEEPEST) {
        return [...found, { field: fieldName(path.slice(0, 3)), text: `Nested deeper than ${DEEPEST} levels.` }];
      }
      for (const [name, inner] of Object.entries(part)) {
        const place = [...path, Array.isArray(part) ? Number(name) : name];
        if (name === '__proto__') found.push({ field: fieldName(place), text: 'A field may not have this name.' });
        else if (complaint(name)) found.push({
          field: fieldName(path), text: 'A field name holds characters that are not allowed.',
        });
        else waiting.push({ value: inner, path: place });
      }
    }
  }
  return found;
}

function complaint(text: string): string | null {
  if (text.includes('\0')) return 'The character NUL (U+0000) is not allowed.';
  return text.isWellFormed() ? null : 'The text is not valid Unicode: half of a surrogate pair.';
}
