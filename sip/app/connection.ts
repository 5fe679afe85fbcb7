import Srf from 'drachtio-srf';
import type { Log } from '../../src/ports/runtime.js';
import { gatherWrites } from './gather-writes.js';
import { WATCH_TIMES, watchConnection, type WatchTimes } from './connection-watch.js';

export interface ControlAddress {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
}

export interface EdgeConnection {
  /** Resolves at the first connection; rejects when the edge refuses the secret or is not there in time. */
  start(): Promise<void>;
  stop(): void;
  /** The connected application; null while there is no edge. */
  current(): Srf | null;
  /** Whether the edge behind this application tells of 100 responses. */
  hearsTrying(srf: Srf): boolean;
}

export interface EdgeConnectionDeps {
  readonly control: ControlAddress;
  readonly log: Log;
  /** Registers the handlers on a fresh application, before it connects. */
  readonly prepare: (srf: Srf) => void;
  /** Every dialog and transaction of this application is gone. */
  readonly onLost: (srf: Srf) => void;
  /** Uniform in 0–1. */
  readonly jitter: () => number;
  /** How long `start` waits for the edge. */
  readonly patienceMs?: number;
  readonly watchTimes?: WatchTimes;
}

/** Asks the embedded edge to hand on 100 responses to our INVITEs; drachtio-server knows no such tag. */
const HEARS_TRYING = 'hears-trying';
const TELLS_TRYING = /-embedded$/;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 3_000;
const PING_MS = 15_000;
const PATIENCE_MS = 15_000;

/**
 * Keeps one connection to the edge.
 * Interop: drachtio-srf's own reconnection has neither cap nor jitter, forgets TCP_NODELAY and keeps the state of dead
 * dialogs, so each connection gets an application of its own.
 */
export function createEdgeConnection(deps: EdgeConnectionDeps): EdgeConnection {
  const { control, log } = deps;
  const place = `${control.host}:${control.port}`;
  let connected: Srf | null = null;
  const hearing = new WeakSet<Srf>();
  let stopped = false;
  let delay = FIRST_DELAY_MS;
  let retry: NodeJS.Timeout | undefined;
  let attempt: Srf | null = null;
  let onFirst: { readonly resolve: () => void; readonly reject: (error: Error) => void } | null = null;

  const connect = (): void => {
    const srf = new Srf(HEARS_TRYING);
    let over = false;
    let endWatch = (): void => undefined;
    attempt = srf;
    const gone = (why: string): void => {
      if (over) return;
      over = true;
      endWatch();
      const was = connected === srf;
      if (was) connected = null;
      if (was) deps.onLost(srf);
      if (stopped) return;
      if (was) log.error('connection to the SIP edge lost', { why });
      // Half the delay is fixed, half is drawn: nodes that lost the same edge do not come back in step.
      retry = setTimeout(connect, delay * (0.5 + 0.5 * deps.jitter()));
      delay = Math.min(delay * 2, LONGEST_DELAY_MS);
    };
    srf.on('error', (error) => gone(error.message));
    srf.on('close', () => gone('closed'));
    srf.on('connect', (error, _hostports, version) => {
      if (error) {
        log.error('the SIP edge refused the connection', { why: error.message });
        onFirst?.reject(new Error(`the SIP edge at ${place} refused the connection: ${error.message}`));
        return gone(error.message);
      }
      if (stopped || over) return disconnect(srf);
      connected = srf;
      if (TELLS_TRYING.test(version)) hearing.add(srf);
      delay = FIRST_DELAY_MS;
      endWatch = watchConnection(srf, deps.watchTimes ?? WATCH_TIMES, () => {
        disconnect(srf);
        gone('it gives no answers');
      });
      log.debug('connected to the SIP edge', { host: control.host, port: control.port });
      onFirst?.resolve();
    });
    deps.prepare(srf);
    const once = { maxAttempts: 1, retryMaxDelay: LONGEST_DELAY_MS };
    gatherWrites(() => srf.connect({ ...control, enablePing: true, pingInterval: PING_MS, reconnect: once }));
  };

  return {
    current: () => connected,
    hearsTrying: (srf) => hearing.has(srf),
    async start() {
      const patience = deps.patienceMs ?? PATIENCE_MS;
      let late: NodeJS.Timeout | undefined;
      try {
        await new Promise<void>((resolve, reject) => {
          onFirst = { resolve, reject };
          late = setTimeout(() => reject(new Error(`no SIP edge at ${place} after ${patience} ms`)), patience);
          connect();
        });
      } catch (error) {
        this.stop();
        throw error;
      } finally {
        clearTimeout(late);
        onFirst = null;
      }
    },
    stop() {
      stopped = true;
      clearTimeout(retry);
      connected = null;
      if (attempt !== null) disconnect(attempt);
    },
  };
}

function disconnect(srf: Srf): void {
  try {
    srf.disconnect();
  } catch {
    // drachtio-srf asserts when it has no socket: then there is nothing to close.
  }
}
