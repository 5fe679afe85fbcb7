import t from 'tap';
import { asId, type AccountId, type ForwardingNumberId } from '../../src/domain/ids.js';
import { chargeableCall } from '../../src/domain/charges/charge.js';
import { PLAIN_RULES, plainHandling, type ForwardingNumber, type HandlingRules } from '../../src/domain/forwarding/call-handling.js';
import type { FraudGuard } from '../../src/domain/fraud/guard.js';
import { aTrunk } from '../support/sample-trunk.js';
import { aCarrier, callerWithPlan, trunkOver, type Carrier } from '../support/carriers.js';
import type { PhoneCall } from '../support/scripted-phone.js';
import { startOffice } from '../support/sip-office.js';

const CALLER = '+12125550177';
const MOBILE = '+12125550199';
const ABROAD = '+442079460000';
const BORDER = { ...aTrunk(asId<AccountId>('account')).border, trusted: true, callerIdentity: 'p-asserted-identity', diversion: 'diversion' } as const;
const ringing = (number: string, changes: Partial<ForwardingNumber> = {}): ForwardingNumber => (
  { id: asId<ForwardingNumberId>(number), number, description: '', enabled: true, delaySeconds: 0, ringSeconds: null, ...changes });
const TO_MOBILE = { kind: 'number', number: MOBILE, description: '' } as const;

const PREMIUM: FraudGuard = {
  id: asId('premium'), accountId: asId('any'), name: 'Premium', enabled: true, metric: 'calls-per-minute', destinations: { prefixes: ['+1900'], countries: [], international: false },
  siteId: null, extensionId: null, warning: null, critical: 1, currency: '', hours: null, holdMinutes: 0, createdAt: 0,
};

