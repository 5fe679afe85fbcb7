import { z } from 'zod';
import type { SiteId } from '../domain/ids.js';
import type { RateClass } from '../ports/rate-limits.js';
import type { Actor } from '../usecases/change.js';
import type { Permission } from '../usecases/admin/roles.js';
import { failed, type Answer } from './answers.js';
import type { Person } from './exchange.js';
import type { HttpDeps } from './http-deps.js';
import { ignoredFields } from './ignored-fields.js';
import { badRequest, invalid } from './problem.js';
import { readQuery, type RawQuery } from './query-text.js';
import { problemsOf } from './schema-problems.js';
import { subjectOf, type Subject } from './subject.js';

/** How a body is written; `wav` reaches the handler as the bytes it is, `csv` as its text, `stream` and `csv-stream` unread. */
export type BodyType = 'json' | 'form' | 'wav' | 'csv' | 'stream' | 'csv-stream';

/** Whether the handler reads the body as it comes. */
export function isUnread(type: BodyType): boolean {
  return type === 'stream' || type === 'csv-stream';
}

/** The media type that names each; what is taken besides is the reader's business. */
export const BODY_MEDIA_TYPE: Readonly<Record<BodyType, string>> = {
  json: 'application/json', form: 'application/x-www-form-urlencoded', wav: 'audio/wav', csv: 'text/csv', stream: 'application/octet-stream', 'csv-stream': 'text/csv',
};

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Names in braces of a path: `/v2/users/{userId}` gives `userId`. */
export type ParamsOf<Path extends string> =
  Path extends `${string}{${infer Name}}${infer Rest}`
    ? { readonly [Key in Name | keyof ParamsOf<Rest>]: string }
    : Readonly<Record<never, string>>;

/** One request as a handler sees it: checked, and with who asks. */
export interface Call<Params, Query, Body> {
  readonly deps: HttpDeps;
  readonly actor: Actor;
  /** Sites whose things a list may show; null = all. */
  readonly sites: readonly SiteId[] | null;
  /** The person who signed in; null for programs. */
  readonly person: Person | null;
  /** What the caller's roles allow wherever this request may lead; empty on public routes. */
  readonly permissions: ReadonlySet<Permission>;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Scheme, host and port as the caller reached us, e.g. `http://pbx.example.com:8080`. */
  readonly origin: string;
}

/** A success answer as OpenAPI shows it. */
export interface RouteAnswer {
  readonly status: number;
  readonly description: string;
  /** Null for an answer without a JSON body. */
  readonly schema: z.ZodType | null;
  readonly contentType?: string;
}

/** Nobody needs a token for `public`; `person` is for everybody who signed in, about what is their own; everything else names its permission. */
export type Access = Permission | 'public' | 'person';

export interface RouteSpec<Path extends string, Query extends z.ZodObject, Body extends z.ZodType> {
  readonly method: Method;
  readonly path: Path;
  readonly operationId: string;
  readonly summary: string;
  readonly tag: string;
  readonly access: Access;
  /** What it is about, where its path does not name it by itself; then without it: the account. */
  readonly subject?: Exclude<Subject['kind'], 'path'>;
  /** People who signed in may use it for what is their own, without any role. */
  readonly self?: true;
  /** What the request counts as in rate limits; default light. */
  readonly load?: Route['load'];
  /** Of a GET whose resource can be changed: fields that change by themselves and are left out of its ETag. */
  readonly etag?: Route['etag'];
  readonly query?: Query;
  readonly body?: Body;
  /** How the body is written; default JSON. */
  readonly bodyType?: BodyType;
  /** A request without a body counts as an empty one. */
  readonly bodyOptional?: boolean;
  readonly answer: RouteAnswer;
  readonly handle: (call: Call<ParamsOf<Path>, z.output<Query>, z.output<Body>>) => Promise<Answer> | Answer;
}

/** What arrives from outside, before any check but size and syntax. */
export interface RawRequest {
  readonly query: RawQuery;
  /** `undefined` when there was no body. */
  readonly body: unknown;
}

