import type { Socket } from 'node:net';
import { TLSSocket, type DetailedPeerCertificate } from 'node:tls';
import type { PhoneCertificate } from '../../domain/provisioning/phone-certificate.js';

const LONGEST_CHAIN = 8;

/** The certificate that a phone showed, where its chain leads to an authority that somebody trusts and its time has not run out. */
export function certificateOf(socket: Socket): PhoneCertificate | null {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return null;
  const shown: Partial<DetailedPeerCertificate> = socket.getPeerCertificate(true);
  if (shown.subject === undefined) return null;
  const fingerprints: string[] = [];
  let one: Partial<DetailedPeerCertificate> | undefined = shown;
  // A root is its own issuer.
  while (one?.fingerprint256 !== undefined && fingerprints.length < LONGEST_CHAIN && !fingerprints.includes(one.fingerprint256)) {
    fingerprints.push(one.fingerprint256);
    one = one.issuerCertificate;
  }
  const subject = Object.fromEntries(Object.entries(shown.subject).map(([name, value]: [string, unknown]) => [name, Array.isArray(value) ? value.join('\n') : String(value)]));
  return { subject, altNames: shown.subjectaltname ?? '', fingerprints };
}
