import type { GatewaySighting } from './gateway-health.js';
import type { TrunkGateway } from './trunk.js';

/** What to do about an answer to a call that was begun for a test; '' = nothing. */
export function adviceOnCall(status: number): string {
  if (status === 0) return 'Nothing came back. Ask the peer whether it takes calls from this address, and look at the firewall.';
  if (status < 300 || status === 487) return '';
  switch (status) {
    case 401: case 407: return 'User name, password or realm are wrong, or the peer asks for an algorithm other than MD5 and SHA-256.';
    case 403: return 'The peer knows neither this address nor the caller\'s number. Have both admitted there, or change caller_identity.';
    case 404: case 484: return 'The peer does not know the number as it was written. Look at number_format.outbound.';
    case 415: case 488: case 606: return 'No codec or encryption in common. Look at codecs and srtp.';
    case 420: case 421: case 422: return 'The peer wants another session timer or extension. Look at session_expires_seconds.';
    case 480: case 486: case 600: case 603: return 'The call reached somebody who does not take it: the trunk works.';
    case 482: case 483: return 'The call went in a circle. The host leads back here, or the peer sends it back.';
    default: return status >= 500 ? 'The peer has a fault of its own or is overloaded. Ask it.' : 'Ask the peer why.';
  }
}

/** What to do about a gateway that was asked by OPTIONS; '' = nothing. */
export function adviceOnGateway(seen: GatewaySighting, { transport, host, port }: Pick<TrunkGateway, 'transport' | 'host' | 'port'>): string {
  const at = `${host}${port === 0 ? '' : `:${port}`}`;
  switch (seen.kind) {
    case 'answered': return seen.status === 401 || seen.status === 407 || seen.status < 400 ? ''
      : 'It answers, which is enough; some peers refuse OPTIONS from those they do not know.';
    case 'refused': return 'It is there and takes no calls now. Ask the peer, or wait.';
    case 'silent': return transport === 'udp'
      ? `Nothing came back from ${at}. Look at address, port and firewall; a peer that never answers OPTIONS wants probe_seconds 0.`
      : `${at} takes no connection or does not answer by ${transport}. Look at port, firewall and transport.`;
    case 'unreachable': return transport === 'tls'
      ? `No TLS connection to ${at}. Look at the port and at both certificates.` : `${at} refuses: nothing listens there, or a firewall rejects it. Look at port and transport.`;
  }
}