/** What a route needs to know of the caller and the place. */
export type CallContext = Omit<Call<unknown, unknown, unknown>, 'params' | 'query' | 'body'>;

export interface RouteResult {
  readonly answer: Answer;
  /** Fields of the request that the route does not know, for `x-ignored-fields`. */
  readonly ignored: readonly string[];
}

/** One entry of the table: declared once, served, authorised, documented and tested from it. */
export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly tag: string;
  readonly access: Access;
  readonly subject: Subject;
  readonly self: boolean;
  readonly load: Exclude<RateClass, 'token'>;
  /** Null for what has no ETag: lists, and what is no JSON. */
  readonly etag: { readonly ignoring: readonly string[] } | null;
  readonly query: z.ZodObject;
  readonly body: z.ZodType | null;
  readonly bodyType: BodyType;
  readonly answer: RouteAnswer;
  readonly run: (context: CallContext, params: ReadonlyMap<string, string>, raw: RawRequest) => Promise<RouteResult>;
}

const NO_QUERY = z.object({});
const NO_BODY = z.undefined();
const NEEDS_BODY: Readonly<Record<BodyType, string>> = {
  json: 'This request needs a JSON body (content-type: application/json).',
  form: 'This request needs a form as its body (content-type: application/x-www-form-urlencoded).',
  stream: 'This request needs a file as its body (content-type: application/octet-stream).',
  'csv-stream': 'This request needs a table as its body (content-type: text/csv).',
  wav: 'This request needs a sound file as its body (content-type: audio/wav).',
  csv: 'This request needs a table as its body (content-type: text/csv).',
};

/** Makes a table entry; the types of parameters, query and body reach the handler from path and schemas. */
export function route<
  Path extends string,
  Query extends z.ZodObject = typeof NO_QUERY,
  Body extends z.ZodType = typeof NO_BODY,
>(
  spec: RouteSpec<Path, Query, Body>,
): Route {
  const { method, path, operationId, summary, tag, access } = spec;
  const strict = path.startsWith('/v2/cordboard/');
  const query = strict ? z.strictObject((spec.query ?? NO_QUERY).shape) : spec.query ?? NO_QUERY;
  const body = spec.body ?? null;
  const bodyType = spec.bodyType ?? 'json';
  return {
    method, path, operationId, summary, tag, access, query, body,
    subject: subjectOf(path, spec.subject), self: spec.self ?? false,
    bodyType,
    load: spec.load ?? 'light',
    etag: spec.etag ?? (spec.answer.schema === null || 'next_page_token' in shapeOf(spec.answer.schema) ? null : { ignoring: [] }),
    answer: spec.answer,
    async run(context, params, raw) {
      const rawQuery = readQuery(query, raw.query);
      const readBody = body === null ? undefined : raw.body ?? (spec.bodyOptional === true ? {} : undefined);
      if (body !== null && readBody === undefined) {
        return {
          answer: failed(badRequest('body', NEEDS_BODY[bodyType])),
          ignored: [],
        };
      }
      const parsedQuery = query.safeParse(rawQuery, { reportInput: true });
      const parsedBody = (body ?? NO_BODY).safeParse(readBody, { reportInput: true });
      if (!parsedQuery.success || !parsedBody.success) {
        const errors = [...problemsOf(parsedQuery.error), ...problemsOf(parsedBody.error)];
        return { answer: failed(invalid(errors)), ignored: [] };
      }
      const ignoredInBody = bodyType === 'wav' || bodyType === 'csv' || isUnread(bodyType) ? [] : ignoredFields(readBody, parsedBody.data);
      const ignored = [...ignoredFields(rawQuery, parsedQuery.data), ...ignoredInBody];
      const answer = await spec.handle({
        ...context,
        params: Object.fromEntries(params) as ParamsOf<Path>,
        query: parsedQuery.data as z.output<Query>,
        body: parsedBody.data as z.output<Body>,
      });
      return { answer, ignored };
    },
  };
}

function shapeOf(schema: z.ZodType): object {
  return schema instanceof z.ZodObject ? schema.shape : {};
}
