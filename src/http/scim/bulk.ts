import { z } from 'zod';
import type { Json, JsonObject } from '../../domain/scim/person.js';
import { failed, json, type Answer } from '../answers.js';
import { ifMatching, taggedReads } from '../entity-tag.js';
import { badRequest, problem } from '../problem.js';
import { createMatcher } from '../route-match.js';
import { route, type CallContext, type Route } from '../route.js';
import { scimGroupRoutes } from './groups.js';
import { isList, isObject, textOf } from './read-resource.js';
import { jsonOf } from './scim-schemas.js';
import { SCIM_BASE, scimErrorBody } from './scim-problem.js';
import { scimUserRoutes } from './users.js';

export const MOST_BULK_OPERATIONS = 1000;
/** As for every JSON body. */
export const MOST_BULK_BYTES = 1_048_576;
const REQUEST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const RESPONSE_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';

const RESOURCES: readonly Route[] = [...scimUserRoutes, ...scimGroupRoutes];
const match = createMatcher(RESOURCES);
const TAGGED = taggedReads(RESOURCES);

const operation = z.looseObject({
  method: z.string().max(10), path: z.string().max(512), bulkId: z.string().min(1).max(128).optional(), version: z.string().max(128).optional(),
  data: z.looseObject({}).optional(),
});
type Operation = z.output<typeof operation>;

const body = z.looseObject({
  schemas: z.array(z.string()).refine((given) => given.includes(REQUEST_SCHEMA), `Send schemas: ["${REQUEST_SCHEMA}"].`),
  failOnErrors: z.int().min(0).optional(), Operations: z.array(operation).min(1),
});

const result = z.object({
  method: z.string(), bulkId: z.string().optional(), version: z.string().optional(), location: z.string().optional(), status: z.string(),
  response: z.looseObject({}).optional(),
});
type Result = z.output<typeof result>;

/**
 * Operations one after the other (RFC 7644 §3.7), each in a transaction of its own. One that speaks of another's bulkId waits for
 * it; those that wait for each other in a circle are refused (409).
 */
async function runBulk(context: CallContext, operations: readonly Operation[], failOnErrors: number): Promise<readonly Result[]> {
  const ids = new Map<string, string>();
  const results = new Map<Operation, Result>();
  const references = new Map(operations.map((one) => [one, referencesOf(one)]));
  let waiting = operations;
  let errors = 0;
  while (waiting.length > 0 && (failOnErrors === 0 || errors < failOnErrors)) {
    const made = new Set(waiting.flatMap(({ bulkId }) => bulkId ?? []));
    const next = waiting.find((one) => references.get(one)?.every((id) => !made.has(id)));
    const [first] = waiting;
    const one = next ?? first;
    if (one === undefined) break;
    const outcome = next === undefined ? failure(one, failed(problem(409, 409, 'These operations wait for each other in a circle.'))) : await runOne(context, one, ids);
    results.set(one, outcome);
    if (Number(outcome.status) >= 400) errors += 1;
    waiting = waiting.filter((other) => other !== one);
  }
  return operations.flatMap((one) => results.get(one) ?? []);
}

