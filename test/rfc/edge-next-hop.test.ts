/** Which way requests leave: outbound proxy (RFC 3261 §8.1.2) and maddr (RFC 3261 §19.1.1). */
import t from 'tap';
import { edgeBed, SDP } from '../support/edge-bed.js';
import { createSipPeer, isRequest } from '../support/sip-peer.js';

const OPTIONS = (uri: string): string => `OPTIONS ${uri} SIP/2.0\r\n\r\n`;

t.test('the outbound proxy', async (t) => {
  const proxy = await createSipPeer({ transport: 'udp' });
  t.teardown(() => proxy.close());
  const bed = await edgeBed(t, { outboundProxy: `sip:127.0.0.1:${proxy.port}` });
  const [app, peer] = [await bed.app(), await bed.peer()];
  const route = `<sip:127.0.0.1:${proxy.port};lr>`;

  app.send('sip||', OPTIONS('sip:stranger@far.test'));
  const got = await proxy.waitFor(isRequest('OPTIONS'), 'OPTIONS at the proxy');
  t.equal(got.header('Route'), route, 'a loose router');
  t.equal(got.uri, 'sip:stranger@far.test', 'the Request-URI stays');

  app.send(`sip|||sip:127.0.0.1:${peer.port}`, OPTIONS('sip:other@far.test'));
  const direct = await peer.waitFor(isRequest('OPTIONS'), 'OPTIONS by the route of the application');
  t.equal(direct.header('Route'), undefined);

  app.send('sip||', `INVITE sip:bob@far.test SIP/2.0\r\n\r\n${SDP}`);
  const invite = await proxy.waitFor(isRequest('INVITE'), 'INVITE at the proxy');
  await proxy.respond(invite, 200, 'OK', {
    toTag: 'bob', body: SDP, contact: '<sip:bob@10.1.1.1>', headers: [['Record-Route', `<sip:127.0.0.1:${peer.port};lr>`]],
  });
  const ok = await app.sip('SIP/2.0 200');
  app.send(`sip||${ok.fields[9]}`, 'ACK sip:x SIP/2.0\r\n\r\n');
  const ack = await peer.waitFor(isRequest('ACK'), 'ACK by the route set, not by the proxy');
  t.equal(ack.header('Route'), `<sip:127.0.0.1:${peer.port};lr>`);
  t.equal(ack.uri, 'sip:bob@10.1.1.1');
});

t.test('an outbound proxy nothing can be sent to stops the start', async (t) => {
  for (const outboundProxy of ['proxy.test', 'tel:+441632960000', 'sip:proxy.test;transport=ws', 'sips:proxy.test']) {
    await t.rejects(edgeBed(t, { outboundProxy }), { message: /^bad-setting:/ }, outboundProxy);
  }
});

t.test('maddr counts where the application wrote it, not where a peer may have', async (t) => {
  const bed = await edgeBed(t);
  const [app, peer] = [await bed.app(), await bed.peer()];
  const elsewhere = await createSipPeer({ transport: 'udp', address: '127.0.0.7' });
  t.teardown(() => elsewhere.close());
  app.send('sip||', OPTIONS(`sip:bob@127.0.0.1:${peer.port};maddr=127.0.0.7`));
  await peer.waitFor(isRequest('OPTIONS'), 'the host of the Request-URI');
  app.send(`sip|||sip:127.0.0.1:${elsewhere.port};maddr=127.0.0.7`, OPTIONS('sip:bob@far.test'));
  await elsewhere.waitFor(isRequest('OPTIONS'), 'the maddr of the route');

  app.send('sip||', `INVITE sip:bob@127.0.0.1:${peer.port} SIP/2.0\r\n\r\n${SDP}`);
  const invite = await peer.waitFor(isRequest('INVITE'), 'INVITE');
  await peer.respond(invite, 200, 'OK', { toTag: 'bob', body: SDP, contact: `<sip:bob@127.0.0.1:${peer.port};maddr=127.0.0.7>` });
  const ok = await app.sip('SIP/2.0 200');
  app.send(`sip||${ok.fields[9]}`, 'ACK sip:x SIP/2.0\r\n\r\n');
  const ack = await peer.waitFor(isRequest('ACK'), 'the host of the Contact');
  t.equal(ack.uri, `sip:bob@127.0.0.1:${peer.port};maddr=127.0.0.7`, 'the remote target is shown as it came');
});
