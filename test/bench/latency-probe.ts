import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readMessage, type PeerMessage } from '../support/sip-peer-message.js';
import type { LoadName } from './results.js';
import type { BenchPhone, Target } from './target.js';

/** sipp counts in steps of four milliseconds; this measures single requests in between, in microseconds. */
export interface LatencyProbe {
  /** Ends it. Milliseconds from request with credentials to its final response, one a probe. */
  stop(): Promise<readonly number[]>;
}

const EVERY_MS: Readonly<Record<LoadName, number>> = { register: 10, call: 25 };
const HOST = '127.0.0.1';
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const random = (): string => randomBytes(6).toString('hex');

interface Attempt {
  readonly phone: BenchPhone;
  readonly tag: string;
  sentAt: number;
  /** Time of the request with credentials is what counts. */
  proved: boolean;
}

/** Sends a probe every few milliseconds beside the load, until stopped. Calls go to the called phone, which answers already. */
export async function startLatencyProbe(target: Target, load: LoadName): Promise<LatencyProbe> {
  const socket = createSocket('udp4');
  socket.bind(0, HOST);
  await once(socket, 'listening');
  const own = `${HOST}:${socket.address().port}`;
  const method = load === 'register' ? 'REGISTER' : 'INVITE';
  const callers = load === 'register' ? target.phones : target.callers;
  const open = new Map<string, Attempt>();
  const times: number[] = [];

  const send = (text: string): void => socket.send(text, target.sip.port, target.sip.host);
  const message = (verb: string, uri: string, callId: string, { phone, tag }: Attempt, more: { cseq: number; to: string; branch?: string; lines?: readonly string[]; body?: string }): string => [
    `${verb} ${uri} SIP/2.0`, `Via: SIP/2.0/UDP ${own};branch=z9hG4bK${more.branch ?? random()};rport`, 'Max-Forwards: 70',
    `From: <sip:${phone.userName}@${phone.domain}>;tag=${tag}`, `To: ${more.to}`, `Call-ID: ${callId}`, `CSeq: ${more.cseq} ${verb}`,
    `Contact: <sip:${phone.userName}@${own}>`, ...(more.lines ?? []), `Content-Length: ${more.body?.length ?? 0}`, '', more.body ?? '',
  ].join('\r\n');
  const uriFor = ({ phone }: Attempt): string => `sip:${load === 'register' ? '' : `${target.callee.extension}@`}${phone.domain}`;
  const toOf = (attempt: Attempt): string => `<sip:${load === 'register' ? attempt.phone.userName : target.callee.extension}@${attempt.phone.domain}>`;
  const request = (callId: string, attempt: Attempt, cseq: number, proof: readonly string[]): void => {
    attempt.sentAt = performance.now();
    const body = load === 'register' ? '' : `v=0\r\no=- 1 1 IN IP4 ${HOST}\r\ns=-\r\nc=IN IP4 ${HOST}\r\nt=0 0\r\nm=audio 6000 RTP/AVP 0\r\n`;
    const lines = [...proof, load === 'register' ? 'Expires: 3600' : 'Content-Type: application/sdp'];
    send(message(method, uriFor(attempt), callId, attempt, { cseq, to: toOf(attempt), branch: `${callId}${cseq}`, lines, body }));
  };
  const ack = (callId: string, attempt: Attempt, answer: PeerMessage, cseq: number): void => {
    const accepted = (answer.status ?? 0) < 300;
    const uri = accepted ? /<([^>]+)>/.exec(answer.header('contact') ?? '')?.[1] ?? '' : uriFor(attempt);
    const lines = accepted ? answer.headers('record-route').map((route) => `Route: ${route}`).reverse() : [];
    const to = answer.header('to') ?? '';
    send(message('ACK', uri, callId, attempt, { cseq, to, lines, ...(accepted ? {} : { branch: `${callId}${cseq}` }) }));
    if (accepted) send(message('BYE', uri, callId, attempt, { cseq: cseq + 1, to, lines }));
  };

  socket.on('message', (bytes) => {
    const answer = readMessage(bytes.toString('latin1'), { address: target.sip.host, port: target.sip.port });
    const callId = answer.header('call-id') ?? '';
    const attempt = open.get(callId);
    const { status = 0 } = answer;
    const [cseq = '0', verb] = (answer.header('cseq') ?? '').split(' ');
    if (attempt === undefined || status < 200 || verb !== method) return;
    const seen = performance.now() - attempt.sentAt;
    if (method === 'INVITE') ack(callId, attempt, answer, Number(cseq));
    if ((status === 401 || status === 407) && !attempt.proved) {
      attempt.proved = true;
      return request(callId, attempt, 2, [proofFor(answer, attempt.phone, method, uriFor(attempt))]);
    }
    if (status >= 200 && status < 300 && attempt.proved) times.push(seen);
    open.delete(callId);
  });

  let next = 0;
  const timer = setInterval(() => {
    const phone = callers[next++ % callers.length];
    if (phone === undefined) return;
    const callId = random();
    const attempt: Attempt = { phone, tag: random(), sentAt: 0, proved: false };
    open.set(callId, attempt);
    request(callId, attempt, 1, []);
  }, EVERY_MS[load]);
  return {
    async stop() {
      clearInterval(timer);
      await new Promise((resolve) => setTimeout(resolve, 300));
      await new Promise<void>((resolve) => socket.close(() => resolve()));
      return times;
    },
  };
}

/** RFC 7616 §3.4.1, MD5 with qop=auth: all servers of the benchmark offer it. */
function proofFor(answer: PeerMessage, phone: BenchPhone, method: string, uri: string): string {
  const name = answer.status === 401 ? 'www-authenticate' : 'proxy-authenticate';
  const challenge = answer.headers(name).find((value) => !/algorithm="?SHA/i.test(value)) ?? '';
  const value = (key: string): string => new RegExp(`\\b${key}="([^"]*)"`).exec(challenge)?.[1] ?? '';
  const [realm, nonce, cnonce] = [value('realm'), value('nonce'), random()];
  const ha1 = md5(`${phone.authorizationId}:${realm}:${phone.password}`);
  const response = md5(`${ha1}:${nonce}:00000001:${cnonce}:auth:${md5(`${method}:${uri}`)}`);
  const opaque = value('opaque');
  return `${answer.status === 401 ? 'Authorization' : 'Proxy-Authorization'}: Digest username="${phone.authorizationId}", realm="${realm}", `
    + `nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="${cnonce}"${opaque === '' ? '' : `, opaque="${opaque}"`}`;
}
