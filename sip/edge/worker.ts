/**
 * The edge in a worker thread: its timers wait for nobody. `workerData` holds EdgeOptions without the log.
 * To the main thread: ready, log, metrics, certificates, answer, failed. From it: drain, metrics, certificates, challenge, protection, stop.
 */
import { writeFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { PreparedChallenge } from './dialog/early-challenge.js';
import { startEdge, type Edge, type EdgeOptions, type EdgeProtection } from './edge.js';
import type { EdgeLogLevel, EdgeLogWriter } from './log.js';
import { readSpammerFile } from './protection/spammers.js';
import type { CertificatePair } from './transport/transport.js';

export type ToMain =
  | { readonly kind: 'ready'; readonly bound: Edge['bound']; readonly admin: Edge['admin'] }
  | { readonly kind: 'log'; readonly level: EdgeLogLevel; readonly event: string; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly kind: 'metrics'; readonly id: number; readonly values: Readonly<Record<string, number>> }
  /** The answer to new certificates; a problem means that the old ones stay. */
  | { readonly kind: 'certificates'; readonly id: number; readonly problem: string | null }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly message: string };

export type ToWorker =
  | { readonly kind: 'drain' }
  | { readonly kind: 'metrics'; readonly id: number }
  | { readonly kind: 'certificates'; readonly id: number; readonly certificate: CertificatePair }
  /** What the protection is asked for; an `answer` with the same id follows. */
  | { readonly kind: 'protection'; readonly id: number; readonly ask: ProtectionAsk }
  | { readonly kind: 'challenge'; readonly challenge: PreparedChallenge | null }
  | { readonly kind: 'stop' };

export type ProtectionAsk =
  | { readonly kind: 'report' | 'banned' }
  | { readonly kind: 'ban'; readonly address: string; readonly seconds: number; readonly despiteBindings: boolean }
  | { readonly kind: 'lift'; readonly address: string }
  | { readonly kind: 'emergency-users'; readonly users: readonly string[] }
  | { readonly kind: 'bindings'; readonly bindings: readonly { readonly address: string; readonly user: string; readonly seconds: number }[] };

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

function protectionAnswer(protection: EdgeProtection, ask: ProtectionAsk): unknown {
  switch (ask.kind) {
    case 'report': return protection.report();
    case 'banned': return protection.banned();
    case 'ban': return protection.ban(ask.address, ask.seconds, ask.despiteBindings);
    case 'lift': return protection.lift(ask.address);
    case 'emergency-users': return protection.setEmergencyUsers(ask.users);
    case 'bindings': return protection.knowBindings(ask.bindings);
  }
}

const options: Omit<EdgeOptions, 'log' | 'spammers'> & { readonly spammersFile?: string } = workerData;

try {
  const edge = await startEdge({
    ...options, ...(options.spammersFile === undefined ? {} : { spammers: readSpammerFile(options.spammersFile) }),
    log: { debug: writer('debug'), info: writer('info'), warn: writer('warn'), error: writer('error') },
  });
  port.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'drain': return edge.drain();
      case 'metrics': return post({ kind: 'metrics', id: message.id, values: edge.metrics() });
      case 'certificates': return post({ kind: 'certificates', id: message.id, problem: problemOf(() => edge.setCertificates(message.certificate)) });
      case 'protection': return post({ kind: 'answer', id: message.id, value: protectionAnswer(edge.protection, message.ask) });
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