async function runOne(context: CallContext, one: Operation, ids: Map<string, string>): Promise<Result> {
  const refused = (field: string, text: string) => failure(one, failed(badRequest(field, text)));
  const method = one.method.toUpperCase();
  if (!['POST', 'PUT', 'PATCH', 'DELETE'].includes(method)) return refused('method', 'Use POST, PUT, PATCH or DELETE.');
  // RFC 7644 §3.7: what is made is named, so that the answer can be told from others.
  if (method === 'POST' && one.bulkId === undefined) return refused('bulkId', 'A POST in a bulk request has a bulkId.');
  const missing = referencesOf(one).find((id) => !ids.has(id));
  if (missing !== undefined) return refused('data', `There is no bulkId ${missing} that was made.`);
  const found = match(method, SCIM_BASE + withIds(one.path, ids));
  if (found.kind !== 'found' || found.route.path.endsWith('/.search')) return refused('path', 'Use /Users, /Users/{id}, /Groups or /Groups/{id}.');
  const raw = { query: {}, body: one.data === undefined ? undefined : resolved(jsonOf(one.data), ids) };
  const { answer } = one.version === undefined || method === 'POST' ? await found.route.run(context, found.params, raw)
    : await ifMatching(TAGGED.get(found.route.path), one.version, found.route, context, found.params, raw);
  if (answer.kind === 'problem') return failure(one, answer);
  const headers = answer.kind === 'json' ? answer.headers ?? {} : {};
  const id = answer.kind === 'json' && 'id' in answer.body && typeof answer.body.id === 'string' ? answer.body.id : undefined;
  if (one.bulkId !== undefined && id !== undefined) ids.set(one.bulkId, id);
  const location = headers['location'] ?? `${context.origin}${SCIM_BASE}${withIds(one.path, ids)}`;
  return {
    method, ...(one.bulkId === undefined ? {} : { bulkId: one.bulkId }), ...(headers['etag'] === undefined ? {} : { version: headers['etag'] }), location,
    status: String(answer.kind === 'json' || answer.kind === 'empty' ? answer.status : 200),
  };
}

function failure({ method, bulkId }: Operation, answer: Answer): Result {
  const { status, body: response } = answer.kind === 'problem' ? { status: answer.problem.status, body: scimErrorBody(answer.problem) } : { status: 500, body: {} };
  return { method: method.slice(0, 10), ...(bulkId === undefined ? {} : { bulkId }), status: String(status), response: { ...response } };
}

const REFERENCE = /bulkId:([^/"\s]+)/;

/** The bulkIds that an operation's path and data speak of. */
function referencesOf({ path, data, bulkId }: Operation): readonly string[] {
  return [...textsIn(path), ...textsIn(jsonOf(data))].flatMap((text) => REFERENCE.exec(text)?.[1] ?? []).filter((id) => id !== bulkId || path.includes(id));
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (isList(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

function resolved(value: JsonObject, ids: ReadonlyMap<string, string>): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolvedValue(inner, ids)]));
}

function resolvedValue(value: Json, ids: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') return withIds(value, ids);
  if (isList(value)) return value.map((inner) => resolvedValue(inner, ids));
  return isObject(value) ? resolved(value, ids) : value;
}

function withIds(text: string, ids: ReadonlyMap<string, string>): string {
  return text.replace(REFERENCE, (whole, id: string) => ids.get(id) ?? whole);
}

export const scimBulkRoutes: readonly Route[] = [
  route({
    method: 'POST', path: '/scim2/Bulk', operationId: 'scimBulk', summary: 'Many changes in one request', tag: 'SCIM', access: 'scim:write', load: 'heavy', body,
    answer: {
      status: 200, description: 'What became of each, in the order given; those after failOnErrors errors were not begun and are left out.',
      schema: z.object({ schemas: z.tuple([z.literal(RESPONSE_SCHEMA)]), Operations: z.array(result) }),
    },
    async handle(call) {
      const { Operations: operations, failOnErrors = 0 } = call.body;
      if (operations.length > MOST_BULK_OPERATIONS) return failed({ ...problem(413, 300, `At most ${MOST_BULK_OPERATIONS} operations.`), scimType: 'tooMany' });
      const twice = operations.find(({ bulkId }, at) => bulkId !== undefined && operations.findIndex((other) => other.bulkId === bulkId) !== at);
      if (twice !== undefined) return failed(badRequest('Operations.bulkId', `The bulkId ${textOf(twice.bulkId ?? '')} is used twice.`));
      return json({ schemas: [RESPONSE_SCHEMA], Operations: await runBulk(call, operations, failOnErrors) });
    },
  }),
];
