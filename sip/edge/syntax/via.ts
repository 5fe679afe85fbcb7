import { LWS, TOKEN, skip, skipBack } from './charset.js';
import { hostPort, scanHostPort, withoutBrackets } from './host.js';
import { sameName } from './header-names.js';
import { MALFORMED, NO_MORE, nextParameter, parameterSpan } from './lists.js';
import type { Via } from './message.js';

const PROTOCOLS: readonly string[] = ['UDP', 'TCP', 'TLS', 'WS', 'WSS'];

function protocolOf(text: string, start: number, end: number): string {
  for (const protocol of PROTOCOLS) {
    if (protocol.length === end - start && text.startsWith(protocol, start)) return protocol;
  }
  return text.slice(start, end).toUpperCase();
}

/** `SIP "/" "2.0" "/"` with LWS around the slashes; @returns the position of the transport, or -1 */
function skipSentProtocol(text: string, start: number, end: number): number {
  if (text.startsWith('SIP/2.0/', start)) return skip(text, start + 8, end, LWS);
  let at = start;
  for (const part of ['SIP', '2.0']) {
    if (text.slice(at, at + 3).toUpperCase() !== part) return -1;
    at = skip(text, at + 3, end, LWS);
    if (at >= end || text.charCodeAt(at) !== 0x2f) return -1;
    at = skip(text, at + 1, end, LWS);
  }
  return at;
}

/**
 * The first via-parm of a Via value (RFC 3261 §20.42, §25.1): sent-protocol LWS sent-by *( SEMI via-params ).
 * Interop: no branch and a branch without the magic cookie are fine (RFC 2543 peers).
 * @param start,end span of the value; LWS inside may hold folds
 * @returns undefined at any syntax error, or when branch, received, rport or maddr comes twice
 */
export function scanVia(text: string, start: number, end: number): Via | undefined {
  const protocolStart = skipSentProtocol(text, start, end);
  if (protocolStart < 0) return undefined;
  const protocolEnd = skip(text, protocolStart, end, TOKEN);
  const hostStart = skip(text, protocolEnd, end, LWS);
  if (protocolEnd === protocolStart || hostStart === protocolEnd) return undefined;
  const behindSentBy = scanHostPort(text, hostStart, end, true);
  if (behindSentBy < 0) return undefined;
  const host = text.slice(hostPort.hostStart, hostPort.hostEnd);
  const port = hostPort.port < 0 ? undefined : hostPort.port;

  let branch: string | undefined;
  let received: string | undefined;
  let rport: string | true | undefined;
  let maddr: string | undefined;
  let at = behindSentBy;
  for (;;) {
    const next = nextParameter(text, at, end);
    if (next === MALFORMED) return undefined;
    if (next === NO_MORE) break;
    at = next;
    const { nameStart, nameEnd, valueStart, valueEnd } = parameterSpan;
    const length = nameEnd - nameStart;
    if (length === 6 && sameName(text, nameStart, 'branch')) {
      if (branch !== undefined || valueStart < 0) return undefined;
      branch = text.slice(valueStart, valueEnd);
    } else if (length === 5 && sameName(text, nameStart, 'rport')) {
      if (rport !== undefined) return undefined;
      rport = valueStart < 0 ? true : text.slice(valueStart, valueEnd);
    } else if (length === 8 && sameName(text, nameStart, 'received')) {
      if (received !== undefined || valueStart < 0) return undefined;
      received = text.slice(valueStart, valueEnd);
    } else if (length === 5 && sameName(text, nameStart, 'maddr')) {
      if (maddr !== undefined || valueStart < 0) return undefined;
      maddr = text.slice(valueStart, valueEnd);
    }
  }
  const behind = skip(text, at, end, LWS);
  // only a comma and a further via-parm may follow
  if (behind < end && (text.charCodeAt(behind) !== 0x2c || skip(text, behind + 1, end, LWS) === end)) return undefined;
  const protocol = protocolOf(text, protocolStart, protocolEnd);
  return { protocol, host, port, branch, received, rport, maddr, start, end: skipBack(text, start, at, LWS) };
}

/** @returns the text without the parameters `received` and `rport` of its first via-parm */
function withoutSource(viaParm: string): string {
  let kept = '';
  let from = 0;
  let at = viaParm.indexOf(';');
  while (at >= 0) {
    const semicolon = at;
    at = nextParameter(viaParm, semicolon, viaParm.length);
    if (at < 0) break;
    const { nameStart, nameEnd } = parameterSpan;
    const length = nameEnd - nameStart;
    if ((length === 5 && sameName(viaParm, nameStart, 'rport')) || (length === 8 && sameName(viaParm, nameStart, 'received'))) {
      kept += viaParm.slice(from, semicolon);
      from = at;
    }
  }
  return kept + viaParm.slice(from);
}

/**
 * One via-parm with the packet's source written in: `rport` always (drachtio-server does, RFC 3581 §4 only on request),
 * `received` when the host differs (RFC 3261 §18.2.1); those the client wrote are removed.
 * @param viaParm a valid via-parm, e.g. `SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKx;rport`
 * @param via the same, scanned
 * @param address IP literal without brackets
 */
export function viaWithSource(viaParm: string, via: Pick<Via, 'host' | 'rport' | 'received'>, address: string, port: number): string {
  const clean = via.rport === undefined && via.received === undefined ? viaParm : withoutSource(viaParm);
  // RFC 5118 §4.5: received carries a bare IPv6 address
  const received = withoutBrackets(via.host) === address ? '' : `;received=${address}`;
  return `${clean}${received};rport=${port}`;
}
