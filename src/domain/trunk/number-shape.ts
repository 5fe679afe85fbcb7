/** What whole numbers look like, read from a pattern of an administrator. */
export interface NumberShape {
  /** How many parts `$1` … may name. */
  readonly groups: number;
  /** The parts of a number that has the shape, `$1` first; null for any other. */
  match(number: string): readonly string[] | null;
}

export type ShapeReading =
  | { readonly kind: 'shape'; readonly shape: NumberShape }
  /** One sentence that names the remedy. */
  | { readonly kind: 'invalid'; readonly text: string };

const LONGEST_PATTERN = 200;
/** Repetitions without a fixed count; each multiplies what a number that does not fit may cost. */
const MOST_OPEN_REPETITIONS = 4;
const LONGEST_NUMBER = 32;
const TOKEN = /\\[+d*#]|[0-9#]|\.|\[[0-9]+(?:-[0-9])?[0-9]*\]|\((?:\?:)?|\)|\|/y;
const REPETITION = /[*+?]|\{\d{1,2}(?:,(?:\d{1,2})?)?\}/y;

/**
 * Reads a pattern: a regular expression of digits, `\+`, `\d`, `.`, sets such as `[2-9]`, groups that do not nest, `|`, and repetitions of single
 * characters. More is refused, so that no number can take long to compare. It is matched against the whole number; `^` and `$` may be written.
 */
export function readShape(pattern: string): ShapeReading {
  if (pattern === '' || pattern.length > LONGEST_PATTERN) return invalid(`Give a pattern of at most ${LONGEST_PATTERN} characters, such as ^\\+1(\\d{10})$.`);
  const body = pattern.replace(/^\^/, '').replace(/(?<!\\)\$$/, '');
  let [position, groups, openRepetitions, inGroup, repeatable] = [0, 0, 0, false, false];
  while (position < body.length) {
    REPETITION.lastIndex = position;
    const repetition = REPETITION.exec(body)?.[0];
    if (repetition !== undefined) {
      if (!repeatable) return invalid(`Character ${position + 1} (${repetition}) repeats nothing: write \\+ for a plus, and repeat single characters only, not groups.`);
      if (!/^\{\d+\}$/.test(repetition)) openRepetitions += 1;
      repeatable = false;
      position += repetition.length;
      continue;
    }
    TOKEN.lastIndex = position;
    const token = TOKEN.exec(body)?.[0];
    if (token === undefined) return invalid(`Character ${position + 1} (${body.charAt(position)}) is not known in a pattern: use digits, \\+, \\d, ., [2-9], (…), | and repetitions.`);
    if (token.startsWith('(')) {
      if (inGroup) return invalid('Groups do not nest: close one before the next begins.');
      inGroup = true;
      if (token === '(') groups += 1;
    } else if (token === ')') {
      if (!inGroup) return invalid(`Character ${position + 1} closes a group that was not opened.`);
      inGroup = false;
    }
    repeatable = !/^[(|)]/.test(token);
    position += token.length;
  }
  if (inGroup) return invalid('A group is not closed.');
  if (openRepetitions > MOST_OPEN_REPETITIONS) return invalid(`At most ${MOST_OPEN_REPETITIONS} repetitions may be without a fixed count; write {10} instead of + where the length is known.`);
  try {
    return { kind: 'shape', shape: shapeOf(new RegExp(`^(?:${body})$`), groups) };
  } catch {
    return invalid('The bounds of a set or a repetition are out of order: write [1-9] and {3,5}, the lower one first.');
  }
}

function shapeOf(expression: RegExp, groups: number): NumberShape {
  return {
    groups,
    match(number) {
      const found = number.length > LONGEST_NUMBER ? null : expression.exec(number);
      return found === null ? null : Array.from({ length: groups }, (_, index) => found[index + 1] ?? '');
    },
  };
}

/** What is wrong with a translation for a shape; null = nothing. '' leaves the number as it is. */
export function translationProblem(translation: string, { groups }: Pick<NumberShape, 'groups'>): string | null {
  if (!/^(?:[0-9+*#]|\$[1-9])*$/.test(translation) || translation.length > 64) return 'A translation holds digits, +, *, # and $1 to $9 for the groups of the pattern.';
  const missing = [...translation.matchAll(/\$([1-9])/g)].map(([, digit]) => Number(digit)).find((group) => group > groups);
  return missing === undefined ? null : `The pattern has ${groups} group${groups === 1 ? '' : 's'}, so there is no $${missing}. Put the part into brackets.`;
}

/** The number as the translation writes it. */
export function translated(number: string, translation: string, parts: readonly string[]): string {
  return translation === '' ? number : translation.replace(/\$([1-9])/g, (_, digit: string) => parts[Number(digit) - 1] ?? '');
}

function invalid(text: string): ShapeReading {
  return { kind: 'invalid', text };
}
