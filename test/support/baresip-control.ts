import { connect, type Socket } from 'node:net';

/** What baresip tells by itself, e.g. `REGISTER_OK`, `CALL_ESTABLISHED`, `CALL_CLOSED`. */
export interface BaresipEvent {
  readonly type: string;
  readonly param: string;
  readonly accountaor?: string;
  readonly peeruri?: string;
  readonly id?: string;
}

interface Reply {
  readonly event?: boolean;
  readonly response?: boolean;
  readonly ok?: boolean;
  readonly token?: string;
  readonly data?: string;
  readonly type?: string;
  readonly param?: string;
}

/** Terminal colours: escape, `[`, numbers, `m`. */
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
const RETRY_MS = 50;
const OPEN_MS = 10_000;
const COMMAND_MS = 5000;

/** baresip's ctrl_tcp: netstrings that hold JSON, commands one way, answers and events the other. */
export class BaresipControl {
  readonly events: BaresipEvent[] = [];
  readonly #untaken: BaresipEvent[] = [];
  readonly #takers = new Set<(event: BaresipEvent) => boolean>();
  readonly #answers = new Map<string, (reply: Reply) => void>();
  #tokens = 0;
  #unread: Buffer = Buffer.alloc(0);

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', () => undefined);
  }

  /** Connects as soon as the program listens; rejects when it ends before that. */
  static async open(port: number, ended: Promise<void>): Promise<BaresipControl> {
    let over = false;
    void ended.then(() => { over = true; });
    for (const until = Date.now() + OPEN_MS; ;) {
      const socket = await tryConnect(port);
      if (socket) return new BaresipControl(socket);
      if (over) throw new Error('it ended');
      if (Date.now() > until) throw new Error(`nothing listens on its control port ${port}`);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  /** Resolves with the text of the answer, colours removed; rejects when baresip refuses. */
  command(command: string, params?: string): Promise<string> {
    const token = `t${this.#tokens += 1}`;
    const text = JSON.stringify({ command, ...(params === undefined ? {} : { params }), token });
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#answers.delete(token);
        reject(new Error(`baresip did not answer ${command} within ${COMMAND_MS} ms`));
      }, COMMAND_MS);
      this.#answers.set(token, (reply) => {
        clearTimeout(late);
        const data = (reply.data ?? '').replace(COLOURS, '');
        if (reply.ok) resolve(data);
        else reject(new Error(`baresip refused ${command} ${params ?? ''}: ${data}`));
      });
      this.socket.write(`${Buffer.byteLength(text)}:${text},`);
    });
  }

  /** The first event not taken yet that fulfils the predicate, now or within the deadline. */
  event(predicate: (event: BaresipEvent) => boolean, label: string, deadlineMs: number): Promise<BaresipEvent> {
    const index = this.#untaken.findIndex(predicate);
    const [found] = index < 0 ? [] : this.#untaken.splice(index, 1);
    if (found) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#takers.delete(take);
        const seen = this.events.map(({ type, param }) => `${type} ${param}`).join(' | ');
        reject(new Error(`${label}: baresip did not tell within ${deadlineMs} ms; it told: ${seen || 'nothing'}`));
      }, deadlineMs);
      const take = (event: BaresipEvent): boolean => {
        if (!predicate(event)) return false;
        clearTimeout(late);
        this.#takers.delete(take);
        resolve(event);
        return true;
      };
      this.#takers.add(take);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    for (;;) {
      const colon = this.#unread.indexOf(':');
      if (colon < 0) return;
      const length = Number(this.#unread.toString('latin1', 0, colon));
      const end = colon + 1 + length;
      if (this.#unread.length < end + 1) return;
      this.#take(JSON.parse(this.#unread.toString('utf8', colon + 1, end)) as Reply);
      this.#unread = this.#unread.subarray(end + 1);
    }
  }

  #take(reply: Reply): void {
    if (reply.response) {
      const answer = this.#answers.get(reply.token ?? '');
      this.#answers.delete(reply.token ?? '');
      return answer?.(reply);
    }
    if (!reply.event) return;
    const event: BaresipEvent = { ...reply, type: reply.type ?? '', param: reply.param ?? '' };
    this.events.push(event);
    for (const take of this.#takers) if (take(event)) return;
    this.#untaken.push(event);
  }
}

function tryConnect(port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(null));
  });
}
