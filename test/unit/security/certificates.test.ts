import { X509Certificate } from 'node:crypto';
import t from 'tap';
import { checkCertificate, makeSelfSigned } from '../../../src/security/certificates.js';

const NOW = Date.UTC(2026, 0, 15);
const pair = await makeSelfSigned(['voice.example', '192.0.2.7', '2001:db8::7', 'localhost', '127.0.0.1', 'localhost'], NOW);

t.test('a self-signed certificate is for all its names, and for ten years', async (t) => {
  const certificate = new X509Certificate(pair.cert);
  for (const name of ['voice.example', 'localhost']) t.equal(certificate.checkHost(name), name);
  for (const address of ['192.0.2.7', '2001:db8::7', '127.0.0.1']) t.equal(certificate.checkIP(address), address);
  t.equal(certificate.checkHost('other.example'), undefined);
  t.match(certificate.subject, 'CN=voice.example');
  t.equal(certificate.publicKey.asymmetricKeyType, 'rsa', 'desk phones know nothing else');
  t.equal(new Date(certificate.validTo).getUTCFullYear(), 2036);
  t.ok(Date.parse(certificate.validFrom) < NOW, 'good for clocks that are late');
  t.equal(certificate.ca, false);
});

t.test('what a certificate is worth', async (t) => {
  t.match(checkCertificate(pair, NOW), { kind: 'usable', subjectAltName: /voice\.example/ });
  t.match(checkCertificate(pair, Date.UTC(2036, 0, 15)), { kind: 'expired', expiresAt: Date.UTC(2036, 0, 15) });
  const other = await makeSelfSigned(['other'], NOW);
  t.match(checkCertificate({ cert: pair.cert, key: other.key }, NOW), { kind: 'unusable', problem: /another certificate/ });
  t.match(checkCertificate({ cert: 'x', key: other.key }, NOW), { kind: 'unusable', problem: /not a PEM/ });
  t.match(checkCertificate({ cert: pair.cert, key: '' }, NOW), { kind: 'unusable', problem: /not a PEM/ });
});
