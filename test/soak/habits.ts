/** What people do, and how often. */
export const EXPIRES_SECONDS = 120;
/** Nobody has it. */
export const WRONG_NUMBER = '9999';
/** Weights of what a person does next. */
export const NEXT = { call: 50, refresh: 15, move: 8, leave: 6, vanish: 3, rest: 18 } as const;
/** Weights of what a person does when the phone rings. */
export const AS_CALLED = { answer: 72, busy: 8, decline: 5, ignore: 13, vanish: 2 } as const;
/** Refusals of a re-INVITE that the other side's doings explain. */
export const CROSSED: ReadonlySet<number> = new Set([408, 480, 481, 487, 491, 503]);
