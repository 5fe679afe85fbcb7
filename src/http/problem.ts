import type { FieldProblem, Refused, RefusalKind } from '../usecases/outcome.js';
import { scimTypeOf, type ScimType } from './scim/scim-problem.js';

/** An error answer before it is written: status, Zoom's code, one sentence, and every field that is wrong. */
export interface Problem {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly errors: readonly FieldProblem[];
  readonly headers: Readonly<Record<string, string>>;
  /** SCIM's own word for what is wrong. */
  readonly scimType?: ScimType;
}

export function problem(
  status: number, code: number, message: string,
  more: { readonly errors?: readonly FieldProblem[]; readonly headers?: Readonly<Record<string, string>> } = {},
): Problem {
  return { status, code, message, errors: more.errors ?? [], headers: more.headers ?? {} };
}

/** Zoom's code of an error that has no finer one. */
const CODE = { invalid: 300, notFound: 404, conflict: 409, noPermission: 200, badToken: 124 } as const;

export function invalid(errors: readonly FieldProblem[]): Problem {
  return problem(400, CODE.invalid, 'Validation Failed.', { errors });
}

export function badRequest(field: string, text: string, status = 400): Problem {
  return problem(status, CODE.invalid, text, { errors: [{ field, text }] });
}

export function unknownPath(path: string): Problem {
  return problem(404, CODE.notFound, `There is no resource at ${path}. GET /v2/openapi.json lists all of them.`);
}

export function wrongMethod(method: string, allowed: readonly string[]): Problem {
  const allow = allowed.join(', ');
  return problem(405, 405, `${method} is not available here. Use ${allow}.`, { headers: { allow } });
}

export function badToken(): Problem {
  return problem(
    401, CODE.badToken, 'Invalid access token. Get one from POST /oauth/token.',
    { headers: { 'www-authenticate': 'Bearer' } },
  );
}

export function noPermission(permission: string): Problem {
  return problem(403, CODE.noPermission, `No permission. This request needs the permission ${permission}.`);
}

export function onlyPeople(): Problem {
  return problem(403, CODE.noPermission, 'This is for people who signed in (POST /v2/cordboard/sign-in), about what is their own.');
}

export function tooMany(seconds: number, who: string): Problem {
  return problem(429, 429, `Too many requests from ${who}. Come back in ${seconds} s.`, { headers: { 'retry-after': String(seconds) } });
}

const OF_REFUSAL: Readonly<Record<RefusalKind, { readonly status: number; readonly code: number }>> = {
  'invalid': { status: 400, code: CODE.invalid },
  'not-found': { status: 404, code: CODE.notFound },
  'conflict': { status: 409, code: CODE.conflict },
  'forbidden': { status: 403, code: CODE.noPermission },
};

/** The answer to a refused use case: its only sentence is also the message. */
export function fromRefusal(refusal: Refused): Problem {
  const { status, code } = OF_REFUSAL[refusal.why];
  const [first, ...others] = refusal.problems;
  const message = first && others.length === 0 ? first.text : 'Validation Failed.';
  const scimType = scimTypeOf(refusal);
  const errors = refusal.problems.filter(({ field }) => field !== '');
  return { ...problem(status, code, message, { errors }), ...(scimType === null ? {} : { scimType }) };
}

export interface ProblemBody {
  readonly code: number;
  readonly message: string;
  readonly errors?: readonly { readonly field: string; readonly field_value?: string; readonly message: string }[];
}

/** Longest piece of a client's own value that is sent back. */
const SHOWN_VALUE = 100;

/** The JSON of an error: `{code, message, errors?: [{field, field_value?, message}]}`. */
export function problemBody({ code, message, errors }: Problem): ProblemBody {
  if (errors.length === 0) return { code, message };
  return {
    code,
    message,
    errors: errors.map(({ field, value, text }) => (
      value === undefined ? { field, message: text } : {
        field, field_value: value.slice(0, SHOWN_VALUE), message: text,
      }
    )),
  };
}
