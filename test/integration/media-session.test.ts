import t from 'tap';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { PIN, inMediaCall, isSilent, mediaBed, toneAudio } from '../support/media-bed.js';
import { RtpPhone, mediaPort } from '../support/rtp-phone.js';

t.test('packets go to where the first valid one came from; nobody else is heard', async (t) => {
  const { phone, endpoint, port } = await inMediaCall(t);
  const stranger = createSocket('udp4').bind(0, '127.0.0.1');
  await once(stranger, 'listening');
  t.teardown(() => stranger.close());
  phone.rtp.send(Buffer.from('garbage'), port, '127.0.0.1');
  phone.say(port, { payloadType: 34, from: stranger });
  t.match((await endpoint.stats())?.remote, { port: phone.port, latched: false }, 'what nobody negotiated does not latch');
  const elsewhere = once(stranger, 'message');
  phone.say(port, { from: stranger });
  await elsewhere;
  t.match((await endpoint.stats())?.remote, { port: stranger.address().port, latched: true });
  phone.press(port, '5');
  phone.press(port, '6');
  while (((await endpoint.stats())?.packetsDropped ?? 0) < 14) await new Promise(setImmediate);
  const back = await endpoint.update(phone.sdp());
  t.equal(back.kind, 'updated', 'a re-INVITE lets the phone in again');
  phone.press(port, '7');
  t.same(await endpoint.collect({ ...PIN, max: 1 }), { digits: '7', reason: 'max' });
  t.match(await endpoint.stats(), { remote: { port: phone.port, latched: true } });
  t.equal((await endpoint.stats())?.packetsDropped, 14, 'garbage, the wrong type, and the digits from another source');
});

t.test('known-address: another address than the SDP\'s is never latched to', async (t) => {
  const { phone, endpoint, port } = await inMediaCall(t, { options: { latch: 'known-address' } });
  const stranger = createSocket('udp4').bind(0, '127.0.0.2');
  await once(stranger, 'listening');
  t.teardown(() => stranger.close());
  phone.say(port, { from: stranger });
  phone.press(port, '3');
  t.same(await endpoint.collect({ ...PIN, max: 1 }), { digits: '3', reason: 'max' });
  t.match((await endpoint.stats())?.remote, { address: '127.0.0.1', port: phone.port });
});

t.test('on hold nothing is sent, after it the stream goes on', async (t) => {
  const { phone, endpoint } = await inMediaCall(t);
  await phone.until(() => phone.heard.length > 2);
  const held = await endpoint.update(phone.sdp('a=sendonly'));
  t.match(held, { kind: 'updated', held: true });
  t.match(held.kind === 'updated' ? held.sdp : '', /o=- \d+ 2 [\s\S]*a=recvonly/);
  const sent = (await endpoint.stats())?.packetsSent;
  t.equal(await endpoint.play([{ audio: toneAudio(100) }], { bargeIn: false }).done, 'completed', 'time goes on');
  t.equal((await endpoint.stats())?.packetsSent, sent, 'nothing was sent');
  const before = phone.heard.length;
  t.match(await endpoint.update(phone.sdp()), { kind: 'updated', held: false });
  await phone.until(() => phone.heard.length > before + 2);
  const [last, next] = [phone.heard[before - 1]?.header, phone.heard[before]?.header];
  t.equal(next?.marker, true, 'RFC 3551 §4.1: marker after a pause');
  t.equal(((next?.sequence ?? 0) - (last?.sequence ?? 0)) & 0xffff, 1, 'no packet is missing');
  t.ok(((next?.timestamp ?? 0) - (last?.timestamp ?? 0)) >>> 0 >= 800, 'the time on hold has passed');
});

t.test('a refused offer changes nothing', async (t) => {
  const { phone, endpoint } = await inMediaCall(t);
  t.match(await endpoint.update(phone.sdp().replace('RTP/AVP 0 8 101', 'RTP/AVP 18')), { kind: 'no-common-codec' });
  const before = phone.heard.length;
  await phone.until(() => phone.heard.length > before + 3);
});

t.test('the law changes in the middle of a prompt', async (t) => {
  const { phone, endpoint } = await inMediaCall(t);
  const play = endpoint.play([{ audio: toneAudio(60_000) }], { bargeIn: false });
  await phone.until(() => phone.heard.some(({ payload }) => !isSilent(payload)));
  const before = phone.heard.length;
  await endpoint.update(phone.sdp().replace('AVP 0 8 101', 'AVP 8 101'));
  await phone.until(() => phone.heard.slice(before).some(({ header }) => header.payloadType === 8));
  play.stop();
  t.equal(await play.done, 'stopped');
});

t.test('no RTP for the time set is told, once, until RTP comes again', async (t) => {
  const { phone, endpoint, port } = await inMediaCall(t, { options: { inactivityMs: 60 } });
  const told = (): Promise<void> => new Promise((resolve) => endpoint.on('inactive', resolve));
  await told();
  const again = told();
  phone.say(port);
  await again;
});

t.test('digits are sent as events', async (t) => {
  const { phone, endpoint } = await inMediaCall(t);
  endpoint.sendDigit('5', 100);
  endpoint.sendDigit('#', 40);
  const events = () => phone.heard.filter(({ header }) => header.payloadType === 101);
  await phone.until(() => events().filter(({ payload }) => payload[0] === 11 && (payload[1] ?? 0) >= 0x80).length === 3);
  t.same(events().map(({ payload }) => payload[0]), [...Array<number>(7).fill(5), ...Array<number>(4).fill(11)]);
});

