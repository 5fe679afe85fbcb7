import t from 'tap';
import fc from 'fast-check';
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import type { Test } from 'tap';
import { bdecode, bencode, type BencodeDictionary, type BencodeValue } from '../../../../sip/media/rtpengine/bencode.js';
import { NgClient } from '../../../../sip/media/rtpengine/ng-client.js';
import { readStatistics } from '../../../../sip/media/rtpengine/ng-statistics.js';

const rows: readonly (readonly [string, BencodeValue, string])[] = [
  ['text counts bytes, not characters', 'grün', '5:grün'],
  ['whole numbers', -42, 'i-42e'],
  ['lists', ['ICE', 7], 'l3:ICEi7ee'],
  ['keys are sorted', { sdp: 'v=0', command: 'offer' }, 'd7:command5:offer3:sdp3:v=0e'],
];
for (const [name, value, text] of rows) {
  t.test(`bencode: ${name}`, async (t) => {
    t.equal(bencode(value), text);
    t.same(bdecode(Buffer.from(text)), { kind: 'value', value });
  });
}

for (const [name, text] of [
  ['cut off', 'd6:resul'], ['text shorter than said', '9:short'], ['no number', 'iabce'], ['something behind', '2:oki1e'], ['nothing', ''],
  ['a number as key', 'di1e2:oke'], ['too deep', 'l'.repeat(100) + 'e'.repeat(100)], ['an endless number', `i${'1'.repeat(1000)}e`],
] as const) t.test(`not bencode: ${name}`, async (t) => t.match(bdecode(Buffer.from(text)), { kind: 'malformed' }));

t.test('any value comes back, any bytes are read or refused', async () => {
  const { value } = fc.letrec<{ value: BencodeValue }>((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, fc.string({ unit: 'grapheme' }), fc.integer(), fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 })),
  }));
  fc.assert(fc.property(value, (one) => {
    const decoded = bdecode(Buffer.from(bencode(one)));
    return decoded.kind === 'value' && bencode(decoded.value) === bencode(one);
  }));
  fc.assert(fc.property(fc.uint8Array(), (bytes) => ['value', 'malformed'].includes(bdecode(Buffer.from(bytes)).kind)));
});

/** A control socket that answers as told: what it got so far goes in, what it sends comes out. */
async function daemon(t: Test, answers: (got: readonly string[]) => readonly string[]) {
  const got: string[] = [];
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.teardown(() => socket.close());
  socket.on('message', (packet: Buffer, { address, port }: RemoteInfo) => {
    got.push(packet.toString());
    for (const answer of answers(got)) socket.send(answer, port, address);
  });
  const client = new NgClient({ host: 'localhost', port: socket.address().port }, { sends: 3, resendMs: 20 });
  t.teardown(() => client.close());
  return { got, client };
}
const cookieOf = (packet = ''): string => packet.split(' ', 1)[0] ?? '';

t.test('a command that gets lost is sent again under the same cookie', async (t) => {
  const { got, client } = await daemon(t, (all) => (all.length < 3 ? [] : [`${cookieOf(all[0])} d6:result4:ponge`]));
  t.same(await client.ask({ command: 'ping' }), { result: 'pong' });
  t.equal(new Set(got).size, 1);
  t.match(got[0], /^[0-9a-f]{18} d7:command4:pinge$/);
});

t.test('only an answer in bencode under the cookie counts', async (t) => {
  const { client } = await daemon(t, ([first]) => ['', 'garbage', 'other d6:result4:ponge', `${cookieOf(first)} d6:resu`, `${cookieOf(first)} 4:pong`, `${cookieOf(first)} d6:result2:oke`]);
  t.same(await client.ask({ command: 'ping' }), { result: 'ok' });
});

t.test('silence ends in null, as does closing and a name nobody has', async (t) => {
  const { got, client } = await daemon(t, () => []);
  t.equal(await client.ask({ command: 'ping' }), null);
  t.equal(got.length, 3);
  const open = client.ask({ command: 'ping' });
  client.close();
  t.equal(await open, null);
  t.equal(await client.ask({ command: 'ping' }), null);
  const nowhere = new NgClient({ host: 'rtpengine.invalid', port: 2223 });
  t.equal(await nowhere.ask({ command: 'ping' }), null);
  nowhere.close();
});

t.test('what rtpengine tells at the end of a call', async (t) => {
  const stream = (ssrc: number, packets: number) => ({ 'SSRC': ssrc, 'stats': { packets, bytes: packets * 172, errors: 0 }, 'flags': ['RTP', 'filled'] });
  const party = (...streams: readonly ReturnType<typeof stream>[]) => ({ medias: [{ index: 1, type: 'audio', codec: 'PCMU/8000', streams }] });
  const figures = (loss: number, mos: number, roundTrip: number) => ({ 'MOS': mos, 'round-trip time': roundTrip, 'jitter': 10, 'packet loss': loss, 'samples': 2 });
  const answer = {
    result: 'ok', tags: { caller: party(stream(111, 90), stream(111, 8)), callee: party(stream(222, 100)) },
    SSRC: { 111: { 'MOS progression': { interval: 0, entries: [figures(3, 0, 0)] } }, 222: { 'average MOS': figures(10, 33, 62_485), 'lowest MOS': figures(25, 20, 1) } },
  };
  const sent = { codec: 'PCMU', packets: 90, lossPercent: null, maxLossPercent: null, jitterMs: null, roundTripMs: null, bitrateKbps: null, mos: null };
  t.same(readStatistics(answer), {
    caller: { sent, heard: { ...sent, codec: '', packets: null, lossPercent: 3, maxLossPercent: 3, jitterMs: 10 } },
    callee: { sent: { ...sent, packets: 100 }, heard: { ...sent, codec: '', packets: null, lossPercent: 10, maxLossPercent: 25, jitterMs: 10, roundTripMs: 62.5, mos: 3.3 } },
  });
  const rows: readonly (readonly [what: string, answer: BencodeDictionary, expected: object | null])[] = [
    ['an error', { result: 'error' }, null], ['no call', { result: 'ok', tags: {} }, null], ['no tags', { tags: 'x', SSRC: 5 }, null],
    ['no sound', { tags: { a: { medias: [{ type: 'video', streams: [{}] }] }, b: { medias: 7 }, c: [] } }, null],
    ['no streams', { tags: { a: { medias: [{ type: 'audio' }] } } }, null],
    ['nobody spoke', { tags: { a: party(stream(1, 0)) } }, { a: { sent: null, heard: null } }],
    ['figures that are none', { tags: { a: party(stream(1, -3)) }, SSRC: { 1: { 'average MOS': { 'packet loss': 300 } } } }, { a: { sent: null, heard: null } }],
  ];
  for (const [what, given, expected] of rows) t.same(readStatistics(given), expected, what);
});
