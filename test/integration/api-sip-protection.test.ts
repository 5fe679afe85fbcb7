import t from 'tap';
import { createHttpApp, startHttpServer } from '../../src/http/server.js';
import { externalEdge } from '../../src/wiring/edge.js';
import { startApiOffice } from '../support/api-office.js';

t.test('overload control and bans by API', async (t) => {
  const office = await startApiOffice(t);
  const { expect } = office;
  const bans = '/v2/cordboard/banned_sources';

  await t.test('the state of the edge', async (t) => {
    const { json } = await expect(200, 'GET', '/v2/cordboard/sip_protection');
    t.match(json, {
      level: 'normal', refused_share: 0, banned_sources: 0, live_sources: 0, trusted_sources: ['198.51.100.0/24'], emergency_numbers: ['911'],
      limits: { source_messages_per_second: 1000, user_requests_per_second: 50, unknown_users: 30, unknown_user_window_seconds: 300, ban_seconds: 60 },
      counters: { 'dropped-messages banned': 0 },
    });
  });

  await t.test('ban, list in pages, lift; each is audited', async (t) => {
    const { json } = await expect(201, 'POST', bans, { address: '192.0.2.7', duration: 600 });
    t.match(json, { address: '192.0.2.7', reason: 'by-hand', times: 1 });
    t.ok(json.expires_in > 590 && json.expires_in < 700, 'the clock of the API stands still in this test');
    await expect(201, 'POST', bans, { address: '2001:DB8:0::7' });
    await expect(201, 'POST', bans, { address: '::ffff:192.0.2.8' });
    const first = await expect(200, 'GET', `${bans}?page_size=2`);
    t.match(first.json, { total_records: 3, banned_sources: [{ address: '192.0.2.7' }, { address: '192.0.2.8' }] });
    const second = await expect(200, 'GET', `${bans}?page_size=2&next_page_token=${first.json.next_page_token}`);
    t.match(second.json, { next_page_token: '', banned_sources: [{ address: '2001:db8::7' }] });
    await expect(204, 'DELETE', `${bans}/192.0.2.7`);
    await expect(204, 'DELETE', `${bans}/2001:db8:0:0::7`);
    await expect(404, 'DELETE', `${bans}/192.0.2.7`);
    const { json: log } = await expect(200, 'GET', '/v2/cordboard/audit_log');
    const entries: readonly { readonly action: string; readonly after: Readonly<Record<string, unknown>> | null }[] = log.entries;
    t.match(entries.filter(({ action }) => action === 'ban-source').map(({ after }) => after?.['banned_source']).sort(), ['192.0.2.7', '192.0.2.8', '2001:db8::7']);
    t.equal(entries.filter(({ action }) => action === 'lift-ban').length, 2);
  });

  await t.test('what is refused', async (t) => {
    t.match((await expect(400, 'POST', bans, { address: 'pbx.example.com' })).json, { errors: [{ field: 'address' }] });
    t.match((await expect(400, 'POST', bans, { address: '192.0.2.0/24' })).json, { errors: [{ field: 'address' }] });
    t.match((await expect(400, 'POST', bans, { address: '192.0.2.1', duration: 0 })).json, { errors: [{ field: 'duration' }] });
    t.match((await expect(409, 'POST', bans, { address: '198.51.100.3' })).json, { message: /TRUSTED_SOURCES/ });
    office.edge.protection.knowBindings([{ address: '203.0.113.5', user: '101', seconds: 60 }]);
    t.match((await expect(409, 'POST', bans, { address: '203.0.113.5' })).json, { message: /despite_bindings/ });
    await expect(201, 'POST', bans, { address: '203.0.113.5', despite_bindings: true });
  });

  await t.test('read only may look and not ban', async (t) => {
    const token = await office.tokenFor('Phone Read Only');
    await expect(200, 'GET', bans, undefined, { token });
    t.match((await expect(403, 'POST', bans, { address: '192.0.2.9' }, { token })).json, { message: /sip_protection:write/ });
  });

  await t.test('with a drachtio-server every one says whose the bans are', async (t) => {
    const edge = externalEdge({ host: '127.0.0.1', port: 9022 }, 'secret').value.admin;
    const listener = await startHttpServer(createHttpApp({ ...office.deps, edge }), { port: 0, host: '127.0.0.1' });
    t.teardown(() => listener.stop());
    const authorization = `Bearer ${await office.tokenFor('Phone Super Admin')}`;
    const rows = [
      ['GET', '/v2/cordboard/sip_protection'], ['GET', bans], ['POST', bans, '{"address":"192.0.2.7"}'], ['DELETE', `${bans}/192.0.2.7`],
    ] as const;
    for (const [method, path, body] of rows) {
      const headers = { authorization, 'content-type': 'application/json' };
      const answer = await fetch(`http://127.0.0.1:${listener.port}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
      t.match([answer.status, await answer.text()], [409, /drachtio-server/], `${method} ${path}`);
    }
  });
});
