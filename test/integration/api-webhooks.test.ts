import t from 'tap';
import { createDeliverWebhooks } from '../../src/usecases/webhooks/deliver-webhooks.js';
import { createHandOnEvents } from '../../src/usecases/webhooks/hand-on-events.js';
import { startApiOffice, type ApiOffice } from '../support/api-office.js';
import { startWebhookReceiver } from '../support/webhook-receiver.js';

const MINUTE = 60_000;

/** What the jobs do each second, on one node; `chance` makes waits exact. */
function node({ deps }: ApiOffice) {
  const handOn = createHandOnEvents(deps);
  const deliver = createDeliverWebhooks({ ...deps, jitter: () => 0.5 });
  return {
    deliver,
    async turn(): Promise<number> {
      await handOn();
      const begun = await deliver.tick();
      await deliver.idle();
      return begun;
    },
  };
}

async function furnish({ expect }: ApiOffice) {
  await expect(201, 'POST', '/v2/phone/users/batch', {
    users: ['1001', '1002', '1003'].map((number) => ({ email: `u${number}@example.com`, first_name: 'User', last_name: number, extension_number: number })),
  });
  const owner = (await expect(200, 'GET', '/v2/phone/users/u1001@example.com')).json;
  const desk = async (mac: string): Promise<string> => {
    const { id } = (await expect(201, 'POST', '/v2/phone/devices', {
      display_name: `Desk ${mac}`, mac_address: mac, type: 'Yealink', assignee_extension_ids: [owner.extension_id],
    })).json;
    await expect(204, 'PATCH', '/v2/phone/users/u1001@example.com/settings/desk_phone', { desk_phone: { devices: [{ id, policy: { hot_desking: { status: 'on' } } }] } });
    return id;
  };
  return [await desk('020000000001'), await desk('020000000002')] as const;
}

