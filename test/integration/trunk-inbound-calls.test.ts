import t from 'tap';
import { asId, type AccountId } from '../../src/domain/ids.js';
import type { Trunk } from '../../src/domain/trunk/trunk.js';
import { aTrunk } from '../support/sample-trunk.js';
import { scriptedPhone, SDP } from '../support/scripted-phone.js';
import { aCarrier, callerWithPlan, trunkOver, type Carrier } from '../support/carriers.js';
import { startOffice } from '../support/sip-office.js';

const NUMBER = '+12125550199';
const BORDER = aTrunk(asId<AccountId>('account')).border;

t.test('a call that a trunk brings', async (t) => {
  const office = await startOffice(t);
  const carrier = await aCarrier(t, office);
  const trunk = trunkOver(office, [carrier], { border: { ...BORDER, trusted: true, passHeaders: ['x-tag'] } });
  const ben = await callerWithPlan(office, '102', '+12125550102');
  office.number('+12125550103', null);
  const bring = (number: string, headers: readonly (readonly [string, string])[] = [], uri = `sip:${number}@127.0.0.1`): ReturnType<Carrier['dial']> =>
    carrier.dial(number, { uri, headers, withoutCredentials: true });
  await t.test('rings whoever has the number, without a challenge', async (t) => {
    const call = await bring('+12125550102', [['P-Asserted-Identity', '"Zoe" <sip:+12125550177@carrier.example>'], ['X-Tag', '7'], ['X-Other', '8']]);
    const rung = await ben.called();
    t.match(rung.invite.header('From'), /^"Zoe" <sip:\+12125550177@office\.example>/, 'the identity of a trusted peer');
    t.same([rung.invite.header('X-Tag'), rung.invite.header('X-Other'), rung.invite.header('P-Asserted-Identity')], ['7', undefined, undefined], 'named headers alone pass');
    await rung.ring();
    await call.response(180);
    const acked = rung.answer();
    await call.ack(await call.response(200));
    await acked;
    await Promise.all([rung.hangUp(), call.hungUp()]);
    t.match(await office.calls.record(({ endedAt, direction }) => endedAt !== null && direction === 'inbound', 'it ended'), {
      direction: 'inbound', cause: 'callee-hangup', dialled: '+12125550102', caller: { name: 'Zoe', number: '+12125550177', trunkId: trunk.id, extensionId: null },
      callee: { extensionNumber: '102', number: '+12125550102' }, answeredBy: ben.device.id,
    });
  });
  await t.test('forms of the number and of the caller', async (t) => {
    const rows: readonly (readonly [rule: string, uri: string, headers: readonly (readonly [string, string])[], from: RegExp])[] = [
      ['without plus', 'sip:12125550102@127.0.0.1', [['P-Asserted-Identity', '<tel:+1-212-555-0177>']], /<sip:\+12125550177@/],
      ['as a telephone URI', 'sip:+1-212-555-0102;npdi@127.0.0.1;user=phone', [], /^"Anonymous"/],
      ['withheld', 'sip:+12125550102@127.0.0.1', [['P-Asserted-Identity', '<sip:+12125550177@carrier.example>'], ['Privacy', 'id']], /^"Anonymous" <sip:anonymous@anonymous\.invalid>/],
    ];
    for (const [rule, uri, headers, from] of rows) {
      const call = await bring('+12125550102', headers, uri);
      const rung = await ben.called();
      t.match(rung.invite.header('From'), from, rule);
      await rung.refuse(486, 'Busy Here');
      await call.ack(await call.response(486));
    }
  });
  await t.test('what it cannot reach', async (t) => {
    for (const [rule, number, status] of [['a number of others', '+12125550188', 404], ['a number that nobody has', '+12125550103', 404], ['an extension', '102', 404],
      ['a feature code', '*91', 404], ['an emergency number', '911', 404], ['the network by way of us', '+442079460000', 404]] as const) {
      const call = await bring(number);
      const answer = await call.response(status);
      t.match(answer.header('Reason'), /^Q\.850;cause=\d+$/, `${rule}: the cause, and nothing of what is set up here`);
      await call.ack(answer);
    }
    const hops = carrier.peer.request('INVITE', 'sip:+12125550102@127.0.0.1', { body: SDP('1') }).replace('Max-Forwards: 70', 'Max-Forwards: 0');
    await carrier.peer.send(hops, { address: '127.0.0.1', port: office.port('udp') });
    const looped = await carrier.peer.waitFor((message) => message.status === 483, '483');
    await carrier.peer.send(carrier.peer.ack(hops, looped), { address: '127.0.0.1', port: office.port('udp') });
  });
  await t.test('a call of ours that comes back', async (t) => {
    const call = await ben.dial(NUMBER);
    const out = await carrier.called();
    const back = await bring(NUMBER, [['P-Asserted-Identity', '<sip:+12125550102@carrier.example>']]);
    await back.ack(await back.response(482));
    await out.refuse(482, 'Loop Detected');
    await call.ack(await call.response(482));
    t.match(await office.calls.record(({ reason, direction }) => reason === 'call-loop' && direction === 'inbound', 'the loop'), { status: 482, callee: { number: NUMBER } });
  });
  await t.test('two registrations with one carrier: the call is of the one that is asked for', async (t) => {
    const registered = (user: string, passHeaders: readonly string[]): Trunk => trunkOver(office, [carrier.gateway], {
      authentication: { kind: 'registration', userName: user, realm: '', aor: `sip:${user}@carrier.example`, expiresSeconds: 600 }, border: { ...BORDER, passHeaders },
    });
    const both = [registered('+12125550180', []), registered('+12125550102', ['x-second'])];
    const call = await bring('+12125550102', [['X-Second', 'yes']]);
    const rung = await ben.called();
    t.equal(rung.invite.header('X-Second'), 'yes');
    await rung.refuse(486, 'Busy Here');
    await call.ack(await call.response(486));
    for (const { id } of both) office.directory.trunks.removeTrunk(id);
  });
  await t.test('unknown sources are asked like anyone and reach nothing', async (t) => {
    const stranger = await scriptedPhone(t, { edge: { address: '127.0.0.1', port: office.port('udp') }, userName: '+12125550177', password: '', domain: 'carrier.example' });
    office.directory.trunks.removeTrunk(trunk.id);
    const call = await stranger.dial('+12125550102', { uri: 'sip:+12125550102@127.0.0.1', withoutCredentials: true });
    await call.ack(await call.response(401));
  });
  t.same(office.app.callControl.list(office.account.id), [], 'no call is left');
  t.same(office.log.lines.filter(({ level }) => level === 'error'), []);
});
