/** An edge on loopback for the fuzzer, watched from all sides: its log, what it sends to peers, what it hands to applications. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { startEdge, type Edge } from '../../sip/edge/edge.js';
import type { EdgeLogWriter } from '../../sip/edge/log.js';
import { TimerWheel } from '../../sip/edge/transaction/timer-wheel.js';
import { lineFault } from './parser-target.js';

export const FUZZ_SECRET = 'fuzz secret';
/** The machine is shared: how long the edge may take to answer before it counts as silent. */
const PATIENCE_MS = 5_000;

/** Asks again until the edge has answered. @returns false when it did not in time */
async function eventually(isDone: () => boolean, again: () => void, patienceMs = PATIENCE_MS): Promise<boolean> {
  const until = performance.now() + patienceMs;
  let nextTry = 0;
  while (!isDone()) {
    const now = performance.now();
    if (now > until) return false;
    if (now >= nextTry) {
      again();
      nextTry = now + 200;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return true;
}

/** An application on a bare socket: cuts frames and keeps the last ids it was given. */
export class FuzzApp {
  readonly socket: Socket;
  transactionId = 'none';
  dialogId = 'none';
  pongs = 0;
  closed = false;
  #text = '';
  #ids = 0;
  /** Answers what is handed over, where given. */
  answer: ((transactionId: string, sip: string) => string | undefined) | undefined;

  constructor(port: number, private readonly onFault: (what: string) => void) {
    this.socket = connect({ host: '127.0.0.1', port });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.closed = true;
    });
    this.socket.on('data', (chunk: Buffer) => this.#receive(chunk.toString('latin1')));
  }

  frame(payload: string): void {
    this.write(`${payload.length}#${payload}`);
  }

  /** As an application should: with a message id of its own. */
  send(rest: string): void {
    this.#ids += 1;
    this.frame(`w${this.#ids}|${rest}`);
  }

  write(text: string): void {
    if (!this.socket.destroyed) this.socket.write(text, 'latin1');
  }

  #receive(text: string): void {
    this.#text += text;
    for (;;) {
      const hash = this.#text.indexOf('#');
      if (hash < 0) return;
      const prefix = this.#text.slice(0, hash);
      if (!/^[1-9]\d*$/.test(prefix)) return this.onFault(`frame to an application with length ${JSON.stringify(prefix.slice(0, 40))}`);
      const end = hash + 1 + Number(prefix);
      if (this.#text.length < end) return;
      this.#take(this.#text.slice(hash + 1, end));
      this.#text = this.#text.slice(end);
    }
  }

  #take(payload: string): void {
    const lineEnd = payload.indexOf('\r\n');
    const fields = (lineEnd < 0 ? payload : payload.slice(0, lineEnd)).split('|');
    const sip = lineEnd < 0 ? '' : payload.slice(lineEnd + 2);
    if (fields[3] === 'OK' && fields[4] === 'pong') this.pongs += 1;
    if (fields[1] !== 'sip') {
      if (fields[1] !== 'response') this.onFault(`frame to an application of kind ${fields[1] ?? ''}`);
      return;
    }
    if (fields.length < 10) this.onFault(`hand-over with ${fields.length} fields`);
    if (!/^(SIP\/2\.0 \d{3}|[^\s]+ [^\s]+ SIP\/2\.0\r\n)/.test(sip)) this.onFault(`hand-over that starts ${JSON.stringify(sip.slice(0, 60))}`);
    this.transactionId = fields[8] ?? '';
    if (fields[9] !== undefined && fields[9] !== '') this.dialogId = fields[9];
    const answer = this.answer?.(this.transactionId, sip);
    if (answer !== undefined) this.send(answer);
  }
}

/** The edge with its witness: an application and a phone that behave. */
export class LiveEdge {
  /** What went wrong since it was last asked. */
  readonly faults: string[] = [];
  readonly peer: UdpSocket = createSocket('udp4');
  readonly wheel = new TimerWheel(100);
  /** To tags the edge gave, by Call-ID. */
  readonly tags = new Map<string, string>();
  peerPort = 0;
  #now = 0;
  #asked = 0;
  #answered = 0;
  #edge: Edge | undefined;
  #witness: FuzzApp | undefined;

