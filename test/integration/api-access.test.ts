import t from 'tap';
import { asId, type ApiClientId } from '../../src/domain/ids.js';
import { ROUTES } from '../../src/http/route-table.js';
import { startApiOffice } from '../support/api-office.js';

t.test('who may ask for what', async (t) => {
  const office = await startApiOffice(t);
  const pathOf = (path: string) => path.replace(/\{\w+\}/g, 'nothing');

  await t.test('every route with a permission refuses a request without a token (401) and with a role that lacks it (403)', async (t) => {
    const nobody = await office.tokenFor('No Such Role');
    for (const route of ROUTES.filter(({ access }) => access !== 'public')) {
      const name = `${route.method} ${route.path}`;
      const without = await office.call(route.method, pathOf(route.path), undefined, { token: null });
      const scim = route.path.startsWith('/scim2/');
      t.match(without, { status: 401, json: scim ? { status: '401' } : { code: 124 } }, `${name} without a token`);
      t.equal(without.headers.get('www-authenticate'), 'Bearer');
      const wrong = await office.call(route.method, pathOf(route.path), undefined, { token: nobody });
      const said = new RegExp(route.access === 'person' ? 'people who signed in' : route.access);
      t.match(wrong, { status: 403, json: scim ? { status: '403', detail: said } : { code: 200, message: said } }, `${name} with a role that may nothing`);
    }
  });

  await t.test('public routes answer without a token', async (t) => {
    for (const path of ['/healthz', '/readyz', '/metrics', '/v2/openapi.json', '/docs', '/docs/style.css', '/docs/search.js']) {
      t.equal((await office.call('GET', path, undefined, { token: null })).status, 200, path);
    }
  });

  await t.test('a token ends with its client, its secret and its time', async (t) => {
    const get = (token: string) => office.call('GET', '/v2/users', undefined, { token });
    const token = await office.tokenFor('Phone Super Admin');
    const claims = await office.deps.tokens.verify(token);
    const id = asId<ApiClientId>(claims?.clientId ?? '');
    t.equal((await get(token)).status, 200);
    const update = (changes: { generation?: number; disabled?: boolean; role?: string }) => office.deps.uow.run(async (stores) => {
      await stores.apiClients.update(id, changes);
      return { end: 'commit', value: null };
    });
    await update({ role: 'No Such Role' });
    t.equal((await get(token)).status, 403, 'a changed role counts at once');
    await update({ role: 'Phone Super Admin', disabled: true });
    t.equal((await get(token)).status, 401, 'disabled');
    await update({ disabled: false, generation: 2 });
    t.equal((await get(token)).status, 401, 'an older generation');
    const short = await office.deps.tokens.issue({ clientId: id, accountId: office.account.id, role: '', generation: 2 }, 60);
    t.equal((await get(short)).status, 200);
    office.clock.advance(61_000);
    t.equal((await get(short)).status, 401, 'expired');
    const elsewhere = await office.deps.tokens.issue({ clientId: id, accountId: 'other', role: '', generation: 2 }, 60);
    t.equal((await get(elsewhere)).status, 401, 'another account');
    for (const bad of ['', 'x', 'a.b.c', `${token}x`, 'null']) t.equal((await get(bad)).status, 401, `token "${bad.slice(0, 8)}"`);
  });

  await t.test('readiness tells each part', async (t) => {
    t.match((await office.call('GET', '/readyz')).json, { status: 'ready', parts: { postgres: 'up', redis: 'up', sip: 'up' } });
    office.parts.set('redis', false);
    const reply = await fetch(`${office.url}/readyz`);
    t.equal(reply.status, 503);
    t.match(await reply.json(), { status: 'not ready', parts: { redis: 'down', postgres: 'up' } });
    t.equal((await office.call('GET', '/healthz')).status, 200, 'the process lives all the same');
  });

  await t.test('a part that is away is 503 with Retry-After, and nothing leaks', async (t) => {
    await office.database.close();
    const reply = await office.call('GET', '/v2/phone/users');
    t.match(reply, { status: 503, json: { code: 503 } });
    t.match(reply.headers.get('retry-after'), /^[2-5]$/);
    t.notMatch(reply.text, /postgres|pool|at /i);
  });
});
