/** Somebody has stolen a phone's credentials and lets a script call far countries by them, from elsewhere. */
import type { Test } from 'tap';
import { expectApi } from '../support/product-phones.js';
import type { Product } from '../support/product.js';
import { addCaller, addTrunk, endedPath, registeredPhone } from '../support/product-trunks.js';
import { scriptedPhone } from '../support/scripted-phone.js';
import { isRequest, type PeerMessage } from '../support/sip-peer.js';
import { startWebhookReceiver } from '../support/webhook-receiver.js';

/** Cuba, Somalia, Latvia, the Maldives, Papua New Guinea, Tunisia, Guinea, Madagascar. */
const FAR = ['+5352123456', '+252612345678', '+37121234567', '+9607712345', '+67571234567', '+21620123456', '+224601123456', '+261321234567'] as const;
const ALLOWED = 4;

/** @param product has WEBHOOK_ALLOWED_HOSTS with 127.0.0.1 */
export async function tollFraudStory(t: Test, product: Product): Promise<void> {
  const receiver = await startWebhookReceiver(t);
  await expectApi(product, 201, 'POST', '/v2/cordboard/webhooks', { url: receiver.url, events: ['fraud.critical'] });
  await expectApi(product, 201, 'POST', '/v2/phone/alert_settings', {
    alert_setting_name: 'Fraud', module: 100, rule: 102, target_type: 2, rule_conditions: [], time_frame_type: 'all_day', email_recipients: ['desk@example.com'],
  });
  const guard = await expectApi<{ readonly id: string }>(product, 201, 'POST', '/v2/cordboard/fraud_guards', {
    name: 'Far countries', metric: 'new-countries', destinations: { international: true }, critical: String(ALLOWED), hold_minutes: 60,
  });
  const [victim, colleague] = [await addCaller(product, '1801', '+12125550801'), await addCaller(product, '1802', '+12125550802')];
  for (const { email } of [victim, colleague]) {
    await expectApi(product, 204, 'PATCH', `/v2/phone/users/${encodeURIComponent(email)}`, { policy: { international_calling: true } });
  }
  const edge = { address: product.sip.host, port: product.sip.port };
  const carrier = await scriptedPhone(t, { edge, userName: 'carrier', password: '', domain: 'carrier.example' });
  const gateways = [{ port: carrier.peer.port }];
  await addTrunk(product, 'Abroad', gateways, { routes: [...FAR, '+12125550899'].map((prefix) => ({ prefix })) });
  const phone = await registeredPhone(t, product, colleague);
  // Not the victim's phone, and never registered.
  const script = await scriptedPhone(t, { edge, userName: victim.userName, password: victim.password, domain: victim.domain });

  const wentOut = (): number => carrier.peer.count((message) => isRequest('INVITE')(message) && message.tag('To') === '');
  const rings = async (dialled: string, by = phone): Promise<void> => {
    const call = await by.dial(dialled);
    const out = await carrier.called();
    await out.refuse(486, 'Busy Here');
    await call.ack(await call.response(486));
  };
  const stopped = async (dialled: string, reason: RegExp): Promise<void> => {
    const call = await script.dial(dialled);
    const final = await call.response(403);
    await call.ack(final);
    t.match(final.header('Reason'), reason);
  };

  await t.test('a burst of calls to countries never called before is stopped by the fifth', async (t) => {
    const calls = await Promise.all(FAR.map((number) => script.dial(number)));
    const finals = calls.map(async (call) => {
      const ours = (message: PeerMessage): boolean => message.header('Call-ID') === call.invite.header('Call-ID') && message.cseq === call.invite.cseq;
      const final = await script.peer.waitFor((message) => message.status >= 300 && ours(message), 'final response', 10_000);
      await call.ack(final);
      return final.status;
    });
    const through = Array.from({ length: ALLOWED }, async () => {
      const out = await carrier.called();
      await out.ring(183);
      return out;
    });
    for (const out of await Promise.all(through)) await out.refuse(486, 'Busy Here');
    t.same((await Promise.all(finals)).toSorted(), [403, 403, 403, 403, 486, 486, 486, 486]);
    t.equal(wentOut(), ALLOWED, 'no more of them reached the carrier');
    const records = await Promise.all(FAR.map((number) => endedPath(product, '1801', number)));
    const reasons = records.map(({ result_reason: reason }) => reason).filter((reason) => reason !== '');
    t.equal(reasons.filter((reason) => reason === 'fraud-new-countries' || reason === 'fraud-held').length, FAR.length - ALLOWED, 'their records say why');
    t.ok(reasons.includes('fraud-new-countries'));
  });

  await t.test('people are told, and the caller is held', async (t) => {
    for (const until = Date.now() + 8_000; receiver.posts.length === 0 && Date.now() < until;) await new Promise((resolve) => setTimeout(resolve, 20));
    t.match(receiver.posts.map(({ json }) => json), [{
      event: 'fraud.critical', payload: { incident: { guard_id: guard.id, metric: 'new-countries', level: 'critical', held_until: /^20/ }, caller: { name: 'Person 1801' } },
    }], 'once');
    const { alerts } = await expectApi<{ readonly alerts: readonly object[] }>(product, 200, 'GET', '/v2/cordboard/alerts');
    t.match(alerts.filter((alert) => 'rule' in alert && alert.rule === 102), [{ text: /^Calls refused by guard Far countries: Person 1801 to \+/, subject_count: 1 }]);
    await stopped(FAR[0], /^Q\.850;cause=21;text="A guard against fraud holds the caller back from such numbers/);
    t.equal(wentOut(), ALLOWED, 'nor does a country that was called already');
  });

  await t.test('a colleague calls there, and the victim at home', async () => {
    await rings(FAR[0]);
    await rings('+12125550899', script);
  });

  await t.test('lifted by hand, the victim calls again', async (t) => {
    const { fraud_incidents: [held] } = await expectApi<{ readonly fraud_incidents: readonly { readonly id: string; readonly number: string }[] }>(
      product, 200, 'GET', '/v2/cordboard/fraud_incidents?held=true');
    t.ok(FAR.some((number) => number === held?.number));
    await expectApi(product, 204, 'DELETE', `/v2/cordboard/fraud_incidents/${held?.id ?? ''}/hold`);
    await rings(FAR[7], script);
  });
}