t.test('a phone without SDP gets an offer and is heard after its answer', async (t) => {
  const bed = mediaBed();
  const phone = await RtpPhone.open();
  t.teardown(() => {
    bed.stop();
    phone.close();
  });
  const offered = await bed.media.offer({ peer: '127.0.0.1' });
  if (offered.kind !== 'offered') return t.fail(offered.kind);
  t.match(offered.sdp, /m=audio \d+ RTP\/AVP 0 8 101\r\n/);
  t.match(await offered.accept('v=0'), { kind: 'malformed-answer' });
  t.match(await offered.accept(phone.sdp().replace(/m=audio \d+/, 'm=audio 0')), { kind: 'no-common-codec' });
  t.same(await offered.accept(phone.sdp().replace('0 8 101', '8 97').replace('rtpmap:101', 'rtpmap:97')), { kind: 'accepted' });
  await phone.until(() => phone.heard.length > 2);
  t.equal(phone.heard[0]?.header.payloadType, 8);
  phone.press(mediaPort(offered.sdp), '1', 101);
  t.same(await offered.endpoint.collect({ ...PIN, max: 1 }), { digits: '1', reason: 'max' }, 'our own number for digits, RFC 3264 §6.1');
});

t.test('RTCP: a report with what was heard, and BYE at the end', async (t) => {
  const { phone, endpoint, port } = await inMediaCall(t);
  phone.say(port);
  await phone.until(() => phone.heard.length > 2);
  endpoint.close();
  await phone.until(() => phone.reports.length > 0);
  const report = phone.reports[0] ?? Buffer.alloc(0);
  t.same([report[0], report[1], report.at(-7)], [0x81, 200, 203]);
  t.equal(report.readUInt32BE(4), phone.heard[0]?.header.ssrc);
});

t.test('RFC 5761: RTCP on the port of RTP where the phone offers that', async (t) => {
  const { phone, endpoint, port, sdp } = await inMediaCall(t, { sdp: ['a=rtcp-mux'] });
  t.match(sdp, /a=rtcp-mux/);
  phone.rtcp.removeAllListeners('message');
  phone.rtp.send(Buffer.from([0x80, 201, 0, 1, 1, 2, 3, 4]), port, '127.0.0.1');
  phone.say(port);
  while (((await endpoint.stats())?.packetsReceived ?? 0) < 1) await new Promise(setImmediate);
  t.equal((await endpoint.stats())?.packetsDropped, 0, 'reports are not taken for sound');
  endpoint.close();
  await phone.until(() => phone.reports.length > 0);
});

t.test('IPv6', async (t) => {
  const bed = mediaBed();
  t.teardown(() => bed.stop());
  const socket = createSocket('udp6').bind(0, '::1');
  t.teardown(() => socket.close());
  await once(socket, 'listening');
  const offer = `v=0\r\no=- 1 1 IN IP6 ::1\r\ns=-\r\nc=IN IP6 ::1\r\nt=0 0\r\nm=audio ${socket.address().port} RTP/AVP 0\r\n`;
  const outcome = await bed.media.answer(offer, { peer: '::1' });
  t.match(outcome, { kind: 'endpoint', sdp: /c=IN IP6 ::1\r\n/ });
  await once(socket, 'message');
  t.match(await bed.media.answer(offer, { peer: '127.0.0.1' }), { kind: 'needs-gateway', why: 'address-family' });
});

t.test('ports: each call its own pair, none left is told, closed ones come back', async (t) => {
  const first = await RtpPhone.open();
  t.teardown(() => first.close());
  // The first pair of the range is held by the phone itself, two more are free.
  const bed = mediaBed({ min: first.port, max: first.port + 5 });
  t.teardown(() => bed.stop());
  const opened = [];
  for (let outcome = await bed.media.answer(first.sdp(), { peer: '127.0.0.1' }); outcome.kind === 'endpoint'; outcome = await bed.media.answer(first.sdp(), { peer: '127.0.0.1' })) {
    opened.push(outcome);
  }
  const ports = opened.map(({ sdp }) => mediaPort(sdp));
  t.ok(ports.length >= 1 && ports.length <= 2, 'others may hold some');
  t.notOk(ports.includes(first.port), 'a taken pair is passed over');
  t.equal(new Set(ports).size, ports.length);
  opened[0]?.endpoint.close();
  await t.resolves((async () => {
    while ((await bed.media.answer(first.sdp(), { peer: '127.0.0.1' })).kind !== 'endpoint') await new Promise(setImmediate);
  })());
});

t.test('offers that get no endpoint take no port', async (t) => {
  const { bed, phone } = await inMediaCall(t);
  t.match(await bed.media.answer(phone.sdp().replace('RTP/AVP', 'RTP/SAVP'), { peer: '127.0.0.1' }), { kind: 'needs-gateway', why: 'srtp' });
  t.match(await bed.media.answer(phone.sdp().replace(/m=audio \d+/, 'm=audio 0'), { peer: '127.0.0.1' }), { kind: 'no-common-codec' }, 'switched off');
  t.match(await bed.media.answer('', { peer: '127.0.0.1' }), { kind: 'malformed-offer' });
  t.match(await bed.media.metrics(), { endpoints: 1, port_pairs_held: 1 });
});

t.test('a dead thread answers everything', async (t) => {
  const { bed, phone, endpoint } = await inMediaCall(t);
  const play = endpoint.play([{ audio: toneAudio(60_000) }], { bargeIn: false });
  const collected = endpoint.collect(PIN);
  const closed = new Promise<void>((resolve) => endpoint.on('closed', resolve));
  bed.die();
  t.equal(await play.done, 'closed');
  t.same(await collected, { digits: '', reason: 'closed' });
  await closed;
  t.equal((await bed.media.answer(phone.sdp(), { peer: '127.0.0.1' })).kind, 'media-down');
  t.equal((await bed.media.offer({ peer: '127.0.0.1' })).kind, 'media-down');
});
