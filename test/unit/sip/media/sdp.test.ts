import t from 'tap';
import fc from 'fast-check';
import { readAudio, type AudioReading } from '../../../../sip/media/sdp/audio-line.js';
import { OwnDescription } from '../../../../sip/media/sdp/own-description.js';
import { readRelayed, rewriteSdp } from '../../../../sip/media/sdp/relayed-description.js';
import { readSdp, type SessionDescription } from '../../../../sip/media/sdp/session-description.js';

const HEAD = ['v=0', 'o=alice 2890844526 7 IN IP4 192.0.2.1', 's=-'];
const IP4 = 'c=IN IP4 192.0.2.1';
const sdp = (...lines: readonly string[]): string => [...HEAD, ...lines, ''].join('\r\n');

function read(text: string): SessionDescription {
  const reading = readSdp(text);
  if (reading.kind !== 'sdp') throw new Error(reading.reason);
  return reading.session;
}

function audioOf(text: string, family: 'IP4' | 'IP6' = 'IP4'): AudioReading {
  const reading = readSdp(text);
  return reading.kind === 'sdp' ? readAudio(reading.session, family) : reading;
}

const TE = 'telephone-event/8000';
const offers: readonly (readonly [string, string, object])[] = [
  ['PCMU without rtpmap', sdp(IP4, 't=0 0', 'm=audio 4000 RTP/AVP 0'),
    { law: 'ulaw', payloadType: 0, eventType: null, packetMs: 20, direction: 'sendrecv', rtp: { address: '192.0.2.1', port: 4000 }, rtcp: { address: '192.0.2.1', port: 4001 } }],
  ['the offerer\'s order decides', sdp(IP4, 'm=audio 4000 RTP/AVP 9 8 0'), { law: 'alaw', payloadType: 8 }],
  ['PCMA under a number of its own', sdp(IP4, 'm=audio 4000 RTP/AVP 97', 'a=rtpmap:97 pcma/8000/1'), { law: 'alaw', payloadType: 97 }],
  ...[96, 101, 126].map((type) => [`digits under ${type}`, sdp(IP4, `m=audio 4000 RTP/AVP 0 ${type}`, `a=rtpmap:${type} ${TE}`), { eventType: type }] as const),
  ['telephone-event/8000 among others', sdp(IP4, 'm=audio 4000 RTP/AVP 111 110 0 126', 'a=rtpmap:111 opus/48000/2', 'a=rtpmap:110 telephone-event/48000', `a=rtpmap:126 ${TE}`), { law: 'ulaw', eventType: 126 }],
  ['a number that is not in the m= line means nothing', sdp(IP4, 'm=audio 4000 RTP/AVP 0', `a=rtpmap:101 ${TE}`), { eventType: null }],
  ['hold by sendonly', sdp(IP4, 'm=audio 4000 RTP/AVP 0', 'a=sendonly'), { direction: 'sendonly' }],
  ['hold by inactive, said for the session', sdp(IP4, 'a=inactive', 'm=audio 4000 RTP/AVP 0'), { direction: 'inactive' }],
  ['RFC 3264 §8.4: hold by 0.0.0.0', sdp('c=IN IP4 0.0.0.0', 'm=audio 4000 RTP/AVP 0'), { direction: 'sendonly', rtp: null, rtcp: null }],
  ['RFC 3605: RTCP elsewhere', sdp(IP4, 'm=audio 4000 RTP/AVP 0', 'a=rtcp:5007 IN IP4 192.0.2.9'), { rtcp: { address: '192.0.2.9', port: 5007 } }],
  ['RFC 5761: RTCP on the same port', sdp(IP4, 'm=audio 4000 RTP/AVP 0', 'a=rtcp-mux'), { rtcpMux: true, rtcp: { address: '192.0.2.1', port: 4000 } }],
  ['ptime 40', sdp(IP4, 'm=audio 4000 RTP/AVP 0', 'a=ptime:40'), { packetMs: 40 }],
  ['ptime 30 is 20', sdp(IP4, 'm=audio 4000 RTP/AVP 0', 'a=ptime:30'), { packetMs: 20 }],
  ['ptime 200 is 60', sdp(IP4, 'm=audio 4000 RTP/AVP 0', 'a=ptime:200'), { packetMs: 60 }],
  ['maxptime limits', sdp(IP4, 'm=audio 4000 RTP/AVP 0', 'a=ptime:60', 'a=maxptime:40'), { packetMs: 40 }],
  ['maxptime 10', sdp(IP4, 'm=audio 4000 RTP/AVP 0', 'a=maxptime:10'), { packetMs: 10 }],
  ['ptime that is no number', sdp(IP4, 'm=audio 4000 RTP/AVP 0', 'a=ptime:soon'), { packetMs: 20 }],
  ['the second audio line when the first is off', sdp(IP4, 'm=audio 0 RTP/AVP 0', 'm=audio 4002 RTP/AVP 8'), { index: 1, law: 'alaw' }],
  ['plain RTP beside SRTP', sdp(IP4, 'm=audio 4000 RTP/SAVP 0', 'm=audio 4002 RTP/AVP 0'), { index: 1 }],
  ['feedback is not needed', sdp(IP4, 'm=audio 4000 RTP/AVPF 0'), { law: 'ulaw' }],
  ['RFC 8839 §4.2.5: ICE with a usable default address', sdp(IP4, 'a=ice-ufrag:x', 'm=audio 4000 RTP/AVP 0'), { law: 'ulaw' }],
  ['the line has an address of its own', sdp('m=audio 4000 RTP/AVP 0', 'c=IN IP4 192.0.2.77/127'), { rtp: { address: '192.0.2.77', port: 4000 } }],
  ['bare line feeds', sdp(IP4, 'm=audio 4000 RTP/AVP 0').replaceAll('\r\n', '\n'), { law: 'ulaw' }],
];
for (const [name, offer, audio] of offers) t.test(`taken: ${name}`, async (t) => t.match(audioOf(offer), { kind: 'audio', audio }));