t.test('calls that are sent on', async (t) => {
  const office = await startOffice(t, { guards: [PREMIUM] });
  const carrier = await aCarrier(t, office);
  const trunk = trunkOver(office, [carrier], { border: BORDER });
  const ben = await callerWithPlan(office, '102', '+12125550102');
  const cleo = await office.registered('103', 'Cleo');
  const benExtension = office.directory.extensionsByNumber(office.account.id, '102')[0]!;
  const number = office.directory.numbers.byNumber(office.account.id, '+12125550102')!;
  const handle = (changes: Partial<HandlingRules>): void => (
    office.directory.forwards.putHandling({ ...plainHandling(benExtension.id, office.account.id), business: { ...PLAIN_RULES, ...changes } }));
  const bring = (headers: readonly (readonly [string, string])[] = []): ReturnType<Carrier['dial']> => carrier.dial('', {
    uri: 'sip:+12125550102@127.0.0.1', headers: [['P-Asserted-Identity', `"Zoe" <sip:${CALLER}@carrier.example>`], ...headers], withoutCredentials: true,
  });
  const talk = async (call: PhoneCall, outside: PhoneCall): Promise<void> => {
    const acked = outside.answer();
    await call.ack(await call.response(200));
    await acked;
    await Promise.all([outside.hangUp(), call.hungUp()]);
  };
  let seen = 0;
  /** The records of the call that just ended, and of the one it became. */
  const records = async () => {
    const ended = office.calls.events.filter(({ kind }) => kind === 'attempted').slice(seen);
    seen += ended.length;
    return Promise.all(ended.map(({ callId }) => office.calls.record(({ id, endedAt }) => id === callId && endedAt !== null, callId)));
  };

  await t.test('a busy phone sends its caller to a number outside, as a call of its user', async (t) => {
    handle({ busy: TO_MOBILE });
    const call = await bring();
    const rung = await ben.called();
    await rung.refuse(486, 'Busy Here');
    const outside = await carrier.called();
    const { invite } = outside;
    t.match(invite.header('From'), /^"Zoe" <sip:\+12125550177@office\.example/, 'the caller');
    t.match(invite.header('P-Asserted-Identity'), /<sip:\+12125550102@office\.example/, 'a number that the carrier knows');
    t.match(invite.header('Diversion'), /^<sip:\+12125550102@office\.example;user=phone>;reason=user-busy;counter=1;privacy=off$/);
    await outside.ring();
    await call.response(180);
    await talk(call, outside);
    const [first, sent] = await records();
    t.match(first, { direction: 'inbound', cause: 'callee-hangup', callee: { extensionNumber: '102', number: '+12125550102' }, legs: [{ status: 486 }, { trunkId: trunk.id, result: 'answered' }] });
    t.match(sent, {
      direction: 'outbound', cause: 'callee-hangup', caller: { extensionNumber: '102', number: '+12125550102' }, callee: { e164: MOBILE, trunkId: trunk.id },
      forwarded: { callId: first?.id, extensionId: benExtension.id, number: '+12125550102', by: 'handling' }, legs: [{ trunkId: trunk.id, result: 'answered' }],
    });
    t.match([first, sent].map((record) => record && chargeableCall(record)), [
      { direction: 'inbound', number: '+12125550102', forwardBillingNumber: '' },
      { direction: 'outbound', number: MOBILE, extensionId: benExtension.id, billingNumber: '+12125550102', forwardBillingNumber: '+12125550102' },
    ], 'each of the two is rated: what came in, and what went out');
  });

  await t.test('a number rings with the phone: whoever answers first has the call', async (t) => {
    handle({ numbers: [ringing(MOBILE)] });
    for (const winner of ['number', 'phone'] as const) {
      const call = await bring();
      const [rung, outside] = await Promise.all([ben.called(), carrier.called()]);
      await Promise.all([rung.ring(), outside.ring()]);
      await call.response(180);
      const [taker, other] = winner === 'phone' ? [rung, outside] : [outside, rung];
      const acked = taker.answer();
      const cancel = await other.incoming('CANCEL');
      t.match(cancel.header('Reason'), /completed elsewhere/, `${winner} first: the other stops`);
      await Promise.all([other.reply(cancel, 200, 'OK'), other.refuse(487, 'Request Terminated')]);
      await call.ack(await call.response(200));
      await acked;
      await Promise.all([taker.hangUp(), call.hungUp()]);
      const [first, sent] = await records();
      t.match([first?.cause, sent?.cause], ['callee-hangup', winner === 'phone' ? 'cancelled' : 'callee-hangup']);
      t.equal(sent?.answeredAt === null, winner === 'phone', 'what nobody took costs nothing');
    }
  });

  await t.test('one after the other; what fails does not keep the next waiting', async (t) => {
    handle({ ringMode: 'sequential', numbers: [ringing(MOBILE), ringing('+12125550198')] });
    const call = await bring();
    await (await ben.called()).refuse(480, 'Away');
    await (await carrier.called()).refuse(404, 'Not Found');
    const outside = await carrier.called();
    t.match(outside.invite.uri, /\+12125550198@/);
    await talk(call, outside);
    t.match(await records(), [{ cause: 'callee-hangup' }, { status: 404, reason: 'unknown-number' }, { cause: 'callee-hangup' }]);
  });

  await t.test('the caller gives up while a number rings', async (t) => {
    handle({ phones: { ...PLAIN_RULES.phones, enabled: false }, numbers: [ringing(MOBILE)] });
    const call = await bring();
    const outside = await carrier.called();
    await outside.ring();
    await call.response(180);
    await call.cancel();
    const cancel = await outside.incoming('CANCEL');
    await Promise.all([outside.reply(cancel, 200, 'OK'), outside.refuse(487, 'Request Terminated')]);
    await call.ack(await call.response(487));
    t.match(await records(), [{ cause: 'cancelled', legs: [{ trunkId: trunk.id, result: 'cancelled' }] }, { cause: 'cancelled', direction: 'outbound' }]);
  });

  await t.test('what whoever sends it may not call is not called', async (t) => {
    handle({ busy: { kind: 'number', number: ABROAD, description: '' } });
    const call = await bring();
    await (await ben.called()).refuse(486, 'Busy Here');
    const answer = await call.response(486);
    await call.ack(answer);
    t.match(await records(), [{ status: 486, reason: 'busy' }, { cause: 'refused', reason: 'international-off', forwarded: { by: 'handling' } }], 'the caller learns nothing of it');
  });

  await t.test('inside it is still the call of whoever calls', async (t) => {
    handle({ busy: { kind: 'extension', extensionId: cleo.extension.id } });
    const call = await bring();
    await (await ben.called()).refuse(486, 'Busy Here');
    const rung = await cleo.called();
    t.match(rung.invite.header('From'), /^"Zoe" <sip:\+12125550177@office\.example>/);
    await talk(call, rung);
    t.match(await records(), [{ answeredBy: cleo.device.id, callee: { extensionNumber: '102' } }]);
    office.directory.forwards.putHandling({
      ...plainHandling(cleo.extension.id, office.account.id), business: { ...PLAIN_RULES, busy: { kind: 'extension', extensionId: benExtension.id } },
    });
    const round = await bring();
    await (await ben.called()).refuse(486, 'Busy Here');
    await (await cleo.called()).refuse(486, 'Busy Here');
    await round.ack(await round.response(486));
    t.match(await records(), [{ reason: 'busy' }], 'round and round it does not go');
    office.directory.forwards.removeHandling(cleo.extension.id);
  });

  await t.test('a phone sends a call on to a number by itself', async (t) => {
    handle({});
    const call = await cleo.dial('102');
    await (await ben.called()).refuse(302, 'Moved Temporarily', [['Contact', `<sip:${MOBILE}@192.0.2.1>`]]);
    const outside = await carrier.called();
    t.match(outside.invite.header('From'), /^"User 102" <sip:\+12125550102@/, 'Cleo has no number that could be shown');
    t.match(outside.invite.header('Diversion'), /\+12125550102@.*;reason=deflection;/);
    await talk(call, outside);
    t.match(await records(), [{ direction: 'internal', legs: [{ result: 'redirected' }, { trunkId: trunk.id }] }, { direction: 'outbound', forwarded: { by: 'phone' }, caller: { deviceId: ben.device.id } }]);
    for (const [rule, status] of [['the first', 480], ['the second', 480]] as const) {
      const dear = await cleo.dial('102');
      await (await ben.called()).refuse(302, 'Moved Temporarily', [['Contact', '<tel:+19005550123>']]);
      if (rule === 'the first') await (await carrier.called()).refuse(404, 'Not Found');
      await dear.ack(await dear.response(rule === 'the first' ? 404 : status));
    }
    t.match((await records()).filter(({ direction }) => direction === 'outbound'), [{ reason: 'unknown-number' }, { reason: 'fraud-calls-per-minute' }], 'guards count what a phone sends on');
  });

  await t.test('a number that leads straight outside; a withheld number stays withheld', async (t) => {
    office.directory.forwards.putNumber({ id: number.id, accountId: office.account.id, extensionId: benExtension.id, number: MOBILE, description: '' });
    const call = await bring([['Privacy', 'id']]);
    const outside = await carrier.called();
    t.match(outside.invite.header('From'), /^"Anonymous" <sip:anonymous@anonymous\.invalid>/);
    t.match([outside.invite.header('Privacy'), outside.invite.header('Diversion')], ['id', /\+12125550102@.*;reason=unconditional;/]);
    await talk(call, outside);
    t.match(await records(), [{ callee: { extensionNumber: '102' } }, { forwarded: { by: 'number', number: '+12125550102' } }]);

    office.directory.trunks.putTrunk({ id: trunk.id, trunk: { ...trunk, border: { ...BORDER, diversion: 'history-info' } }, sealedPassword: '' });
    const shown = await bring();
    const told = await carrier.called();
    t.match(told.invite.header('History-Info'), /^<sip:\+12125550102@office\.example;user=phone>;index=1, <sip:\+12125550199@127\.0\.0\.1:\d+;user=phone;cause=302>;index=1\.1;mp=1$/);
    await talk(shown, told);
    await records();

    office.directory.trunks.putTrunk({ id: trunk.id, trunk: { ...trunk, border: { ...BORDER, diversion: 'none' } }, sealedPassword: '' });
    const plain = await bring();
    const own = await carrier.called();
    t.match(own.invite.header('From'), /^"User 102" <sip:\+12125550102@/, 'a carrier that wants own numbers alone gets one');
    t.same([own.invite.header('Diversion'), own.invite.header('History-Info')], [undefined, undefined]);
    await talk(plain, own);
    await records();
    const back = await bring([['Diversion', '<sip:+12125550199@carrier.example>;reason=unconditional, <sip:+12125550102@carrier.example>;reason=unconditional']]);
    await back.ack(await back.response(482));
    t.match(await records(), [{ reason: 'call-loop' }], 'what the network sends back');
  });
  t.same(office.app.callControl.list(office.account.id), [], 'no call is left');
  t.same(office.log.lines.filter(({ level }) => level === 'error'), []);
});
