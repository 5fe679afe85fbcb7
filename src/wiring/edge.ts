import { Worker } from 'node:worker_threads';
import { randomBytes } from 'node:crypto';
import type { Settings } from '../config/settings.js';
import type { Log } from '../ports/runtime.js';
import type { CertificatePair } from '../security/certificates.js';
import type { EdgeAdmin } from '../ports/call-control.js';
import { ProtectionQuestions } from './edge-protection.js';
import { StartProblem } from './start-problem.js';

/** What the edge answers REGISTERs without credentials with; the shape of sip/edge's PreparedChallenge. */
export interface PreparedChallenge {
  readonly lines: readonly { readonly before: string; readonly after: string }[];
  readonly nonceKey: Uint8Array;
  readonly except: ReadonlySet<string>;
}

/** Where the SIP application finds its edge, and what listens for phones. */
export interface EdgeHandle {
  readonly control: { readonly host: string; readonly port: number; readonly secret: string };
  /** Empty with a drachtio-server, whose listeners are its own configuration's. */
  readonly listeners: readonly { readonly transport: string; readonly host: string; readonly port: number }[];
  readonly admin: EdgeAdmin;
  /** New TLS handshakes use this certificate. Rejects when the edge cannot use it; with a drachtio-server it does nothing. */
  setCertificates(certificate: CertificatePair): Promise<void>;
  /** Null: the application challenges by itself, as always with a drachtio-server. */
  prepareChallenge(challenge: PreparedChallenge | null): void;
}

export interface StartedEdge {
  readonly value: EdgeHandle;
  readonly stop: () => Promise<void>;
}

const STOP_PATIENCE_MS = 4000;

/** The edge knows of files and networks by its own names; what is wrong with a listener is about ports. */
function startProblemText(message = 'no reason given'): string {
  if (message.startsWith('spammer file')) return `SIP_SPAMMERS cannot be used: ${message}`;
  if (message.startsWith('bad-setting: ')) return `SIP: ${message.slice('bad-setting: '.length)}`;
  return `SIP cannot listen (${message}). Set another port, or SIP_BIND`;
}

const unsupported = async (): Promise<'unsupported'> => 'unsupported';
const UNSUPPORTED: EdgeAdmin = {
  drain: unsupported, metrics: unsupported, protection: unsupported, banned: unsupported, ban: unsupported, lift: unsupported,
  setEmergencyUsers: unsupported, knowBindings: unsupported,
};

/** A drachtio-server takes the edge's place: nothing is started, its management is its own. */
export function externalEdge(url: { readonly host: string; readonly port: number }, secret: string): StartedEdge {
  return {
    value: { control: { ...url, secret }, listeners: [], admin: UNSUPPORTED, setCertificates: async () => undefined, prepareChallenge: () => undefined },
    stop: async () => undefined,
  };
}

interface Reply {
  readonly kind: 'ready' | 'log' | 'metrics' | 'failed' | 'drained' | 'certificates' | 'answer';
  readonly problem?: string | null;
  /** What the edge answers to a question about its protection. */
  readonly value?: unknown;
  readonly message?: string;
  readonly id?: number;
  readonly values?: Readonly<Record<string, number>>;
  readonly level?: 'debug' | 'info' | 'warn' | 'error';
  readonly event?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly bound?: EdgeHandle['listeners'];
  readonly admin?: { readonly host: string; readonly port: number };
}

/** What listens for phones: UDP and TCP on one port, the others on theirs unless they are off. */
export function listenersOf(settings: Settings): readonly { transport: string; host: string; port: number; ifFree?: boolean }[] {
  const host = settings.sipBind;
  const others = [['tls', settings.sipTlsPort, 5061], ['ws', settings.sipWsPort, 5066], ['wss', settings.sipWssPort, 7443]] as const;
  return [
    ...(['udp', 'tcp'] as const).map((transport) => ({ transport, host, port: settings.sipPort })),
    // A port nobody asked for must not keep a second installation on this machine from starting.
    ...others.flatMap(([transport, port, usual]) => (port === 'off' ? [] : [{ transport, host, port: port ?? usual, ifFree: port === undefined }])),
  ];
}

/**
 * Starts the embedded edge in a worker thread, so that its timers wait for nobody. StartProblem when a port is taken.
 * `emergencyUsers` are user parts whose INVITEs are never shed. `onDeath` is called when the thread ends by itself.
 */
