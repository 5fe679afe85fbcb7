/** Media in a worker thread: its pace waits for nobody, the sockets live here. `workerData` is MediaWorkerData. */
import { writeFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { MediaHost } from './media-host.js';
import type { MediaWorkerData, ToMain, ToWorker } from './messages.js';

const port = parentPort;
if (port === null) throw new TypeError('sip/media/worker/worker.ts runs as a worker thread only');

try {
  // The thread's name in `top -H` and /proc on Linux; Node 20 gives workers none.
  writeFileSync('/proc/thread-self/comm', 'sip-media');
} catch {
  // Another system: the thread goes without a name.
}

const data: MediaWorkerData = workerData;
const host = new MediaHost(data, (message: ToMain) => port.postMessage(message));
port.on('message', (message: ToWorker) => {
  if (message.kind === 'stop') {
    host.stop();
    port.close();
    return;
  }
  void host.take(message);
});
port.postMessage({ kind: 'ready' } satisfies ToMain);
