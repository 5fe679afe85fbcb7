import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { machineAddress } from './machine-address.js';
import * as read from './readers.js';
import type { Reader } from './readers.js';

/** One setting: its environment variable, what it means, its default as text (null = unset), and how it is read. */
export interface SettingRow<T> {
  readonly env: string;
  readonly meaning: string;
  readonly fallback: (() => string) | null;
  readonly shownDefault: string;
  readonly read: Reader<T>;
  /** Known by contract, without effect in this version; setting it is reported, never ignored in silence. */
  readonly notServed?: true;
}

function setting<T>(env: string, reader: Reader<T>, fallback: string | (() => string), meaning: string, shown?: string): SettingRow<T> & { optional: false } {
  const make = typeof fallback === 'string' ? () => fallback : fallback;
  return { env, meaning, fallback: make, shownDefault: shown ?? make(), read: reader, optional: false };
}
function optional<T>(env: string, reader: Reader<T>, meaning: string, shown: string): SettingRow<T> & { optional: true } {
  return { env, meaning, fallback: null, shownDefault: shown, read: reader, optional: true };
}
function later(env: string, meaning: string): SettingRow<string> & { optional: true } {
  return { env, meaning, fallback: null, shownDefault: 'not served yet', read: read.text, optional: true, notServed: true };
}

const PRIVATE_NETWORKS = '10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,127.0.0.0/8,::1/128,fc00::/7,fe80::/10';

