import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import t from 'tap';
import { portOf, received, startLayer, tcpPeer, tcpServer } from '../../../../support/edge-sockets.js';
import { testCertificate, tlsPeer, tlsServer } from '../../../../support/edge-secure.js';

const MESSAGE = 'OPTIONS sip:a@b SIP/2.0\r\nl: 2\r\n\r\nhi';
const listeners = [{ transport: 'tls', host: '127.0.0.1', port: 0 }] as const;
const certificate = await testCertificate('edge');

t.test('messages in any portions, the flow leads back', async (t) => {
  const { layer, messages, closed } = await startLayer(t, {}, { listeners, tls: { certificate } });
  const peer = await tlsPeer(t, portOf(layer, 'tls'));
  peer.write(MESSAGE.slice(0, 10));
  peer.write(MESSAGE.slice(10));
  const { raw, flow } = await messages.next();
  t.equal(raw, MESSAGE);
  t.match(flow, { transport: 'tls', reliable: true, closed: false, remote: { address: '127.0.0.1', port: peer.localPort } });
  const answer = received(peer, (text) => text.length >= 5);
  t.equal(layer.send(flow, 'SIP/\xff'), 'sent');
  t.equal(await answer, 'SIP/\xff');
  t.equal(await layer.connect({ transport: 'tls', host: '127.0.0.1', port: peer.localPort ?? 0 }), flow, 'reused towards its peer');
  const pong = received(peer, (text) => text === '\r\n');
  peer.write('\r\n\r\n');
  await pong;
  peer.destroy();
  t.equal(await closed.next(), flow);
  t.match(layer.counters(), { connections_open: 0, connections_accepted: 1 });
});

t.test('RFC 8996: versions before 1.2 are refused', async (t) => {
  const { layer } = await startLayer(t, {}, { listeners, tls: { certificate } });
  const ciphers = 'DEFAULT:@SECLEVEL=0';
  await t.rejects(tlsPeer(t, portOf(layer, 'tls'), { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers }));
  t.equal((await tlsPeer(t, portOf(layer, 'tls'), { maxVersion: 'TLSv1.2' })).getProtocol(), 'TLSv1.2');
});

t.test('noise instead of a handshake, and silence, end the connection', async (t) => {
  const { layer } = await startLayer(t, { handshakeDeadlineMs: 40 }, { listeners, tls: { certificate } });
  const noisy = await tcpPeer(t, portOf(layer, 'tls'));
  noisy.write(MESSAGE);
  noisy.resume();
  await once(noisy, 'close');
  t.match(layer.counters(), { handshakes_failed: 1, messages_in: 0 });
  const silent = await tcpPeer(t, portOf(layer, 'tls'));
  silent.resume();
  await once(silent, 'close');
  t.match(layer.counters(), { closed_handshake_deadline: 1, connections_accepted: 0 });
});

t.test('sockets without a handshake count against their source', async (t) => {
  const { layer } = await startLayer(t, { maxConnectionsPerSource: 2 }, { listeners, tls: { certificate } });
  const first = await tcpPeer(t, portOf(layer, 'tls'));
  const secured = await tlsPeer(t, portOf(layer, 'tls'));
  const third = connect({ host: '127.0.0.1', port: portOf(layer, 'tls') });
  third.on('error', () => undefined);
  third.resume();
  await once(third, 'close');
  t.match(layer.counters(), { connections_refused_source: 1 });
  first.destroy();
  secured.destroy();
  for (;;) {
    // the edge hears of the ends a turn later
    const again = tlsConnect({ host: '127.0.0.1', port: portOf(layer, 'tls'), rejectUnauthorized: false });
    again.on('error', () => undefined);
    const taken = await Promise.race([once(again, 'secureConnect').then(() => true), once(again, 'close').then(() => false)]).catch(() => false);
    again.destroy();
    if (taken) break;
  }
  t.pass('places are free again');
});

t.test('a new certificate is shown without a restart, old connections stay', async (t) => {
  const { layer, messages } = await startLayer(t, {}, { listeners, tls: { certificate } });
  const before = await tlsPeer(t, portOf(layer, 'tls'));
  t.equal(before.getPeerCertificate().subject.CN, 'edge');
  layer.setCertificates(await testCertificate('edge renewed'));
  const after = await tlsPeer(t, portOf(layer, 'tls'));
  t.equal(after.getPeerCertificate().subject.CN, 'edge renewed');
  before.write(MESSAGE);
  t.equal((await messages.next()).raw, MESSAGE);
  const other = await testCertificate('other');
  t.throws(() => layer.setCertificates({ cert: other.cert, key: certificate.key }), { name: 'TransportFault', message: /^bad-setting: .*belong together/ });
  t.throws(() => layer.setCertificates({ cert: 'x', key: 'y' }), { name: 'TransportFault', message: /^bad-setting/ });
  t.equal((await tlsPeer(t, portOf(layer, 'tls'))).getPeerCertificate().subject.CN, 'edge renewed', 'a bad one changes nothing');
});