const refused: readonly (readonly [string, string, object])[] = [
  ['G.729 and opus only', sdp(IP4, 'm=audio 4000 RTP/AVP 18 111', 'a=rtpmap:111 opus/48000/2'), { kind: 'no-common-codec' }],
  ['PCMU at another rate', sdp(IP4, 'm=audio 4000 RTP/AVP 97', 'a=rtpmap:97 PCMU/16000'), { kind: 'no-common-codec' }],
  ['no audio', sdp(IP4, 'm=video 4000 RTP/AVP 96'), { kind: 'no-common-codec' }],
  ['a browser', sdp('c=IN IP4 0.0.0.0', 'a=fingerprint:sha-256 00', 'm=audio 9 UDP/TLS/RTP/SAVPF 111 0'), { kind: 'needs-gateway', why: 'dtls-srtp' }],
  ['SAVPF with a fingerprint', sdp(IP4, 'm=audio 9 RTP/SAVPF 0', 'a=fingerprint:sha-256 00'), { kind: 'needs-gateway', why: 'dtls-srtp' }],
  ['SRTP with keys', sdp(IP4, 'm=audio 4000 RTP/SAVP 0', 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x'), { kind: 'needs-gateway', why: 'srtp' }],
  ['an address only ICE can find', sdp('c=IN IP4 0.0.0.0', 'm=audio 9 RTP/AVP 0', 'a=ice-ufrag:x'), { kind: 'needs-gateway', why: 'ice' }],
  ['IPv6 where we have IPv4', sdp('c=IN IP6 2001:db8::1', 'm=audio 4000 RTP/AVP 0'), { kind: 'needs-gateway', why: 'address-family' }],
  ['not an SDP', 'hello', { kind: 'malformed', reason: /line 1/ }],
  ['empty', '', { kind: 'malformed', reason: /line 1/ }],
  ['no media', sdp(IP4), { kind: 'malformed', reason: /no m= line/ }],
  ['no address', sdp('m=audio 4000 RTP/AVP 0'), { kind: 'malformed', reason: /no c= line/ }],
  ['a name for an address', sdp('c=IN IP4 phone.example.com', 'm=audio 4000 RTP/AVP 0'), { kind: 'malformed', reason: /no IP address/ }],
  ['a port that is none', sdp(IP4, 'm=audio 70000 RTP/AVP 0'), { kind: 'malformed', reason: /line 5 is no m= line/ }],
  ['a line that is none', sdp(IP4, 'm=audio 4000 RTP/AVP 0', 'hello'), { kind: 'malformed', reason: /line 6/ }],
  ['33 media lines', sdp(IP4, ...Array<string>(33).fill('m=audio 4000 RTP/AVP 0')), { kind: 'malformed', reason: /32/ }],
];
for (const [name, offer, outcome] of refused) t.test(`refused: ${name}`, async (t) => t.match(audioOf(offer), outcome));

const LOCAL = { address: '198.51.100.7', family: 'IP4', port: 20_000 } as const;

/** The answers one session gives to these offers. */
function answers(...texts: readonly string[]): readonly string[] {
  const own = new OwnDescription(LOCAL, '4711');
  return texts.map((text) => {
    const audio = audioOf(text);
    if (audio.kind !== 'audio') throw new Error(audio.kind);
    return own.answer(read(text), audio.audio);
  });
}

t.test('an answer has every line of the offer, in order, with port 0 for what is not taken (RFC 3264 §6)', async (t) => {
  const [text] = answers(sdp(IP4, 't=5 6', 'm=video 5000 RTP/AVP 96 97', 'm=audio 4000 RTP/AVP 18 8 96', `a=rtpmap:96 ${TE}`, 'a=rtcp-mux', 'm=application 5004 TCP/MSRP *'));
  t.equal(text, ['v=0', 'o=- 4711 1 IN IP4 198.51.100.7', 's=-', 'c=IN IP4 198.51.100.7', 't=5 6',
    'm=video 0 RTP/AVP 96 97',
    'm=audio 20000 RTP/AVP 8 96', 'a=rtpmap:8 PCMA/8000', `a=rtpmap:96 ${TE}`, 'a=fmtp:96 0-15', 'a=ptime:20', 'a=rtcp-mux', 'a=sendrecv',
    'm=application 0 TCP/MSRP *', ''].join('\r\n'));
});

const directions = [['sendrecv', 'sendrecv'], ['sendonly', 'recvonly'], ['recvonly', 'sendonly'], ['inactive', 'inactive']] as const;
for (const [offered, answered] of directions) {
  t.test(`RFC 3264 §6.1: ${offered} is answered ${answered}`, async (t) => {
    t.match(answers(sdp(IP4, 'm=audio 4000 RTP/AVP 0', `a=${offered}`))[0], new RegExp(`a=${answered}\r\n$`));
  });
}

t.test('the version goes up when the answer changes, and only then (RFC 3264 §8)', async (t) => {
  const talk = sdp(IP4, 'm=audio 4000 RTP/AVP 0');
  const hold = sdp(IP4, 'm=audio 4000 RTP/AVP 0', 'a=sendonly');
  t.same(answers(talk, talk, hold, hold, talk).map((text) => /o=- 4711 (\d+)/.exec(text)?.[1]), ['1', '1', '2', '2', '3']);
});

t.test('a line switched off is answered off', async (t) => {
  t.match(answers(sdp(IP4, 'm=audio 0 RTP/AVP 0'))[0], /m=audio 0 RTP\/AVP 0\r\n.*a=inactive/s);
});

t.test('our offer is one we would take', async (t) => {
  const text = new OwnDescription(LOCAL, '1').offer();
  t.match(audioOf(text), { kind: 'audio', audio: { law: 'ulaw', eventType: 101, direction: 'sendrecv', rtp: { address: '198.51.100.7', port: 20_000 } } });
});

t.test('a relay takes the place of every address', async (t) => {
  const session = read(sdp(IP4, 't=0 0', 'a=ice-lite', 'm=audio 4000/2 RTP/AVP 0', 'a=rtcp:4009', 'a=candidate:1 1 UDP 1 192.0.2.1 4000 typ host', 'a=sendrecv',
    'm=video 4002 RTP/AVP 96', 'c=IN IP4 192.0.2.2', 'm=audio 0 RTP/AVP 0'));
  const places = [20_000, 20_002, 20_004].map((port) => ({ ...LOCAL, port }));
  t.equal(rewriteSdp(session, places), ['v=0', 'o=alice 2890844526 7 IN IP4 198.51.100.7', 's=-', 'c=IN IP4 198.51.100.7', 't=0 0',
    'm=audio 20000 RTP/AVP 0', 'a=sendrecv', 'm=video 20002 RTP/AVP 96', 'c=IN IP4 198.51.100.7', 'm=audio 0 RTP/AVP 0', ''].join('\r\n'));
  t.same(readRelayed(session, 'IP4', 3), {
    kind: 'streams', streams: [
      { rtp: { address: '192.0.2.1', port: 4000 }, rtcp: { address: '192.0.2.1', port: 4009 } },
      { rtp: { address: '192.0.2.2', port: 4002 }, rtcp: { address: '192.0.2.2', port: 4003 } },
      { rtp: null, rtcp: null },
    ],
  });
});

t.test('hold by 0.0.0.0 passes a relay as it is', async (t) => {
  t.match(rewriteSdp(read(sdp('c=IN IP4 0.0.0.0', 'm=audio 4000 RTP/AVP 0')), [LOCAL]), /c=IN IP4 0\.0\.0\.0\r\nm=audio 20000 /);
});

const unrelayable: readonly (readonly [string, string, object])[] = [
  ['a browser', sdp('c=IN IP4 192.0.2.1', 'm=audio 9 UDP/TLS/RTP/SAVPF 0'), { kind: 'not-relayable', why: 'ice' }],
  ['fax over UDPTL', sdp(IP4, 'm=image 4000 udptl t38'), { kind: 'not-relayable', why: 'transport' }],
  ['more lines than streams', sdp(IP4, 'm=audio 4000 RTP/AVP 0', 'm=video 4002 RTP/AVP 96'), { kind: 'not-relayable', why: 'too-many-streams' }],
  ['another address family', sdp('c=IN IP6 2001:db8::1', 'm=audio 4000 RTP/AVP 0'), { kind: 'not-relayable', why: 'address-family' }],
  ['no address', sdp('m=audio 4000 RTP/AVP 0'), { kind: 'malformed', reason: /no c= line/ }],
];
for (const [name, text, outcome] of unrelayable) t.test(`not relayed: ${name}`, async (t) => t.match(readRelayed(read(text), 'IP4', 1), outcome));

t.test('any text is read, answered or refused', async () => {
  const line = fc.oneof(
    fc.constantFrom(...HEAD, IP4, 'c=IN IP6 ::', 't=0 0', 'm=audio 4000 RTP/AVP 0 8 101', 'm=audio 0 RTP/AVP x', 'a=rtpmap:101 telephone-event/8000', 'a=sendonly', 'a=rtcp:', 'a=ptime:-5', 'a=maxptime:0', 'a', ''),
    fc.string(),
  );
  fc.assert(fc.property(fc.array(line), (lines) => {
    const text = ['v=0', ...lines].join('\r\n');
    const reading = readSdp(text);
    if (reading.kind !== 'sdp') return true;
    const audio = readAudio(reading.session, 'IP4');
    readRelayed(reading.session, 'IP4', 8);
    rewriteSdp(reading.session, reading.session.media.map(() => LOCAL));
    return audio.kind !== 'audio' || readSdp(new OwnDescription(LOCAL, '1').answer(reading.session, audio.audio)).kind === 'sdp';
  }));
});
