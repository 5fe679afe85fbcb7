/** A phone office whose files are served over real HTTPS, and what phones do there. */
import { request as httpsRequest } from 'node:https';
import { request as httpRequest } from 'node:http';
import type { Test } from 'tap';
import type { DeviceId } from '../../src/domain/ids.js';
import { createHttpApp, startHttpServer } from '../../src/http/server.js';
import { createPhoneFileServer } from '../../src/http/provisioning/phone-file-server.js';
import type { SourceAllowance } from '../../src/http/provisioning/source-limits.js';
import type { Log } from '../../src/ports/runtime.js';
import { makeSelfSigned } from '../../src/security/certificates.js';
import { createServePhoneFiles } from '../../src/usecases/provisioning/phone-files.js';
import { startPhoneOffice } from './phone-office.js';

export interface FileReply {
  readonly status: number;
  /** As on the wire, without Date. */
  readonly headers: readonly string[];
  readonly header: (name: string) => string;
  readonly body: string;
}

export interface FileAsk {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** One request on a connection of its own. */
export function askFile(url: string, { method = 'GET', headers = {}, body }: FileAsk = {}): Promise<FileReply> {
  return new Promise((resolve, reject) => {
    const options = { method, headers, agent: false as const, rejectUnauthorized: false };
    const request = url.startsWith('https:') ? httpsRequest(url, options) : httpRequest(url, { method, headers, agent: false });
    request.once('error', reject);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const pairs = response.rawHeaders.flatMap((name, at) => (at % 2 === 0 && name.toLowerCase() !== 'date' ? [`${name}: ${response.rawHeaders[at + 1] ?? ''}`] : []));
        resolve({
          status: response.statusCode ?? 0, headers: pairs, body: Buffer.concat(chunks).toString('utf8'),
          header: (name) => String(response.headers[name.toLowerCase()] ?? ''),
        });
      });
    });
    request.end(body);
  });
}

/** Every record as JSON text. */
export function listeningLog(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = [];
  const note = (event: string, fields?: object): void => void lines.push(JSON.stringify([event, fields]));
  const log: Log = { debug: note, info: note, warn: note, error: note, child: () => log };
  return { log, lines };
}

export async function startPhoneFileOffice(t: Test) {
  const office = await startPhoneOffice(t);
  const certificate = await makeSelfSigned(['localhost', '127.0.0.1'], Date.now());
  const { log, lines } = listeningLog();
  /** What the server looks up and hashes, one entry for each. */
  const work: string[] = [];
  const { stores } = office.deps;
  /** Steps of hot desking that nobody has to play. */
  const stepAt = new Map<DeviceId, number>();
  const deps = {
    ...office.deps, log,
    provisioningMac: (text: string, bytes: number) => {
      work.push('hash');
      return office.deps.provisioningMac(text, bytes);
    },
    stores: {
      ...stores,
      deviceResyncs: {
        ...stores.deviceResyncs,
        newestStepAt: async (deviceId: DeviceId) => stepAt.get(deviceId) ?? stores.deviceResyncs.newestStepAt(deviceId),
      },
      provisioningTokens: {
        ...stores.provisioningTokens,
        byHash: (hash: string) => {
          work.push('look up');
          return stores.provisioningTokens.byHash(hash);
        },
      },
    },
  };
  /** A server as a node has it after its start. */
  const serve = async (allowance?: SourceAllowance) => {
    const files = createPhoneFileServer({ serve: createServePhoneFiles(deps), clock: office.clock, pause: async () => undefined, log, ...(allowance ? { allowance } : {}) });
    const app = createHttpApp({ ...office.deps, log });
    const [tls, plain] = await Promise.all([
      startHttpServer(files.overTls(app), { port: 0, host: '127.0.0.1' }, certificate), startHttpServer(files.overPlain(app), { port: 0, host: '127.0.0.1' }),
    ]);
    t.teardown(() => Promise.all([tls.stop(), plain.stop()]));
    return { files, tls, origin: `https://127.0.0.1:${tls.port}`, plainOrigin: `http://127.0.0.1:${plain.port}` };
  };
  const server = await serve();
  /** What a URL of ours leads to here. */
  const here = (url: string, origin = server.origin): string => url.replace(/^https:\/\/[^/]+/, origin);
  const enrol = async (id: string, body: object = {}): Promise<string> =>
    here((await office.expect(200, 'POST', `/v2/cordboard/devices/${id}/provisioning/enrol`, body)).json.url as string);
  const ask = async (url: string, options: FileAsk = {}): Promise<FileReply> => {
    const reply = await askFile(url, options);
    await server.files.settled();
    return reply;
  };
  return { ...office, serve, server, here, enrol, ask, lines, work, certificate, stepAt };
}

/** The folder that a configuration names: its steady token. */
export function folderIn(configuration: string, origin: string): string {
  const token = /phones\.example\.com:8443\/p\/([\w-]{20,})/.exec(configuration)?.[1];
  if (token === undefined) throw new Error('the configuration names no folder');
  return `${origin}/p/${token}/`;
}

