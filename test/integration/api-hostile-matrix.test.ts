import t from 'tap';
import { sql } from 'kysely';
import { ROUTES } from '../../src/http/route-table.js';
import type { Route } from '../../src/http/route.js';
import { startUserSession } from '../../src/usecases/access/user-sessions.js';
import { startApiOffice, type ApiOffice, type CallOptions } from '../support/api-office.js';

interface Attack {
  readonly name: string;
  /** Null where the route has no such place to attack. */
  readonly request: (route: Route) => { readonly path?: string; readonly options?: CallOptions; readonly statuses?: readonly number[] } | null;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const PAST_LIMIT = Buffer.alloc(1_048_577, 32);
const hasJson = (route: Route): boolean => route.body !== null && route.bodyType === 'json';
const pathOf = (route: Route, id = 'nothing') => route.path.replace(/\{\w+\}/g, id);
const raw = (text: string | Buffer, headers: Readonly<Record<string, string>> = JSON_TYPE) => (route: Route) => (hasJson(route) ? { options: { raw: text, headers } } : null);
const query = (text: string) => () => ({ path: text });

/** Each is tried on every route that needs a token: it is answered 4xx, and nothing changes. */
const ATTACKS: readonly Attack[] = [
  { name: 'malformed JSON', request: raw('{"a":') },
  { name: 'an array for an object', request: raw('[]') },
  { name: 'a word for an object', request: raw('"x"') },
  { name: '__proto__ in the body', request: raw('{"__proto__":{"permissions":["all"]}}') },
  { name: '__proto__ inside', request: raw('{"a":{"__proto__":{"x":1}}}') },
  { name: 'nesting without end', request: raw(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) },
  { name: 'NUL in a field', request: raw('{"name":"a\\u0000b"}') },
  { name: 'half a surrogate pair', request: raw('{"name":"\\ud800"}') },
  { name: 'a wrong content type', request: raw('a=b', { 'content-type': 'text/plain' }) },
  { name: 'a strange character set', request: raw('{}', { 'content-type': 'application/json; charset=utf-77' }) },
  // What is nobody's own is refused before its body is read.
  { name: 'a byte past a mebibyte', request: (route) => (hasJson(route) ? { options: { raw: PAST_LIMIT, headers: JSON_TYPE }, statuses: route.access === 'person' ? [400, 404, 413] : [400, 413] } : null) },
  { name: '__proto__ in the query', request: query('__proto__=1') },
  { name: 'NUL in the query', request: query('keyword=%00') },
  { name: 'half an encoding in the path', request: (route) => (route.path.includes('{') ? { path: pathOf(route, '%ff') } : null) },
  { name: 'NUL in the path', request: (route) => (route.path.includes('{') ? { path: pathOf(route, 'a%00b') } : null) },
  { name: 'an id of 5,000 characters', request: (route) => (route.path.includes('{') ? { path: pathOf(route, 'x'.repeat(5000)) } : null) },
  { name: 'SQL for an id', request: (route) => (route.path.includes('{') ? { path: pathOf(route, "x'%20or%20'1'='1") } : null) },
  { name: 'a page of no size', request: (route) => ('page_size' in route.query.shape ? { path: 'page_size=0' } : null) },
  { name: 'a page of everything', request: (route) => ('page_size' in route.query.shape ? { path: 'page_size=100000' } : null) },
  { name: 'a page size with an exponent', request: (route) => ('page_size' in route.query.shape ? { path: 'page_size=1e2' } : null) },
  { name: 'a page token of nobody', request: (route) => ('next_page_token' in route.query.shape ? { path: 'next_page_token=%00%01' } : null) },
  { name: 'a page token given twice', request: (route) => ('next_page_token' in route.query.shape ? { path: 'next_page_token=a&next_page_token=b' } : null) },
  { name: 'a stale ETag', request: (route) => (route.method === 'GET' ? null : { options: { headers: { 'if-match': 'W/"nobody"' } } }) },
];

/** Rows of every table but those that count requests, and what the audit log says. */
async function rowsOf(office: ApiOffice): Promise<string> {
  const tables = await sql<{ readonly name: string }>`select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`
    .execute(office.database.queries);
  const counts: string[] = [];
  for (const { name } of tables.rows) {
    const { rows: [row] } = await sql<{ readonly rows: number }>`select count(*) as rows from ${sql.table(name)}`.execute(office.database.queries);
    counts.push(`${name} ${row?.rows}`);
  }
  return counts.join('\n');
}

t.test('hostile requests on every route: 4xx, nothing changes, nothing counts as a bug', async (t) => {
  const office = await startApiOffice(t);
  await office.expect(201, 'POST', '/v2/users', { action: 'create', user_info: { email: 'ada@example.com', first_name: 'Ada', type: 1 } });
  const user = await office.deps.stores.users.byEmail(office.account.id, 'ada@example.com');
  const signedIn = user && await startUserSession(office.deps, office.account.id, user.id, 'code', { address: '', requestId: '' });
  const person = signedIn?.kind === 'done' ? signedIn.value.accessToken : '';
  const before = await rowsOf(office);
  const routes = ROUTES.filter(({ access }) => access !== 'public');
  for (const { name, request } of ATTACKS) {
    const wrong: string[] = [];
    for (const route of routes) {
      const attack = request(route);
      if (attack === null) continue;
      const given = attack.path ?? '';
      const path = given.startsWith('/') ? given : `${pathOf(route)}${given === '' ? '' : `?${given}`}`;
      const body = hasJson(route) && attack.options?.raw === undefined ? {} : undefined;
      const { status } = await office.call(route.method, path, body, { ...attack.options, ...(route.access === 'person' ? { token: person } : {}) }).catch(() => ({ status: 413 }));
      const allowed = attack.statuses ?? [400, 404, 405, 409, 412, 413, 415];
      if (!allowed.includes(status)) wrong.push(`${route.method} ${route.path}: ${status}`);
    }
    t.same(wrong, [], name);
  }
  const large = await office.call('POST', '/v2/phone/users/batch', undefined, { raw: Buffer.alloc(10_000_000, 32), headers: JSON_TYPE }).catch(() => ({ status: 413 }));
  t.equal(large.status, 413, '10 MB');
  t.equal(await rowsOf(office), before, 'no row more, no row less');
  t.same(office.redis.log.lines.filter((line) => line.event === 'http-bug'), []);
  t.equal((await office.call('GET', '/healthz')).status, 200);
});

t.test('every route says what it takes and what it answers', async (t) => {
  for (const route of ROUTES) {
    const name = `${route.method} ${route.path}`;
    t.ok(route.summary.length > 3 && route.answer.description.length > 3, `${name} has a summary and a description`);
    t.ok(route.method !== 'GET' || route.body === null, `${name}: a GET has no body`);
    t.ok((route.answer.status >= 200 && route.answer.status < 300) || (route.answer.status === 303 && route.answer.contentType === 'text/html'), name);
    t.ok(route.method === 'GET' ? ['public', 'person'].includes(route.access) || /:read$/.test(route.access) : true, `${name}: reading needs a read permission`);
    if (!['public', 'person'].includes(route.access) && ['PUT', 'PATCH', 'DELETE'].includes(route.method)) t.match(route.access, /:write$/, `${name}: changing needs a write permission`);
  }
});
