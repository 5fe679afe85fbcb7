/**
 * The program behind a carrier's border: Kamailio as registrar and record-routing proxy, and behind it the network as a scripted peer.
 * Told to the product on its own edge and on a drachtio-server.
 */
import type { Test } from 'tap';
import { startKamailio } from '../support/kamailio.js';
import { expectApi } from '../support/product-phones.js';
import { freePort } from '../support/product-ports.js';
import type { Product } from '../support/product.js';
import { addCaller, addTrunk, endedPath, registeredPhone, trunkWhen } from '../support/product-trunks.js';
import { scriptedPhone, type PhoneCall, type ScriptedPhone } from '../support/scripted-phone.js';
import type { PeerMessage } from '../support/sip-peer.js';

const PASSWORD = 'carrier-secret';
/** An address of the office's own network, which no carrier may see. */
const INSIDE = '10.9.8.7';
const TRANSPORTS = [
  { transport: 'udp', extension: '1101', pilot: '+12125550100', number: '+12125550101', prefix: '+1312' },
  { transport: 'tcp', extension: '1201', pilot: '+12125550200', number: '+12125550201', prefix: '+1617' },
] as const;

/** Calls through a border that registers, challenges and record-routes. */
export async function borderStory(t: Test, product: Product): Promise<void> {
  const port = await freePort();
  const network = await scriptedPhone(t, { edge: { address: '127.0.0.1', port }, userName: 'network', password: '', domain: 'carrier.example' });
  await startKamailio(t, {
    port, password: PASSWORD,
    invites: `if ($sp == ${network.peer.port}) {
    $var(pilot) = "sip:+12125550100@carrier.example";
    if ($rU =~ "^\\+121255502") { $var(pilot) = "sip:+12125550200@carrier.example"; }
    if (!lookup("location", "$var(pilot)")) { sl_send_reply("480", "Nobody registered"); exit; }
    record_route();
    t_relay();
    exit;
  }
  if (!pv_proxy_authenticate("carrier", "${PASSWORD}", "0")) { proxy_challenge("carrier", "1"); exit; }
  append_hf("X-Border-User: $au\\r\\n");
  consume_credentials();
  record_route();
  $du = "sip:127.0.0.1:${network.peer.port}";
  t_relay();`,
    // Some carriers ask for credentials of every request.
    inDialog: `if ($proto == "tcp" && !is_method("ACK")) {
      if (!pv_proxy_authenticate("carrier", "${PASSWORD}", "0")) { proxy_challenge("carrier", "1"); exit; }
      consume_credentials();
    }`,
  });
  for (const { transport, extension, pilot, number, prefix } of TRANSPORTS) {
    await t.test(`by ${transport}`, async (t) => {
      const phone = await registeredPhone(t, product, await addCaller(product, extension, number));
      const trunk = await addTrunk(product, transport, [{ port, transport }], {
        routes: [{ prefix }], anchor_media: 'always',
        authentication: { type: 'registration', user_name: pilot, password: PASSWORD, realm: 'carrier', aor: `sip:${pilot}@carrier.example` },
      });
      await trunkWhen(product, trunk.id, ({ registration }) => registration?.state === 'registered');
      await story(t, { product, phone, network, border: port, extension, pilot, number, dialled: `${prefix}5550199` });
    });
  }
}

interface Scene {
  readonly product: Product;
  readonly phone: ScriptedPhone;
  /** Behind the border. */
  readonly network: ScriptedPhone;
  /** Port of the border. */
  readonly border: number;
  readonly extension: string;
  readonly pilot: string;
  readonly number: string;
  readonly dialled: string;
}

