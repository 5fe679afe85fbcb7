/**
 * The HTTP API over real HTTP on a free port, with an embedded PostgreSQL, a real Redis and an account of its own. Every JSON
 * answer is compared with the schema that its route declares, field by field, so no test can pass on an undocumented shape.
 */
import { randomBytes } from 'node:crypto';
import type { Test } from 'tap';
import { startEdge, type Edge } from '../../sip/edge/edge.js';
import { silentLog } from '../../sip/edge/log.js';
import { PromptStore } from '../../sip/media/prompts/prompt-store.js';
import { createPromptConverter } from '../../src/sound/prompt-converter.js';
import { createAccountPromptFollower } from '../../src/usecases/prompts/follow-account-prompts.js';
import { asId, type ApiClientId, type CallRecordId, type SiteId } from '../../src/domain/ids.js';
import { NO_TRUNKS } from '../../src/domain/routing/trunk-routes.js';
import type { Account } from '../../src/domain/identity/account.js';
import { startHttpServer, createHttpApp } from '../../src/http/server.js';
import type { HttpDeps } from '../../src/http/http-deps.js';
import { ignoredFields } from '../../src/http/ignored-fields.js';
import { createMatcher } from '../../src/http/route-match.js';
import { ROUTES } from '../../src/http/route-table.js';
import type { GatewayLocator } from '../../src/ports/trunks.js';
import { parseAddress } from '../../src/domain/emergency/network.js';
import type { CallControl, LiveCall } from '../../src/ports/call-control.js';
import { createPhoneFiles } from '../../src/rendering/phone-renderer.js';
import { ZoneRules } from '../../src/rendering/zone-transitions.js';
import { TEMPLATE_FOLDER } from './phone-facts.js';
import type { RateLimits } from '../../src/ports/rate-limits.js';
import { createSetUpGuides } from '../../src/rendering/set-up-guides.js';
import { createYealinkRps } from '../../src/outbound/redirect/yealink-rps.js';
import { createWebhookSender } from '../../src/outbound/webhook-sender.js';
import { createImportWork } from '../../src/usecases/exchange/run-imports.js';
import { createHotDesk } from '../../src/usecases/hotdesk/create-hot-desk.js';
import { deriveKey, keyedHash, signText } from '../../src/security/key-material.js';
import { createIdSource, hashText, systemRandom } from '../../src/security/random.js';
import { createPinHasher } from '../../src/security/pin-hasher.js';
import { createSecretBox } from '../../src/security/secret-box.js';
import { createSecretHasher } from '../../src/security/secret-hasher.js';
import { createTokenIssuer } from '../../src/security/token-issuer.js';
import { createDirectory } from '../../src/storage/postgres/directory.js';
import type { PostgresDatabase } from '../../src/storage/postgres/database.js';
import { createFraudCounters } from '../../src/storage/redis/fraud-counters.js';
import { createRerating } from '../../src/storage/postgres/rerating.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { readAuthorities } from '../../src/security/authority-reader.js';
import { createContentHash } from '../../src/security/content-hash.js';
import { ensureAdminClient } from '../../src/usecases/admin/ensure-admin-client.js';
import { ensureFirstAccount } from '../../src/usecases/admin/ensure-first-account.js';
import type { AdminDeps } from '../../src/usecases/admin/admin-deps.js';
import { createLateDeviceCalls } from '../../src/wiring/device-calls.js';
import { systemLocalTime, systemWallClock } from '../../src/wiring/local-time.js';
import { createReachability } from '../../src/usecases/reachability.js';
import { createExplainPolicy } from '../../src/usecases/explain-policy.js';
import { createGatewayHealth } from '../../src/usecases/trunks/gateway-health.js';
import { createGatewayAddresses } from '../../src/usecases/trunks/trunk-sources.js';
import { createTrunkWatch } from '../../src/usecases/trunks/watch-trunks.js';
import { NO_TRUNK_SIP } from './no-trunk-sip.js';
import { startTestEmbedded } from './postgres.js';
import { edgeAdmin } from './edge-admin.js';
import { startTestRedis, type TestRedis } from './redis.js';

export interface ApiReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON of the body; null for none. */
  readonly json: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look into many shapes
}

export interface CallOptions {
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, instead of JSON of `body`. */
  readonly raw?: string | Buffer;
}

