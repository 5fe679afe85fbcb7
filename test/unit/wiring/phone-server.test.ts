import { createServer, connect } from 'node:tls';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { readSettings } from '../../../src/config/settings.js';
import { makeSelfSigned, type CertificatePair } from '../../../src/security/certificates.js';
import { createPhoneServer } from '../../../src/wiring/phone-server.js';

const settingsOf = (env: Readonly<Record<string, string>>) => {
  const result = readSettings(new Map(), { SIP_BIND: '192.0.2.5', ...env });
  if (result.kind === 'problems') throw new Error(result.problems.join());
  return result.settings;
};
const LISTENERS = [{ transport: 'udp', host: '192.0.2.5', port: 5070 }, { transport: 'tls', host: '192.0.2.5', port: 5071 }];
const serverOf = (env: Readonly<Record<string, string>>, pair: CertificatePair, listeners = LISTENERS) => createPhoneServer(settingsOf(env), listeners, { current: () => pair });

t.test('what phones are told of the server', async (t) => {
  const own = await makeSelfSigned(['pbx.example.com', '192.0.2.5', '198.51.100.9'], Date.now());
  for (const [name, env, address, expected] of [
    ['no public address: the bound one for all', {}, '203.0.113.4', { host: '192.0.2.5', port: 5070 }],
    ['a phone outside', { PUBLIC_ADDRESS: '198.51.100.9' }, '203.0.113.4', { host: '198.51.100.9' }],
    ['a phone in LOCAL_NETWORKS', { PUBLIC_ADDRESS: '198.51.100.9' }, '10.1.2.3', { host: '192.0.2.5' }],
    ['a network that is not local any more', { PUBLIC_ADDRESS: '198.51.100.9', LOCAL_NETWORKS: '192.168.7.0/24' }, '10.1.2.3', { host: '198.51.100.9' }],
    ['a phone nobody has seen', { PUBLIC_ADDRESS: '198.51.100.9' }, null, { host: '198.51.100.9' }],
    ['our own certificate', {}, null, { tls: { port: 5071, certificate: 'own' }, certificateFile: /^ca-[0-9a-f]{16}\.pem$/ }],
    ['a certificate for another address', { PUBLIC_ADDRESS: '198.51.100.77' }, null, { tls: { certificate: 'other-name' }, certificateFile: null }],
    ['a drachtio-server', { DRACHTIO_URL: '127.0.0.1:9022', DRACHTIO_SECRET: 'x' }, null, { tls: { port: 5061, certificate: 'unknown' }, certificateFile: null }],
    ['a drachtio-server without TLS', { DRACHTIO_URL: '127.0.0.1:9022', DRACHTIO_SECRET: 'x', SIP_TLS_PORT: 'off' }, null, { tls: null }],
    ['an rtpengine', { RTPENGINE_URL: '127.0.0.1:22222' }, null, { encryptedPrompts: true }],
    ['none', {}, null, { encryptedPrompts: false }],
  ] as const) t.match(serverOf(env, own).phoneServer(address), expected, name);
  t.equal(serverOf({}, own, LISTENERS.slice(0, 1)).phoneServer(null).tls, null, 'nothing listens for TLS');
});

t.test('the certificate that phones are given is enough to trust the server', async (t) => {
  const own = await makeSelfSigned(['192.0.2.5', '127.0.0.1'], Date.now());
  const { phoneServer, phoneCertificate } = serverOf({}, own);
  const file = phoneServer(null).certificateFile ?? '';
  const ca = phoneCertificate(file);
  t.match(ca, /^-----BEGIN CERTIFICATE-----\n[^]+-----END CERTIFICATE-----\n$/);
  t.notMatch(ca, /PRIVATE/);
  t.equal(phoneCertificate('ca-0000000000000000.pem'), null, 'another name is no file');
  const server = createServer({ ...own }, (socket) => void socket.end('yes'));
  t.teardown(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: '127.0.0.1', ca: ca ?? '' });
  t.teardown(() => client.destroy());
  await once(client, 'secureConnect');
  t.ok(client.authorized);
});