  /** @param transports which listeners; `verbs` are what the witness takes */
  async open(transports: readonly ('udp' | 'tcp')[], verbs: readonly string[], answer: FuzzApp['answer']): Promise<void> {
    const keep: EdgeLogWriter = () => undefined;
    this.#edge = await startEdge({
      listeners: transports.map((transport) => ({ transport, host: '127.0.0.1', port: 0 })),
      admin: { host: '127.0.0.1', port: 0, secret: FUZZ_SECRET },
      localNetworks: [], wheel: this.wheel,
      log: { debug: keep, info: keep, warn: keep, error: (event, fields) => this.faults.push(`${event} ${JSON.stringify(fields)}`) },
    });
    this.peer.on('message', (bytes) => this.#onDatagram(bytes.toString('latin1')));
    this.peer.on('error', (error) => this.faults.push(`peer: ${error.message}`));
    this.peer.bind(0, '127.0.0.1');
    await once(this.peer, 'listening');
    this.peerPort = this.peer.address().port;
    this.#witness = this.newApp();
    this.#witness.answer = answer;
    await once(this.#witness.socket, 'connect');
    this.#witness.send(`authenticate|${FUZZ_SECRET}|`);
    for (const verb of verbs) this.#witness.send(`route|${verb}`);
    if (!(await this.#pings())) throw new Error('the witness was not let in');
  }

  newApp(): FuzzApp {
    return new FuzzApp(this.#edge?.admin.port ?? 0, (what) => this.faults.push(what));
  }

  portOf(transport: string): number {
    return this.#edge?.bound.find((each) => each.transport === transport)?.port ?? 0;
  }

  /** Puts in what only the running edge knows. */
  filled(text: string): string {
    if (!text.includes('%')) return text;
    const callId = /call-id\s*:\s*([^\s]+)/i.exec(text)?.[1] ?? '';
    return text.replaceAll('%PORT%', String(this.peerPort)).replaceAll('%EDGETAG%', this.tags.get(callId) ?? 'none');
  }

  sendDatagram(text: string): void {
    // Larger ones cannot be sent at all.
    const bytes = Buffer.from(text, 'latin1').subarray(0, 65_000);
    this.peer.send(bytes, this.portOf('udp'), '127.0.0.1');
  }

  /** Moves the SIP timers. */
  wait(ms: number): void {
    this.#now += ms;
    this.wheel.advance(this.#now);
  }

  /** @returns what is wrong with the edge now: faults seen, or silence */
  async health(): Promise<string | undefined> {
    const asked = (this.#asked += 1);
    const answered = await eventually(() => this.#answered >= asked, () => this.sendDatagram(this.#options(asked)));
    const [fault] = this.faults.splice(0);
    if (fault !== undefined) return fault;
    if (!answered) return 'silent: OPTIONS got no answer';
    return (await this.#pings()) ? undefined : 'silent: the application that behaves got no pong';
  }

  async close(): Promise<void> {
    this.#witness?.socket.destroy();
    await this.#edge?.stop();
    this.peer.close();
  }

  async #pings(): Promise<boolean> {
    const witness = this.#witness;
    if (witness === undefined) return false;
    const before = witness.pongs;
    let asked = false;
    return eventually(() => witness.pongs > before, () => {
      if (!asked) witness.send('ping');
      asked = true;
    });
  }

  #options(asked: number): string {
    return `OPTIONS sip:alive@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${this.peerPort};branch=z9hG4bKalive${asked};rport\r\n`
      + `Max-Forwards: 70\r\nFrom: <sip:w@127.0.0.1>;tag=w\r\nTo: <sip:alive@127.0.0.1>\r\nCall-ID: alive${asked}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`;
  }

  #onDatagram(text: string): void {
    const alive = /^Call-ID: alive(\d+)\r$/m.exec(text)?.[1];
    if (alive !== undefined && text.startsWith('SIP/2.0 ')) this.#answered = Math.max(this.#answered, Number(alive));
    if (text.trim() === '') return;
    const wrong = lineFault(text);
    if (wrong !== '') this.faults.push(`${wrong} in ${JSON.stringify(text.slice(0, 1_500))}`);
    const callId = /^(?:call-id|i)\s*:\s*(\S+)/im.exec(text)?.[1];
    const tag = /^(?:to|t)\s*:.*;\s*tag=([^\s;>]+)/im.exec(text)?.[1];
    if (callId === undefined || tag === undefined || !text.startsWith('SIP/2.0 ')) return;
    if (this.tags.size > 1_000) this.tags.clear();
    this.tags.set(callId, tag);
  }
}
