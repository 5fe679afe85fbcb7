/** The edge alone, as a process of its own: `--admin HOST:PORT --secret S --listen udp:HOST:PORT [--listen tls:…]`. */
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startEdge, type Edge, type EdgeOptions } from './edge.js';
import type { EdgeLog, EdgeLogLevel, EdgeLogWriter } from './log.js';
import type { ProtectionLimits } from './protection/limits.js';
import { readSpammerFile, type SpammerRules } from './protection/spammers.js';
import type { CertificatePair, ListenerSpec } from './transport/transport.js';

const USAGE = `usage: edge --admin HOST:PORT --secret SECRET --listen TRANSPORT:HOST:PORT [--listen …]
            [--public-address HOST] [--local-network CIDR …] [--verbose]
            [--outbound-proxy SIP-URI] [--dns ADDRESS[:PORT] …]
            [--tls-cert FILE --tls-key FILE] [--tls-client-certificates] [--tls-no-verify] [--ws-origin ORIGIN …]
            [--emergency NUMBER,…] [--trusted-source CIDR …] [--rate-limit-source N] [--rate-limit-user N]
            [--ban-unknown-users N] [--spammers FILE]
  --admin           where applications connect (drachtio protocol)
  --secret          what they must know; EDGE_SECRET in the environment serves as well
  --listen          udp, tcp, tls, ws or wss, an address to bind and a port, e.g. udp:0.0.0.0:5060; IPv6 in brackets
  --public-address  shown to peers outside the local networks
  --local-network   e.g. 10.0.0.0/8; may be repeated
  --outbound-proxy  where requests to strangers go, e.g. "sip:proxy.example.com;transport=tcp"
  --dns             name server to ask instead of the system's; may be repeated
  --tls-cert, --tls-key      PEM files of the tls and wss listeners; read again at SIGHUP
  --tls-client-certificates  ask clients for a certificate; none is required
  --tls-no-verify            connect to TLS servers whatever certificate they show
  --ws-origin                web pages that may open WebSockets, e.g. https://phone.example.com, or *; default: the host asked
  --emergency       user parts that are emergency calls, e.g. 911,112: never refused for overload
  --trusted-source  an SBC or proxy in front, never limited or banned, e.g. 10.0.0.0/8; may be repeated
  --rate-limit-source   messages a second of one address without a live binding; more is dropped, then banned; default 1000
  --rate-limit-user     new requests a second of one user name at one address; default 50
  --ban-unknown-users   so many distinct unknown users in 5 minutes ban an address without a live binding; default 30
                        (0 switches any of the three off)
  --spammers        JSON file of what marks a scanner; default: well-known ones, declined with 603
`;

interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

type Outcome =
  | { readonly kind: 'options'; readonly options: Omit<EdgeOptions, 'log'>; readonly verbose: boolean; readonly files: CertificateFiles | undefined }
  | { readonly kind: 'help' }
  | { readonly kind: 'problem'; readonly text: string };

/**
 * Runs until SIGTERM or SIGINT; SIGHUP reads the certificate again.
 * @param argv words behind the command
 * @returns exit code: 0 after a signal, 1 when the edge could not start, 2 when the words make no sense
 */
