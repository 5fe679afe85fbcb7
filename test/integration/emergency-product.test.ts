/** The program as a whole when somebody calls for help: who is told and how fast, PostgreSQL gone, PINs locked out, a stop. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import t from 'tap';
import { startMailReceiver } from '../support/mail-receiver.js';
import { findPostgresServer, startPostgresServer } from '../support/postgres-server.js';
import { addPhone, expectApi, type Phone } from '../support/product-phones.js';
import { startProduct } from '../support/product.js';
import { scriptedPhone, type PhoneCall, type ScriptedPhone } from '../support/scripted-phone.js';
import { startWebhookReceiver } from '../support/webhook-receiver.js';

if (findPostgresServer() === null) {
  t.test('needs a PostgreSQL server', { skip: 'no PostgreSQL server is installed: emergency calls without it are not tested' }, async () => undefined);
} else {
  t.test('a call for help through the program', { timeout: 150_000 }, async (t) => {
    const server = await startPostgresServer();
    let stopped: Promise<void> | undefined;
    const stopPostgres = (): Promise<void> => (stopped ??= server.stop());
    t.teardown(stopPostgres);
    const [receiver, mail] = [await startWebhookReceiver(t), await startMailReceiver(t)];
    const { host, port } = server.connection;
    const product = await startProduct({
      env: {
        SECRET_KEY: randomBytes(32).toString('base64'),
        DATABASE_URL: `postgres://postgres@localhost:${String(port)}/postgres?host=${encodeURIComponent(String(host))}`,
        WEBHOOK_ALLOWED_HOSTS: '127.0.0.1', SMTP_URL: mail.url, MAIL_FROM: 'phones@example.com',
      },
    });
    t.teardown(() => product.close());
    const edge = { address: product.sip.host, port: product.sip.port };
    const registered = async (account: Phone): Promise<ScriptedPhone> => {
      const phone = await scriptedPhone(t, { edge, userName: account.userName, password: account.password, domain: account.domain });
      t.equal((await phone.register()).status, 200);
      return phone;
    };
    const account = await addPhone(product, '1101');
    const phone = await registered(account);
    const carrier = await scriptedPhone(t, { edge, userName: 'carrier', password: '', domain: 'carrier.example' });
    await expectApi(product, 201, 'POST', '/v2/cordboard/trunks', {
      name: 'Carrier', country: 'US', gateways: [{ host: '127.0.0.1', port: carrier.peer.port }], routes: [{ emergency: true }], send_location: true, probe_seconds: 0,
    });
    const { sites: [site] } = await expectApi<{ readonly sites: readonly { readonly id: string }[] }>(product, 200, 'GET', '/v2/phone/sites');
    await expectApi(product, 201, 'POST', '/v2/phone/emergency_addresses', {
      site_id: site?.id, address_line1: '55 Almaden Boulevard', city: 'San Jose', state_code: 'CA', zip: '95113', country: 'US', is_default: true,
    });
    await expectApi(product, 201, 'POST', '/v2/cordboard/webhooks', { url: receiver.url, events: ['emergency.call_placed'] });
    await expectApi(product, 201, 'POST', '/v2/phone/alert_settings', {
      alert_setting_name: 'Help', module: 5, rule: 14, target_type: 2, rule_conditions: [], time_frame_type: 'all_day', email_recipients: ['front@example.com'],
    });
    const explained = await expectApi<{ readonly trunks: readonly object[] }>(product, 200, 'POST', '/v2/cordboard/policy/explain', { device_id: account.deviceId, dialled: '911' });
    t.match(explained, { outcome: 'dial-trunk', trunks: [{ trunk_name: 'Carrier', last_resort: false }] }, 'the order of trunks can be looked at before');

    const forHelp = (): Promise<PhoneCall> => phone.dial('911', { withoutCredentials: true });
    const answered = async (rule: string): Promise<{ readonly call: PhoneCall; readonly out: PhoneCall }> => {
      const call = await forHelp();
      const out = await carrier.called();
      t.match(out.invite.body, '<ca:RD>Almaden Boulevard</ca:RD><ca:HNO>55</ca:HNO>', rule);
      const acked = out.answer();
      await call.ack(await call.response(200));
      await acked;
      return { call, out };
    };
    const hangUp = async ({ call, out }: Awaited<ReturnType<typeof answered>>): Promise<void> => {
      const over = out.hungUp();
      await call.hangUp();
      await over;
    };

    await t.test('people are told within a second', async (t) => {
      const notice = () => mail.mails.find(({ to }) => to.includes('front@example.com'));
      const began = performance.now();
      const up = await answered('it goes out');
      const out = Math.round(performance.now() - began);
      while ((receiver.posts.length === 0 || notice() === undefined) && performance.now() - began < 5_000) await new Promise((resolve) => setImmediate(resolve));
      const told = Math.round(performance.now() - began);
      t.comment(`answered after ${out} ms, webhook and mail after ${told} ms`);
      t.ok(told < 1_000, `webhook and mail after ${told} ms`);
      t.match(receiver.posts[0]?.json, { event: 'emergency.call_placed', payload: { trunks: [{ name: 'Carrier', last_resort: false }], warning: '', emergency_address: { text: /55 Almaden/ } } });
      t.match(notice(), { text: /55 Almaden Boulevard[\s\S]*Trunks: Carrier/ });
      await hangUp(up);
    });

    await t.test('wrong PINs lock the sign-in, not this', async () => {
      const client = new pg.Client(server.connection);
      await client.connect();
      const { rows: [device] } = await client.query<{ account_id: string }>('select account_id from devices where id = $1', [account.deviceId]);
      await client.query(`insert into sign_in_locks (account_id, scope, device_id, extension_key, until, level, at)
        values ($1, 'device', $2, '', now() + interval '1 hour', 3, now())`, [device?.account_id, account.deviceId]);
      await client.end();
      await hangUp(await answered('*91 is locked'));
    });

    await t.test('without PostgreSQL', async (t) => {
      await stopPostgres();
      const began = performance.now();
      const up = await answered('PostgreSQL is away');
      t.ok(performance.now() - began < 2_000, `after ${Math.round(performance.now() - began)} ms`);
      await hangUp(up);
    });

    await t.test('a stop waits for it, and takes another', async (t) => {
      const up = await answered('before the stop');
      const said = (begins: string): Promise<void> => new Promise((resolve) => {
        const end = product.log.follow(({ event }) => {
          if (!event.startsWith(begins)) return;
          end();
          resolve();
        });
      });
      const [waits, over] = [said('an emergency call is up'), said('stopped')];
      process.kill(product.pid, 'SIGTERM');
      await waits;
      const second = await answered('while it stops');
      await hangUp(up);
      t.ok(product.alive());
      await hangUp(second);
      await over;
    });
  });
}