t.test('clients are asked for a certificate where wished, and need none', async (t) => {
  const { layer, messages } = await startLayer(t, {}, { listeners, tls: { certificate, requestClientCertificates: true } });
  const mine = await testCertificate('phone');
  for (const options of [{}, mine]) {
    const peer = await tlsPeer(t, portOf(layer, 'tls'), options);
    peer.write(MESSAGE);
    t.equal((await messages.next()).raw, MESSAGE);
  }
});

t.test('RFC 5922 §7.3: servers are checked by name', async (t) => {
  const theirs = await testCertificate('localhost', ['localhost']);
  const server = await tlsServer(t, theirs);
  const to = (host: string) => ({ transport: 'tls' as const, host, port: server.port });
  const { layer, messages } = await startLayer(t, {}, { listeners, tls: { certificate, authorities: theirs.cert } });
  const flow = await layer.connect(to('localhost'));
  const socket = await server.sockets.next();
  t.equal(Reflect.get(socket, 'servername'), 'localhost', 'SNI');
  t.equal(socket.getPeerCertificate().subject.CN, 'edge', 'shows its own certificate to who asks');
  const text = received(socket, (sofar) => sofar.length >= 5);
  t.equal(layer.send(flow, 'hello'), 'sent');
  t.equal(await text, 'hello');
  socket.write(MESSAGE);
  t.equal((await messages.next()).flow, flow);
  t.equal(await layer.connect(to('LOCALHOST')), flow, 'kept for the name');
  t.equal(await layer.connect(to(flow.remote.address)), flow, 'and for requests that name the flow');
  const strict = await startLayer(t, {}, { listeners, tls: { certificate } });
  await t.rejects(strict.layer.connect(to('localhost')), { message: /^certificate-refused:/ }, 'an authority we do not know');
  await t.rejects(strict.layer.connect(to('127.0.0.1')), { message: /^certificate-refused:/ });
  const named = await testCertificate('elsewhere.example', ['elsewhere.example']);
  const wrong = await tlsServer(t, named);
  const trusting = await startLayer(t, {}, { listeners, tls: { certificate, authorities: named.cert } });
  await t.rejects(trusting.layer.connect({ transport: 'tls', host: 'localhost', port: wrong.port }), { message: /^certificate-refused:/ }, 'a certificate of another name');
  const lax = await startLayer(t, {}, { listeners, tls: { certificate, verifyServers: false } });
  t.match(await lax.layer.connect(to('localhost')), { transport: 'tls', closed: false }, 'unless told not to');
});

t.test('what cannot be', async (t) => {
  await t.rejects(startLayer(t, {}, { listeners }), { message: /^bad-setting: TLS needs a certificate/ });
  const { layer } = await startLayer(t, { connectTimeoutMs: 60 }, { listeners, tls: { certificate } });
  const { port, server } = await tcpServer(t);
  await t.rejects(layer.connect({ transport: 'tls', host: '127.0.0.1', port }), { message: /^timeout:/ }, 'a peer that never shakes hands');
  server.close();
  await t.rejects(layer.connect({ transport: 'tls', host: '127.0.0.1', port }), { message: /^refused:/ });
  const taken = portOf(layer, 'tls');
  const spec = { transport: 'tls', host: '127.0.0.1', port: taken } as const;
  await t.rejects(startLayer(t, {}, { listeners: [spec], tls: { certificate } }), { message: /^bind-failed:/ });
  const without = await startLayer(t, {}, { listeners: [{ ...spec, ifFree: true }], tls: { certificate } });
  t.same(without.layer.listeners, [], 'left out where it is wished only if free');
});

t.test('stop ends connections and half-made ones', async (t) => {
  const { layer } = await startLayer(t, {}, { listeners, tls: { certificate } });
  const peers = [await tcpPeer(t, portOf(layer, 'tls')), await tlsPeer(t, portOf(layer, 'tls'))];
  for (const peer of peers) peer.resume();
  const ends = peers.map((peer) => once(peer, 'close'));
  await layer.stop();
  await Promise.all(ends);
  t.match(layer.counters(), { connections_open: 0 });
});
