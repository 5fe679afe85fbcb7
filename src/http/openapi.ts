import { z } from 'zod';
import { PERMISSIONS, ROLES } from '../usecases/admin/roles.js';
import { BY_ADDRESS, BY_CLIENT_SECRET } from './operations.js';
import { taggedReads } from './entity-tag.js';
import { BODY_MEDIA_TYPE, type Route, type RouteAnswer } from './route.js';
import { isScimPath, SCIM_MEDIA_TYPE } from './scim/scim-problem.js';

/** JSON Schema 2020-12, as far as it is read here. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

export interface Media {
  readonly [type: string]: { readonly schema: JsonSchema };
}

interface ResponseRef {
  readonly $ref: string;
}

interface ResponseObject {
  readonly description: string;
  readonly content?: Media;
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Media };
  readonly responses: Readonly<Record<string, ResponseRef | ResponseObject>>;
}

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description: string;
    readonly license: { readonly name: string; readonly identifier: string };
  };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const DESCRIPTION = `The administration API. Paths and shapes under /v2/users and /v2/phone are the Zoom Phone API's;
what that API has no word for lives under /v2/cordboard.

Get a token with POST /oauth/token (HTTP Basic with client id and secret) and send it as a bearer token. Lists take
page_size and next_page_token; the last page has next_page_token "". Errors are {code, message, errors: [{field,
field_value, message}]} and name every field that is wrong. Zoom-shaped requests ignore fields they do not know and name
them in x-ignored-fields; /v2/cordboard refuses them. Every answer carries x-request-id.

A POST with an Idempotency-Key is done once: repeated within a day it gets the same answer. GETs of single resources carry an
ETag; send it in If-Match with PATCH, PUT or DELETE, and the change is refused (412) when somebody was faster. Requests are
counted by client: x-ratelimit-limit, -remaining and -reset tell what is left, 429 with Retry-After when nothing is.`;

/** OpenAPI 3.1 generated from the route table: schemas, permissions and paths are the ones that are served. */
export function openApiDocument(routes: readonly Route[], version: string): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  const tagged = taggedReads(routes);
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route, tagged.get(route.path));
  return {
    openapi: '3.1.0',
    info: { title: 'Cordboard', version, description: DESCRIPTION, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Error: ERROR },
      responses: Object.fromEntries(Object.values(FAILURES).map(({ name, description }) => [
        name, { description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } },
      ])),
      securitySchemes: {
        bearer: {
          type: 'oauth2',
          description: `Roles: ${[...ROLES.keys()].join(', ')}.`,
          flows: {
            clientCredentials: {
              tokenUrl: '/oauth/token',
              scopes: Object.fromEntries(PERMISSIONS.map((name) => [name, name.replace(':', ': ')])),
            },
          },
        },
        basic: { type: 'http', scheme: 'basic', description: 'Client id and secret.' },
      },
    },
  };
}

const ERROR: JsonSchema = withoutDialect(z.toJSONSchema(z.object({
  code: z.int().describe('124 invalid token, 200 no permission, 300 invalid field, 404, 409, 412, 429, 500, 503.'),
  message: z.string(),
  errors: z.array(z.object({ field: z.string(), field_value: z.string().optional(), message: z.string() })).optional(),
})));

const FAILURES = {
  400: { name: 'Invalid', description: 'Something in the request is wrong; every field is named.' },
  401: { name: 'Unauthorised', description: 'No token, or one that does not count.' },
  403: { name: 'Forbidden', description: "The caller's role lacks the permission." },
  404: { name: 'NotFound', description: 'Nothing has this id.' },
  409: { name: 'Conflict', description: 'The request contradicts what is there: a number in use, no seat left.' },
  412: { name: 'Changed', description: 'The resource is no longer what If-Match names. Read it again.' },
  413: { name: 'TooLarge', description: 'The body is larger than 1 MB, a sound file than 2 MB.' },
  415: { name: 'WrongType', description: 'The body is not of the type that the request takes.' },
  429: { name: 'TooMany', description: 'Too many requests. Retry-After says when to come back.' },
  503: { name: 'Unavailable', description: 'A part of the system is away. Retry-After says when to come back.' },
} as const;

