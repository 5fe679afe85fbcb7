/**
 * The yardstick of the benchmark: what one writes with drachtio-srf and Redis in an afternoon. It knows devices by a
 * CSV file, checks digests, keeps the last binding of each in Redis and connects two phones with createB2BUA; it has no policy, no
 * records, no administration.
 *
 * Environment: CONTROL (host:port of a drachtio-server), SECRET, REDIS_SOCKET, DEVICES (CSV: user;password;domain;extension), TRUNK (host:port that
 * all numbers with + go to; absent = there is none).
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import Srf, { type SrfRequest, type SrfResponse } from 'drachtio-srf';

interface Device { readonly user: string; readonly password: string; readonly domain: string; readonly extension: string }
interface Leg { destroy(options?: object): unknown; on(event: 'destroy', listener: () => void): unknown }
interface WithB2bua {
  createB2BUA(request: SrfRequest, response: SrfResponse, uri: string, options: object): Promise<{ uas: Leg; uac: Leg }>;
}
const canBridge = (srf: Srf): srf is Srf & WithB2bua => 'createB2BUA' in srf;

const need = (name: string): string => process.env[name] ?? (() => { throw new Error(`${name} is not set`); })();
const [host = '', port = ''] = need('CONTROL').split(':');
const devices: readonly Device[] = readFileSync(need('DEVICES'), 'utf8').trim().split('\n').map((line) => {
  const [user = '', password = '', domain = '', extension = ''] = line.split(';');
  return { user, password, domain, extension };
});
const byUser = new Map(devices.map((device) => [device.user, device]));
const byExtension = new Map(devices.filter(({ extension }) => extension !== '').map((device) => [device.extension, device]));
const redis = new Redis(need('REDIS_SOCKET'));
const trunk = process.env['TRUNK'];
const srf = new Srf();
const nonceKey = randomBytes(32);
const NONCE_MS = 60_000;
const BINDING_SECONDS = 3600;

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const mac = (text: string): string => createHmac('sha256', nonceKey).update(text).digest('base64url');
const makeNonce = (): string => {
  const at = Date.now().toString(36);
  return `${at}.${mac(at)}`;
};
const nonceIsOurs = (nonce: string): boolean => {
  const [at = '', signature] = nonce.split('.');
  return signature === mac(at) && Date.now() - parseInt(at, 36) < NONCE_MS;
};

/** The device that proved itself, or null after a challenge was sent. */
function authenticate(request: SrfRequest, response: SrfResponse): Device | null {
  const given = new Map<string, string>();
  for (const [, name = '', quoted, token] of (request.headers['authorization'] ?? '').matchAll(/(\w+)=(?:"([^"]*)"|([^",\s]+))/g)) {
    given.set(name, quoted ?? token ?? '');
  }
  const value = (name: string): string => given.get(name) ?? '';
  const device = byUser.get(value('username'));
  if (device && nonceIsOurs(value('nonce'))) {
    const ha1 = md5(`${device.user}:${value('realm')}:${device.password}`);
    const ha2 = md5(`${request.method}:${value('uri')}`);
    if (value('response') === md5([ha1, value('nonce'), value('nc'), value('cnonce'), value('qop'), ha2].join(':'))) return device;
  }
  const realm = /@([^;>:]+)/.exec(request.headers['from'] ?? '')?.[1] ?? 'example.com';
  response.send(401, undefined, {
    headers: { 'WWW-Authenticate': `Digest realm="${realm}", nonce="${makeNonce()}", algorithm=MD5, qop="auth"` },
  });
  return null;
}

interface Binding { readonly uri: string; readonly proxy: string }

async function register(request: SrfRequest, response: SrfResponse): Promise<void> {
  const device = authenticate(request, response);
  if (!device) return;
  const uri = /<([^>]+)>/.exec(request.headers['contact'] ?? '')?.[1] ?? '';
  const transport = /SIP\/2\.0\/(\w+)/.exec(request.headers['via'] ?? '')?.[1]?.toLowerCase() ?? 'udp';
  const binding: Binding = { uri, proxy: `sip:${request.source_address}:${request.source_port};transport=${transport}` };
  const key = `binding:${device.user}`;
  const replies = await redis.multi().del(key).hset(key, uri, JSON.stringify(binding)).expire(key, BINDING_SECONDS).hkeys(key).exec();
  const contacts = (replies?.[3]?.[1] ?? []) as readonly string[];
  response.send(200, undefined, { headers: { Contact: contacts.map((contact) => `<${contact}>;expires=${BINDING_SECONDS}`).join(', ') } });
}

async function invite(request: SrfRequest, response: SrfResponse): Promise<void> {
  if (!canBridge(srf) || !authenticate(request, response)) return;
  const dialled = /^sip:([^@]+)@/.exec(request.uri)?.[1] ?? '';
  if (trunk !== undefined && dialled.startsWith('+')) return connect(srf, request, response, `sip:${dialled}@${trunk}`, {});
  const callee = byExtension.get(dialled);
  const stored = callee && Object.values(await redis.hgetall(`binding:${callee.user}`))[0];
  if (stored === undefined) return response.send(480, undefined, {});
  const { uri, proxy } = JSON.parse(stored) as Binding;
  return connect(srf, request, response, uri, { proxy, headers: { To: `<${uri}>` } });
}

async function connect(srf: WithB2bua, request: SrfRequest, response: SrfResponse, uri: string, options: object): Promise<void> {
  const { uas, uac } = await srf.createB2BUA(request, response, uri, options);
  uas.on('destroy', () => uac.destroy());
  uac.on('destroy', () => uas.destroy());
}

const failed = (error: unknown): void => void process.stderr.write(`${String(error)}\n`);
srf.register((request, response) => void register(request, response).catch(failed));
srf.invite((request, response) => void invite(request, response).catch(failed));
srf.options((_request, response) => response.send(200, undefined, {}));
srf.on('error', failed);
srf.on('connect', (error) => {
  if (error) return failed(error);
  process.stdout.write(`${JSON.stringify({ level: 30, msg: 'ready' })}\n`);
});
srf.connect({ host, port: Number(port), secret: need('SECRET') });
process.once('SIGTERM', () => process.exit(0));
