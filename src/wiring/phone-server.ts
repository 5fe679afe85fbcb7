import { createHash, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { isInNetworks, isLoopback, networkList } from '../../sip/edge/transport/local-address.js';
import { sipAddress, type Settings } from '../config/settings.js';
import type { PhoneServer, TlsCertificate } from '../domain/provisioning/sip-transport.js';
import type { PhoneFileSources } from '../usecases/provisioning/provisioning-deps.js';
import type { Certificates } from './certificates.js';
import type { EdgeHandle } from './edge.js';

/** With a drachtio-server, whose listeners are its own configuration's. */
const USUAL_TLS_PORT = 5061;

/** What phones are told of SIP here, each by where it is seen. */
export function createPhoneServer(
  settings: Settings, listeners: EdgeHandle['listeners'], certificates: Pick<Certificates, 'current'>,
): Pick<PhoneFileSources, 'phoneServer' | 'phoneCertificate'> {
  const local = networkList(settings.localNetworks);
  const portOf = (transport: string): number | null => listeners.find((one) => one.transport === transport)?.port ?? null;
  // The address that the edge shows to such a peer in Via and Contact, too.
  const hostFor = (address: string | null): string => {
    const { publicAddress } = settings;
    if (publicAddress === undefined) return sipAddress(settings);
    return address !== null && (isLoopback(address) || isInNetworks(local, address)) ? sipAddress(settings) : publicAddress;
  };
  const tlsFor = (host: string): PhoneServer['tls'] => {
    if (settings.drachtioUrl !== undefined) {
      return settings.sipTlsPort === 'off' ? null : { port: settings.sipTlsPort ?? USUAL_TLS_PORT, certificate: 'unknown' };
    }
    const port = portOf('tls');
    return port === null ? null : { port, certificate: standing(certificates.current().cert, host) };
  };
  return {
    phoneServer(address) {
      const host = hostFor(address);
      const tls = tlsFor(host);
      return {
        host, tls, port: portOf('udp') ?? settings.sipPort,
        certificateFile: tls?.certificate === 'own' ? fileName(certificates.current().cert) : null,
        encryptedPrompts: settings.rtpengineUrl !== undefined,
      };
    },
    phoneCertificate(file) {
      const { cert } = certificates.current();
      return fileName(cert) === file.toLowerCase() && isOwn(cert) ? `${new X509Certificate(cert).toString().trim()}\n` : null;
    },
  };
}

/** How a phone that is told `host` stands to the first certificate of the chain. */
function standing(pem: string, host: string): TlsCertificate {
  const certificate = new X509Certificate(pem);
  const named = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host);
  if (named === undefined) return 'other-name';
  return isOwn(pem) ? 'own' : 'given';
}

function isOwn(pem: string): boolean {
  const certificate = new X509Certificate(pem);
  // By names and signature alone: `checkIssued` asks for the key usage of an authority, which a server's certificate does not have.
  return certificate.issuer === certificate.subject && certificate.verify(certificate.publicKey);
}

/** Another certificate has another name, so that phones load it. */
function fileName(pem: string): string {
  return `ca-${createHash('sha256').update(new X509Certificate(pem).raw).digest('hex').slice(0, 16)}.pem`;
}
