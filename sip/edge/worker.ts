/**
 * The edge in a worker thread: its timers wait for nobody. `workerData` holds EdgeOptions without the log.
 * To the main thread: ready, log, metrics, certificates, failed. From it: drain, metrics, certificates, challenge, stop.
 */
import { writeFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { PreparedChallenge } from './dialog/early-challenge.js';
import { startEdge, type Edge, type EdgeOptions } from './edge.js';
import type { EdgeLogLevel, EdgeLogWriter } from './log.js';
import type { CertificatePair } from './transport/transport.js';

export type ToMain =
  | { readonly kind: 'ready'; readonly bound: Edge['bound']; readonly admin: Edge['admin'] }
  | { readonly kind: 'log'; readonly level: EdgeLogLevel; readonly event: string; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly kind: 'metrics'; readonly id: number; readonly values: Readonly<Record<string, number>> }
  /** The answer to new certificates; a problem means that the old ones stay. */
  | { readonly kind: 'certificates'; readonly id: number; readonly problem: string | null }
  | { readonly kind: 'failed'; readonly message: string };

export type ToWorker =
  | { readonly kind: 'drain' }
  | { readonly kind: 'metrics'; readonly id: number }
  | { readonly kind: 'certificates'; readonly id: number; readonly certificate: CertificatePair }
  | { readonly kind: 'challenge'; readonly challenge: PreparedChallenge | null }
  | { readonly kind: 'stop' };

const port = parentPort;
if (port === null) throw new TypeError('sip/edge/worker.ts runs as a worker thread only');

try {
  // The thread's name in `top -H` and /proc on Linux; Node 20 gives workers none.
  writeFileSync('/proc/thread-self/comm', 'sip-edge');
} catch {
  // Another system: the thread goes without a name.
}

const post = (message: ToMain): void => port.postMessage(message);
const writer = (level: EdgeLogLevel): EdgeLogWriter => (event, fields = {}) => post({ kind: 'log', level, event, fields });
/** What went wrong, as text. */
function problemOf(run: () => void): string | null {
  try {
    run();
    return null;
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
}

const options: Omit<EdgeOptions, 'log'> = workerData;

try {
  const edge = await startEdge({
    ...options, log: { debug: writer('debug'), info: writer('info'), warn: writer('warn'), error: writer('error') },
  });
  port.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'drain': return edge.drain();
      case 'metrics': return post({ kind: 'metrics', id: message.id, values: edge.metrics() });
      case 'certificates': return post({ kind: 'certificates', id: message.id, problem: problemOf(() => edge.setCertificates(message.certificate)) });
      case 'challenge': return edge.prepareChallenge(message.challenge);
      case 'stop':
        void edge.stop().finally(() => port.close());
    }
  });
  post({ kind: 'ready', bound: edge.bound, admin: edge.admin });
} catch (fault) {
  post({ kind: 'failed', message: fault instanceof Error ? fault.message : String(fault) });
  port.close();
}
