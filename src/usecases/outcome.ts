/** Why a change was refused; each rim maps it to a status of its own. */
export type RefusalKind = 'invalid' | 'not-found' | 'conflict' | 'forbidden';

/** One thing that is wrong: which field, what it held, and a sentence that says what to do. */
export interface FieldProblem {
  readonly field: string;
  readonly value?: string;
  readonly text: string;
}

export interface Refused {
  readonly kind: 'refused';
  readonly why: RefusalKind;
  readonly problems: readonly FieldProblem[];
}

/** What an administrative verb answers. Nothing was changed when it is refused. */
export type Outcome<T> = { readonly kind: 'done'; readonly value: T } | Refused;

export function done<T>(value: T): Outcome<T> {
  return { kind: 'done', value };
}

/** What whoever asks may not do, though another might. */
export function forbidden(text: string): Refused {
  return { kind: 'refused', why: 'forbidden', problems: [{ field: '', text }] };
}

export function refused(why: RefusalKind, field: string, text: string, value?: string): Refused {
  return { kind: 'refused', why, problems: [value === undefined ? { field, text } : { field, text, value }] };
}

/** The same refusal with its fields named from further out: `extension_number` becomes `users[2].extension_number`. */
export function within(prefix: string, refusal: Refused): Refused {
  const problems = refusal.problems.map((problem) => ({ ...problem, field: `${prefix}${problem.field}` }));
  return { ...refusal, problems };
}

/** The same refusal, all of it about one field: what the caller sent it in. */
export function named(field: string, refusal: Refused): Refused {
  return { ...refusal, problems: refusal.problems.map((problem) => ({ ...problem, field })) };
}

/** Several refusals as one: a conflict only when all are, so that a script sees wrong input first. */
export function allOf(refusals: readonly Refused[]): Refused {
  const kinds = new Set(refusals.map((refusal) => refusal.why));
  const [only] = kinds;
  return {
    kind: 'refused',
    why: kinds.size === 1 && only !== undefined ? only : 'invalid',
    problems: refusals.flatMap((refusal) => refusal.problems),
  };
}
