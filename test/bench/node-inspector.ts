import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { ProgramLog } from '../support/product-log.js';

/** Node's inspector in a running process: its main thread and its workers. */
export interface NodeInspector {
  collectGarbage(): Promise<void>;
  startProfiles(): Promise<void>;
  /** Writes one `<prefix>-<thread>.cpuprofile` a thread. */
  writeProfiles(folder: string, prefix: string): Promise<void>;
  close(): void;
}

interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly method?: string;
  readonly params?: { readonly sessionId?: string; readonly message?: string; readonly workerInfo?: { readonly title?: string } };
}

type Ask = (method: string, params?: object) => Promise<unknown>;

const isReply = (value: unknown): value is Reply => typeof value === 'object' && value !== null;
const read = (text: string): Reply => {
  const value: unknown = JSON.parse(text);
  return isReply(value) ? value : {};
};

/** Numbered questions and their answers over some channel. */
function questions(send: (text: string) => void): { readonly ask: Ask; readonly take: (reply: Reply) => void } {
  const open = new Map<number, (result: unknown) => void>();
  let last = 0;
  return {
    ask: (method, params = {}) => new Promise((resolve) => {
      open.set(last += 1, resolve);
      send(JSON.stringify({ id: last, method, params }));
    }),
    take: ({ id = 0, result }) => {
      open.get(id)?.(result);
      open.delete(id);
    },
  };
}

/** Opens it by SIGUSR1; the process tells its address on stderr, so it was started with `--inspect-port=0`. */
export async function openInspector(program: { readonly pid: number; readonly log: ProgramLog }): Promise<NodeInspector> {
  const address = new Promise<string>((resolve) => {
    const unfollow = program.log.follow(({ raw }) => {
      const url = /Debugger listening on (ws:\S+)/.exec(raw)?.[1];
      if (url === undefined) return;
      unfollow();
      resolve(url);
    });
  });
  process.kill(program.pid, 'SIGUSR1');
  const socket = new WebSocket(await address, { perMessageDeflate: false, maxPayload: 1 << 30 });
  await once(socket, 'open');
  const main = questions((text) => socket.send(text));
  const threads = new Map<string, Ask>([['main', main.ask]]);
  const workers = new Map<string, (reply: Reply) => void>();
  socket.on('message', (data) => {
    const reply = read(String(data));
    const { sessionId = '', message = '{}', workerInfo } = reply.params ?? {};
    if (reply.method === 'NodeWorker.attachedToWorker') {
      const worker = questions((text) => void main.ask('NodeWorker.sendMessageToWorker', { sessionId, message: text }));
      workers.set(sessionId, worker.take);
      threads.set(`${/\[worker \d+\] ?(.*)/.exec(workerInfo?.title ?? '')?.[1] || 'worker'}-${sessionId}`, worker.ask);
    } else if (reply.method === 'NodeWorker.receivedMessageFromWorker') {
      workers.get(sessionId)?.(read(message));
    } else {
      main.take(reply);
    }
  });
  await main.ask('NodeWorker.enable', { waitForDebuggerOnStart: false });
  const all = async (method: string, params?: object): Promise<void> => {
    await Promise.all([...threads.values()].map((ask) => ask(method, params)));
  };
  return {
    async collectGarbage() {
      // The second round takes what finalisers of the first let go.
      for (let round = 0; round < 2; round += 1) await all('HeapProfiler.collectGarbage');
    },
    async startProfiles() {
      await all('Profiler.enable');
      await all('Profiler.setSamplingInterval', { interval: 500 });
      await all('Profiler.start');
    },
    async writeProfiles(folder, prefix) {
      mkdirSync(folder, { recursive: true });
      for (const [name, ask] of threads) {
        const result = await ask('Profiler.stop');
        const profile = typeof result === 'object' && result !== null && 'profile' in result ? result.profile : {};
        writeFileSync(join(folder, `${prefix}-${name}.cpuprofile`), JSON.stringify(profile));
      }
    },
    close: () => socket.terminate(),
  };
}
