import type { PhoneTransport } from './phone-configuration.js';
import { can, type PhoneModel } from './phone-model.js';

/** What an administrator asks for; `auto` is TLS wherever the phone can trust the server, else UDP. */
export const SIP_TRANSPORT_WISHES = ['auto', 'udp', 'tcp', 'tls'] as const;
export type SipTransportWish = (typeof SIP_TRANSPORT_WISHES)[number];

/**
 * Whom a phone must trust to speak TLS with us: `given` is the operator's certificate, taken for one that phones know; `own` signed
 * itself, so that the phone must be given it; `other-name` is not for the host that phones are told; `unknown` is another program's.
 */
export type TlsCertificate = 'given' | 'own' | 'other-name' | 'unknown';

/** Where phones send SIP to. */
export interface PhoneServer {
  readonly host: string;
  /** Of UDP and TCP. */
  readonly port: number;
  /** null = nothing listens for TLS. */
  readonly tls: { readonly port: number; readonly certificate: TlsCertificate } | null;
  /** Name of the file with our own certificate, in the folder of a phone's files; null = phones need none. */
  readonly certificateFile: string | null;
  /** Whether prompts of ours can be heard by a phone that takes encrypted sound alone. */
  readonly encryptedPrompts: boolean;
}

export interface TransportChoice {
  readonly transport: PhoneTransport;
  readonly port: number;
  /** File with our certificate that the phone is to load; null = none. */
  readonly certificateFile: string | null;
  /** Why it is not what was asked for, or may not work, and what to do; '' = nothing to say. */
  readonly reason: string;
}

/** How the phone reaches us, and why not by TLS. Wishes other than `auto` are obeyed wherever something listens. */
export function chooseTransport(wish: SipTransportWish, server: PhoneServer, model: PhoneModel): TransportChoice {
  const { port, tls } = server;
  const certificateFile = tls?.certificate === 'own' && can(model, 'trusted-certificate') ? server.certificateFile : null;
  const plain = (transport: 'udp' | 'tcp', reason: string): TransportChoice => ({ transport, port, certificateFile, reason });
  if (wish === 'udp' || wish === 'tcp') return plain(wish, '');
  if (tls === null) return plain('udp', 'SIP goes over UDP, not encrypted: nothing listens for TLS. Set SIP_TLS_PORT and start again.');
  const doubt = doubtOf(tls.certificate, model);
  if (wish === 'auto' && doubt !== '') return plain('udp', `SIP goes over UDP, not encrypted: ${doubt}`);
  return { transport: 'tls', port: tls.port, certificateFile, reason: doubt === '' ? '' : `SIP goes over TLS as asked for, and the phone may refuse: ${doubt}` };
}

/** Why the phone may not trust the certificate; '' = it does. */
function doubtOf(certificate: TlsCertificate, model: PhoneModel): string {
  const name = `${model.maker} ${model.model}`;
  switch (certificate) {
    case 'given':
      return '';
    case 'other-name':
      return 'the certificate is not for the address that phones are told. Set TLS_CERT and TLS_KEY to one that names it.';
    case 'unknown':
      return 'another program listens, and nothing is known of its certificate. Set the transport of phones to tls if they trust it.';
    case 'own':
      // A phone told of TLS by a parameter that does not act never registers, so that only what is known counts.
      if (model.capabilities['trusted-certificate'] === 'yes') return '';
      return can(model, 'trusted-certificate')
        ? `the certificate signed itself, and nobody has verified that ${name} takes it from a file. Set TLS_CERT and TLS_KEY.`
        : `the certificate signed itself, and ${name} takes none from a file. Set TLS_CERT and TLS_KEY.`;
  }
}
