import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { StorageFault, type Clock, type Log, type Pause } from '../../ports/runtime.js';
import type { DeviceRequest, PhoneFileAnswer, PhoneFileRequest, ServePhoneFiles } from '../../usecases/provisioning/phone-files.js';
import { certificateOf } from './client-certificate.js';
import { readPhoneAuthorization } from './phone-authorization.js';
import { isPhonePath, readPhonePath } from './phone-path.js';
import { SourceLimits, type SourceAllowance } from './source-limits.js';
import { sendImage } from './send-image.js';
import { discardBody, LARGEST_UPLOAD } from './upload-body.js';

export interface PhoneFileServerDeps {
  readonly serve: ServePhoneFiles;
  readonly clock: Clock;
  readonly pause: Pause;
  readonly log: Log;
  readonly allowance?: SourceAllowance;
}

/** Files of phones under `/p/`, beside the API. */
export interface PhoneFileServer {
  /** What is listened to with TLS: `/p/` is this server's, everything else `others`'. */
  overTls(others: RequestListener): RequestListener;
  /** Without TLS there are no files: the same answer as to an unknown token, without looking. */
  overPlain(others: RequestListener): RequestListener;
  /** Resolves when everything that was answered is kept as well. */
  settled(): Promise<void>;
  /** Requests by what came of them, and addresses that are banned now. */
  figures(): Readonly<Record<string, number>>;
}

/** Every refusal takes so long from the request's coming on, whatever was looked at. */
const REFUSAL_MS = 250;
const NOT_FOUND = Buffer.from('Not found\n');
const RETRY_SECONDS = 30;
/** Images on their way at once: calls and registrations share the database with them. */
const MOST_DOWNLOADS = 32;