export interface ApiOffice {
  readonly url: string;
  readonly port: number;
  readonly deps: HttpDeps;
  readonly account: Account;
  readonly database: PostgresDatabase;
  readonly redis: TestRedis;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What tests let the API see and hang up; the SIP application's side of the port. */
  readonly calls: LiveCall[];
  readonly parts: Map<string, boolean>;
  /** Whose protection the API shows. */
  readonly edge: Edge;
  /** Mail is written while this is switched on, and sent by nobody. */
  readonly mail: { enabled: boolean };
  /** Moves the clock that the API reads; it stands still otherwise. */
  readonly clock: { now(): number; advance(ms: number): void };
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<ApiReply>;
  /** The same, and fails the test on another status. */
  expect(status: number, method: string, path: string, body?: unknown, options?: CallOptions): Promise<ApiReply>;
  /** Puts the limits given in force; there are none otherwise. */
  limitRates(rates: RateLimits): void;
  /** A token of a new client with this role, at these sites alone. */
  tokenFor(role: string, targets?: readonly SiteId[] | null): Promise<string>;
}

export async function startApiOffice(t: Test): Promise<ApiOffice> {
  const [postgres, redis] = await Promise.all([startTestEmbedded(t), startTestRedis(t)]);
  const database = await postgres.open(t);
  let at = Date.now();
  const clock = { now: () => at, advance: (ms: number) => void (at += ms) };
  const key = randomBytes(32);
  const secretBox = createSecretBox(deriveKey(key, 'device-password'));
  const mail = { enabled: false, box: createSecretBox(deriveKey(key, 'mail')) };
  const log = redis.log;
  const directory = createDirectory({ db: database, secretBox, hash: hashText, log });
  const uow = createUnitOfWork(database, { onCommitted: (events) => directory.apply(events) });
  const admin: AdminDeps = {
    uow, clock, ids: createIdSource(clock), secretBox, stores: createStores(database), random: systemRandom, hasher: createSecretHasher(), mail, log,
    pinHasher: createPinHasher(deriveKey(key, 'pin')), deviceCalls: createLateDeviceCalls(), localTime: systemLocalTime, pause: async () => undefined, nodeId: 'node-test',
  };
  const account = await ensureFirstAccount(admin, { sipDomain: 'pbx.example.com', country: 'US' });
  const { clientId, clientSecret = '' } = await ensureAdminClient(admin, {});
  await directory.load();
  const prompts = new PromptStore('en');
  await directory.follow(createAccountPromptFollower({ stores: admin.stores, sounds: prompts }));
  const { service: locations, client: locationClient } = await redis.location({ clock });
  const edge = await startEdge({
    listeners: [{ transport: 'udp', host: '127.0.0.1', port: 0 }], admin: { host: '127.0.0.1', port: 0, secret: 'api office' },
    localNetworks: [], log: silentLog, protection: { trustedSources: ['198.51.100.0/24'], emergencyUsers: ['911'] },
  });
  t.teardown(() => edge.stop());
  const calls: LiveCall[] = [];
  const zones = new ZoneRules();
  const parts = new Map([['postgres', true], ['redis', true], ['sip', true]]);
  const limits: { take: RateLimits['take'] } = { take: async () => null };
  const enrolling = {
    phoneFiles: createPhoneFiles(TEMPLATE_FOLDER), provisioningMac: keyedHash(deriveKey(key, 'provisioning')), provisioningOrigin: () => 'https://phones.example.com:8443',
  };
  const trunks = () => directory.trunks;
  const locator: GatewayLocator = {
    locate: async ({ host }) => (parseAddress(host) !== null ? { kind: 'found', servers: [{ address: host, port: 5060 }] } : { kind: 'unknown', why: `no address for host "${host}"` }),
  };
  const trunkWatch = createTrunkWatch({
    health: createGatewayHealth({ trunks, clock }), addresses: createGatewayAddresses({ trunks, locator, clock, log }), locator, sip: NO_TRUNK_SIP,
  });
  const setUpGuides = createSetUpGuides('provisioning-templates');
  const importWork = createImportWork({ ...admin, enrolling, setUpGuides, locations });
  const deps: HttpDeps = {
    ...admin, importWork, rerating: createRerating(database), fraudCounters: createFraudCounters(locationClient), directory, prompts, promptConverter: createPromptConverter(), setUpGuides, locations, log, version: '0.0.0-test', trustedProxies: [],
    ...enrolling, enrolling, redirectServices: { yealink: createYealinkRps({ now: () => clock.now(), origin: 'https://127.0.0.1:9' }) }, zoneRules: (name, now) => zones.rulesOf(name, now),
    wallClock: systemWallClock, readAuthorities, digestHash: hashText, contentHash: createContentHash, largestFirmware: 1_048_576,
    phoneServer: () => ({ host: '192.0.2.1', port: 5060, tls: { port: 5061, certificate: 'given' }, certificateFile: null, encryptedPrompts: false }), phoneCertificate: () => null,
    tokens: createTokenIssuer(deriveKey(key, 'token'), clock),
    calls: callControl(calls), trunkWatch, trunkBox: createSecretBox(deriveKey(key, 'trunk-password')),
    hotDesk: createHotDesk({ ...admin, directory }),
    webhookBox: createSecretBox(deriveKey(key, 'webhook-secret')), signText,
    webhookSender: createWebhookSender({ allowed: ['127.0.0.1'], wholeMs: 3000 }),
    edge: edgeAdmin(edge),
    explain: createExplainPolicy({ directory, location: locations, reachability: createReachability(), trunks: () => NO_TRUNKS }),
    rateLimits: { take: async (kind, caller) => limits.take(kind, caller) }, idempotencyBox: createSecretBox(deriveKey(key, 'kept-answer')),
    sipReach: () => ({ domain: 'pbx.example.com:5060', outboundProxy: '192.0.2.1:5060' }),
    readiness: async () => Object.fromEntries(parts),
    metrics: { contentType: 'text/plain; version=0.0.4', render: async () => 'cordboard_up 1\n' },
  };
  const listener = await startHttpServer(createHttpApp(deps), { port: 0, host: '127.0.0.1' });
  t.teardown(() => listener.stop());
  const url = `http://127.0.0.1:${listener.port}`;
  const match = createMatcher(ROUTES);
  const adminToken = await deps.tokens.issue({ clientId, accountId: account.id, role: 'Phone Super Admin', generation: 1 }, 30 * 86_400);

  const call: ApiOffice['call'] = async (method, path, body, { token = adminToken, headers = {}, raw } = {}) => {
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await fetch(url + path, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(payload === undefined ? {} : { body: payload }),
    });
    const text = await answer.text();
    const isJson = /^application\/(scim\+)?json/.test(answer.headers.get('content-type') ?? '');
    const json: unknown = isJson && text !== '' ? JSON.parse(text) : null;
    if (answer.status < 300 && method !== 'HEAD') compareWithSchema(t, match(method, path.split('?')[0] ?? ''), answer.status, json);
    return { status: answer.status, headers: answer.headers, text, json };
  };

  return {
    url, port: listener.port, mail, deps, account, database, redis, clientId, clientSecret, calls, parts, edge, clock, call,
    async expect(status, method, path, body, options) {
      const reply = await call(method, path, body, options);
      t.equal(reply.status, status, `${method} ${path} answers ${status}`, { body: reply.text.slice(0, 2000) });
      return reply;
    },
    limitRates: (rates) => void (limits.take = rates.take),
    async tokenFor(role, targets = null) {
      const id = asId<ApiClientId>(systemRandom.token(12));
      await uow.run(async (stores) => {
        await stores.apiClients.insert({
          id, accountId: account.id, name: role, secretHash: 'none', role, targets, generation: 1, disabled: false, createdAt: at,
        });
        return { end: 'commit', value: id };
      });
      return deps.tokens.issue({ clientId: id, accountId: account.id, role, generation: 1 }, 30 * 86_400);
    },
  };
}

function callControl(calls: LiveCall[]): CallControl {
  return {
    list: (accountId) => calls.filter((live) => live.accountId === accountId),
    async hangUp(id: CallRecordId) {
      const index = calls.findIndex((live) => live.id === id);
      if (index < 0) return 'unknown';
      if (calls[index]?.emergency) return 'emergency';
      calls.splice(index, 1);
      return 'done';
    },
    ready: () => true,
  };
}

function compareWithSchema(t: Test, found: ReturnType<ReturnType<typeof createMatcher>>, status: number, json: unknown): void {
  if (found.kind !== 'found') return;
  const { answer, operationId } = found.route;
  if (status !== answer.status) t.fail(`${operationId} answers ${status} and declares ${answer.status}`);
  if (answer.schema === null) {
    if (json !== null) t.fail(`${operationId} declares no JSON and answers some`);
    return;
  }
  const parsed = answer.schema.safeParse(json);
  if (!parsed.success) t.fail(`${operationId} answers what its schema refuses`, { issues: parsed.error.issues, json });
  else if (ignoredFields(json, parsed.data).length > 0) t.fail(`${operationId} answers undeclared fields`, { fields: ignoredFields(json, parsed.data) });
}