export async function startEdgeWorker(
  settings: Settings, certificate: CertificatePair, emergencyUsers: readonly string[], log: Log, onDeath: (why: string) => void,
): Promise<StartedEdge> {
  const secret = randomBytes(24).toString('base64url');
  const worker = new Worker(new URL('../../sip/edge/worker.js', import.meta.url), {
    name: 'sip-edge',
    // SIP messages die young: in a small young generation the garbage collector copies them about (10 to 17 % of CPU).
    resourceLimits: { maxYoungGenerationSizeMb: 96 },
    workerData: {
      listeners: listenersOf(settings),
      tls: { certificate },
      ...(settings.sipWsOrigins === undefined ? {} : { wsOrigins: settings.sipWsOrigins }),
      admin: { host: '127.0.0.1', port: 0, secret },
      ...(settings.publicAddress === undefined ? {} : { publicAddress: settings.publicAddress }),
      ...(settings.sipOutboundProxy === undefined ? {} : { outboundProxy: settings.sipOutboundProxy }),
      ...(settings.sipDnsServers === undefined ? {} : { dnsServers: settings.sipDnsServers }),
      localNetworks: settings.localNetworks,
      ...(settings.sipSpammers === undefined ? {} : { spammersFile: settings.sipSpammers }),
      protection: {
        trustedSources: settings.trustedSources, emergencyUsers,
        limits: {
          sourceMessagesPerSecond: settings.sipRateLimitSource, userRequestsPerSecond: settings.sipRateLimitUser,
          unknownUsers: settings.sipBanUnknownUsers, banSeconds: settings.sipBanSeconds,
        },
      },
    },
  });
  let stopping = false;
  let nextId = 0;
  const waiting = new Map<number, (values: Readonly<Record<string, number>>) => void>();
  const certified = new Map<number, (problem: string | null) => void>();
  const asked = new ProtectionQuestions((question) => worker.postMessage(question));
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      if (!stopping) onDeath(`the SIP edge ended (exit code ${code})`);
      for (const told of certified.values()) told('the SIP edge has ended');
      asked.end();
      resolve();
    });
  });

  const ready = await new Promise<Reply>((resolve, reject) => {
    worker.once('error', (error) => {
      reject(error);
      if (!stopping) onDeath(`the SIP edge failed: ${error.message}`);
    });
    worker.on('message', (reply: Reply) => {
      switch (reply.kind) {
        case 'ready': return resolve(reply);
        case 'failed': return reject(new StartProblem(startProblemText(reply.message)));
        case 'log': return log[reply.level ?? 'info'](reply.event ?? '', reply.fields);
        case 'metrics': {
          waiting.get(reply.id ?? -1)?.(reply.values ?? {});
          waiting.delete(reply.id ?? -1);
          return;
        }
        case 'certificates': {
          certified.get(reply.id ?? -1)?.(reply.problem ?? null);
          certified.delete(reply.id ?? -1);
          return;
        }
        case 'answer': return asked.answer(reply.id ?? -1, reply.value);
        case 'drained': return;
      }
    });
  }).catch(async (error: unknown) => {
    stopping = true;
    await worker.terminate();
    throw error;
  });

  return {
    value: {
      control: { host: ready.admin?.host ?? '127.0.0.1', port: ready.admin?.port ?? 0, secret },
      listeners: ready.bound ?? [],
      admin: {
        drain: async () => {
          worker.postMessage({ kind: 'drain' });
          return 'done';
        },
        metrics: () => new Promise((resolve) => {
          const id = nextId += 1;
          waiting.set(id, resolve);
          worker.postMessage({ kind: 'metrics', id });
        }),
        ...asked.admin,
      },
      prepareChallenge: (challenge) => worker.postMessage({ kind: 'challenge', challenge }),
      setCertificates: (next) => new Promise((resolve, reject) => {
        const id = nextId += 1;
        if (stopping) return reject(new Error('the SIP edge is stopping'));
        certified.set(id, (problem) => (problem === null ? resolve() : reject(new Error(problem))));
        worker.postMessage({ kind: 'certificates', id, certificate: next });
      }),
    },
    async stop() {
      stopping = true;
      worker.postMessage({ kind: 'stop' });
      const late = setTimeout(() => void worker.terminate(), STOP_PATIENCE_MS);
      await exited;
      clearTimeout(late);
    },
  };
}
