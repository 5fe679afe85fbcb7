/** The program between a phone and carriers that misbehave, which sipp is; told to the product on its own edge and on a drachtio-server. */
import { createServer } from 'node:net';
import type { Test } from 'tap';
import { expectApi } from '../support/product-phones.js';
import type { Product } from '../support/product.js';
import { freePort } from '../support/product-ports.js';
import { addCaller, addTrunk, endedPath, readTrunk, registeredPhone, trunkWhen, type GatewayWish, type ShownTrunk } from '../support/product-trunks.js';
import type { PhoneCall } from '../support/scripted-phone.js';
import type { PeerMessage } from '../support/sip-peer.js';
import { startSipp, type Sipp } from '../support/sipp.js';
import { scenario } from './scenario.js';
import { tollFraudStory } from './toll-fraud-story.js';

const EXTENSION = '1701';

/**
 * @param product has WEBHOOK_ALLOWED_HOSTS with 127.0.0.1
 * @param silenceMs how long a gateway that says nothing is waited for
 */
export async function carriersStory(t: Test, product: Product, silenceMs: number): Promise<void> {
  // Only what is sent counts here, not what is said.
  await expectApi(product, 200, 'PATCH', '/v2/cordboard/account/settings', { spoken_refusals: { value: { enable: false } } });
  const phone = await registeredPhone(t, product, await addCaller(product, EXTENSION, '+12125550701'));
  const carrier = async (name: string, values: Readonly<Record<string, string>> = {}): Promise<Sipp> => {
    const sipp = await startSipp({ scenario: scenario(name), values });
    t.teardown(() => sipp.stop(100));
    return sipp;
  };
  const refuser = (status: number, phrase: string, header = 'Server: carrier'): Promise<Sipp> => carrier('carrier-refuse', { status: String(status), phrase, header });
  const taker = await carrier('answer');
  let last = 110;
  /** A trunk of its own for each row, known by the number. */
  const trunkOver = async (...gateways: readonly GatewayWish[]): Promise<{ readonly number: string; readonly trunk: ShownTrunk }> => {
    const number = `212555${String(last += 1).padStart(4, '0')}`;
    return { number, trunk: await addTrunk(product, number, gateways, { routes: [{ prefix: `+1${number}` }] }) };
  };

  // Those that take their time run beside the others.
  const thinks = await carrier('carrier-trying');
  await addTrunk(product, 'thinking', [thinks, taker], { routes: [{ emergency: true }] });
  const thought = phone.dial('911', { withoutCredentials: true }).then((call) => talked(call));
  const flapper = await carrier('carrier-flapping', { down: '2' });
  const flapping = await addTrunk(product, 'flapping', [flapper, await carrier('carrier-flapping', { down: '0' })], { routes: [{ prefix: '+12125550199' }], probe_seconds: 5 });
  const wentDown = trunkWhen(product, flapping.id, ({ gateways: [first, second] }) => first?.state === 'down' && second?.state === 'up');
  const [quiet, unheard] = [await carrier('carrier-silent'), Date.now()];
  const silent = await trunkOver(quiet, taker);
  const waited = phone.dial(silent.number).then((call) => talked(call, silenceMs + 6_000)).then(() => Date.now() - unheard);

  for (const [status, phrase, header] of [
    [503, 'Service Unavailable', 'Retry-After: 60'], [503, 'Service Unavailable', undefined], [403, 'Forbidden', undefined], [408, 'Request Timeout', undefined],
    [488, 'Not Acceptable Here', undefined], [500, 'Server Internal Error', undefined],
  ] as const) {
    await t.test(`${status}${header === undefined ? '' : ` with ${header}`} leads to the next gateway at once`, async (t) => {
      const refusing = await refuser(status, phrase, header);
      const { number, trunk } = await trunkOver(refusing, taker);
      const began = Date.now();
      await talked(await phone.dial(number));
      t.ok(Date.now() - began < 2_000, 'nothing is waited for');
      t.match(await endedPath(product, EXTENSION, number), {
        end_cause: 'caller-hangup', sip_status: 200, caller_did_number: '+12125550701',
        call_path: [{ gateway_id: trunk.gateways[0]?.id, sip_status: status, result: 'call_failed' }, { gateway_id: trunk.gateways[1]?.id, sip_status: 200, result: 'answered' }],
      });
      if (header === undefined) return;
      const [first] = (await readTrunk(product, trunk.id)).status.gateways;
      t.match(first, { state: 'resting', last_seen: 'Answered 503: it takes no calls now, for 60 s.' });
      t.ok(Math.abs(Date.parse(first?.rests_until ?? '') - began - 60_000) < 3_000, 'for as long as it asked');
      await talked(await phone.dial(number));
      t.equal((await refusing.stop()).created, 1, 'it is left alone meanwhile');
    });
  }

  for (const [rule, gateway] of [
    ['a connection that is reset under the INVITE', await resetting(t)], ['a closed port', { port: await freePort(), transport: 'tcp' }],
  ] as const) {
    await t.test(`${rule} leads to the next gateway`, async (t) => {
      const { number, trunk } = await trunkOver(gateway, taker);
      const began = Date.now();
      await talked(await phone.dial(number));
      t.ok(Date.now() - began < 2_000, 'nothing is waited for');
      t.match(await endedPath(product, EXTENSION, number), { sip_status: 200, call_path: [{ sip_status: 0, result: 'no_answer' }, { result: 'answered' }] });
      t.match((await readTrunk(product, trunk.id)).status.gateways, [{ state: 'resting', last_seen: 'It cannot be reached.' }, { state: 'up' }]);
    });
  }

  await t.test('a gateway that comes and goes: down after two misses, up after three answers', async (t) => {
    const dialled = '2125550199';
    const goesTo = async (gateway: number, rule: string): Promise<void> => {
      await refused(await phone.dial(dialled), 486);
      t.match(await endedPath(product, EXTENSION, dialled), { call_path: [{ gateway_id: flapping.gateways[gateway]?.id, sip_status: 486 }] }, rule);
    };
    t.match((await wentDown).gateways[0], { last_seen: /^Answered 503 after \d+ ms: it takes no calls now\.$/ });
    await goesTo(1, 'no call goes there while it is down');
    for (let answers = 0; (await readTrunk(product, flapping.id)).status.gateways[0]?.state === 'down'; answers += 1) {
      if (answers === 3) t.fail('it answers, and is down');
      await expectApi(product, 200, 'POST', `/v2/cordboard/trunks/${flapping.id}/test`);
    }
    await goesTo(0, 'it has calls again');
  });

  await t.test('486 is the last word, and the phone gets it', async (t) => {
    const [busy, next] = [await refuser(486, 'Busy Here'), await refuser(500, 'No')];
    const { number } = await trunkOver(busy, next);
    const final = await refused(await phone.dial(number), 486);
    t.match(final.header('Reason'), /^Q\.850;cause=17/);
    t.match(await endedPath(product, EXTENSION, number), { end_cause: 'busy', sip_status: 486, call_path: [{ sip_status: 486, result: 'call_failed' }] });
    t.equal((await next.stop()).created, 0);
  });

  await t.test('after ringing no other gateway is tried', async (t) => {
    const [rings, next] = [await carrier('refuse', { status: '500', phrase: 'Server Internal Error' }), await refuser(486, 'Busy Here')];
    const { number } = await trunkOver(rings, next);
    const call = await phone.dial(number);
    await call.response(180);
    await refused(call, 500);
    t.match(await endedPath(product, EXTENSION, number), { sip_status: 500, call_path: [{ sip_status: 500 }] });
    t.equal((await next.stop()).created, 0);
  });

  // While those take their time.
  await t.test('a script of toll fraud', (t) => tollFraudStory(t, product));

  await t.test(`silence leads to the next gateway after ${silenceMs / 1000} s`, async (t) => {
    const ms = await waited;
    t.ok(ms > silenceMs - 100 && ms < silenceMs + 4_000, `after ${ms} ms`);
    t.match(await endedPath(product, EXTENSION, silent.number), { sip_status: 200, call_path: [{ sip_status: 408, result: 'no_answer' }, { result: 'answered' }] });
    t.match((await readTrunk(product, silent.trunk.id)).status.gateways, [{ state: 'resting', last_seen: 'No answer in time.' }, { state: 'up' }]);
  });

  await t.test('in an emergency a 100 and then nothing leads to the next gateway after 8 s, and is cancelled', async (t) => {
    await thought;
    t.match(await endedPath(product, EXTENSION, '911'), { sip_status: 200, call_path: [{ sip_status: 408, result: 'no_answer' }, { result: 'answered' }] });
    const { created, succeeded, report } = await thinks.stop();
    t.match({ created, succeeded }, { created: 1, succeeded: 1 }, report);
  });
}

/** Answered by the last gateway, acknowledged and hung up. */
async function talked(call: PhoneCall, patienceMs?: number): Promise<void> {
  await call.ack(await call.response(200, patienceMs));
  const { status } = await call.hangUp();
  if (status !== 200) throw new Error(`BYE was answered ${status}`);
}

async function refused(call: PhoneCall, status: number): Promise<PeerMessage> {
  const final = await call.response(status);
  await call.ack(final);
  return final;
}

/** A carrier that takes connections, and resets each as soon as something comes. */
async function resetting(t: Test): Promise<GatewayWish> {
  const server = createServer((socket) => void socket.on('error', () => undefined).once('data', () => socket.resetAndDestroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, transport: 'tcp' };
}
