import { once } from 'node:events';
import t from 'tap';
import type { ClientOptions } from 'ws';
import { judgeUpgrade } from '../../../../../sip/edge/transport/ws-upgrade.js';
import { portOf, received, startLayer, tcpPeer } from '../../../../support/edge-sockets.js';
import { testCertificate, tlsPeer, wsPeer } from '../../../../support/edge-secure.js';

const MESSAGE = 'OPTIONS sip:a@b SIP/2.0\r\nl: 2\r\n\r\nhi';
const certificate = await testCertificate('edge');
const base = { listeners: [{ transport: 'ws', host: '127.0.0.1', port: 0 }, { transport: 'wss', host: '127.0.0.1', port: 0 }], tls: { certificate } } as const;

for (const transport of ['ws', 'wss'] as const) {
  t.test(`${transport}: one message a frame, text and binary, the flow leads back`, async (t) => {
    const { layer, messages, closed } = await startLayer(t, {}, base);
    const peer = await wsPeer(t, `${transport}://127.0.0.1:${portOf(layer, transport)}`);
    t.equal(peer.socket.protocol, 'sip');
    peer.socket.send(MESSAGE);
    const { raw, flow } = await messages.next();
    t.equal(raw, MESSAGE);
    t.match(flow, { transport, reliable: true, closed: false, remote: { address: '127.0.0.1', port: Number } });
    t.equal(flow.listener.transport, transport);
    peer.socket.send(Buffer.from(`${MESSAGE}\xff`, 'latin1'));
    t.equal((await messages.next()).raw, `${MESSAGE}\xff`, 'binary, every byte');
    peer.socket.send('é');
    t.equal((await messages.next()).raw, 'Ã©', 'text is its UTF-8 bytes');
    t.equal(layer.send(flow, 'SIP/2.0 200 OK'), 'sent');
    t.same(await peer.inbox.next(), { text: 'SIP/2.0 200 OK', binary: false });
    layer.send(flow, 'SIP/2.0 200 \xff');
    t.same(await peer.inbox.next(), { text: 'SIP/2.0 200 \xff', binary: true }, 'what is no UTF-8 goes as binary');
    t.equal(await layer.connect({ transport, host: '127.0.0.1', port: flow.remote.port }), flow);
    t.equal(await layer.connect({ transport: transport === 'ws' ? 'wss' : 'ws', host: '127.0.0.1', port: flow.remote.port }), flow, 'by either name');
    peer.socket.close();
    t.equal(await closed.next(), flow);
    t.equal(layer.send(flow, 'x'), 'closed');
    await t.rejects(layer.connect({ transport, host: '127.0.0.1', port: flow.remote.port }), { message: /^flow-gone:/ }, 'nothing can be opened to it');
    await t.rejects(layer.connect({ transport, host: 'abc.invalid', port: 80 }), { message: /^flow-gone:/ });
    t.match(layer.counters(), { connections_open: 0, connections_accepted: 1 });
  });
}

t.test('CRLF and CRLFCRLF frames are answered by a CRLF frame', async (t) => {
  const { layer, messages } = await startLayer(t, {}, base);
  const { socket, inbox } = await wsPeer(t, `ws://127.0.0.1:${portOf(layer, 'ws')}`);
  for (const frame of ['\r\n', '\r\n\r\n', Buffer.from('\r\n\r\n')]) {
    socket.send(frame);
    t.same(await inbox.next(), { text: '\r\n', binary: false });
  }
  t.equal(messages.size, 0);
});

