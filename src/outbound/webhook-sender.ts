import { request as requestHttp, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { AttemptResult } from '../domain/webhooks/delivery-machine.js';
import type { WebhookPost, WebhookSender } from '../ports/webhook-sender.js';
import { allowedHosts, bareHost } from './allowed-hosts.js';
import { checkedAddress, systemLookUp, type LookUp, type PlainAddress } from './checked-address.js';

/** Look-up, connection, handshake, request and answer together. */
const WHOLE_MS = 10_000;
/** So much of an answer is read, for politeness; nothing of it is kept. */
const ANSWER_BYTES = 64 * 1024;

export interface WebhookSenderOptions {
  /** Host names, addresses and networks that the operator vouches for. */
  readonly allowed: readonly string[];
  readonly lookUp?: LookUp;
  readonly wholeMs?: number;
  /** Certificates trusted besides those Node.js knows, in PEM. */
  readonly ca?: string;
}

/**
 * Posts to public addresses, and to hosts that are allowed. Each post looks the name up once, checks what came, and connects to that
 * very address. No redirection is followed, no proxy asked, no connection kept.
 */
export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const allowed = allowedHosts(options.allowed);
  const lookUp = options.lookUp ?? systemLookUp;
  return {
    vouchedFor: (hostname) => allowed.host(hostname),
    post: async (post, signal) => {
      const deadline = AbortSignal.timeout(options.wholeMs ?? WHOLE_MS);
      const ended = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
      try {
        const url = new URL(post.url);
        if (url.protocol !== 'https:' && !(url.protocol === 'http:' && allowed.host(url.hostname))) {
          return { kind: 'unanswered', error: 'Only https is posted to.' };
        }
        const where = await orAborted(checkedAddress(url.hostname, allowed, lookUp), ended);
        return where.kind === 'refused' ? { kind: 'unanswered', error: where.error } : await send(url, where.at, post, ended, options.ca);
      } catch (error) {
        return { kind: 'unanswered', error: deadline.aborted ? 'No answer in time.' : reasonOf(error) };
      }
    },
  };
}

function send(url: URL, at: PlainAddress, { body, headers }: WebhookPost, signal: AbortSignal, ca: string | undefined): Promise<AttemptResult> {
  const payload = Buffer.from(body);
  const host = bareHost(url.hostname);
  const options: RequestOptions & { readonly servername?: string; readonly ca?: string } = {
    method: 'POST', host: at.address, family: at.family, port: url.port || (url.protocol === 'https:' ? 443 : 80),
    path: `${url.pathname}${url.search}`, agent: false, signal,
    headers: { ...headers, 'host': url.host, 'content-type': 'application/json', 'content-length': payload.length, 'connection': 'close' },
    // The certificate is that of the name, though the connection goes to the address that was checked.
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(options, (response) => {
      const answered = (): void => {
        resolve({ kind: 'answered', status: response.statusCode ?? 0 });
        request.destroy();
      };
      let read = 0;
      response.on('data', (chunk: Buffer) => {
        read += chunk.length;
        if (read > ANSWER_BYTES) answered();
      });
      // A body that breaks off does not unmake the status.
      response.on('end', answered).on('error', answered).on('aborted', answered);
    });
    request.on('error', reject);
    request.end(payload);
  });
}

/** A look-up cannot be broken off, but nobody has to wait for it. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new Error('aborted'));
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'The name of the host is unknown.'],
  ['EAI_AGAIN', 'The name servers do not answer.'],
  ['ECONNREFUSED', 'The host refused the connection.'],
  ['ECONNRESET', 'The host closed the connection before it answered.'],
  ['EHOSTUNREACH', 'The host cannot be reached.'],
  ['ENETUNREACH', 'The host cannot be reached.'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'The certificate of the host is self-signed.'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'The certificate of the host is not trusted.'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'The certificate of the host is not trusted.'],
  ['CERT_HAS_EXPIRED', 'The certificate of the host has expired.'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'The certificate of the host is for another name.'],
]);

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS.get(code) ?? `The post failed${code === '' ? '' : ` (${code})`}.`;
}