t.test('webhooks', async (t) => {
  const office = await startApiOffice(t);
  const { expect, clock } = office;
  const receiver = await startWebhookReceiver(t);
  const { turn, deliver } = node(office);
  const [desk, other] = await furnish(office);
  const signIn = async (at: string, user: string): Promise<string> => (
    await expect(201, 'POST', `/v2/cordboard/devices/${at}/hot_desk_sign_in`, { user_id: `u${user}@example.com` })).json.id;
  const signOut = (id: string) => expect(200, 'POST', `/v2/cordboard/hot_desk_sessions/${id}/sign_out`);
  let id = '';
  let secret = '';
  const path = (rest = ''): string => `/v2/cordboard/webhooks/${id}${rest}`;
  const deliveries = async (query = '') => (await expect(200, 'GET', path(`/deliveries${query}`))).json;

  await t.test('made, read, changed; the secret is shown once', async (t) => {
    const made = (await expect(201, 'POST', '/v2/cordboard/webhooks', { url: receiver.url })).json;
    ({ id, secret } = made);
    t.match(made, { url: receiver.url, active: true, verified_at: '', events: ['hot_desk.signed_in', 'hot_desk.draining', 'hot_desk.signed_out', 'alert.opened', 'alert.closed', 'emergency.call_placed', 'fraud.warning', 'fraud.critical'] });
    t.match(secret, /^whs_[a-z0-9]{40}$/);
    t.notMatch((await expect(200, 'GET', path())).text, secret);
    t.match((await expect(200, 'GET', '/v2/cordboard/webhooks')).json, { total_records: 1, webhooks: [{ id }] });
    const renewed = (await expect(200, 'POST', path('/renew_secret'))).json;
    t.not(renewed.secret, secret);
    secret = renewed.secret;
    for (const url of ['http://example.com/', 'https://user:pw@example.com/', 'example.com', 'https://example.com/#x']) {
      t.match((await expect(400, 'POST', '/v2/cordboard/webhooks', { url })).json.errors, [{ field: 'url' }], url);
    }
    t.match((await expect(400, 'POST', '/v2/cordboard/webhooks', { url: receiver.url, events: ['hot_desk.nothing'] })).json.errors, [{ field: /events/ }]);
    await expect(404, 'PATCH', '/v2/cordboard/webhooks/none', { active: false });
    const reader = await office.tokenFor('Phone Read Only');
    await expect(403, 'GET', '/v2/cordboard/webhooks', undefined, { token: reader });
    t.notMatch(JSON.stringify((await expect(200, 'GET', '/v2/cordboard/audit_log')).json), secret, 'the audit log does not know it');
  });

  await t.test('a ping verifies the address', async (t) => {
    receiver.answer(() => 500);
    t.match((await expect(200, 'POST', path('/ping'))).json, { delivered: false, status: 500 });
    t.equal((await expect(200, 'GET', path())).json.verified_at, '');
    receiver.answer(() => 204);
    t.same((await expect(200, 'POST', path('/ping'))).json, { delivered: true, status: 204, error: '' });
    t.not((await expect(200, 'GET', path())).json.verified_at, '');
    const [first] = receiver.posts.splice(0);
    t.match(first?.json, { event: 'webhook.ping', account_id: office.account.id });
    t.ok(first !== undefined && receiver.signedWith(secret, first));
    await expect(204, 'PATCH', path(), { url: `${receiver.url}?key=abc` });
    t.equal((await expect(200, 'GET', path())).json.verified_at, '', 'another address has to answer anew');
    t.notMatch((await expect(200, 'GET', '/v2/cordboard/audit_log')).text, 'key=abc', 'keys in a query stay out of the audit log');
  });

  await t.test('events arrive signed, with ids and cause', async (t) => {
    const session = await signIn(desk, '1002');
    await signOut(session);
    t.equal(await turn(), 1, 'the second of a session waits for the first, and goes as soon as that is delivered');
    t.equal(await turn(), 0);
    const posts = receiver.posts.splice(0);
    t.match(posts.map(({ json }) => json), [
      {
        event: 'hot_desk.signed_in', account_id: office.account.id,
        payload: {
          session: { id: session, state: 'active', cause: null, via: 'api' }, device: { id: desk, display_name: 'Desk 020000000001' },
          user: { email: 'u1002@example.com', name: 'User 1002', extension_number: '1002' },
        },
      },
      { event: 'hot_desk.signed_out', payload: { session: { id: session, state: 'ended', cause: 'admin' } } },
    ]);
    for (const post of posts) {
      t.ok(receiver.signedWith(secret, post));
      t.notOk(receiver.signedWith('whs_other', post));
      t.equal(post.headers['cordboard-event-id'], post.json.event_id);
      t.equal(post.headers['cordboard-timestamp'], String(Math.floor(clock.now() / 1000)));
      t.equal(post.path, '/hooks?key=abc');
    }
    t.match(await deliveries(), { total_records: 2, deliveries: [{ event: 'hot_desk.signed_out', state: 'delivered', attempts: 1, last_status: 204, next_attempt_at: '' }, {}] });
  });

  await t.test('a session keeps its order while one fails, others go on', async (t) => {
    const failing = await signIn(desk, '1002');
    receiver.answer(({ json }) => (json.payload.session.id === failing ? 503 : 200));
    await signOut(failing);
    const fine = await signIn(other, '1003');
    await signOut(fine);
    await turn();
    const events = () => receiver.posts.splice(0).map(({ json }) => [json.payload.session.id, json.event]);
    t.strictSame(events().sort(), [[failing, 'hot_desk.signed_in'], [fine, 'hot_desk.signed_in'], [fine, 'hot_desk.signed_out']].sort());
    t.match(await deliveries('?state=pending'), { total_records: 2, deliveries: [{ attempts: 0 }, { attempts: 1, last_status: 503, last_error: /503/ }] });
    clock.advance(4999);
    t.equal(await turn(), 0, 'not before its time');
    clock.advance(1);
    t.equal(await turn(), 1);
    receiver.answer(() => 200);
    clock.advance(30_000);
    t.equal(await turn(), 1);
    const ids = new Set(receiver.posts.slice(0, 2).map(({ headers }) => headers['cordboard-event-id']));
    t.equal(ids.size, 1, 'attempts of one event have one id');
    t.strictSame(events().map(([, event]) => event), ['hot_desk.signed_in', 'hot_desk.signed_in', 'hot_desk.signed_out']);
    t.match(await deliveries('?state=pending'), { total_records: 0 });
  });

  await t.test('after a day it failed, the next of the session goes on, and a retry by hand is possible', async (t) => {
    receiver.answer(({ json }) => (json.event === 'hot_desk.signed_in' ? 500 : 200));
    await signOut(await signIn(desk, '1002'));
    for (let turns = 0; turns < 11; turns += 1) {
      await turn();
      clock.advance(13 * 60 * MINUTE);
    }
    receiver.posts.splice(0);
    await turn();
    t.match(receiver.posts.splice(0).map(({ json }) => json.event), ['hot_desk.signed_out']);
    const failed = await deliveries('?state=failed');
    t.match(failed, { total_records: 1, deliveries: [{ attempts: 11, event: 'hot_desk.signed_in', last_status: 500, next_attempt_at: '' }] });
    const retry = path(`/deliveries/${failed.deliveries[0].id}/retry`);
    receiver.answer(() => 200);
    t.match((await expect(200, 'POST', retry)).json, { state: 'pending', attempts: 0 });
    t.equal(await turn(), 1);
    t.match(receiver.posts.splice(0), [{ json: { event_id: failed.deliveries[0].event_id } }]);
    await expect(409, 'POST', retry);
    await expect(404, 'POST', path('/deliveries/none/retry'));
  });

  await t.test('two nodes post nothing twice', async (t) => {
    const nodes = [node(office), node(office)];
    for (const user of ['1002', '1003']) await signOut(await signIn(user === '1002' ? desk : other, user));
    for (let turns = 0; turns < 3; turns += 1) await Promise.all(nodes.map((each) => each.turn()));
    const ids = receiver.posts.splice(0).map(({ json }) => json.event_id);
    t.equal(ids.length, 4);
    t.equal(new Set(ids).size, 4);
  });

  await t.test('many at once need no turn each, and each session keeps its order', async (t) => {
    const order = new Map<string, string[]>();
    receiver.answer(({ json }) => {
      const { id: session } = json.payload.session;
      order.set(session, [...order.get(session) ?? [], json.event]);
      return 200;
    });
    for (let sessions = 0; sessions < 25; sessions += 1) await signOut(await signIn(sessions % 2 === 0 ? desk : other, '1002'));
    await turn();
    t.equal(receiver.posts.splice(0).length, 50);
    t.equal(order.size, 25);
    for (const events of order.values()) t.strictSame(events, ['hot_desk.signed_in', 'hot_desk.signed_out']);
    receiver.answer(() => 200);
  });

  await t.test('a node that dies in a post leaves it to others', async (t) => {
    const session = await signIn(desk, '1002');
    await createHandOnEvents(office.deps)();
    t.equal((await office.deps.stores.webhookDeliveries.claimDue(clock.now(), { all: 9, each: 9, without: [], until: clock.now() + MINUTE })).length, 1);
    t.equal(await turn(), 0, 'it is claimed');
    clock.advance(MINUTE);
    t.equal(await turn(), 1);
    t.match(receiver.posts.splice(0), [{ json: { payload: { session: { id: session } } } }]);
    await signOut(session);
    await turn();
    receiver.posts.splice(0);
  });

  await t.test('a webhook switched off gets nothing, one of other events nothing else', async (t) => {
    await expect(204, 'PATCH', path(), { active: false });
    await signOut(await signIn(desk, '1002'));
    t.equal(await turn(), 0);
    await expect(204, 'PATCH', path(), { active: true, events: ['hot_desk.signed_out'] });
    t.equal(await turn(), 0, 'what happened meanwhile is not made up for');
    await signOut(await signIn(desk, '1002'));
    t.equal(await turn(), 1);
    t.match(receiver.posts.splice(0).map(({ json }) => json.event), ['hot_desk.signed_out']);
  });

  await t.test('removed with its deliveries; the last node stops', async (t) => {
    await expect(204, 'DELETE', path());
    await expect(404, 'GET', path('/deliveries'));
    await deliver.stop();
    t.equal(await deliver.tick(), 0);
  });
});
