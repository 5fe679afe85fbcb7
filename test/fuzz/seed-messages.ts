import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tortureFolder } from '../support/torture-corpus.js';
import { pick, type Random } from './random.js';

const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 8 101\r\na=sendrecv\r\n';

/** Stands for the To tag the edge gave in this call; `mint` of a target puts it in when it sends. */
export const EDGE_TAG = '%EDGETAG%';
/** Stands for the port the fuzzer listens on. */
export const OWN_PORT = '%PORT%';

const METHODS = [
  'INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'REGISTER', 'MESSAGE', 'INFO', 'NOTIFY', 'SUBSCRIBE', 'PRACK', 'UPDATE', 'REFER', 'PUBLISH', 'DANCE',
] as const;

const EXTRAS: readonly string[] = [
  'Supported: 100rel, timer, path, replaces', 'Require: 100rel', 'Session-Expires: 90;refresher=uac', 'Session-Expires: 10', 'Min-SE: 90',
  'RAck: 1 1 INVITE', 'Subscription-State: terminated;reason=timeout', 'Event: presence', 'Expires: 3600', 'Refer-To: <sip:c@127.0.0.1>',
  'Record-Route: <sip:127.0.0.1:%PORT%;lr>', 'Route: <sip:127.0.0.1:%PORT%;lr>', 'Proxy-Require: foo', 'Max-Forwards: 0',
  'Authorization: Digest username="a", realm="b", nonce="c", uri="sip:d", response="e", qop=auth, nc=00000001, cnonce="f"',
  'Accept: application/sdp, text/*;q=0.5', 'Date: Thu, 21 Feb 2002 13:02:03 GMT', 'P-Asserted-Identity: "A" <sip:a@127.0.0.1>, <tel:+441632960000>',
  'Subject: folded\r\n over two lines', 'X-Empty:', 'Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKother;received=192.0.2.8',
];

const token = (random: Random, name: string, of: number): string => `${name}${random(of)}`;

/** A request such as a phone sends; identifiers come from small pools, so that requests of one case meet each other. */
export function plausibleRequest(random: Random, transport: 'UDP' | 'TCP'): string {
  const method = pick(random, METHODS);
  const call = token(random, 'c', 4);
  const inDialog = random(3) === 0;
  const cseq = 1 + random(3);
  const withSdp = method === 'INVITE' || method === 'UPDATE' || random(8) === 0;
  const lines = [
    `${method} sip:b@127.0.0.1 SIP/2.0`,
    `Via: SIP/2.0/${transport} 127.0.0.1:${OWN_PORT};branch=z9hG4bK${call}${token(random, 'b', 3)};rport`,
    `Max-Forwards: ${random(12) === 0 ? 0 : 70}`,
    `From: "A \\"q\\" B" <sip:a@127.0.0.1>;tag=${token(random, 't', 2)}`,
    `To: <sip:b@127.0.0.1>${inDialog ? `;tag=${EDGE_TAG}` : ''}`,
    `Call-ID: ${call}@127.0.0.1`,
    `CSeq: ${cseq} ${method === 'ACK' || method === 'CANCEL' ? `${method}` : method}`,
    `Contact: <sip:peer@127.0.0.1:${OWN_PORT}${transport === 'TCP' ? ';transport=tcp' : ''}>;expires=60`,
  ];
  for (let extras = random(4); extras > 0; extras -= 1) lines.push(pick(random, EXTRAS));
  if (withSdp) lines.push('Content-Type: application/sdp');
  return `${lines.join('\r\n')}\r\nContent-Length: ${withSdp ? SDP.length : 0}\r\n\r\n${withSdp ? SDP : ''}`;
}

/** A response to something the edge may have sent. */
export function plausibleResponse(random: Random, transport: 'UDP' | 'TCP'): string {
  const method = pick(random, METHODS);
  return [
    `SIP/2.0 ${pick(random, [100, 180, 183, 200, 202, 302, 401, 404, 408, 481, 486, 491, 503, 603, 699])} Any`,
    `Via: SIP/2.0/${transport} 127.0.0.1:5060;branch=z9hG4bK${token(random, 'b', 3)}`,
    `From: <sip:b@127.0.0.1>;tag=${EDGE_TAG}`, `To: <sip:a@127.0.0.1>;tag=${token(random, 't', 2)}`,
    `Call-ID: ${token(random, 'c', 4)}@127.0.0.1`, `CSeq: ${random(4)} ${method}`, `Contact: <sip:peer@127.0.0.1:${OWN_PORT}>`,
    ...(random(3) === 0 ? ['RSeq: 1', 'Require: 100rel'] : []), 'Content-Length: 0',
  ].join('\r\n').concat('\r\n\r\n');
}

let corpora: readonly string[] | undefined;

/** The torture messages of RFC 4475 and RFC 5118, where they are on this machine. */
export function tortureTexts(): readonly string[] {
  const folder = tortureFolder();
  corpora ??= folder === undefined ? [] : ['rfc4475', 'rfc5118'].flatMap((name) => {
    const path = join(folder, name);
    return existsSync(path) ? readdirSync(path).filter((file) => file.endsWith('.dat')).map((file) => readFileSync(join(path, file), 'latin1')) : [];
  });
  return corpora;
}

/** Any message: of our own making, or of the torture corpora. */
export function anyMessage(random: Random, transport: 'UDP' | 'TCP' = 'UDP'): string {
  const kind = random(10);
  if (kind < 3 && tortureTexts().length > 0) return pick(random, tortureTexts());
  return kind < 9 ? plausibleRequest(random, transport) : plausibleResponse(random, transport);
}
