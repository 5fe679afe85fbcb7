/** The whole program: its TLS and WebSocket listeners, its certificate, and what SIGHUP does. */
import { statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import t from 'tap';
import { addPhone } from '../support/product-phones.js';
import { startProduct, type Product } from '../support/product.js';
import { testCertificate, tlsPeer, wsPeer } from '../support/edge-secure.js';
import { sipJsPhone } from '../support/sipjs-phone.js';

interface Bound {
  readonly transport: string;
  readonly port: number;
}

function portOf(product: Product, transport: string): number {
  const ready = product.log.lines.find(({ event }) => event === 'ready');
  const sip = ready?.fields['sip'];
  const found = Array.isArray(sip) ? sip.find((each: Bound) => each.transport === transport) : undefined;
  return found?.port ?? 0;
}

t.test('a fresh installation: self-signed certificate, all listeners, reload at SIGHUP', async (t) => {
  const product = await startProduct({ env: { SIP_DOMAIN: 'office.example', SIP_TLS_PORT: '0', SIP_WS_PORT: '0', SIP_WSS_PORT: '0' } });
  t.teardown(() => product.close());
  const folder = join(product.dataDir, 'tls');
  t.equal(statSync(join(folder, 'key.pem')).mode & 0o777, 0o600);
  const certificate = (await tlsPeer(t, portOf(product, 'tls'))).getPeerCertificate();
  t.equal(certificate.subject.CN, 'office.example');
  t.match(certificate.subjectaltname, /DNS:office\.example.*IP Address:127\.0\.0\.1.*DNS:localhost/);

  const account = await addPhone(product, '3101');
  for (const transport of ['ws', 'wss'] as const) {
    const phone = await sipJsPhone(t, {
      server: `${transport}://127.0.0.1:${portOf(product, transport)}`, userName: account.userName, password: account.password, domain: 'office.example',
    });
    await t.resolves(phone.register(), `sip.js registers over ${transport}`);
  }

  const mine = await testCertificate('mine');
  writeFileSync(join(folder, 'key.pem'), mine.key);
  writeFileSync(join(folder, 'cert.pem'), mine.cert);
  const reloaded = new Promise<void>((resolve) => product.log.follow(({ event }) => {
    if (event === 'certificate reloaded') resolve();
  }));
  process.kill(product.pid, 'SIGHUP');
  await reloaded;
  t.equal((await tlsPeer(t, portOf(product, 'tls'))).getPeerCertificate().subject.CN, 'mine');
  t.ok(product.alive(), 'SIGHUP does not end the program');
  const peer = await wsPeer(t, `wss://127.0.0.1:${portOf(product, 'wss')}`);
  const ending = await product.stop();
  t.match(ending, { code: 0, leftovers: [] });
  await peer.closed;
});

t.test('a port that was asked for and is taken stops the start, naming it', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.teardown(() => taken.close());
  const address = taken.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  await t.rejects(startProduct({ env: { SIP_WSS_PORT: String(port) } }), { message: new RegExp(`wss 127\\.0\\.0\\.1:${port}.*EADDRINUSE`) });
});
