/** What two people with softphones see; told to the product on its own edge and on a drachtio-server. */
import type { Test } from 'tap';
import { startBaresip, type Baresip } from '../support/baresip.js';
import { addPhone, type Phone } from '../support/product-phones.js';
import { endedCall } from '../support/product-records.js';
import type { Product } from '../support/product.js';

interface Person {
  readonly phone: Phone;
  readonly soft: Baresip;
}

interface Habits {
  readonly transport: 'udp' | 'tcp';
  readonly answer: 'auto' | 'manual';
  readonly toneHz: number;
}

async function person(t: Test, product: Product, extension: string, how: Habits): Promise<Person> {
  const phone = await addPhone(product, extension);
  const soft = await startBaresip({ toneHz: how.toneHz });
  t.teardown(() => soft.stop());
  const proxy = `${product.sip.host}:${product.sip.port}`;
  await soft.register({ ...phone, transport: how.transport, answer: how.answer, proxy });
  return { phone, soft };
}

/** A dials B by the extension; resolves when both say that they talk and each has received RTP of the other. */
async function talk(a: Person, b: Person): Promise<void> {
  await a.soft.command('dial', `sip:${b.phone.extension}@${a.phone.domain}`);
  await Promise.all([a, b].flatMap(({ soft }) => [soft.event('CALL_ESTABLISHED'), soft.event('CALL_RTPESTAB')]));
}

const hears = ({ soft }: Person): Promise<void> => waitFor(() => soft.heardLoudness() > HEARD, 'the tone of the other side');

const ANSWERED = { connect_type: 'internal', call_result: 'answered', sip_status: 200, answer_time: /^\d{4}-/ };
const UNANSWERED = { answer_time: /^$/, duration: 0 };

/** Silence would be 0; the tones are sent with an RMS of 5657. */
const HEARD = 1000;

export async function baresipStory(t: Test, product: Product): Promise<void> {
  const alice = await person(t, product, '1101', { transport: 'udp', answer: 'manual', toneHz: 440 });
  const bob = await person(t, product, '1102', { transport: 'udp', answer: 'auto', toneHz: 880 });
  const carol = await person(t, product, '1103', { transport: 'tcp', answer: 'auto', toneHz: 660 });
  const dave = await person(t, product, '1104', { transport: 'udp', answer: 'manual', toneHz: 550 });

  for (const { name, callee } of [{ name: 'UDP to UDP', callee: bob }, { name: 'UDP to TCP', callee: carol }]) {
    await t.test(`${name}: each hears the other, and the caller hangs up`, async (t) => {
      await talk(alice, callee);
      await t.resolves(Promise.all([hears(alice), hears(callee)]));
      await alice.soft.command('hangup');
      await callee.soft.event('CALL_CLOSED');
      await alice.soft.event('CALL_CLOSED');
      const extension = callee.phone.extension;
      const record = await endedCall(product, '1101', extension);
      t.match(record, { ...ANSWERED, callee_ext_number: extension, end_cause: 'caller-hangup' }, 'the record is right');
    });
    await t.test(`${name}: the callee hangs up`, async (t) => {
      await talk(alice, callee);
      await callee.soft.command('hangup');
      await alice.soft.event('CALL_CLOSED');
      await callee.soft.event('CALL_CLOSED');
      const record = await endedCall(product, '1101', callee.phone.extension);
      t.match(record, { ...ANSWERED, end_cause: 'callee-hangup' }, 'the record is right');
    });
  }

  await t.test('a phone on TCP calls one on UDP', async (t) => {
    await talk(carol, bob);
    await bob.soft.command('hangup');
    await carol.soft.event('CALL_CLOSED');
    await bob.soft.event('CALL_CLOSED');
    t.match(await endedCall(product, '1103', '1102'), { ...ANSWERED, end_cause: 'callee-hangup' });
  });

  await t.test('hold and resume reach the other side as new offers (RFC 3264 §8.4)', async (t) => {
    await talk(alice, bob);
    const before = offers(bob.soft);
    await alice.soft.command('hold');
    await t.resolves(waitFor(() => offers(bob.soft) > before, 'the offer that holds'));
    const held = offers(bob.soft);
    await alice.soft.command('resume');
    await t.resolves(waitFor(() => offers(bob.soft) > held, 'the offer that resumes'));
    await alice.soft.command('hangup');
    await bob.soft.event('CALL_CLOSED');
    await alice.soft.event('CALL_CLOSED');
    t.match(await endedCall(product, '1101', '1102'), { ...ANSWERED, end_cause: 'caller-hangup' });
  });

  await t.test('a called person rejects', async (t) => {
    await alice.soft.command('dial', `sip:1104@${alice.phone.domain}`);
    await dave.soft.event('CALL_INCOMING');
    await dave.soft.command('hangup');
    const closed = await alice.soft.event('CALL_CLOSED');
    t.match(closed.param, /^486/, 'the caller is told so');
    const record = await endedCall(product, '1101', '1104');
    t.match(record, { ...UNANSWERED, call_result: 'busy', sip_status: 486 }, 'and so is the record');
  });

  await t.test('the caller gives up while it rings', async (t) => {
    await alice.soft.command('dial', `sip:1104@${alice.phone.domain}`);
    await dave.soft.event('CALL_INCOMING');
    await alice.soft.event('CALL_RINGING');
    await alice.soft.command('hangup');
    await dave.soft.event('CALL_CLOSED');
    await alice.soft.event('CALL_CLOSED');
    const record = await endedCall(product, '1101', '1104');
    t.match(record, { ...UNANSWERED, call_result: 'canceled', end_cause: 'cancelled' });
  });

  await t.test('nobody has that number', async (t) => {
    await alice.soft.command('dial', `sip:1999@${alice.phone.domain}`);
    t.match((await alice.soft.event('CALL_CLOSED')).param, /^404/);
    const record = await endedCall(product, '1101', '1999');
    t.match(record, { ...UNANSWERED, call_result: 'rejected', end_cause: 'refused', sip_status: 404 });
  });

  await t.test('nobody is there', async (t) => {
    await addPhone(product, '1105');
    await alice.soft.command('dial', `sip:1105@${alice.phone.domain}`);
    t.match((await alice.soft.event('CALL_CLOSED')).param, /^480/);
    t.match(await endedCall(product, '1101', '1105'), { ...UNANSWERED, sip_status: 480 });
  });
}

const offers = (soft: Baresip): number => soft.events.filter(({ type }) => type === 'CALL_REMOTE_SDP').length;

async function waitFor(condition: () => boolean, label: string, deadlineMs = 10_000): Promise<void> {
  for (const until = Date.now() + deadlineMs; !condition();) {
    if (Date.now() > until) throw new Error(`${label}: not within ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
