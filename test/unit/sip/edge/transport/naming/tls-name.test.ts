/** RFC 5922 §4: the certificate is for the domain asked, not for the host its SRV record names. */
import t from 'tap';
import { dnsServer } from '../../../../../support/dns-server.js';
import { testCertificate, tlsServer } from '../../../../../support/edge-secure.js';
import { startLayer } from '../../../../../support/edge-sockets.js';

t.test('a TLS server found by SRV', async (t) => {
  for (const [certified, outcome] of [['shop.test', 'taken'], ['host.shop.test', 'refused']] as const) {
    const theirs = await testCertificate(certified, [certified]);
    const { port, sockets } = await tlsServer(t, theirs);
    const dns = await dnsServer(t, [
      { type: 'SRV', name: '_sips._tcp.shop.test', priority: 1, weight: 1, port, target: 'host.shop.test' },
      { type: 'A', name: 'host.shop.test', address: '127.0.0.1' },
    ]);
    const { layer } = await startLayer(t, {}, {
      listeners: [{ transport: 'udp', host: '127.0.0.1', port: 0 }, { transport: 'tls', host: '127.0.0.1', port: 0 }],
      tls: { certificate: await testCertificate('us'), authorities: theirs.cert }, dnsServers: [dns.address],
    });
    const [target] = await layer.locate({ host: 'shop.test', port: undefined, transport: undefined, secure: true });
    t.match(target, { transport: 'tls', host: '127.0.0.1', port, name: 'shop.test' });
    if (target === undefined) return;
    if (outcome === 'taken') {
      t.equal((await layer.connect(target)).transport, 'tls', `certificate for ${certified}`);
      await sockets.next();
    } else {
      await t.rejects(layer.connect(target), { message: /^certificate-refused:/ }, `certificate for ${certified}`);
    }
  }
});
