/** An edge on loopback with short SIP timers, for tests of what it does on the wire. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { startEdge, type Edge, type EdgeOptions } from '../../sip/edge/edge.js';
import { silentLog } from '../../sip/edge/log.js';
import { newSrf, type TestSrf } from './srf-app.js';
import { createSipPeer, type PeerAddress, type SipPeer } from './sip-peer.js';

export const SECRET = 'edge bed secret';
/** T1 of 40 ms makes 64*T1 2.56 s: fast, and still far from what a loaded machine takes for a turn. */
export const SHORT_TIMERS = { t1: 40, t2: 320, t4: 400 };

export interface EdgeBed {
  readonly edge: Edge;
  readonly udp: PeerAddress;
  readonly tcp: PeerAddress;
  peer(transport?: 'udp' | 'tcp'): Promise<SipPeer>;
  /** An unmodified drachtio-srf application; handlers are set before it connects. */
  srf(prepare: (srf: TestSrf) => void): Promise<TestSrf>;
  /** An application that speaks the control protocol by hand, authenticated and with these verbs routed. */
  app(...verbs: string[]): Promise<ScriptedApp>;
  /** A bare connection to the control port. */
  rawApp(): Promise<ScriptedApp>;
}

/** What a test offers to clean up with. */
export interface Teardown {
  teardown(handler: () => void | Promise<void>): void;
}

/** Starts it; everything made through it ends with the test. */
export async function edgeBed(t: Teardown, options: Partial<EdgeOptions> = {}): Promise<EdgeBed> {
  const edge = await startEdge({
    listeners: [{ transport: 'udp', host: '127.0.0.1', port: 0 }, { transport: 'tcp', host: '127.0.0.1', port: 0 }],
    admin: { host: '127.0.0.1', port: 0, secret: SECRET },
    localNetworks: [],
    timers: SHORT_TIMERS,
    log: silentLog,
    ...options,
  });
  const closing: (() => void | Promise<void>)[] = [];
  t.teardown(async () => {
    for (const close of closing) await close();
    await edge.stop();
  });
  const portOf = (transport: string): number => edge.bound.find((each) => each.transport === transport)?.port ?? 0;
  const rawApp = async (): Promise<ScriptedApp> => {
    const app = await ScriptedApp.connect(edge.admin.port);
    closing.push(() => app.close());
    return app;
  };
  return {
    edge,
    udp: { address: '127.0.0.1', port: portOf('udp') },
    tcp: { address: '127.0.0.1', port: portOf('tcp') },
    peer: async (transport = 'udp') => {
      const peer = await createSipPeer({ transport });
      closing.push(() => peer.close());
      return peer;
    },
    srf: async (prepare) => {
      const srf = newSrf();
      srf.on('error', () => undefined);
      prepare(srf);
      const connected = new Promise<void>((resolve, reject) => {
        srf.on('connect', (error) => (error instanceof Error ? reject(error) : resolve()));
      });
      srf.connect({ host: '127.0.0.1', port: edge.admin.port, secret: SECRET });
      closing.push(() => {
        try {
          srf.disconnect();
        } catch {
          // It asserts that it is connected; a test may have disconnected it.
        }
      });
      await connected;
      // Routes follow the greeting on the same connection; a ping behind them would too, but drachtio-srf sends none.
      const probe = await rawApp();
      await probe.request(`authenticate|${SECRET}|`);
      await probe.request('ping');
      return srf;
    },
    app: async (...verbs) => {
      const app = await rawApp();
      await app.request(`authenticate|${SECRET}|`);
      for (const verb of verbs) await app.request(`route|${verb}`);
      return app;
    },
    rawApp,
  };
}

/** One frame from the edge, cut at its bars. */
export interface AppFrame {
  readonly fields: readonly string[];
  /** What follows the leader line. */
  readonly sip: string;
}

/** The application side of the drachtio protocol, by hand. */
export class ScriptedApp {
  readonly frames: AppFrame[] = [];
  readonly #untaken: AppFrame[] = [];
  readonly #waiting = new Set<(frame: AppFrame) => boolean>();
  #text = '';
  #ids = 0;
  readonly closed: Promise<unknown>;

  private constructor(readonly socket: Socket) {
    this.closed = once(socket, 'close');
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString('latin1');
      for (;;) {
        const hash = this.#text.indexOf('#');
        const length = Number(this.#text.slice(0, hash));
        if (hash < 0 || this.#text.length < hash + 1 + length) return;
        this.#receive(this.#text.slice(hash + 1, hash + 1 + length));
        this.#text = this.#text.slice(hash + 1 + length);
      }
    });
  }

  static async connect(port: number): Promise<ScriptedApp> {
    const socket = connect({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    return new ScriptedApp(socket);
  }

  /** Sends one message. @returns its id */
  send(leader: string, sip = ''): string {
    const id = `m${(this.#ids += 1)}`;
    const payload = sip === '' ? `${id}|${leader}` : `${id}|${leader}\r\n${sip}`;
    this.socket.write(`${Buffer.byteLength(payload, 'latin1')}#${payload}`, 'latin1');
    return id;
  }

  /** Sends one message and waits for the reply to it. */
  async request(leader: string, sip = ''): Promise<AppFrame> {
    const id = this.send(leader, sip);
    return this.waitFor((frame) => frame.fields[1] === 'response' && frame.fields[2] === id, `reply to ${leader}`);
  }

  /** A SIP message handed over, by the start of its first line. */
  sip(start: string): Promise<AppFrame> {
    return this.waitFor((frame) => frame.fields[1] === 'sip' && frame.sip.startsWith(start), `hand-over of ${start}`);
  }

  waitFor(predicate: (frame: AppFrame) => boolean, label: string, deadlineMs = 5_000): Promise<AppFrame> {
    const [found] = this.#untaken.splice(this.#untaken.findIndex(predicate) >>> 0, 1);
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#waiting.delete(take);
        const got = this.#untaken.map((frame) => frame.fields.join('|')).join('\n');
        reject(new Error(`${label}: not received within ${deadlineMs} ms; untaken: ${got}`));
      }, deadlineMs);
      const take = (frame: AppFrame): boolean => {
        if (!predicate(frame)) return false;
        clearTimeout(deadline);
        this.#waiting.delete(take);
        resolve(frame);
        return true;
      };
      this.#waiting.add(take);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  #receive(payload: string): void {
    const end = payload.indexOf('\r\n');
    const frame: AppFrame = {
      fields: (end < 0 ? payload : payload.slice(0, end)).split('|'),
      sip: end < 0 ? '' : payload.slice(end + 2),
    };
    this.frames.push(frame);
    for (const take of this.#waiting) if (take(frame)) return;
    this.#untaken.push(frame);
  }
}

/** The transaction id of a hand-over. */
export const transactionOf = (frame: AppFrame): string => frame.fields[8] ?? '';
/** The dialog id of a hand-over. */
export const dialogOf = (frame: AppFrame): string => frame.fields[9] ?? '';

export const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\na=sendrecv\r\n';