export async function runEdgeCommand(argv: readonly string[]): Promise<number> {
  const outcome = readArguments(argv);
  if (outcome.kind === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  if (outcome.kind === 'problem') {
    process.stderr.write(`edge: ${outcome.text}\n${USAGE}`);
    return 2;
  }
  try {
    const log = lineLog(outcome.verbose);
    // Before anybody is told that it is ready, and may end it.
    const ended = new Promise<void>((resolve) => {
      process.once('SIGTERM', resolve);
      process.once('SIGINT', resolve);
    });
    const edge = await startEdge({ ...outcome.options, log });
    process.on('SIGHUP', () => {
      if (outcome.files !== undefined) reload(edge, outcome.files, log);
    });
    process.stdout.write(`${JSON.stringify({ kind: 'ready', bound: edge.bound, admin: edge.admin })}\n`);
    await ended;
    await edge.stop();
    return 0;
  } catch (fault) {
    process.stderr.write(`edge: ${fault instanceof Error ? fault.message : String(fault)}\n`);
    return 1;
  }
}

function reload(edge: Edge, files: CertificateFiles, log: EdgeLog): void {
  try {
    edge.setCertificates(readCertificate(files));
    log.info('certificate-reloaded', { ...files });
  } catch (fault) {
    log.error('certificate-not-reloaded', { error: fault instanceof Error ? fault.message : String(fault) });
  }
}

const readCertificate = (files: CertificateFiles): CertificatePair => ({ cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') });

/** One JSON object a line on stderr. */
function lineLog(verbose: boolean): EdgeLog {
  const writer = (level: EdgeLogLevel): EdgeLogWriter => (event, fields = {}) => {
    process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`);
  };
  return { debug: verbose ? writer('debug') : () => undefined, info: writer('info'), warn: writer('warn'), error: writer('error') };
}

function readArguments(argv: readonly string[]): Outcome {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: {
        'admin': { type: 'string' }, 'secret': { type: 'string' }, 'listen': { type: 'string', multiple: true },
        'public-address': { type: 'string' }, 'local-network': { type: 'string', multiple: true },
        'tls-cert': { type: 'string' }, 'tls-key': { type: 'string' }, 'tls-client-certificates': { type: 'boolean' },
        'outbound-proxy': { type: 'string' }, 'dns': { type: 'string', multiple: true },
        'tls-no-verify': { type: 'boolean' }, 'ws-origin': { type: 'string', multiple: true },
        'emergency': { type: 'string' }, 'trusted-source': { type: 'string', multiple: true }, 'rate-limit-source': { type: 'string' },
        'rate-limit-user': { type: 'string' }, 'ban-unknown-users': { type: 'string' }, 'spammers': { type: 'string' },
        'verbose': { type: 'boolean' }, 'help': { type: 'boolean' },
      },
    }));
  } catch (fault) {
    return { kind: 'problem', text: fault instanceof Error ? fault.message : String(fault) };
  }
  if (values.help === true) return { kind: 'help' };
  const secret = values.secret ?? process.env['EDGE_SECRET'];
  const admin = readHostPort(values.admin ?? '');
  if (admin === undefined) return { kind: 'problem', text: '--admin wants HOST:PORT' };
  if (secret === undefined || secret === '') return { kind: 'problem', text: '--secret is missing' };
  const listeners: ListenerSpec[] = [];
  for (const text of values.listen ?? []) {
    const [transport = ''] = text.split(':', 1);
    const address = readHostPort(text.slice(transport.length + 1));
    if (address === undefined || !isTransport(transport)) return { kind: 'problem', text: `--listen ${text}: wants TRANSPORT:HOST:PORT` };
    listeners.push({ transport, ...address });
  }
  if (listeners.length === 0) return { kind: 'problem', text: '--listen is missing' };
  const { 'public-address': publicAddress, 'tls-cert': cert, 'tls-key': key, 'ws-origin': wsOrigins, 'outbound-proxy': outboundProxy, dns: dnsServers } = values;
  if ((cert === undefined) !== (key === undefined)) return { kind: 'problem', text: '--tls-cert and --tls-key go together' };
  const files = cert === undefined || key === undefined ? undefined : { cert, key };
  if (files === undefined && listeners.some(({ transport }) => transport === 'tls' || transport === 'wss')) {
    return { kind: 'problem', text: 'tls and wss listeners need --tls-cert and --tls-key' };
  }
  let certificate: CertificatePair | undefined;
  try {
    certificate = files === undefined ? undefined : readCertificate(files);
  } catch (fault) {
    return { kind: 'problem', text: fault instanceof Error ? fault.message : String(fault) };
  }
  const limits = readLimits(values);
  if (typeof limits === 'string') return { kind: 'problem', text: limits };
  let spammers: SpammerRules | undefined;
  try {
    spammers = values.spammers === undefined ? undefined : readSpammerFile(values.spammers);
  } catch (fault) {
    return { kind: 'problem', text: fault instanceof Error ? fault.message : String(fault) };
  }
  return {
    kind: 'options',
    files,
    verbose: values.verbose === true,
    options: {
      listeners, admin: { ...admin, secret }, localNetworks: values['local-network'] ?? [],
      protection: {
        limits, trustedSources: values['trusted-source'] ?? [],
        emergencyUsers: (values.emergency ?? '').split(',').map((number) => number.trim()).filter((number) => number !== ''),
      },
      ...(spammers === undefined ? {} : { spammers }),
      ...(publicAddress === undefined ? {} : { publicAddress }),
      ...(wsOrigins === undefined ? {} : { wsOrigins }),
      ...(outboundProxy === undefined ? {} : { outboundProxy }),
      ...(dnsServers === undefined ? {} : { dnsServers }),
      ...(certificate === undefined ? {} : {
        tls: {
          certificate, requestClientCertificates: values['tls-client-certificates'] === true, verifyServers: values['tls-no-verify'] !== true,
        },
      }),
    },
  };
}

const LIMIT_OPTIONS = {
  'rate-limit-source': 'sourceMessagesPerSecond', 'rate-limit-user': 'userRequestsPerSecond', 'ban-unknown-users': 'unknownUsers',
} as const;

/** @returns the problem as text where a number is none */
function readLimits(values: Readonly<Partial<Record<keyof typeof LIMIT_OPTIONS, string>>>): Partial<ProtectionLimits> | string {
  const given: [string, number][] = [];
  for (const option of ['rate-limit-source', 'rate-limit-user', 'ban-unknown-users'] as const) {
    const text = values[option];
    if (text === undefined) continue;
    if (!/^\d{1,6}$/.test(text)) return `--${option} wants a whole number; 0 switches it off`;
    given.push([LIMIT_OPTIONS[option], Number(text)]);
  }
  return Object.fromEntries(given);
}

const isTransport = (text: string): text is ListenerSpec['transport'] => ['udp', 'tcp', 'tls', 'ws', 'wss'].includes(text);

/** `127.0.0.1:9022`, `[::1]:9022`. */
function readHostPort(text: string): { readonly host: string; readonly port: number } | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  return host === undefined || port > 65_535 ? undefined : { host, port };
}

const [, script] = process.argv;
if (script !== undefined && realpathSync(script) === realpathSync(fileURLToPath(import.meta.url))) {
  process.exitCode = await runEdgeCommand(process.argv.slice(2));
}