export function createPhoneFileServer({ serve, clock, pause, log, allowance }: PhoneFileServerDeps): PhoneFileServer {
  const limits = new SourceLimits(clock, allowance);
  const counts = new Map<string, number>();
  const open = new Set<Promise<void>>();
  let downloads = 0;

  const refuse = async (request: IncomingMessage, response: ServerResponse, startedAt: number, challenge: readonly string[] | null = null): Promise<void> => {
    await pause(Math.max(0, REFUSAL_MS - (clock.now() - startedAt)));
    if (challenge !== null && !response.headersSent) response.setHeader('www-authenticate', [...challenge]);
    send(request, response, challenge === null ? 404 : 401, { 'content-type': 'text/plain; charset=utf-8' }, NOT_FOUND);
  };

  const answerAndSend = async (asked: PhoneFileRequest, request: IncomingMessage, response: ServerResponse, startedAt: number): Promise<DeviceRequest | null> => {
    const answer: PhoneFileAnswer = await serve.answer(asked);
    switch (answer.kind) {
      case 'file':
        send(request, response, 200, { 'content-type': answer.contentType, etag: answer.etag }, Buffer.from(answer.body, 'utf8'));
        return answer.of;
      case 'unchanged':
        send(request, response, 304, { etag: answer.etag }, null);
        return answer.of;
      case 'image':
        if (downloads >= MOST_DOWNLOADS) {
          send(request, response, 503, { 'retry-after': String(RETRY_SECONDS) }, Buffer.alloc(0));
          return answer.of;
        }
        downloads += 1;
        await sendImage(request, response, answer.image, answer.piece).finally(() => (downloads -= 1));
        return answer.of;
      case 'upload': {
        if (!limits.upload(answer.of.token.deviceId)) {
          send(request, response, 429, { 'retry-after': '3600' }, Buffer.alloc(0));
          return { ...answer.of, outcome: 'too-large' };
        }
        const read = await discardBody(request, LARGEST_UPLOAD);
        send(request, response, read === 'whole' ? 200 : 413, {}, Buffer.alloc(0));
        return read === 'whole' ? answer.of : { ...answer.of, outcome: 'too-large' };
      }
      case 'nothing': {
        const harmless = answer.of !== null && ['not-offered', 'no-such-file', 'unknown-model', 'unrenderable'].includes(answer.of.outcome);
        // A phone that knows its credentials asks without them first; whoever else is answered so tries tokens.
        const challenge = harmless ? null : await serve.challenge(asked);
        const asksFirst = challenge !== null && answer.of?.outcome === 'refused-credentials';
        if (!harmless && !asksFirst && limits.miss(asked.address)) log.warn('address banned from files of phones', { address: asked.address });
        await refuse(request, response, startedAt, challenge);
        return answer.of;
      }
    }
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startedAt = clock.now();
    const address = addressOf(request);
    const closed = new Promise<void>((resolve) => void response.once('close', resolve));
    let of: DeviceRequest | null = null;
    const away = limits.request(address);
    const asked = readRequest(request, address);
    if (away > 0) {
      send(request, response, 429, { 'retry-after': String(away) }, Buffer.alloc(0));
    } else if (asked === null) {
      await refuse(request, response, startedAt);
    } else {
      try {
        of = await answerAndSend(asked, request, response, startedAt);
      } catch (error) {
        // Neither path nor message: both may hold what nobody may read.
        const storage = error instanceof StorageFault;
        log[storage ? 'warn' : 'error']('phone file failed', { address, error: error instanceof Error ? error.name : 'unknown' });
        send(request, response, storage ? 503 : 500, { 'retry-after': String(RETRY_SECONDS) }, Buffer.alloc(0));
      }
    }
    await closed;
    const outcome = of?.outcome ?? (away > 0 ? 'limited' : response.statusCode >= 500 ? 'failed' : 'unknown-token');
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    const bytes = request.method === 'HEAD' || response.statusCode === 304 ? 0 : Number(response.getHeader('content-length') ?? 0);
    const whole = response.writableFinished;
    log.info('phone file', { outcome, status: response.statusCode, bytes, whole, address, device: of?.token.deviceId, ms: clock.now() - startedAt });
    // A challenge is half of a request.
    if (of === null || response.statusCode === 401) return;
    await serve.sent(of, { status: response.statusCode, bytes, whole, at: clock.now() }).catch((error: unknown) => {
      log.warn('fetch of a phone file not kept', { device: of.token.deviceId, error: error instanceof Error ? error.name : 'unknown' });
    });
  };

  const track = (work: Promise<void>): void => {
    const settled = work.catch((error: unknown) => log.error('phone file failed', { error: error instanceof Error ? error.name : 'unknown' }));
    open.add(settled);
    void settled.then(() => open.delete(settled));
  };
  return {
    overTls: (others) => (request, response) => {
      if (isPhonePath(request.url ?? '')) track(handle(request, response));
      else others(request, response);
    },
    overPlain: (others) => (request, response) => {
      if (isPhonePath(request.url ?? '')) track(refuse(request, response, clock.now()));
      else others(request, response);
    },
    settled: async () => void await Promise.all(open),
    figures: () => ({ ...Object.fromEntries([...counts].map(([outcome, count]) => [`requests ${outcome}`, count])), banned_addresses: limits.banned() }),
  };
}

/** Null: a method that no phone has. */
function readRequest(request: IncomingMessage, address: string): PhoneFileRequest | null {
  const { method = '' } = request;
  const path = readPhonePath(request.url ?? '');
  // Some phones send what others put.
  const known = method === 'GET' || method === 'HEAD' ? method : method === 'PUT' || method === 'POST' ? 'PUT' : null;
  if (path === null || known === null) return null;
  return {
    ...path, method: known, verb: method, target: request.url ?? '', address, authorization: readPhoneAuthorization(request.headers.authorization),
    certificate: certificateOf(request.socket), proxied: request.headers['x-forwarded-for'] !== undefined || request.headers['forwarded'] !== undefined,
    userAgent: request.headers['user-agent'] ?? '', ifNoneMatch: request.headers['if-none-match'] ?? '',
  };
}

function addressOf({ socket }: IncomingMessage): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:/i, '');
}

function send(request: IncomingMessage, response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, body: Buffer | null): void {
  if (response.headersSent || response.destroyed) return;
  // What was not read of a request is not waited for: nobody may keep us reading.
  const unread = !request.complete && (Number(request.headers['content-length'] ?? 0) > 0 || request.headers['transfer-encoding'] !== undefined);
  response.statusCode = status;
  const own = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...(unread ? { connection: 'close' } : {}) };
  for (const [name, value] of Object.entries({ ...headers, ...own })) response.setHeader(name, value);
  if (body !== null) response.setHeader('content-length', body.length);
  response.end(request.method === 'HEAD' || body === null ? undefined : body);
}