async function story(t: Test, { product, phone, network, border, extension, pilot, number, dialled }: Scene): Promise<void> {
  const hidden = `<sip:${phone.line.userName}@${INSIDE}:5060>`;
  /** Nothing of the inside is in what the network got. */
  const outside = ({ raw }: PeerMessage, own: PhoneCall, rule: string): void => {
    const inside = new RegExp([INSIDE.replaceAll('.', '\\.'), phone.line.userName, `:${phone.peer.port}\\b`, own.invite.header('Call-ID') ?? '', own.invite.tag('From') || own.invite.tag('To')].join('|'));
    t.notMatch(raw, inside, rule);
  };
  /** Nothing of the network is in what the phone got. */
  const inside = ({ raw }: PeerMessage, own: PhoneCall, rule: string): void => {
    t.notMatch(raw, new RegExp([`:${border}\\b`, `:${network.peer.port}\\b`, 'carrier\\.example', 'Record-Route', 'NetworkSoft', 'secret', own.invite.header('Call-ID') ?? ''].join('|')), rule);
  };
  const said = [['Server', 'NetworkSoft 1'], ['User-Agent', 'NetworkSoft 1'], ['X-Network', 'secret']] as const;

  await t.test('a call out is authenticated, and every request in it goes the way of the first', async (t) => {
    const call = await phone.dial(dialled, { contact: hidden, body: sdp(INSIDE, phone.peer.port) });
    const out = await network.called();
    t.equal(out.invite.header('X-Border-User'), pilot, 'challenged by the border, and answered');
    t.equal(Number(/:(\d+)/.exec(out.invite.header('Via') ?? '')?.[1]), border);
    outside(out.invite, call, 'nothing of the phone is in the INVITE');
    t.match(out.invite.header('From'), number);
    await out.ring(183, sdp('127.0.0.1', 40_002));
    inside(await call.response(183), out, 'nor of the network in the 183');
    const acked = out.answer(sdp('127.0.0.1', 40_002), said);
    const ok = await call.response(200);
    inside(ok, out, 'nor in the 200');
    await call.ack(ok);
    await acked;

    const holding = call.request('INVITE', { body: sdp(INSIDE, phone.peer.port, 'sendonly') });
    const hold = await out.incoming('INVITE');
    outside(hold, call, 'nor in a re-INVITE of the phone');
    t.match(hold.body, /a=sendonly/);
    await out.reply(hold, 200, 'OK', sdp('127.0.0.1', 40_002, 'recvonly'));
    const held = await holding;
    t.equal(held.status, 200);
    inside(held, out, 'nor in its answer');
    await call.ack(held);
    await out.incoming('ACK');

    const changing = out.request('INVITE', { body: sdp('127.0.0.1', 40_004), headers: said });
    const change = await call.incoming('INVITE');
    inside(change, out, 'nor in a re-INVITE of the network');
    await call.reply(change, 200, 'OK', sdp(INSIDE, phone.peer.port));
    const changed = await changing;
    t.equal(changed.status, 200);
    outside(changed, call, 'nor in its answer');
    await out.ack(changed);
    await call.incoming('ACK');
    const [, bye] = await Promise.all([call.hangUp(), out.hungUp()]);
    outside(bye, call, 'nor in the BYE');
    t.match(await endedPath(product, extension, dialled), { end_cause: 'caller-hangup', sip_status: 200, call_path: [{ result: 'answered' }] });
  });

  await t.test('a call out that the network ends', async (t) => {
    const call = await phone.dial(dialled);
    const out = await network.called();
    const acked = out.answer();
    await call.ack(await call.response(200));
    await acked;
    const [bye] = await Promise.all([call.hungUp(), out.hangUp()]);
    inside(bye, out, 'the BYE tells nothing of the network');
    t.match(await endedPath(product, extension, dialled), { end_cause: 'callee-hangup' });
  });

  await t.test('a call out that is given up while it rings', async (t) => {
    const call = await phone.dial(dialled);
    const out = await network.called();
    await out.ring();
    await call.response(180);
    await call.cancel();
    await network.peer.respond(await out.incoming('CANCEL'), 200, 'OK');
    await out.refuse(487, 'Request Terminated');
    await call.ack(await call.response(487));
    t.match(await endedPath(product, extension, dialled), { end_cause: 'cancelled' });
  });

  for (const first of ['the network', 'the phone'] as const) {
    await t.test(`a call comes in by the registration, and ${first} ends it`, async (t) => {
      const call = await network.dial(number, { uri: `sip:${number}@carrier.example`, withoutCredentials: true, headers: said });
      const rung = await phone.called();
      inside(rung.invite, call, 'nothing of the network is in the INVITE');
      await rung.ring();
      outside(await call.response(180), rung, 'nor of the phone in the 180');
      const acked = rung.answer(sdp(INSIDE, phone.peer.port), [['Server', `Phone ${INSIDE}`]]);
      const ok = await call.response(200);
      outside(ok, rung, 'nor in the 200');
      t.equal(ok.headers('Record-Route').length > 0, true, 'the border stays on the way');
      await call.ack(ok);
      await acked;
      const holding = rung.request('INVITE', { body: sdp(INSIDE, phone.peer.port, 'sendonly') });
      const hold = await call.incoming('INVITE');
      outside(hold, rung, 'nor in a re-INVITE of the phone');
      await call.reply(hold, 200, 'OK', sdp('127.0.0.1', 40_006, 'recvonly'));
      await rung.ack(await holding);
      await call.incoming('ACK');
      const [ends, hears] = first === 'the network' ? [call, rung] : [rung, call];
      await Promise.all([ends.hangUp(), hears.hungUp()]);
    });
  }
  t.match(await expectApi(product, 200, 'GET', '/v2/cordboard/calls'), { total_records: 0 }, 'no call is left');
}

const sdp = (address: string, port: number, direction = 'sendrecv'): string => [
  'v=0', `o=- 1 1 IN IP4 ${address}`, 's=-', `c=IN IP4 ${address}`, 't=0 0', `m=audio ${port} RTP/AVP 8`, 'a=rtpmap:8 PCMA/8000', `a=${direction}`, '',
].join('\r\n');
