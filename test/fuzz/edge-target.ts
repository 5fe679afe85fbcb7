import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { LiveEdge } from './live-edge.js';
import { mutate, pick, type Random } from './random.js';
import { anyMessage } from './seed-messages.js';
import type { FuzzInput, FuzzTarget, Piece } from './target.js';

const VERBS = ['invite', 'options', 'register', 'message', 'info', 'notify', 'subscribe', 'bye', 'prack', 'update', 'refer', 'publish'];

/** The whole edge, from the network: messages by UDP and TCP, an application that answers, SIP time passing. */
export class EdgeTarget implements FuzzTarget {
  readonly #live = new LiveEdge();
  readonly #connections = new Map<string, Socket>();

  static async open(): Promise<EdgeTarget> {
    const target = new EdgeTarget();
    await target.#live.open(['udp', 'tcp'], VERBS, (transactionId, sip) => target.#answer(transactionId, sip));
    return target;
  }

  make(random: Random): FuzzInput {
    const pieces: Piece[] = [];
    for (let count = 1 + random(8); count > 0; count -= 1) {
      const to = pick(random, ['udp', 'udp', 'tcp1', 'tcp2']);
      const plain = anyMessage(random, to === 'udp' ? 'UDP' : 'TCP');
      pieces.push({ to, text: random(3) === 0 ? plain : mutate(plain, random) });
      if (random(4) === 0) pieces.push({ to: 'wait', text: String(pick(random, [100, 500, 4_000, 32_000, 64_000])) });
      if (random(8) === 0) pieces.push({ to: `close ${pick(random, ['tcp1', 'tcp2'])}`, text: '' });
    }
    return pieces;
  }

  async check(input: FuzzInput): Promise<string | undefined> {
    for (const { to, text } of input) {
      if (to === 'wait') {
        // What was sent before has to be there first.
        await new Promise((resolve) => setImmediate(resolve));
        this.#live.wait(Number(text));
      } else if (to.startsWith('close ')) {
        this.#connections.get(to.slice('close '.length))?.destroy();
      } else if (to === 'udp') {
        this.#live.sendDatagram(this.#live.filled(text));
      } else {
        (await this.#connection(to)).write(this.#live.filled(text), 'latin1');
      }
    }
    return this.#live.health();
  }

  async close(): Promise<void> {
    for (const socket of this.#connections.values()) socket.destroy();
    await this.#live.close();
  }

  async #connection(name: string): Promise<Socket> {
    const known = this.#connections.get(name);
    if (known !== undefined && known.writable) return known;
    const socket = connect({ host: '127.0.0.1', port: this.#live.portOf('tcp') });
    socket.on('error', () => undefined);
    socket.resume();
    this.#connections.set(name, socket);
    await once(socket, 'connect');
    return socket;
  }

  /** A final answer to most; a call is taken only where every way back is the fuzzer's own, so that nothing leaves this machine. */
  #answer(transactionId: string, sip: string): string | undefined {
    const method = sip.slice(0, sip.indexOf(' '));
    const callId = /^call-id\s*:\s*c(\d)/im.exec(sip)?.[1];
    if (method === 'INVITE' || method === 'SUBSCRIBE') {
      if (!this.#comesBackHere(sip)) return `sip|${transactionId}|\r\nSIP/2.0 486 Busy Here\r\n\r\n`;
      if (callId === '0') return undefined;
      if (callId === '1') return `sip|${transactionId}|\r\nSIP/2.0 180 Ringing\r\n\r\n`;
      return `sip|${transactionId}|\r\nSIP/2.0 200 OK\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n`;
    }
    if (method === 'ACK' || method === 'CANCEL' || sip.startsWith('SIP/2.0')) return undefined;
    return `sip|${transactionId}|\r\nSIP/2.0 200 OK\r\n\r\n`;
  }

  #comesBackHere(sip: string): boolean {
    const head = sip.slice(0, sip.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
    const back = head.split('\r\n').filter((line) => /^(contact|m|record-route)\s*:/i.test(line));
    const uris = back.flatMap((line) => [...line.matchAll(/[a-z]+:[^>,\s]*/gi)].map(([uri]) => uri)).filter((uri) => /^sips?:/i.test(uri));
    const ours = new RegExp(`^sip:([a-z]*@)?127\\.0\\.0\\.1:${this.#live.peerPort}(;transport=(udp|tcp)|;lr)*$`);
    return back.length > 0 && uris.length >= back.length && uris.every((uri) => ours.test(uri));
  }
}
