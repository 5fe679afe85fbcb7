import { Worker } from 'node:worker_threads';
import { randomBytes } from 'node:crypto';
import type { Settings } from '../config/settings.js';
import type { Log } from '../ports/runtime.js';
import type { CertificatePair } from '../security/certificates.js';
import type { EdgeAdmin } from '../ports/call-control.js';
import { StartProblem } from './start-problem.js';

/** Where the SIP application finds its edge, and what listens for phones. */
export interface EdgeHandle {
  readonly control: { readonly host: string; readonly port: number; readonly secret: string };
  /** Empty with a drachtio-server, whose listeners are its own configuration's. */
  readonly listeners: readonly { readonly transport: string; readonly host: string; readonly port: number }[];
  readonly admin: EdgeAdmin;
  /** New TLS handshakes use this certificate. Rejects when the edge cannot use it; with a drachtio-server it does nothing. */
  setCertificates(certificate: CertificatePair): Promise<void>;
}

export interface StartedEdge {
  readonly value: EdgeHandle;
  readonly stop: () => Promise<void>;
}

const STOP_PATIENCE_MS = 4000;

/** A drachtio-server takes the edge's place: nothing is started, its management is its own. */
export function externalEdge(url: { readonly host: string; readonly port: number }, secret: string): StartedEdge {
  const unsupported = async (): Promise<'unsupported'> => 'unsupported';
  return {
    value: { control: { ...url, secret }, listeners: [], admin: { drain: unsupported, metrics: unsupported }, setCertificates: async () => undefined },
    stop: async () => undefined,
  };
}

interface Reply {
  readonly kind: 'ready' | 'log' | 'metrics' | 'failed' | 'drained' | 'certificates';
  readonly problem?: string | null;
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

/** A setting the edge cannot use says so itself; all else is about ports. */
const whyNotStarted = (message: string): string =>
  (message.startsWith('bad-setting: ') ? `SIP: ${message.slice('bad-setting: '.length)}` : `SIP cannot listen (${message}). Set another port, or SIP_BIND`);

/**
 * Starts the embedded edge in a worker thread, so that its timers wait for nobody. StartProblem when a port is taken.
 * `onDeath` is called when the thread ends by itself.
 */
export async function startEdgeWorker(settings: Settings, certificate: CertificatePair, log: Log, onDeath: (why: string) => void): Promise<StartedEdge> {
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
    },
  });
  let stopping = false;
  let nextId = 0;
  const waiting = new Map<number, (values: Readonly<Record<string, number>>) => void>();
  const certified = new Map<number, (problem: string | null) => void>();
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      if (!stopping) onDeath(`the SIP edge ended (exit code ${code})`);
      for (const told of certified.values()) told('the SIP edge has ended');
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
        case 'failed': return reject(new StartProblem(whyNotStarted(reply.message ?? 'no reason given')));
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
      },
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
