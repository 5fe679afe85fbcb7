import t from 'tap';
import { mediaBed, toneAudio } from '../support/media-bed.js';
import { aCarrier, callerWithPlan, trunkOver } from '../support/carriers.js';
import { isResponse } from '../support/sip-peer.js';
import { startOffice } from '../support/sip-office.js';
import { SDP } from '../support/scripted-phone.js';
import type { MediaEndpoints } from '../../src/ports/media.js';

t.test('refused callers hear why', async (t) => {
  const bed = mediaBed();
  t.teardown(() => bed.stop());
  const heard: string[] = [];
  let length = 200;
  // The real endpoint, with a tone in the place of each prompt: how long it lasts is the test's choice.
  const endpoints: MediaEndpoints = {
    offer: (options) => bed.media.offer(options),
    async answer(offer, options) {
      const outcome = await bed.media.answer(offer, options);
      if (outcome.kind !== 'endpoint') return outcome;
      const { endpoint } = outcome;
      const play: typeof endpoint.play = (prompts, how) => {
        heard.push(...prompts.map((prompt) => ('id' in prompt ? `${prompt.id} ${prompt.language}` : '')));
        return endpoint.play([{ audio: toneAudio(length) }], how);
      };
      return { ...outcome, endpoint: new Proxy(endpoint, { get: (target, name, self) => (name === 'play' ? play : bound(target, Reflect.get(target, name, self))) }) };
    },
  };
  let wanted = true;
  const office = await startOffice(t, { spoken: { media: { endpoints, gateway: null }, wanted: () => wanted } });
  const carrier = await aCarrier(t, office);
  trunkOver(office, [carrier]);
  const ann = await callerWithPlan(office, '101', '+12125550101');
  const spoken = async (number: string, status: number, dial: Parameters<typeof ann.dial>[1] = {}): Promise<readonly string[]> => {
    heard.length = 0;
    const early = ann.peer.count(isResponse(183));
    const call = await ann.dial(number, dial);
    const final = await call.response(status);
    await call.ack(final);
    t.match(final.header('Reason'), /^Q\.850;cause=\d+;text="/);
    return [...heard, ...(ann.peer.count(isResponse(183)) > early ? ['183'] : [])];
  };
  const rows: readonly (readonly [rule: string, number: string, status: number, prompt: string])[] = [
    ['a number of nobody', '777', 404, 'number-not-in-service en'],
    ['outside the plan', '+442079460000', 403, 'call-not-allowed en'],
  ];
  for (const [rule, number, status, prompt] of rows) t.same(await spoken(number, status), [prompt, '183'], rule);

  t.same(await spoken('777', 404, { body: '' }), [], 'nothing is said without an offer');
  wanted = false;
  t.same(await spoken('777', 404), [], 'nor where the setting is off');
  wanted = true;

  await t.test('a number that the network does not know', async (t) => {
    heard.length = 0;
    const call = await ann.dial('+12125550199');
    await (await carrier.called()).refuse(404, 'Not Found');
    t.match((await call.response(183)).body, /m=audio/);
    await call.ack(await call.response(404));
    t.same(heard, ['number-not-in-service en']);
  });
  await t.test('not behind early media of the network, which said it already', async (t) => {
    heard.length = 0;
    const call = await ann.dial('+12125550199');
    const out = await carrier.called();
    await out.ring(183, SDP('9'));
    await call.response(183);
    await out.refuse(404, 'Not Found');
    await call.ack(await call.response(404));
    t.same(heard, []);
  });
  await t.test('a caller who hangs up in the middle', async (t) => {
    length = 8_000;
    const call = await ann.dial('777');
    await call.response(183);
    await call.cancel();
    await call.ack(await call.response(487));
    t.equal(ann.peer.count((message) => isResponse(404)(message) && message.header('Call-ID') === call.invite.header('Call-ID')), 0);
    for (let ports = -1; ports !== 0;) ports = (await bed.media.metrics())['endpoints'] ?? -1;
    t.match(await office.calls.record(({ dialled, status }) => dialled === '777' && status === 404, 'the refusal'), { reason: 'unknown-number', answeredAt: null });
  });
  t.same(office.log.lines.filter(({ level }) => level === 'error' || level === 'warn'), []);
});

function bound(target: object, value: unknown): unknown {
  return typeof value === 'function' ? value.bind(target) : value;
}
