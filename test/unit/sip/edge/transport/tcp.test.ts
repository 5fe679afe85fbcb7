import { once } from 'node:events';
import t from 'tap';
import { portOf, received, startLayer, tcpPeer, tcpServer } from '../../../../support/edge-sockets.js';

const MESSAGE = 'OPTIONS sip:a@b SIP/2.0\r\nl: 2\r\n\r\nhi';

t.test('messages in any portions, the flow leads back', async (t) => {
  const { layer, messages, closed } = await startLayer(t);
  const peer = await tcpPeer(t, portOf(layer, 'tcp'));
  peer.write(MESSAGE + MESSAGE.slice(0, 10));
  const first = await messages.next();
  t.equal(first.raw, MESSAGE);
  t.match(first.flow, { transport: 'tcp', reliable: true, closed: false, remote: { address: '127.0.0.1', port: peer.localPort } });
  t.equal(first.flow.local.port, portOf(layer, 'tcp'));
  peer.write(MESSAGE.slice(10));
  const second = await messages.next();
  t.equal(second.flow, first.flow);
  const answer = received(peer, (text) => text.length >= 5);
  t.equal(layer.send(first.flow, 'SIP/\xff'), 'sent');
  t.equal(await answer, 'SIP/\xff');
  peer.destroy();
  t.equal(await closed.next(), first.flow);
  t.equal(first.flow.closed, true);
  t.equal(layer.send(first.flow, 'x'), 'closed');
  t.match(layer.counters(), { connections_open: 0, connections_accepted: 1 });
});

t.test('RFC 5626 §4.4.1: double CRLF is answered by CRLF', async (t) => {
  const { layer } = await startLayer(t);
  const peer = await tcpPeer(t, portOf(layer, 'tcp'));
  const pong = received(peer, (text) => text.length >= 2);
  peer.write('\r\n\r\n');
  t.equal(await pong, '\r\n');
});

t.test('an inbound connection is reused towards its peer', async (t) => {
  const { layer, messages } = await startLayer(t);
  const peer = await tcpPeer(t, portOf(layer, 'tcp'));
  peer.write(MESSAGE);
  const { flow } = await messages.next();
  t.equal(await layer.connect({ transport: 'tcp', host: '127.0.0.1', port: peer.localPort ?? 0 }), flow);
});

t.test('an outbound connection is opened once and carries both directions', async (t) => {
  const { layer, messages } = await startLayer(t);
  const target = await tcpServer(t);
  const [flow, same] = await Promise.all([
    layer.connect({ transport: 'tcp', host: '127.0.0.1', port: target.port }),
    layer.connect({ transport: 'tcp', host: '127.0.0.1', port: target.port }),
  ]);
  t.equal(flow, same, 'two at once share one');
  const socket = await target.sockets.next();
  const text = received(socket, (sofar) => sofar.length >= 5);
  layer.send(flow, 'hello');
  t.equal(await text, 'hello');
  socket.write(MESSAGE);
  t.equal((await messages.next()).flow, flow);
  t.equal(target.sockets.size, 0, 'no second connection');
  socket.destroy();
  await new Promise<void>((resolve) => {
    layer.onFlowClosed = () => {
      resolve();
    };
  });
  const anew = await layer.connect({ transport: 'tcp', host: '127.0.0.1', port: target.port });
  t.not(anew, flow, 'a closed one is not used again');
});

t.test('nobody there', async (t) => {
  const { layer } = await startLayer(t);
  const target = await tcpServer(t);
  target.server.close();
  await once(target.server, 'close');
  await t.rejects(layer.connect({ transport: 'tcp', host: '127.0.0.1', port: target.port }), { name: 'TransportFault', message: /^refused:/ });
  t.match(layer.counters(), { connect_failures: 1, connections_open: 0 });
});

t.test('a broken Content-Length: the message for its 400, the answer, the end', async (t) => {
  const { layer, closed } = await startLayer(t);
  layer.onMessage = (_raw, flow) => {
    layer.send(flow, 'SIP/2.0 400');
  };
  const peer = await tcpPeer(t, portOf(layer, 'tcp'));
  const answer = received(peer, (text) => text.endsWith('400'));
  const end = once(peer, 'end');
  peer.write('OPTIONS sip:a@b SIP/2.0\r\nl: -1\r\n\r\n');
  t.equal(await answer, 'SIP/2.0 400');
  await end;
  await closed.next();
  t.match(layer.counters(), { closed_framing: 1 });
});

t.test('noise closes the connection', async (t) => {
  const { layer, closed } = await startLayer(t);
  const peer = await tcpPeer(t, portOf(layer, 'tcp'));
  peer.write(Buffer.from([0x16, 0x03, 0x01]));
  await Promise.all([once(peer, 'close'), closed.next()]);
  t.match(layer.counters(), { connections_open: 0 });
});

