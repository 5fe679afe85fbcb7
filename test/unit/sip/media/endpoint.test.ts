import t, { type Test } from 'tap';
import fc from 'fast-check';
import { Endpoint } from '../../../../sip/media/endpoint/endpoint.js';
import { PortPairs } from '../../../../sip/media/rtp/port-pair.js';
import { readAudio } from '../../../../sip/media/sdp/audio-line.js';
import { readSdp } from '../../../../sip/media/sdp/session-description.js';
import { RtpPhone } from '../../../support/rtp-phone.js';

/** An endpoint on real ports whose clock and frames are moved by hand. */
async function moved(t: Test, inactivityMs: number) {
  const phone = await RtpPhone.open();
  const ports = await new PortPairs({ min: 20_000, max: 32_000 }).open('127.0.0.1');
  if (ports === null) throw new Error('no ports');
  const state = { now: 0, inactive: 0, digits: '' };
  const endpoint = new Endpoint(ports, { peer: '127.0.0.1', latch: 'first-valid', inactivityMs }, {
    played: () => undefined,
    collected: (_id, { digits }) => { state.digits += digits; },
    inactive: () => { state.inactive += 1; },
  }, () => state.now);
  const say = (sdp: string): void => {
    const reading = readSdp(sdp);
    const audio = reading.kind === 'sdp' ? readAudio(reading.session, 'IP4') : reading;
    if (audio.kind === 'audio') endpoint.negotiate(audio.audio);
  };
  say(phone.sdp());
  t.teardown(() => {
    endpoint.close();
    phone.close();
  });
  const pass = (ms: number): void => {
    for (const end = state.now + ms; state.now < end; state.now += 20) endpoint.frame(state.now, 0);
  };
  return { phone, port: ports.port, endpoint, state, say, pass };
}

t.test('time on hold is no inactivity, time after it is', async (t) => {
  const { phone, state, say, pass } = await moved(t, 30_000);
  pass(29_000);
  for (const held of ['a=inactive', 'a=recvonly']) {
    say(phone.sdp(held));
    pass(120_000);
    t.equal(state.inactive, 0, held);
  }
  say(phone.sdp());
  pass(29_000);
  t.equal(state.inactive, 0);
  pass(120_000);
  t.equal(state.inactive, 1, 'told once');
});

t.test('a phone that plays music on hold and falls silent is inactive', async (t) => {
  const { phone, state, say, pass } = await moved(t, 30_000);
  say(phone.sdp('a=sendonly'));
  pass(30_100);
  t.equal(state.inactive, 1);
});

t.test('0 is never', async (t) => {
  const { state, pass } = await moved(t, 0);
  pass(600_000);
  t.equal(state.inactive, 0);
});

t.test('RFC 3550 §6.2: a report each five seconds, from half to one and a half of it', async (t) => {
  const { phone, pass } = await moved(t, 0);
  pass(60_000);
  const least = 60 / 7.5;
  await phone.until(() => phone.reports.length >= least);
  t.ok(phone.reports.length <= 60 / 2.5, `${phone.reports.length} in a minute`);
  t.ok(phone.reports.every((report) => report[1] === 200), 'sender reports while sound is sent');
});

t.test('whatever comes in, the call goes on', async (t) => {
  const { phone, port, endpoint, state, pass } = await moved(t, 0);
  phone.say(port);
  const noise = fc.sample(fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    // begins like RTP or RTCP
    fc.tuple(fc.constantFrom(0x80, 0x90, 0xa0, 0x8f, 0xbf), fc.constantFrom(0, 101, 200, 201, 0xe5), fc.uint8Array({ maxLength: 40 }))
      .map(([first, second, rest]) => Uint8Array.from([first, second, ...rest])),
  ), 500);
  for (const bytes of noise) {
    phone.rtp.send(bytes, port, '127.0.0.1');
    phone.rtcp.send(bytes, port + 1, '127.0.0.1');
  }
  endpoint.collect(1, { min: 1, max: 1, terminator: null, firstDigitMs: 1e9, interDigitMs: 1e9, sensitive: false });
  for (; state.digits === ''; await new Promise(setImmediate)) phone.press(port, '6');
  const before = phone.heard.length;
  pass(200);
  await phone.until(() => phone.heard.length >= before + 10);
  t.pass('digits are heard and sound is sent');
});
