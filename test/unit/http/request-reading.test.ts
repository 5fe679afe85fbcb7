import t from 'tap';
import { z } from 'zod';
import { hostileParts } from '../../../src/http/hostile-input.js';
import { ignoredFields, ignoredFieldsHeader } from '../../../src/http/ignored-fields.js';
import { pageToken, readPage } from '../../../src/http/paging.js';
import { readQuery } from '../../../src/http/query-text.js';
import { createMatcher } from '../../../src/http/route-match.js';
import { ROUTES } from '../../../src/http/route-table.js';
import { problemsOf } from '../../../src/http/schema-problems.js';
import { apiTime, readSpan } from '../../../src/http/times.js';

t.test('query text becomes the type its schema asks for, or stays text', async (t) => {
  const schema = z.object({
    size: z.int().optional(), on: z.boolean().default(false), names: z.array(z.string()).optional(), word: z.string().optional(),
  });
  for (const [raw, wanted] of [
    [{ size: '30' }, { size: 30 }], [{ size: '-1' }, { size: -1 }], [{ size: '' }, { size: '' }], [{ size: '0x10' }, { size: '0x10' }],
    [{ size: '1e3' }, { size: '1e3' }], [{ size: '+1' }, { size: '+1' }], [{ size: '1.0' }, { size: '1.0' }], [{ size: '9007199254740993' }, { size: '9007199254740993' }],
    [{ on: 'true' }, { on: true }], [{ on: 'false' }, { on: false }], [{ on: '1' }, { on: '1' }],
    [{ names: 'a,b' }, { names: ['a', 'b'] }], [{ 'names[]': ['a', 'b'] }, { names: ['a', 'b'] }], [{ names: '' }, { names: [] }],
    [{ word: '30' }, { word: '30' }], [{ word: ['a', 'b'] }, { word: ['a', 'b'] }], [{ other: '1' }, { other: '1' }],
  ] as const) t.same(readQuery(schema, raw), wanted, JSON.stringify(raw));
  t.ok(Object.hasOwn(readQuery(schema, JSON.parse('{"__proto__":"x"}')), '__proto__'), 'a name is only ever a name');
});

t.test('fields that a schema dropped are named with their place', async (t) => {
  const sent = { a: 1, b: { c: 1, d: 2 }, e: [{ f: 1 }, { f: 1, g: 2 }] };
  t.same(ignoredFields(sent, { a: 1, b: { c: 1 }, e: [{ f: 1 }, { f: 1 }] }), ['b.d', 'e[1].g']);
  t.same(ignoredFields(sent, sent), []);
  t.equal(ignoredFields(Object.fromEntries(Array.from({ length: 999 }, (_, index) => [`f${index}`, 1])), {}).length, 50);
  t.equal(ignoredFieldsHeader(['a.b', 'x\r\nset-cookie: a', 'ü', '\ud800']), 'a.b, x%0D%0Aset-cookie%3A%20a, %C3%BC, %EF%BF%BD');
});

t.test('hostile parts are found wherever they are', async (t) => {
  t.same(hostileParts({ a: 'plain', b: ['x', { c: 'ü😀' }], d: null, e: 5 }), []);
  t.match(hostileParts({ a: [{ b: '\0' }] }), [{ field: 'a[0].b', text: /NUL/ }]);
  t.match(hostileParts(JSON.parse('{"x":{"__proto__":1}}')), [{ field: 'x.__proto__' }]);
  t.match(hostileParts('\udc00'), [{ field: 'body', text: /surrogate/ }]);
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level += 1) deep = [deep];
  t.match(hostileParts(deep), [{ text: /deeper/ }]);
});

t.test('schema complaints become field, value and sentence', async (t) => {
  const schema = z.object({ name: z.string().min(2), password: z.string().min(8), list: z.array(z.object({ n: z.int() })), pick: z.union([z.int(), z.string()]) });
  const { error } = schema.safeParse({ name: 'x', password: 'short', list: [{ n: 'one' }, {}], pick: true }, { reportInput: true });
  const problems = problemsOf(error);
  t.match(problems, [
    { field: 'name', value: 'x' }, { field: 'password' }, { field: 'list[0].n', value: 'one' }, { field: 'list[1].n', text: 'This field is required.' },
    { field: 'pick', value: 'true', text: 'Invalid value: expected number, received boolean, or expected string, received boolean.' },
  ]);
  t.notOk(problems[1]?.value, 'a password is never sent back');
  t.match(problemsOf(z.strictObject({}).safeParse({ extra: 1 }).error), [{ field: 'extra' }]);
});

t.test('the most literal path wins, and the method is looked up after the path', async (t) => {
  const match = createMatcher(ROUTES);
  for (const [method, path, wanted] of [
    ['GET', '/v2/users/email', { kind: 'found', route: { operationId: 'userEmail' } }],
    ['GET', '/v2/users/email@example.com', { kind: 'found', route: { operationId: 'user' } }],
    ['GET', '/v2/users/', { kind: 'found', route: { operationId: 'users' } }],
    ['HEAD', '/v2/users', { kind: 'found', route: { operationId: 'users' } }],
    ['POST', '/v2/phone/users/batch', { kind: 'found', route: { operationId: 'batchAddUsers' } }],
    ['PATCH', '/v2/phone/users/batch', { kind: 'wrong-method', allowed: ['POST', 'PUT'] }],
    ['GET', '/v2/users//status', { kind: 'unknown' }], ['GET', '/v2', { kind: 'unknown' }], ['GET', '/V2/users', { kind: 'unknown' }],
    ['GET', '/v2/users/%E0%A4%A', { kind: 'malformed' }], ['GET', '/v2/users/a%00b', { kind: 'malformed' }],
  ] as const) t.match(match(method, path), wanted, `${method} ${path}`);
  const found = match('GET', '/v2/users/a%2Fb');
  t.equal(found.kind === 'found' ? found.params.get('userId') : '', 'a/b', 'decoded once, after the split');
});

t.test('page tokens are last keys in base64url, and nothing else', async (t) => {
  t.same(readPage({ page_size: 5, next_page_token: '' }), { kind: 'page', page: { size: 5, after: null } });
  t.same(readPage({ page_size: 5, next_page_token: pageToken('01hz') }), { kind: 'page', page: { size: 5, after: '01hz' } });
  t.equal(pageToken(null), '');
  for (const bad of ['!', 'MDFoeg=', 'MDFoeg==', Buffer.from('a\0b').toString('base64url'), Buffer.from([0xff, 0xfe]).toString('base64url')]) {
    t.match(readPage({ page_size: 5, next_page_token: bad }), { kind: 'refused' }, bad);
  }
});

t.test('times and spans', async (t) => {
  const now = Date.UTC(2026, 0, 15, 12, 30, 45, 678);
  t.equal(apiTime(now), '2026-01-15T12:30:45Z');
  t.equal(apiTime(null), '');
  t.same(readSpan({}, now, 30), { kind: 'span', from: now - 30 * 86_400_000, to: now });
  t.same(readSpan({ from: '2026-01-01', to: '2026-01-01' }, now, 30), { kind: 'span', from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 2) - 1 });
  t.match(readSpan({ from: '2026-01-02', to: '2026-01-01' }, now, 30), { kind: 'refused' });
});