/** Every setting of the product, in the order they are documented. Flag, environment and file use the same names. */
export const SETTINGS = {
  dataDir: setting('DATA_DIR', read.text, './var', 'all state of a single-node installation; created 0700'),
  httpPort: setting('HTTP_PORT', read.port, '8080', 'admin API and its documentation'),
  httpBind: setting('HTTP_BIND', read.address, '0.0.0.0', 'address the admin API listens on'),
  httpsPort: optional('HTTPS_PORT', read.portOrOff, 'port of files for phones and of the API over TLS, at HTTP_BIND, or off; when unset it is left out where another program holds it', '8443'),
  provisioningUrl: optional('PROVISIONING_URL', read.httpsOrigin, 'https URL that phones reach HTTPS_PORT by, as https://phones.example.com', "the machine's address and HTTPS_PORT"),
  firmwareMaxMb: setting('FIRMWARE_MAX_MB', read.count, '256', 'megabytes of a firmware image that is kept for phones'),
  sipBind: setting('SIP_BIND', read.address, '0.0.0.0', 'address SIP listens on, UDP and TCP'),
  sipPort: setting('SIP_PORT', read.port, '5060', 'port of SIP over UDP and TCP'),
  sipTlsPort: optional('SIP_TLS_PORT', read.portOrOff, 'port of SIP over TLS, or off; when unset it is left out where another program holds it', '5061'),
  sipWsPort: optional('SIP_WS_PORT', read.portOrOff, 'port of SIP over WebSocket (RFC 7118), or off; likewise', '5066'),
  sipWssPort: optional('SIP_WSS_PORT', read.portOrOff, 'port of SIP over secure WebSocket, or off; likewise', '7443'),
  sipWsOrigins: optional('SIP_WS_ORIGINS', read.origins, 'web pages that may open WebSockets: origins with commas between, or *', 'pages of the same host'),
  sipOutboundProxy: optional('SIP_OUTBOUND_PROXY', read.sipUri, 'SIP URI of a proxy that takes requests for others than our phones', 'unset: straight to the server'),
  sipDnsServers: optional('SIP_DNS_SERVERS', read.nameServers, 'name servers SIP asks: addresses, with :port where it is not 53, commas between', "the system's"),
  tlsCert: optional('TLS_CERT', read.text, 'PEM file of the certificate chain for TLS; read again when it changes and at SIGHUP', 'self-signed, in DATA_DIR/tls'),
  tlsKey: optional('TLS_KEY', read.text, 'PEM file of its private key', 'in DATA_DIR/tls'),
  sipDomain: optional('SIP_DOMAIN', read.sipDomain, 'domain and digest realm of the default account; fixed at first start', "the machine's address"),
  publicAddress: optional('PUBLIC_ADDRESS', read.address, 'address shown to peers outside LOCAL_NETWORKS', 'the address of the route to the peer'),
  localNetworks: setting('LOCAL_NETWORKS', read.networks, PRIVATE_NETWORKS, 'peers that are shown the local address', 'private ranges and loopback'),
  trustedSources: setting('TRUSTED_SOURCES', read.networks, '', 'SBCs and proxies in front: networks that are never limited or banned', 'none'),
  sipRateLimitSource: setting('SIP_RATE_LIMIT_SOURCE', read.count, '1000', 'SIP messages a second of one address without a live registration; more is dropped, then banned; 0: off'),
  sipRateLimitUser: setting('SIP_RATE_LIMIT_USER', read.count, '50', 'new SIP requests a second of one user name at one address; 0: off'),
  sipBanUnknownUsers: setting('SIP_BAN_UNKNOWN_USERS', read.count, '30', 'so many distinct unknown users in 5 minutes ban an address without a live registration; 0: off'),
  sipBanSeconds: setting('SIP_BAN_SECONDS', read.count, '60', 'length of the first ban of an address; each further one within a day doubles it, up to a day'),
  sipSpammers: optional('SIP_SPAMMERS', read.text, 'JSON file of what marks a scanner', 'well-known scanners, declined with 603'),
  apiRateLimitLight: setting('API_RATE_LIMIT_LIGHT', read.count, '300', 'API requests a second of one client, without those over many rows; 0: off'),
  apiRateLimitHeavy: setting('API_RATE_LIMIT_HEAVY', read.count, '60', 'API requests a second of one client for history, logs, exports and batches; 0: off'),
  apiRateLimitToken: setting('API_RATE_LIMIT_TOKEN', read.count, '120', 'requests for tokens a minute of one address; 0: off'),
  redisUrl: optional('REDIS_URL', read.url('redis', 'rediss'), 'live registrations, nonces, leases, call events', 'a private redis-server in DATA_DIR'),
  databaseUrl: optional('DATABASE_URL', read.url('postgres', 'postgresql'), 'PostgreSQL 15 or newer for configuration and records', 'an embedded one in DATA_DIR'),
  drachtioUrl: optional('DRACHTIO_URL', read.hostPort, 'host:port of a drachtio-server', 'unset: embedded edge'),
  drachtioSecret: optional('DRACHTIO_SECRET', read.text, 'secret of that drachtio-server', 'unset'),
  adminAccountId: optional('ADMIN_ACCOUNT_ID', read.text, 'id of the default account', 'generated at first start'),
  adminClientId: optional('ADMIN_CLIENT_ID', read.text, 'first API client', 'generated at first start'),
  adminClientSecret: optional('ADMIN_CLIENT_SECRET', read.text, "the first API client's secret", 'generated at first start, kept in DATA_DIR/admin.json'),
  secretKey: optional('SECRET_KEY', read.secretKey, 'key material shared by nodes, 32 bytes as hex or base64; required with DATABASE_URL', 'kept in DATA_DIR/secret.key'),
  rtpPortMin: setting('RTP_PORT_MIN', read.rtpPort, '20000', 'first UDP port of media; each stream takes an even one and the next'),
  rtpPortMax: setting('RTP_PORT_MAX', read.rtpPort, '20999', 'last UDP port of media; best below the ports the system gives to programs (32768 on Linux)'),
  webhookAllowedHosts: setting('WEBHOOK_ALLOWED_HOSTS', read.hosts, '', 'hosts besides public ones that webhooks may go to, by http too: names, addresses, networks; commas between', 'none'),
  smtpUrl: optional('SMTP_URL', read.smtpUrl, 'mail server, smtp(s)://user:password@host:port; needs MAIL_FROM; options as ?requireTLS=true, ignoreTLS=true, rejectUnauthorized=false', 'unset: no mail'),
  mailFrom: optional('MAIL_FROM', read.mailbox, 'sender of mail: an address, or Name <address>', 'unset'),
  mediaRelay: setting('MEDIA_RELAY', read.oneOf('auto', 'always', 'off'), 'auto', 'which calls have their sound relayed here: auto is those with a phone behind NAT'),
  rtpengineUrl: optional('RTPENGINE_URL', read.ngAddresses, 'ng control sockets of rtpengines, host:port with commas between: they relay instead, and convert for browsers and SRTP', 'unset: the relay of this program'),
  nodeId: setting('NODE_ID', read.text, () => hostname(), "this node's name", 'host name'),
  logLevel: setting('LOG_LEVEL', read.oneOf('debug', 'info', 'warn', 'error', 'silent'), 'info', 'least serious records that are logged'),
  logFormat: setting('LOG_FORMAT', read.oneOf('json', 'text'), () => (process.stderr.isTTY ? 'text' : 'json'), 'how they are written', 'json when not a terminal'),
  trustedProxies: later('TRUSTED_PROXIES', 'addresses whose X-Forwarded-* count'),
} as const;