/** `read`: the GET of the route's resource, where that has an ETag. */
function operation(route: Route, read: Route | undefined): Operation {
  const { answer } = route;
  return {
    operationId: route.operationId,
    summary: route.summary,
    tags: [route.tag],
    security: securityOf(route),
    parameters: [...pathParameters(route.path), ...queryParameters(route.query), ...headerParameters(route, read)],
    ...(route.body === null ? {} : {
      requestBody: {
        required: route.bodyType !== 'form', content: { [BODY_MEDIA_TYPE[route.bodyType]]: { schema: bodySchema(route.body, route.bodyType) } },
      },
    }),
    responses: {
      [answer.status]: success(answer, mediaType(route)),
      ...Object.fromEntries(failuresOf(route, read).map((status) => [
        status, { $ref: `#/components/responses/${FAILURES[status].name}` },
      ])),
    },
  };
}

function mediaType({ path }: Route): string {
  return isScimPath(path) ? SCIM_MEDIA_TYPE : 'application/json';
}

function success({ description, schema, contentType }: RouteAnswer, json: string): ResponseObject {
  if (schema !== null) {
    return { description, content: { [json]: { schema: withoutDialect(z.toJSONSchema(schema)) } } };
  }
  if (contentType === undefined) return { description };
  return { description, content: { [contentType]: { schema: { type: 'string' } } } };
}

function securityOf({ access, operationId }: Route): Operation['security'] {
  if (access !== 'public') return [{ bearer: [access] }];
  return BY_CLIENT_SECRET.has(operationId) ? [{ basic: [] }] : [];
}

function failuresOf(route: Route, read: Route | undefined): readonly (keyof typeof FAILURES)[] {
  if (BY_CLIENT_SECRET.has(route.operationId)) return [400, 401, 413, 415, 429, 503];
  if (BY_ADDRESS.has(route.operationId)) return [400, 403, 413, 415, 429, 503];
  if (route.access === 'public') return route.operationId === 'readyz' ? [503] : [];
  const changes = route.method !== 'GET';
  return [
    400, 401, 403,
    ...(route.path.includes('{') ? [404 as const] : []),
    ...(changes ? [409 as const] : []),
    ...(changes && read !== undefined ? [412 as const] : []),
    ...(route.body === null ? [] : [413 as const, 415 as const]),
    429, 503,
  ];
}

function pathParameters(path: string): readonly Parameter[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name, in: 'path', required: true, schema: { type: 'string' },
    ...(name === 'userId' ? { description: 'Id or e-mail address.' } : {}),
  }));
}

const HEADERS = {
  ifMatch: { name: 'If-Match', text: 'ETag of the last GET: the request is refused (412) when the resource has changed since.' },
  ifNoneMatch: { name: 'If-None-Match', text: 'ETag of the last GET: 304 while it is the same.' },
  idempotencyKey: { name: 'Idempotency-Key', text: 'Any text of your own, new for each request: repeated within a day, it gets the same answer and changes nothing again.' },
} as const;

function headerParameters(route: Route, read: Route | undefined): readonly Parameter[] {
  const header = (which: keyof typeof HEADERS): Parameter => ({
    name: HEADERS[which].name, in: 'header', required: false, description: HEADERS[which].text, schema: { type: 'string' },
  });
  if (route.access === 'public') return [];
  if (route.method === 'POST') return [header('idempotencyKey')];
  if (read === undefined) return [];
  return [header(read === route ? 'ifNoneMatch' : 'ifMatch')];
}

function queryParameters(query: z.ZodObject): readonly Parameter[] {
  return Object.entries(query.shape).map(([name, shape]) => {
    const { description, ...schema } = withoutDialect(z.toJSONSchema(shape, { io: 'input' }));
    const required = !z.object({ value: shape }).safeParse({}).success;
    return { name, in: 'query', required, schema, ...(typeof description === 'string' ? { description } : {}) };
  });
}

function bodySchema(schema: z.ZodType, type: Route['bodyType']): JsonSchema {
  // Bytes have no JSON Schema but what the route says of them.
  return withoutDialect(z.toJSONSchema(schema, { io: 'input', unrepresentable: type === 'wav' || type === 'stream' || type === 'csv-stream' ? 'any' : 'throw' }));
}

/** OpenAPI 3.1 has JSON Schema 2020-12 as its dialect, so the schemas need not say so each time. */
function withoutDialect({ $schema: _dialect, ...schema }: JsonSchema): JsonSchema {
  return schema;
}
