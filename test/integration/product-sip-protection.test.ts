/** The program protects its phones: what a stranger may do, what it learns, and what an administrator sees of it. */
import t from 'tap';
import { addPhone, expectApi } from '../support/product-phones.js';
import { startProduct } from '../support/product.js';
import { scriptedPhone } from '../support/scripted-phone.js';
import { createSipPeer } from '../support/sip-peer.js';

const BANS = '/v2/cordboard/banned_sources';
const product = await startProduct({ env: { SIP_BAN_UNKNOWN_USERS: '6', TRUSTED_SOURCES: '127.0.0.7' } });
t.teardown(() => product.close());
const edge = { address: product.sip.host, port: product.sip.port };
const account = await addPhone(product, '1101');
const phone = await scriptedPhone(t, { edge, userName: account.userName, password: account.password, domain: account.domain });
interface State { readonly live_sources: number; readonly emergency_numbers: readonly string[]; readonly trusted_sources: readonly string[] }
const state = () => expectApi<State>(product, 200, 'GET', '/v2/cordboard/sip_protection');

t.test('the same bytes for users and numbers that are and that are not', async (t) => {
  const stranger = await createSipPeer({ transport: 'udp', address: '127.0.0.7' });
  t.teardown(() => stranger.close());
  const fixed = { callId: 'same', branch: 'z9hG4bK', fromTag: 'f' };
  let asked = 0;
  const answerTo = async (method: string, user: string, target: string, credentials: boolean): Promise<string> => {
    asked += 1;
    const callId = `${fixed.callId}${asked}`;
    const from = `<sip:${user}@${account.domain}>`;
    const authorization = `Digest username="${user}", realm="${account.domain.split(':')[0]}", nonce="x", uri="${target}", response="${'0'.repeat(32)}"`;
    await stranger.send(stranger.request(method, target, {
      from, to: method === 'REGISTER' ? from : `<${target}>`, fromTag: 'f', callId, headers: credentials ? [['Authorization', authorization]] : [],
    }), edge);
    const answer = await stranger.waitFor((one) => one.status >= 200 && one.header('Call-ID') === callId, `answer to ${method} of ${user}`);
    return answer.raw.replaceAll(callId, 'C').replaceAll(user, 'U').replaceAll(target, 'T')
      .replace(/branch=[^;\r]+/, 'branch=B').replace(/^(To: [^\r]*?);tag=[^\r]+/m, '$1;tag=T').replace(/nonce="[^"]+"/g, 'nonce="N"').replace(/CSeq: \d+/, 'CSeq: n');
  };
  const { userName } = account;
  const nobody = 'x'.repeat(userName.length);
  const own = `sip:${account.domain}`;
  const [known, unknown] = [`sip:1101@${account.domain}`, `sip:1999@${account.domain}`];
  for (const credentials of [false, true]) {
    const name = credentials ? 'with wrong credentials' : 'without credentials';
    t.equal(await answerTo('REGISTER', userName, own, credentials), await answerTo('REGISTER', nobody, own, credentials), `REGISTER ${name}`);
    t.equal(await answerTo('INVITE', userName, known, credentials), await answerTo('INVITE', nobody, known, credentials), `INVITE by whom, ${name}`);
    for (const method of ['INVITE', 'OPTIONS', 'MESSAGE', 'SUBSCRIBE', 'PUBLISH', 'NOTIFY', 'INFO', 'REFER']) {
      t.equal(await answerTo(method, nobody, known, credentials), await answerTo(method, nobody, unknown, credentials), `${method} to whom, ${name}`);
    }
  }
  const foreign = await answerTo('REGISTER', nobody, 'sip:elsewhere.example', false);
  t.equal(foreign, await answerTo('REGISTER', userName, 'sip:elsewhere.example', false), 'REGISTER at another domain');
});

t.test('a scanner is banned, and lifted by API; the phone goes on', async (t) => {
  t.equal((await phone.register()).status, 200);
  t.match(await state(), { level: 'normal', live_sources: 1, trusted_sources: ['127.0.0.7'] });
  const scanner = await createSipPeer({ transport: 'udp', address: '127.0.0.9' });
  t.teardown(() => scanner.close());
  for (let user = 0; user < 6; user += 1) {
    const aor = `<sip:20${user}@${account.domain}>`;
    const headers = [['Authorization', `Digest username="20${user}", realm="r", nonce="x", uri="sip:x", response="${'0'.repeat(32)}"`]] as const;
    await scanner.send(scanner.request('REGISTER', `sip:${account.domain}`, { from: aor, to: aor, headers }), edge);
    await scanner.waitFor((one) => one.status === 401, 'a challenge');
  }
  t.match(await expectApi(product, 200, 'GET', BANS), { total_records: 1, banned_sources: [{ address: '127.0.0.9', reason: 'unknown-users' }] });
  t.equal((await phone.register()).status, 200);
  const metrics = await (await fetch(`${product.httpUrl}/metrics`)).text();
  for (const line of [/^cordboard_edge_bans\{reason="unknown-users"\} 1$/m, /^cordboard_edge_banned_sources 1$/m, /^cordboard_edge_requests_in\{method="REGISTER"\} \d+$/m]) {
    t.match(metrics, line);
  }
  await expectApi(product, 204, 'DELETE', `${BANS}/127.0.0.9`);
  await scanner.send(scanner.request('OPTIONS', `sip:${account.domain}`), edge);
  t.ok(await scanner.waitFor((one) => one.status === 200, 'answer to OPTIONS'), 'answered again');
  t.equal((await product.api('POST', BANS, { address: '127.0.0.1' })).status, 409, 'a phone is registered from there');
});

t.test('emergency numbers follow the sites', async (t) => {
  t.match((await state()).emergency_numbers, ['911', '9911']);
  await expectApi(product, 201, 'POST', '/v2/phone/sites', {
    name: 'London', auto_receptionist_name: 'Reception',
    default_emergency_address: { address_line1: '1 High Street', city: 'London', country: 'GB', state_code: 'LND', zip: 'SW1A 1AA' },
  });
  const began = performance.now();
  while (!(await state()).emergency_numbers.includes('999') && performance.now() - began < 15_000) await new Promise((resolve) => setTimeout(resolve, 200));
  t.match((await state()).emergency_numbers.filter((number) => ['911', '999', '9999'].includes(number)).sort(), ['911', '999', '9999']);
});

t.test('after a restart the office is known before its phones speak', async (t) => {
  await product.stop();
  await product.startAgain();
  const began = performance.now();
  while ((await state()).live_sources === 0 && performance.now() - began < 10_000) await new Promise((resolve) => setTimeout(resolve, 100));
  t.equal((await state()).live_sources, 1);
});
