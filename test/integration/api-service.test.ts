import t from 'tap';
import { sql } from 'kysely';
import { parse } from 'csv-parse/sync';
import { createRateLimits } from '../../src/storage/redis/rate-limits.js';
import { startApiOffice } from '../support/api-office.js';
import { NO_PARTY, pastCalls } from '../support/past-calls.js';

t.test('the API as a service', async (t) => {
  const office = await startApiOffice(t);
  const { call, expect } = office;
  const audited = async () => Number((await expect(200, 'GET', '/v2/cordboard/audit_log?page_size=1')).json.total_records);
  const users = async () => Number((await expect(200, 'GET', '/v2/users')).json.total_records);
  const person = (name: string) => ({ action: 'create', user_info: { email: `${name}@example.com`, type: 1, first_name: name } });
  const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });

  await t.test('Idempotency-Key: once done, the same answer, secrets included, and nothing again', async (t) => {
    const body = { name: 'CI', role: 'Phone Read Only' };
    const first = await expect(201, 'POST', '/v2/cordboard/api_clients', body, keyed('a-1'));
    const entries = await audited();
    const again = await expect(201, 'POST', '/v2/cordboard/api_clients', body, keyed('a-1'));
    t.same(again.json, first.json);
    t.match(again.json, { client_secret: /^[\w-]{32}$/ });
    t.equal(again.headers.get('idempotency-replayed'), 'true');
    t.equal(first.headers.get('idempotency-replayed'), null);
    t.equal(await audited(), entries, 'nothing was done again');
    const kept = (await sql<{ readonly sealed: string }>`select sealed_answer as sealed from idempotent_requests`.execute(office.database.queries)).rows;
    t.notOk(kept.some(({ sealed }) => sealed.includes(String(first.json.client_secret))), 'sealed at rest');
    t.equal((await call('POST', '/v2/cordboard/api_clients', { ...body, name: 'Other' }, keyed('a-1'))).status, 409, 'another body');
    t.equal((await call('POST', '/v2/phone/roles', { role_id: 'x' }, keyed('a-1'))).status, 409, 'another path');
    const token = await office.tokenFor('Phone Super Admin');
    t.equal((await call('POST', '/v2/cordboard/api_clients', body, { ...keyed('a-1'), token })).status, 201, 'keys are each client’s own');
    office.clock.advance(24 * 3_600_000 + 1);
    t.not((await expect(201, 'POST', '/v2/cordboard/api_clients', body, keyed('a-1'))).json.client_id, first.json.client_id, 'a day later it is new');
  });

  await t.test('a refused request is not kept, and a bad key is refused', async (t) => {
    t.equal((await call('POST', '/v2/users', { action: 'create' }, keyed('b-1'))).status, 400);
    await expect(201, 'POST', '/v2/users', person('ada'), keyed('b-1'));
    const before = await users();
    await expect(201, 'POST', '/v2/users', person('ada'), keyed('b-1'));
    t.equal((await call('POST', '/v2/users', person('ada'), keyed('b-2'))).status, 409, 'another key is another request');
    t.equal(await users(), before);
    for (const key of ['', 'x'.repeat(256), 'a b', 'ä'.normalize('NFC')]) t.equal((await call('POST', '/v2/users', person('eve'), keyed(key))).status, 400, `key "${key.slice(0, 5)}"`);
    t.equal(await users(), before);
  });

  await t.test('of twenty at once with one key one is done; the others hear of it or are told to wait', async (t) => {
    const before = await users();
    const replies = await Promise.all(Array.from({ length: 20 }, () => call('POST', '/v2/users', person('alan'), keyed('c-1'))));
    t.equal(await users(), before + 1);
    t.ok(replies.every(({ status }) => status === 201 || status === 409));
    t.equal(replies.filter(({ status, headers }) => status === 201 && headers.get('idempotency-replayed') === null).length, 1);
    for (const { status, headers } of replies) if (status === 409) t.equal(headers.get('retry-after'), '1');
  });

  await t.test('ETag and If-Match: of two editors the slower one is told', async (t) => {
    const { json: site } = await expect(201, 'POST', '/v2/phone/sites', {
      name: 'Branch', auto_receptionist_name: 'R', default_emergency_address: { address_line1: '1 A', city: 'B', country: 'US', state_code: 'NY', zip: '10001' },
    });
    const path = `/v2/phone/sites/${site.id}`;
    const read = async () => (await expect(200, 'GET', path)).headers.get('etag') ?? '';
    const etag = await read();
    t.match(etag, /^W\/"[\w-]{22}"$/);
    t.equal((await call('GET', path, undefined, { headers: { 'if-none-match': etag } })).status, 304);
    t.equal((await call('GET', path, undefined, { headers: { 'if-none-match': 'W/"x"' } })).status, 200);
    await expect(204, 'PATCH', path, { name: 'Branch 2' }, { headers: { 'if-match': etag } });
    const stale = await call('PATCH', path, { name: 'Branch 3' }, { headers: { 'if-match': etag } });
    t.match(stale, { status: 412, json: { code: 412, message: /Read it again/ } });
    t.not(await read(), etag);
    await expect(201, 'POST', '/v2/users', person('other'));
    await expect(204, 'PATCH', path, { name: 'Branch 4' }, { headers: { 'if-match': `W/"no", ${await read()}` } });
    await expect(204, 'PATCH', path, { name: 'Branch 5' }, { headers: { 'if-match': '*' } });
    const shared = await read();
    const racers = await Promise.all(['A', 'B', 'C', 'D'].map((name) => call('PATCH', path, { name: `Race ${name}` }, { headers: { 'if-match': shared } })));
    t.same(racers.map(({ status }) => status).sort(), [204, 412, 412, 412], 'one wins');
    t.equal((await call('DELETE', path, undefined, { headers: { 'if-match': shared } })).status, 412);
    t.equal((await call('DELETE', '/v2/phone/sites/nothing', undefined, { headers: { 'if-match': shared } })).status, 404);
    t.match(await call('PATCH', '/v2/phone/call_history/x/client_code', { client_code: '' }, { headers: { 'if-match': shared } }), {
      status: 400, json: { errors: [{ field: 'if-match' }] },
    });
    t.equal((await call('GET', '/v2/phone/sites')).headers.get('etag'), null, 'lists have none');
    const token = await office.tokenFor('Phone Read Only');
    t.equal((await call('DELETE', path, undefined, { token, headers: { 'if-match': await read() } })).status, 403);
    await expect(204, 'DELETE', `${path}?transfer_site_id=`, undefined, { headers: { 'if-match': await read() } });
  });

  await t.test('operation logs and the audit log: filters, names, masks', async (t) => {
    const { json } = await expect(200, 'GET', '/v2/phone/reports/operationlogs?page_size=300');
    t.ok(json.operation_logs.some((one: { action: string; category_type: string; operator: string; operation_detail: string }) => (
      one.action === 'update-site' && one.category_type === 'site' && /^First administrator \(client:/.test(one.operator) && /name: Branch -> Branch 2/.test(one.operation_detail))));
    const total = async (query: string) => Number((await expect(200, 'GET', `/v2/phone/reports/operationlogs?${query}`)).json.total_records);
    const of = await Promise.all(['site', 'user', 'role', 'device'].map((one) => total(`category_type=${one}`)));
    t.ok(of.slice(0, 3).every((count) => count > 0));
    t.equal(of[3], 0);
    t.equal(await total('category_type=all'), json.total_records);
    t.equal(await total('from=2020-01-01&to=2020-01-02'), 0);
    for (const bad of ['category_type=x', 'from=x', 'page_size=301']) t.equal((await call('GET', `/v2/phone/reports/operationlogs?${bad}`)).status, 400, bad);
    const entries = async (query: string) => (await expect(200, 'GET', `/v2/cordboard/audit_log?${query}`)).json.entries;
    const [made] = await entries('action=add-user&page_size=1');
    t.match(made, { aggregate: 'user', actor: `client:${office.clientId}`, address: /127\.0\.0\.1/ });
    for (const query of [`aggregate_id=${made.aggregate_id}`, `request_id=${made.request_id}`, `actor=client:${office.clientId}&aggregate=user`]) {
      t.ok((await entries(query)).some((one: { id: string }) => one.id === made.id), query);
    }
    for (const query of ['actor=nobody', 'aggregate=nothing', 'action=x', 'request_id=x']) t.same(await entries(query), [], query);
    const token = await office.tokenFor('Phone Read Only');
    for (const path of ['/v2/phone/reports/operationlogs', '/v2/cordboard/audit_log', '/v2/cordboard/audit_log/export']) {
      t.equal((await call('GET', path, undefined, { token })).status, 403, path);
    }
  });

  await t.test('exports are CSV, whole, and safe to open in a spreadsheet', async (t) => {
    const now = office.clock.now();
    const names = ['=1+1', '@sum', '-1', '+49301234', 'a "quote", comma', 'line\u2028break'];
    await pastCalls(office, names.map((name, index) => ({
      at: now - (index + 1) * 1000, direction: 'inbound', caller: { ...NO_PARTY, name, number: '+12125550100' }, callee: { ...NO_PARTY, number: '100' },
    })));
    const reply = await expect(200, 'GET', '/v2/cordboard/call_history/export?directions=inbound');
    t.match(reply.headers.get('content-type'), /^text\/csv; charset=utf-8/);
    t.match(reply.headers.get('content-disposition'), /call-history\.csv/);
    const rows = parse(reply.text, { columns: true }) as readonly Readonly<Record<string, string>>[];
    t.same(rows.map((row) => row['caller_name']), ["'=1+1", "'@sum", "'-1", '+49301234', 'a "quote", comma', 'line\u2028break']);
    t.same(rows.map((row) => row['caller_did_number']), names.map(() => '+12125550100'), 'numbers stay numbers');
    const audit = parse((await expect(200, 'GET', '/v2/cordboard/audit_log/export')).text, { columns: true }) as readonly Readonly<Record<string, string>>[];
    t.equal(audit.length, await audited());
    t.ok(audit.every((row) => row['before'] === '' || typeof JSON.parse(row['before'] ?? '') === 'object'));
    t.equal((await expect(200, 'GET', '/v2/cordboard/call_history/export?group_ids=x')).text.split('\r\n').length, 2, 'a heading and nothing else');
    for (const bad of ['from=x', 'directions=up', 'page_size=5']) t.equal((await call('GET', `/v2/cordboard/call_history/export?${bad}`)).status, 400, bad);
    t.equal((await call('HEAD', '/v2/cordboard/call_history/export')).text, '');
  });

  await t.test('100,000 rows leave piece by piece, and a reader who goes away ends the reading', async (t) => {
    for (let from = 1; from <= 100_000; from += 2000) await sql`insert into audit_log (id, account_id, at, actor, address, request_id, aggregate, aggregate_id, action)
      select 'zz' || lpad(n::text, 8, '0'), ${office.account.id}, now() - interval '40 days' - n * interval '1 second', 'cli', '', '', 'site', 's', 'bulk'
      from generate_series(${from}::int, ${from + 1999}::int) n`.execute(office.database.queries);
    const { stores } = office.deps;
    let [reads, most] = [0, 0];
    const rows = stores.audit.rows;
    const counted: typeof rows = async (...args) => {
      const page = await rows(...args);
      reads += 1;
      most = Math.max(most, page.items.length);
      return page;
    };
    Object.assign(stores.audit, { rows: counted });
    const since = new Date(Date.now() - 60 * 86_400_000).toISOString();
    const url = `${office.url}/v2/cordboard/audit_log/export?action=bulk&from=${since}`;
    const token = await office.tokenFor('Phone Super Admin');
    const whole = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    let lines = 0;
    for await (const chunk of whole.body ?? []) for (const byte of chunk as Uint8Array) if (byte === 10) lines += 1;
    t.equal(lines, 100_001, 'a heading and every row');
    t.equal(reads, 200);
    t.equal(most, 500, 'so many rows are held at once');
    reads = 0;
    const leaving = new AbortController();
    const part = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal: leaving.signal });
    await part.body?.getReader().read();
    leaving.abort();
    const settled = async (): Promise<number> => {
      for (let before = -1; before !== reads;) {
        before = reads;
        for (let waits = 0; waits < 5; waits += 1) await expect(200, 'GET', '/healthz');
      }
      return reads;
    };
    t.ok(await settled() < 150, 'it does not read on for nobody');
    Object.assign(stores.audit, { rows });
  });

  await t.test('rate limits: counted by client and class, told in headers, refused with 429', async (t) => {
    const limits = await createRateLimits({
      client: await office.redis.client(), log: office.redis.log,
      allowances: { light: { requests: 3, seconds: 600 }, heavy: { requests: 1, seconds: 600 }, token: { requests: 2, seconds: 600 } },
    });
    t.teardown(() => limits.close());
    office.limitRates(limits);
    const token = await office.tokenFor('Phone Super Admin');
    const get = (path: string, as = token) => call('GET', path, undefined, { token: as });
    const first = await get('/v2/phone/sites');
    t.match(Object.fromEntries(first.headers), { 'x-ratelimit-category': 'Light', 'x-ratelimit-type': 'Per-second-limit', 'x-ratelimit-limit': '3', 'x-ratelimit-remaining': '2' });
    await get('/v2/phone/sites');
    t.equal((await get('/v2/users')).headers.get('x-ratelimit-remaining'), '0');
    const over = await call('POST', '/v2/users', person('late'), { token });
    t.match(over, { status: 429, json: { code: 429, message: /Too many requests/ } });
    t.match(over.headers.get('retry-after'), /^\d+$/);
    t.equal((await get('/v2/phone/call_history')).status, 200, 'a class of its own');
    t.equal((await get('/v2/phone/call_history')).status, 429);
    t.equal((await get('/v2/phone/sites', await office.tokenFor('Phone Super Admin'))).status, 200, 'another client');
    const ask = () => call('POST', '/oauth/token', undefined, { token: null, raw: 'grant_type=client_credentials', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    t.same([(await ask()).status, (await ask()).status, (await ask()).status], [401, 401, 429], 'guesses of secrets, by address');
    for (const path of ['/healthz', '/readyz', '/metrics', '/v2/openapi.json']) t.equal((await get(path)).status, 200, path);
    office.limitRates({ take: async () => null });
    t.equal((await call('GET', '/v2/users/late@example.com')).status, 404, 'nothing was done');
  });
});
