import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { startApiOffice } from '../support/api-office.js';

const json = { 'content-type': 'application/json' };
const user = (more: object) => ({ action: 'create', user_info: { email: 'x@example.com', type: 1, ...more } });

t.test('whatever comes, the answer is a clear 4xx and the process lives', async (t) => {
  const office = await startApiOffice(t);
  const { call } = office;

  const bodies: readonly (readonly [name: string, raw: string | Buffer, headers: Record<string, string>, status: number, field: string])[] = [
    ['malformed JSON', '{"action":', json, 400, 'body'],
    ['JSON of one word', '"text"', json, 400, 'body'],
    ['JSON null', 'null', json, 400, 'body'],
    ['an array for an object', '[]', json, 400, 'body'],
    ['a wrong content type', 'action=create', { 'content-type': 'text/plain' }, 415, 'content-type'],
    ['a form for JSON', 'action=create', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'content-type'],
    ['a strange character set', '{}', { 'content-type': 'application/json; charset=utf-77' }, 415, 'content-type'],
    ['a strange encoding', '{}', { ...json, 'content-encoding': 'rot13' }, 415, 'content-encoding'],
    ['broken gzip', 'not gzip', { ...json, 'content-encoding': 'gzip' }, 400, 'body'],
    ['a body over 1 MB', JSON.stringify(user({ first_name: 'x'.repeat(1_100_000) })), json, 413, 'body'],
    ['a small body that unpacks to over 1 MB', gzipSync(Buffer.alloc(20_000_000, 32)), { ...json, 'content-encoding': 'gzip' }, 413, 'body'],
    ['nesting without end', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, json, 400, '[0][0][0]'],
    ['deep objects', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`, json, 400, 'a.a.a'],
    ['__proto__ at the top', '{"__proto__":{"admin":true},"action":"create"}', json, 400, '__proto__'],
    ['__proto__ inside', '{"action":"create","user_info":{"__proto__":{"a":1}}}', json, 400, 'user_info.__proto__'],
    ['NUL in a value', JSON.stringify(user({ first_name: 'a\0b' })), json, 400, 'user_info.first_name'],
    ['NUL in an unknown field', JSON.stringify({ ...user({}), extra: { note: '\0' } }), json, 400, 'extra.note'],
    ['NUL in a name', '{"a\\u0000b":1}', json, 400, 'body'],
    ['half a surrogate pair', '{"action":"create","user_info":{"email":"x@example.com","type":1,"first_name":"\\ud800"}}', json, 400, 'user_info.first_name'],
    ['control characters', JSON.stringify(user({ first_name: 'a\r\nb' })), json, 400, 'user_info.first_name'],
    ['a number for a text', JSON.stringify(user({ first_name: 5 })), json, 400, 'user_info.first_name'],
    ['a text over its length', JSON.stringify(user({ first_name: 'x'.repeat(65) })), json, 400, 'user_info.first_name'],
    ['an impossible e-mail address', JSON.stringify(user({ email: 'a@b@c' })), json, 400, 'user_info.email'],
    ['a list for a text', JSON.stringify(user({ email: ['a@example.com'] })), json, 400, 'user_info.email'],
  ];
  for (const [name, raw, headers, status, field] of bodies) {
    const reply = await call('POST', '/v2/users', undefined, { raw, headers });
    t.equal(reply.status, status, name, { body: reply.text.slice(0, 300) });
    t.equal(reply.json?.errors?.[0]?.field, field, `${name} names ${field}`);
    t.type(reply.json?.code, 'number');
  }
  t.equal((await call('POST', '/v2/users')).status, 400, 'no body at all');

  await t.test('all problems come in one answer', async (t) => {
    const { json: body } = await call('POST', '/v2/phone/sites?x=1', { name: '', site_code: {}, short_extension: { length: 9 }, default_emergency_address: { country: 'USA' } });
    t.same(body.errors.map((error: { field: string }) => error.field).sort(), [
      'auto_receptionist_name', 'default_emergency_address.address_line1', 'default_emergency_address.city', 'default_emergency_address.country',
      'default_emergency_address.state_code', 'default_emergency_address.zip', 'name', 'short_extension.length', 'site_code',
    ]);
    t.equal(body.code, 300);
  });

  await t.test('paths and queries', async (t) => {
    const rows: readonly (readonly [string, string, number])[] = [
      ['GET', '/v2/nothing', 404], ['GET', '/v3/users', 404], ['GET', '/', 404], ['GET', '/v2/users/a/b/c', 404], ['GET', '//v2/users', 404],
      ['PUT', '/v2/users', 405], ['DELETE', '/v2/phone/users/batch', 405], ['PATCH', '/healthz', 405], ['OPTIONS', '/v2/users', 405],
      ['GET', '/v2/users/%00', 400], ['GET', '/v2/users/%ff', 400], ['GET', '/v2/users/%zz', 400], ['GET', '/v2/users/__proto__', 404],
      ['GET', '/v2/users/constructor', 404], ['GET', `/v2/users/${'x'.repeat(5000)}`, 404], ['GET', '/v2/users/%27%20or%201%3D1', 404],
      ['GET', '/v2/users?keyword=%00', 400], ['GET', '/v2/users?__proto__=1', 400], ['GET', '/v2/users?status=active&status=inactive', 400],
      ['GET', '/v2/users?page_size=-1', 400], ['GET', '/v2/users?page_size=0x10', 400], ['GET', '/v2/users?page_size=9007199254740993', 400],
      ['GET', '/v2/users?next_page_token=%F0%9F%98%80', 400], ['GET', '/v2/users?keyword=%25_%5C', 200], ['GET', '/v2/users/', 200], ['HEAD', '/v2/users', 200],
    ];
    for (const [method, path, status] of rows) {
      const reply = await call(method, path);
      t.equal(reply.status, status, `${method} ${path.slice(0, 60)}`);
      if (status === 405) t.ok(reply.headers.get('allow'), 'names what is allowed');
    }
    const traced = await rawRequest(office.port, 'TRACE /v2/users HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    t.equal(traced.status, 405);
    t.match((await call('GET', '/v2/nothing')).json, { code: 404, message: /\/v2\/nothing/ });
  });

  await t.test('unknown fields: ignored and named on Zoom’s paths, refused on our own', async (t) => {
    const zoom = await call('POST', '/v2/phone/users/batch?dry=1', { users: [{ email: 'i@example.com', color: 'red', 'naïve\n': 1 }], all: 1 });
    t.equal(zoom.status, 201);
    t.equal(zoom.headers.get('x-ignored-fields'), 'dry, users[0].color, users[0].na%C3%AFve%0A, all');
    t.match(await call('PATCH', '/v2/cordboard/plans/200', { subscribed: 100, more: 1 }), { status: 400, json: { errors: [{ field: 'more' }] } });
    t.match(await call('GET', '/v2/cordboard/audit_log?color=red'), { status: 400, json: { errors: [{ field: 'color' }] } });
  });

  await t.test('answers carry ids and safe headers, and no trace of the machinery', async (t) => {
    const given = await call('GET', '/v2/users', undefined, { headers: { 'x-request-id': 'my-request-1' } });
    t.equal(given.headers.get('x-request-id'), 'my-request-1');
    t.equal(given.headers.get('x-zm-trackingid'), 'my-request-1');
    const made = await call('GET', '/v2/users', undefined, { headers: { 'x-request-id': 'bad id; <script>' } });
    t.match(made.headers.get('x-request-id'), /^[0-9a-z]{26}$/);
    t.equal(made.headers.get('x-powered-by'), null);
    t.match(made.headers.get('content-security-policy'), /default-src 'none'/);
    t.equal(made.headers.get('x-content-type-options'), 'nosniff');
    t.notMatch((await call('POST', '/v2/users', undefined, { raw: '{' })).text, /node_modules|SyntaxError|position/);
  });

  await t.test('bytes that are no HTTP are answered and the connection closed', async (t) => {
    t.match(await rawRequest(office.port, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n'), { status: 400, text: /"code":300/ });
    t.match(await rawRequest(office.port, 'GET / HTTP/1.1\r\nhost: x\r\nbad header\r\n\r\n'), { status: 400 });
    t.match(await rawRequest(office.port, `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`), { status: 431 });
    t.match(await rawRequest(office.port, 'POST /v2/users HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'), { status: 400 });
  });
  t.equal((await call('GET', '/healthz')).status, 200, 'alive');
  t.notOk(office.redis.log.lines.some((line) => line.event === 'http-bug'), 'nothing counted as a bug');
});

/** Sends bytes as they are and reads until the other side closes. */
function rawRequest(port: number, bytes: string): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => void (text += chunk)).on('error', reject)
      .on('close', () => resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text }));
  });
}
