import { networkInterfaces } from 'node:os';
import t from 'tap';
import { silentLog } from '../../../../../sip/edge/log.js';
import { createTransportLayer } from '../../../../../sip/edge/transport/layer.js';
import { TransportFault } from '../../../../../sip/edge/transport/transport-fault.js';
import { defaultTransportLimits } from '../../../../../sip/edge/transport/transport.js';
import { portOf, startLayer, udpPeer } from '../../../../support/edge-sockets.js';

const hasIPv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === '::1'));

t.test('a datagram becomes a message and its flow leads back', async (t) => {
  const { layer, messages } = await startLayer(t);
  const peer = await udpPeer(t);
  peer.socket.send(Buffer.from('OPTIONS \xff\0', 'latin1'), portOf(layer, 'udp'), '127.0.0.1');
  const { raw, flow } = await messages.next();
  t.equal(raw, 'OPTIONS \xff\0', 'every byte, latin1');
  t.match(flow, { transport: 'udp', reliable: false, closed: false, remote: { address: '127.0.0.1', port: peer.port } });
  t.equal(flow.local.port, portOf(layer, 'udp'));
  t.equal(layer.send(flow, 'SIP/2.0 200 \xfe'), 'sent');
  t.equal(await peer.inbox.next(), 'SIP/2.0 200 \xfe');
  t.equal(layer.send(flow, Buffer.from('again')), 'sent');
  t.equal(await peer.inbox.next(), 'again');
  t.equal(await layer.connect({ transport: 'udp', host: '127.0.0.1', port: peer.port }), flow, 'the same peer is the same flow');
});

t.test('connect by name reaches the peer from the listening port', async (t) => {
  const { layer } = await startLayer(t);
  const peer = await udpPeer(t);
  const from = new Promise<number>((resolve) => peer.socket.once('message', (_bytes, { port }) => {
    resolve(port);
  }));
  const flow = await layer.connect({ transport: 'udp', host: 'localhost', port: peer.port });
  layer.send(flow, 'hello');
  t.equal(await from, portOf(layer, 'udp'));
});

t.test('keep-alives and oversize datagrams never reach the parser', async (t) => {
  const { layer, messages } = await startLayer(t, { maxMessageBytes: 1000 });
  const peer = await udpPeer(t);
  const port = portOf(layer, 'udp');
  for (const text of ['', '\r\n', '\r\n\r\n', '\0', '\0\0\0\0', ' ', 'X'.repeat(1001)]) peer.socket.send(text, port, '127.0.0.1');
  peer.socket.send('\r\nX', port, '127.0.0.1');
  t.equal((await messages.next()).raw, '\r\nX', 'only what holds something arrives');
  t.match(layer.counters(), { datagrams_keepalive: 6, datagrams_oversize: 1, messages_in: 1 });
});

t.test('errors of sending do not escape', async (t) => {
  const { layer, messages } = await startLayer(t);
  const peer = await udpPeer(t);
  const flow = await layer.connect({ transport: 'udp', host: '127.0.0.1', port: peer.port });
  t.equal(layer.send(flow, 'X'.repeat(70_000)), 'sent', 'EMSGSIZE comes later');
  const refused = await layer.connect({ transport: 'udp', host: '127.0.0.1', port: 1 });
  layer.send(refused, 'nobody there');
  peer.socket.send('still alive', portOf(layer, 'udp'), '127.0.0.1');
  t.equal((await messages.next()).raw, 'still alive');
  t.ok((layer.counters()['udp_send_errors'] ?? 0) >= 1);
});

t.test('a fault of the message handler stays with its message', async (t) => {
  const { layer } = await startLayer(t);
  const peer = await udpPeer(t);
  const second = new Promise<void>((resolve) => {
    layer.onMessage = (raw) => {
      if (raw === 'second') resolve();
      throw new Error('a bug');
    };
  });
  peer.socket.send('first', portOf(layer, 'udp'), '127.0.0.1');
  peer.socket.send('second', portOf(layer, 'udp'), '127.0.0.1');
  await second;
  t.pass('the socket goes on');
});

t.test('IPv6', { skip: hasIPv6 ? false : 'no ::1 on this machine' }, async (t) => {
  const { layer, messages } = await startLayer(t, {}, { listeners: [{ transport: 'udp', host: '::1', port: 0 }] });
  const peer = await udpPeer(t, '::1');
  peer.socket.send('six', portOf(layer, 'udp'), '::1');
  const { flow } = await messages.next();
  t.equal(flow.remote.address, '::1');
  t.same(flow.listener.advertised('::1'), { host: '[::1]', port: portOf(layer, 'udp') });
  t.equal(await layer.connect({ transport: 'udp', host: '[::1]', port: peer.port }), flow, 'a reference with brackets');
  layer.send(flow, 'back');
  t.equal(await peer.inbox.next(), 'back');
  await t.rejects(layer.connect({ transport: 'udp', host: '127.0.0.1', port: 5060 }), { message: /^no-such-transport:/ });
});

t.test('targets that cannot be', async (t) => {
  const { layer } = await startLayer(t);
  await t.rejects(layer.connect({ transport: 'tls', host: '127.0.0.1', port: 5061 }), { message: /^no-such-transport:/ });
  await t.rejects(layer.connect({ transport: 'udp', host: 'nobody.invalid', port: 5060 }), { message: /^unresolved:/ });
  await t.rejects(layer.connect({ transport: 'udp', host: '127.0.0.1', port: 0 }), { message: /^unreachable:/ });
  await t.rejects(layer.connect({ transport: 'udp', host: '127.0.0.1', port: 70_000 }), { message: /^unreachable:/ });
});

t.test('after stop nothing is sent', async (t) => {
  const { layer } = await startLayer(t);
  const flow = await layer.connect({ transport: 'udp', host: '127.0.0.1', port: 9 });
  await layer.stop();
  await layer.stop();
  t.equal(layer.send(flow, 'x'), 'closed');
  t.equal(flow.closed, true);
  await t.rejects(layer.connect({ transport: 'udp', host: '127.0.0.1', port: 9 }), { message: /^stopped:/ });
});

t.test('a taken port is a typed fault and leaves nothing open', async (t) => {
  const { layer } = await startLayer(t);
  for (const transport of ['udp', 'tcp'] as const) {
    const port = portOf(layer, transport);
    await t.rejects(
      createTransportLayer({
        listeners: [{ transport, host: '127.0.0.1', port }], localNetworks: [], limits: defaultTransportLimits, log: silentLog,
      }),
      { message: new RegExp(`${transport} 127.0.0.1:${port}`) },
    );
  }
  await t.rejects(
    createTransportLayer({
      listeners: [{ transport: 'wss', host: '127.0.0.1', port: 0 }], localNetworks: [], limits: defaultTransportLimits, log: silentLog,
    }),
    TransportFault,
  );
});