t.test('RFC 7118 §4.1: the subprotocol and the origin, before the upgrade', (t) => {
  const rows: readonly (readonly [rule: string, headers: Parameters<typeof judgeUpgrade>[0], origins: readonly string[] | undefined, status: number | 'upgrade'])[] = [
    ['sip among several', { 'sec-websocket-protocol': 'chat, sip' }, undefined, 'upgrade'],
    ['none', {}, undefined, 400],
    ['another', { 'sec-websocket-protocol': 'sipx' }, undefined, 400],
    ['a page of the same host, on another port', { 'sec-websocket-protocol': 'sip', 'origin': 'https://pbx.example:8443', 'host': 'PBX.example:7443' }, undefined, 'upgrade'],
    ['a page of another host', { 'sec-websocket-protocol': 'sip', 'origin': 'https://evil.example', 'host': 'pbx.example' }, undefined, 403],
    ['a page without an origin of its own', { 'sec-websocket-protocol': 'sip', 'origin': 'null', 'host': 'pbx.example' }, undefined, 403],
    ['an origin that is no URL, no host', { 'sec-websocket-protocol': 'sip', 'origin': 'x' }, undefined, 403],
    ['an allowed page', { 'sec-websocket-protocol': 'sip', 'origin': 'https://phone.example' }, ['https://Phone.example/'], 'upgrade'],
    ['an allowed host on another port', { 'sec-websocket-protocol': 'sip', 'origin': 'https://phone.example:444' }, ['https://phone.example'], 403],
    ['a page of the same host that is not in the list', { 'sec-websocket-protocol': 'sip', 'origin': 'https://pbx.example', 'host': 'pbx.example' }, [], 403],
    ['any page', { 'sec-websocket-protocol': 'sip', 'origin': 'https://evil.example' }, ['*'], 'upgrade'],
    ['no browser', { 'sec-websocket-protocol': 'sip' }, [], 'upgrade'],
  ];
  for (const [rule, headers, origins, status] of rows) {
    const verdict = judgeUpgrade(headers, origins);
    t.equal(verdict.kind === 'refused' ? verdict.status : verdict.kind, status, rule);
  }
  t.end();
});

t.test('refused upgrades get their status', async (t) => {
  const { layer } = await startLayer(t, {}, { ...base, wsOrigins: ['https://phone.example'] });
  const url = `ws://127.0.0.1:${portOf(layer, 'ws')}`;
  const rows: readonly (readonly [rule: string, options: ClientOptions, protocol: string | null, status: number])[] = [
    ['no subprotocol', {}, null, 400], ['another subprotocol', {}, 'msrp', 400], ['a foreign page', { origin: 'https://evil.example' }, 'sip', 403],
  ];
  for (const [rule, options, protocol, status] of rows) {
    await t.rejects(wsPeer(t, url, options, protocol), { message: `Unexpected server response: ${status}` }, rule);
  }
  const old = await tcpPeer(t, portOf(layer, 'ws'));
  const answer = received(old, (text) => text.includes('\r\n\r\n'));
  old.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
    + 'Sec-WebSocket-Version: 7\r\nSec-WebSocket-Protocol: sip\r\n\r\n');
  t.match(await answer, /^HTTP\/1.1 400 /, 'a version nobody speaks');
  t.ok(await wsPeer(t, url, { origin: 'https://phone.example' }));
  const plain = await fetch(url.replace('ws:', 'http:'));
  t.equal(plain.status, 426, 'no upgrade at all');
  t.match(layer.counters(), { upgrades_refused: rows.length + 2, connections_accepted: 1 });
});

t.test('noise and half a request end by status or deadline', async (t) => {
  const { layer } = await startLayer(t, { handshakeDeadlineMs: 60 }, base);
  const noisy = await tcpPeer(t, portOf(layer, 'ws'));
  const answer = received(noisy, (text) => text.includes('\r\n\r\n'));
  noisy.write('REGISTER sip:x SIP/2.0\r\nVia: SIP/2.0/TCP x\r\n\r\n');
  t.match(await answer, /^HTTP\/1.1 400 /);
  for (const open of [() => tcpPeer(t, portOf(layer, 'ws')), () => tlsPeer(t, portOf(layer, 'wss'))]) {
    const slow = await open();
    slow.write('GET / HTTP/1.1\r\nHost: x\r\n');
    slow.resume();
    await once(slow, 'close');
  }
  t.match(layer.counters(), { closed_handshake_deadline: 2 });
});