t.test('half a message is waited for no longer than its deadline', async (t) => {
  const { layer, messages, closed } = await startLayer(t, { messageDeadlineMs: 60 });
  const peer = await tcpPeer(t, portOf(layer, 'tcp'));
  peer.write(MESSAGE);
  const { flow } = await messages.next();
  peer.write(MESSAGE.slice(0, -1));
  t.equal(await closed.next(), flow);
  t.match(layer.counters(), { closed_message_deadline: 1 });
  t.equal(messages.size, 0);
});

t.test('a connection that never carries a message is closed, one that did stays', async (t) => {
  const { layer, messages, closed } = await startLayer(t, { unusedIdleMs: 60 });
  const used = await tcpPeer(t, portOf(layer, 'tcp'));
  used.write(MESSAGE);
  const { flow } = await messages.next();
  const unused = await tcpPeer(t, portOf(layer, 'tcp'));
  unused.write('\r\n\r\n');
  const gone = await closed.next();
  t.equal(gone.remote.port, unused.localPort);
  t.equal(flow.closed, false);
  t.match(layer.counters(), { closed_unused: 1, connections_open: 1 });
});

t.test('connections of one source are limited, others go on', async (t) => {
  const { layer, messages } = await startLayer(t, { maxConnectionsPerSource: 2 });
  const port = portOf(layer, 'tcp');
  const peers = [await tcpPeer(t, port), await tcpPeer(t, port)];
  for (const peer of peers) peer.write(MESSAGE);
  await messages.next();
  await messages.next();
  const third = await tcpPeer(t, port);
  await once(third, 'close');
  t.match(layer.counters(), { connections_refused_source: 1, connections_open: 2 });
  const other = await tcpPeer(t, port, '127.0.0.2');
  other.write(MESSAGE);
  t.equal((await messages.next()).flow.remote.address, '127.0.0.2');
  const freed = new Promise<void>((resolve) => {
    layer.onFlowClosed = () => {
      resolve();
    };
  });
  peers[0]?.destroy();
  await freed;
  const again = await tcpPeer(t, port);
  again.write(MESSAGE);
  t.equal((await messages.next()).flow.remote.port, again.localPort, 'a place that became free is given again');
});

t.test('connections altogether are limited, outbound ones too', async (t) => {
  const { layer, messages } = await startLayer(t, { maxConnections: 1 });
  const peer = await tcpPeer(t, portOf(layer, 'tcp'));
  peer.write(MESSAGE);
  await messages.next();
  await once(await tcpPeer(t, portOf(layer, 'tcp')), 'close');
  const target = await tcpServer(t);
  await t.rejects(layer.connect({ transport: 'tcp', host: '127.0.0.1', port: target.port }), { message: /^too-many-connections:/ });
});

t.test('a peer that does not read is closed at the cap', async (t) => {
  const { layer, messages, closed } = await startLayer(t, { maxWriteBufferBytes: 100_000 });
  const peer = await tcpPeer(t, portOf(layer, 'tcp'));
  peer.pause();
  peer.write(MESSAGE);
  const { flow } = await messages.next();
  const block = Buffer.alloc(50_000, 0x41);
  let sent = 0;
  while (layer.send(flow, block) === 'sent' && sent < 1000) sent += 1;
  t.ok(sent < 1000, `closed after ${sent} blocks`);
  t.equal(flow.closed, true);
  t.equal(await closed.next(), flow, 'told once, in a later turn');
  t.match(layer.counters(), { closed_write_buffer: 1, connections_open: 0 });
});

t.test('a message beyond the limit closes the connection', async (t) => {
  const { layer, messages, closed } = await startLayer(t, { maxMessageBytes: 1000 });
  const peer = await tcpPeer(t, portOf(layer, 'tcp'));
  peer.write(`OPTIONS sip:a@b SIP/2.0\r\nX: ${'y'.repeat(1000)}`);
  await closed.next();
  t.equal(messages.size, 0);
});

t.test('stop closes every connection and frees the port', async (t) => {
  const { layer, messages } = await startLayer(t);
  const peer = await tcpPeer(t, portOf(layer, 'tcp'));
  peer.write(MESSAGE);
  const { flow } = await messages.next();
  const gone = once(peer, 'close');
  const port = portOf(layer, 'tcp');
  await layer.stop();
  await gone;
  t.equal(flow.closed, true);
  const { layer: next } = await startLayer(t, {}, { listeners: [{ transport: 'tcp', host: '127.0.0.1', port }] });
  t.equal(portOf(next, 'tcp'), port);
});