type Table = typeof SETTINGS;
type ValueOf<Row> = Row extends SettingRow<infer T> & { optional: infer O } ? (O extends true ? T | undefined : T) : never;
export type SettingName = keyof Table;
export type Settings = { readonly [Name in SettingName]: ValueOf<Table[Name]> };

export type SettingsResult =
  | { readonly kind: 'settings'; readonly settings: Settings; readonly notServed: readonly string[] }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

/** `--http-port` for HTTP_PORT. */
export function flagOf(env: string): string {
  return `--${env.toLowerCase().replaceAll('_', '-')}`;
}

/**
 * Reads all settings: flag, else environment, else CONFIG_FILE (a JSON object with the same names), else default. An
 * empty environment variable counts as unset. All problems are returned at once, each naming the setting and its source.
 */
export function readSettings(flags: ReadonlyMap<string, string>, env: NodeJS.ProcessEnv): SettingsResult {
  const problems: string[] = [];
  const file = readConfigFile(flags.get('CONFIG_FILE') ?? env['CONFIG_FILE'], problems);
  const names = new Set<string>(Object.values(SETTINGS).map((row) => row.env));
  for (const name of file.keys()) if (!names.has(name)) problems.push(`${name} in CONFIG_FILE is no setting of this program`);

  const values: Record<string, unknown> = {};
  const notServed: string[] = [];
  for (const [key, row] of Object.entries<SettingRow<unknown>>(SETTINGS)) {
    const given = flags.get(row.env) ?? (env[row.env] || undefined) ?? file.get(row.env);
    if (given !== undefined && row.notServed) notServed.push(row.env);
    const raw = given ?? row.fallback?.();
    if (raw === undefined) continue;
    const reading = row.read(raw);
    if ('problem' in reading) problems.push(`${row.env} (${flagOf(row.env)}) is ${reading.problem}`);
    else values[key] = reading.value;
  }
  problems.push(...contradictions(values));
  return problems.length > 0
    ? { kind: 'problems', problems }
    : { kind: 'settings', settings: values as Settings, notServed };
}

function contradictions(values: Readonly<Record<string, unknown>>): readonly string[] {
  const found: string[] = [];
  if (values['databaseUrl'] !== undefined && values['secretKey'] === undefined) {
    found.push('SECRET_KEY is missing: with DATABASE_URL every node needs the same one (32 bytes as hex, e.g. from `openssl rand -hex 32`)');
  }
  if (values['drachtioUrl'] !== undefined && values['drachtioSecret'] === undefined) {
    found.push('DRACHTIO_SECRET is missing: it goes with DRACHTIO_URL');
  }
  const [firstRtp, lastRtp] = [Number(values['rtpPortMin']), Number(values['rtpPortMax'])];
  if (lastRtp < firstRtp + (firstRtp % 2) + 1) {
    found.push(`RTP_PORT_MAX is ${lastRtp}, which leaves no pair of ports (an even one and the next) from RTP_PORT_MIN (${firstRtp}) on`);
  }
  if ((values['smtpUrl'] === undefined) !== (values['mailFrom'] === undefined)) {
    found.push(`${values['smtpUrl'] === undefined ? 'SMTP_URL' : 'MAIL_FROM'} is missing: SMTP_URL and MAIL_FROM go together`);
  }
  if ((values['tlsCert'] === undefined) !== (values['tlsKey'] === undefined)) {
    found.push(`${values['tlsCert'] === undefined ? 'TLS_CERT' : 'TLS_KEY'} is missing: TLS_CERT and TLS_KEY go together`);
  }
  return found;
}

function readConfigFile(path: string | undefined, problems: string[]): ReadonlyMap<string, string> {
  if (path === undefined || path === '') return new Map();
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof content !== 'object' || content === null || Array.isArray(content)) throw new Error('it holds no JSON object');
    return new Map(Object.entries(content).map(([name, value]) => [name, String(value)]));
  } catch (error) {
    problems.push(`CONFIG_FILE ${path} cannot be used: ${error instanceof Error ? error.message : String(error)}`);
    return new Map();
  }
}

/** The domain of the default account at a first start: the setting, else the address phones reach SIP by. */
export function defaultSipDomain(settings: Settings): string {
  return settings.sipDomain ?? sipAddress(settings);
}

/** The address phones on this network reach SIP by. */
export function sipAddress(settings: Settings): string {
  return settings.sipBind === '0.0.0.0' || settings.sipBind === '::' ? machineAddress() : settings.sipBind;
}