t.test('limits: too large, unfinished, unused, silent, not reading, too many', async (t) => {
  await t.test('a message above the limit, in one frame or several', async (t) => {
    const { layer, messages, closed } = await startLayer(t, { maxMessageBytes: 1000 }, base);
    const whole = await wsPeer(t, `ws://127.0.0.1:${portOf(layer, 'ws')}`);
    whole.socket.send('X'.repeat(1001));
    t.equal(await whole.closed, 1009);
    await closed.next();
    const parts = await wsPeer(t, `ws://127.0.0.1:${portOf(layer, 'ws')}`);
    parts.socket.send('X'.repeat(600), { fin: false });
    parts.socket.send('X'.repeat(600), { fin: true });
    t.equal(await parts.closed, 1009);
    t.equal(messages.size, 0);
    t.match(layer.counters(), { closed_framing: 2 });
  });
  await t.test('text that is no UTF-8', async (t) => {
    const { layer, messages } = await startLayer(t, {}, base);
    const peer = await wsPeer(t, `ws://127.0.0.1:${portOf(layer, 'ws')}`);
    peer.socket.send(Buffer.from('\xff\xff', 'latin1'), { binary: false });
    t.equal(await peer.closed, 1007);
    t.equal(messages.size, 0);
  });
  await t.test('a frame that does not end', async (t) => {
    const { layer, messages, closed } = await startLayer(t, { messageDeadlineMs: 40 }, base);
    const peer = await wsPeer(t, `ws://127.0.0.1:${portOf(layer, 'ws')}`);
    peer.socket.send(MESSAGE);
    await messages.next();
    peer.socket.send('half', { fin: false });
    await closed.next();
    t.match(layer.counters(), { closed_message_deadline: 1 });
  });
  await t.test('one that never says anything in SIP', async (t) => {
    const { layer, closed } = await startLayer(t, { unusedIdleMs: 40 }, base);
    const peer = await wsPeer(t, `ws://127.0.0.1:${portOf(layer, 'ws')}`);
    peer.socket.send('\r\n\r\n');
    await closed.next();
    t.match(layer.counters(), { closed_unused: 1 });
  });
  await t.test('a silent one is pinged, and closed when it does not answer', async (t) => {
    const { layer, messages, closed } = await startLayer(t, { wsPingMs: 40, messageDeadlineMs: 60 }, base);
    const alive = await wsPeer(t, `ws://127.0.0.1:${portOf(layer, 'ws')}`);
    const dead = await wsPeer(t, `ws://127.0.0.1:${portOf(layer, 'ws')}`, { autoPong: false });
    alive.socket.send(MESSAGE);
    await messages.next();
    dead.socket.send(MESSAGE);
    const { flow } = await messages.next();
    const pinged = once(alive.socket, 'ping');
    t.equal(await closed.next(), flow);
    await pinged;
    t.equal(alive.socket.readyState, alive.socket.OPEN);
    t.match(layer.counters(), { closed_silent: 1 });
  });
  await t.test('one that does not read', async (t) => {
    const { layer, messages } = await startLayer(t, { maxWriteBufferBytes: 100_000 }, base);
    const peer = await wsPeer(t, `ws://127.0.0.1:${portOf(layer, 'ws')}`);
    peer.socket.send(MESSAGE);
    const { flow } = await messages.next();
    peer.socket.pause();
    let sent = 0;
    while (layer.send(flow, 'X'.repeat(60_000)) === 'sent') {
      sent += 1;
      if (sent > 2_000) break;
    }
    t.ok(sent < 2_000);
    t.match(layer.counters(), { closed_write_buffer: 1 });
  });
  await t.test('too many of one source', async (t) => {
    const { layer } = await startLayer(t, { maxConnectionsPerSource: 2 }, base);
    const url = `wss://127.0.0.1:${portOf(layer, 'wss')}`;
    await wsPeer(t, url);
    await wsPeer(t, url);
    await t.rejects(wsPeer(t, url));
    t.match(layer.counters(), { connections_refused_source: 1, connections_open: 2 });
  });
});

t.test('stop ends all', async (t) => {
  const { layer } = await startLayer(t, {}, base);
  const [plain, secure] = [await wsPeer(t, `ws://127.0.0.1:${portOf(layer, 'ws')}`), await wsPeer(t, `wss://127.0.0.1:${portOf(layer, 'wss')}`)];
  await layer.stop();
  await Promise.all([plain.closed, secure.closed]);
  t.match(layer.counters(), { connections_open: 0 });
});
