import { X509Certificate, createPrivateKey } from 'node:crypto';
import { isIP } from 'node:net';
import { generate } from 'selfsigned';

/** A certificate chain and its private key, both PEM. */
export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

const YEARS = 10;
/** CA/Browser Forum and Apple count from the start of the day; a phone's clock may be late. */
const BACKDATED_MS = 86_400_000;

/**
 * Makes a certificate for phones and browsers that are told to trust it. RSA, since desk phones in use know nothing else.
 * @param names host names and IP addresses it is for; the first becomes its common name
 * @param now epoch ms
 */
export async function makeSelfSigned(names: readonly string[], now: number): Promise<CertificatePair> {
  const notAfterDate = new Date(now);
  notAfterDate.setUTCFullYear(notAfterDate.getUTCFullYear() + YEARS);
  const made = await generate([{ name: 'commonName', value: names[0] ?? 'localhost' }], {
    keyType: 'rsa', keySize: 2048, algorithm: 'sha256', notBeforeDate: new Date(now - BACKDATED_MS), notAfterDate,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      { name: 'subjectAltName', altNames: [...new Set(names)].map((name) => (isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name })) },
    ],
  });
  return { cert: made.cert, key: made.private };
}

export type CertificateCheck =
  | { readonly kind: 'usable'; readonly expiresAt: number; readonly subjectAltName: string }
  | { readonly kind: 'expired'; readonly expiresAt: number }
  | { readonly kind: 'unusable'; readonly problem: string };

/** Whether a certificate can be shown at that instant (epoch ms), and belongs to the key. */
export function checkCertificate(pair: CertificatePair, now: number): CertificateCheck {
  try {
    const certificate = new X509Certificate(pair.cert);
    if (!certificate.checkPrivateKey(createPrivateKey(pair.key))) return { kind: 'unusable', problem: 'the key belongs to another certificate' };
    const expiresAt = Date.parse(certificate.validTo);
    return expiresAt <= now ? { kind: 'expired', expiresAt } : { kind: 'usable', expiresAt, subjectAltName: certificate.subjectAltName ?? '' };
  } catch (error) {
    return { kind: 'unusable', problem: `not a PEM certificate with its key (${error instanceof Error ? error.message : String(error)})` };
  }
}
