import { X509Certificate } from 'node:crypto';
import type { AuthorityReader } from '../ports/crypto.js';

const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const MOST = 50;

export const readAuthorities: AuthorityReader = (pem) => {
  const blocks = pem.match(BLOCK) ?? [];
  if (blocks.length === 0) return { kind: 'problem', text: 'There is no certificate in it. Send PEM: -----BEGIN CERTIFICATE----- and so on.' };
  if (blocks.length > MOST) return { kind: 'problem', text: `There are more than ${MOST} certificates in it. Send those of this maker alone.` };
  const authorities = [];
  for (const [at, block] of blocks.entries()) {
    try {
      const certificate = new X509Certificate(block);
      // RFC 5280 §4.2.1.9: whoever signs others says so.
      if (!certificate.ca) return { kind: 'problem', text: `Certificate ${at + 1} is of no authority (${certificate.subject.replaceAll('\n', ', ')}). Send the ones that sign the phones'.` };
      authorities.push({ name: certificate.subject.replaceAll('\n', ', '), fingerprint: certificate.fingerprint256, pem: certificate.toString(), expiresAt: Date.parse(certificate.validTo) });
    } catch {
      return { kind: 'problem', text: `Certificate ${at + 1} cannot be read. Send it as its maker published it, in PEM.` };
    }
  }
  return { kind: 'authorities', authorities };
};
