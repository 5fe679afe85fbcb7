import { createHash, createHmac, randomBytes } from 'node:crypto';
import { request } from 'node:https';
import type { RedirectResult } from '../../domain/provisioning/redirect-machine.js';
import type { RedirectAccess, RedirectService } from '../../ports/redirect-service.js';

/** Where Yealink serves its RPS API. */
const ORIGIN = 'https://api-dm.yealink.com:8443';
const WHOLE_MS = 15_000;
/** More is no answer of this API. */
const ANSWER_BYTES = 256 * 1024;

export interface YealinkRpsOptions {
  /** https origin, without `/` at its end. */
  readonly origin?: string;
  readonly now: () => number;
  readonly wholeMs?: number;
  /** Certificates trusted besides those Node.js knows, in PEM. */
  readonly ca?: string;
}

interface ListedPhone {
  readonly id: string;
  readonly mac: string;
  readonly url: string;
}

type Answer = { readonly kind: 'data'; readonly data: unknown } | { readonly kind: 'code'; readonly code: string } | Extract<RedirectResult, { readonly kind: 'unanswered' }>
  | Extract<RedirectResult, { readonly kind: 'refused' }>;

/** What the service calls it when a phone is listed already, and when it is not there to be deleted. */
const EXISTS = 'device.mac.existed';
const ABSENT = 'device.not.found';

/** Yealink's Redirection and Provisioning Service by its JSON API for RPS management. */
export function createYealinkRps(options: YealinkRpsOptions): RedirectService {
  const call = (access: RedirectAccess, path: string, body: object): Promise<Answer> => post(options, access, path, body);
  const find = async (access: RedirectAccess, macAddress: string) => {
    const answer = await call(access, '/api/open/v1/device/list', { key: macAddress, skip: 0, limit: 50, autoCount: false });
    if (answer.kind !== 'data') return answer;
    const listed = phonesOf(answer.data);
    return listed === null ? unanswered('It answered what is no list of phones.')
      : { kind: 'found' as const, device: listed.find(({ mac }) => plain(mac) === macAddress) ?? null };
  };
  return {
    async add(access, { macAddress, url }) {
      const added = await call(access, '/api/open/v1/device/add', { macs: [macAddress], uniqueServerUrl: url });
      if (added.kind !== 'code' || added.code !== EXISTS) return resultOf(added);
      const found = await find(access, macAddress);
      if (found.kind !== 'found') return resultOf(found);
      // Listed, and not here: it is somebody else's.
      if (found.device === null) return { kind: 'refused', reason: 'owned-elsewhere', detail: EXISTS };
      return resultOf(await call(access, '/api/open/v1/device/edit', { id: found.device.id, uniqueServerUrl: url }));
    },
    async remove(access, macAddresses) {
      const removed = await call(access, '/api/open/v1/device/delete', { macs: [...macAddresses] });
      return removed.kind === 'code' && removed.code === ABSENT ? { kind: 'done' } : resultOf(removed);
    },
    async status(access, macAddress) {
      const found = await find(access, macAddress);
      if (found.kind === 'found') {
        return found.device === null ? { kind: 'absent' } : { kind: 'listed', url: found.device.url };
      }
      const result = resultOf(found);
      return result.kind === 'done' ? { kind: 'absent' } : result;
    },
  };
}

/**
 * The text that is signed: method, system headers in order of their names, path without its first `/`.
 * Source: Yealink JSON API for RPS Management Platform, §1.3.
 */
export function textToSign(method: string, headers: ReadonlyMap<string, string>, path: string): string {
  const lines = [...headers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}:${value}`);
  return [method, ...lines, path.replace(/^\//, '')].join('\n');
}

async function post(options: YealinkRpsOptions, { accessKeyId, accessKeySecret }: RedirectAccess, path: string, body: object): Promise<Answer> {
  const payload = JSON.stringify(body);
  const signed = new Map([
    ['Content-MD5', createHash('md5').update(payload).digest('base64')], ['X-Ca-Key', accessKeyId], ['X-Ca-Nonce', randomBytes(16).toString('hex')],
    ['X-Ca-Timestamp', String(options.now())],
  ]);
  const signature = createHmac('sha256', accessKeySecret).update(textToSign('POST', signed, path)).digest('base64');
  try {
    const { status, text } = await send(options, path, payload, { ...Object.fromEntries(signed), 'X-Ca-Signature': signature });
    return read(status, text);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return unanswered(code === '' ? 'No answer in time.' : `The connection failed (${code}).`);
  }
}

function read(status: number, text: string): Answer {
  if (status === 401 || status === 403) return { kind: 'refused', reason: 'credentials', detail: `HTTP ${status}` };
  const answer = fieldsOf(json(text));
  const ret = answer.get('ret');
  // Every answer of the API has it; negative is a refusal, whose `msg` names the cause.
  if (typeof ret !== 'number') return unanswered(`HTTP ${status}`);
  if (ret >= 0 && status < 300) return { kind: 'data', data: answer.get('data') };
  const code = causeOf(answer.get('error')) || causeOf(answer.get('errors'));
  if (status >= 500 || code === '') return unanswered(code === '' ? `HTTP ${status}` : code);
  return /signature|access\.?key|nonce|timestamp|auth/i.test(code) ? { kind: 'refused', reason: 'credentials', detail: code } : { kind: 'code', code };
}

function causeOf(told: unknown): string {
  const fields = fieldsOf(told);
  const inFields = listOf(fields.get('fieldErrors')).map((one) => textOf(fieldsOf(one).get('msg'))).find((text) => text !== '');
  return textOf(fields.get('msg')) || (inFields ?? '');
}

/** Null for anything but a page of phones. */
function phonesOf(data: unknown): readonly ListedPhone[] | null {
  const page = fieldsOf(data).get('data');
  if (!Array.isArray(page)) return null;
  return listOf(page).map((one) => {
    const fields = fieldsOf(one);
    return { id: textOf(fields.get('id')), mac: textOf(fields.get('mac')), url: textOf(fields.get('uniqueServerUrl')) || textOf(fields.get('serverUrl')) };
  });
}

const fieldsOf = (value: unknown): ReadonlyMap<string, unknown> => new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value as readonly unknown[] : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function resultOf(answer: Answer): RedirectResult {
  switch (answer.kind) {
    case 'data':
      return { kind: 'done' };
    case 'code':
      return { kind: 'refused', reason: 'refused', detail: answer.code };
    default:
      return answer;
  }
}

const unanswered = (detail: string): Extract<RedirectResult, { readonly kind: 'unanswered' }> => ({ kind: 'unanswered', detail });
const plain = (mac: string): string => mac.replace(/[^0-9a-f]/gi, '').toLowerCase();

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function send(
  { origin = ORIGIN, wholeMs = WHOLE_MS, ca }: YealinkRpsOptions, path: string, payload: string, headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const asking = request(`${origin}${path}`, {
      method: 'POST', agent: false, signal: AbortSignal.timeout(wholeMs), ...(ca === undefined ? {} : { ca }),
      headers: { ...headers, 'content-type': 'application/json;charset=UTF-8', 'content-length': Buffer.byteLength(payload), 'connection': 'close' },
    }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > ANSWER_BYTES) asking.destroy(new Error('too long'));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }));
    });
    asking.on('error', reject);
    asking.end(payload);
  });
}
