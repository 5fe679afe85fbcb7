import { once } from 'node:events';
import { FUZZ_SECRET, LiveEdge, type FuzzApp } from './live-edge.js';
import { mutate, pick, type Random } from './random.js';
import { plausibleRequest } from './seed-messages.js';
import type { FuzzInput, FuzzTarget, Piece } from './target.js';

const HEADERS: readonly string[] = [
  'From: <sip:a@localhost>;tag=x', 'To: sip:b@127.0.0.1', 'Contact: sip:a@localhost', 'Call-ID: given', 'CSeq: 7 INVITE', 'CSeq: 1e3 OPTIONS', 'Content-Length: 99999',
  'Content-Length: -1', 'Content-Type: application/sdp', 'no colon here', ': empty name', 'Via: SIP/2.0/UDP 127.0.0.1;branch=mine', 'Route: <sip:127.0.0.1;lr>',
  'Require: 100rel', 'RSeq: 4', 'Session-Expires: 1800;refresher=uas', 'Expires: x', 'X-\xc3\xa4: \xff\xfe', '__proto__: x', 'constructor: y', 'Max-Forwards: 0',
  'Reason: SIP;text="a\nb"', 'Subscription-State: terminated', 'RAck: 1 1 INVITE', 'Record-Route: <sip:evil>', 'X-Tab:\tvalue\t',
];
const VERBS = ['invite', 'register', 'INVITE', '__proto__', 'constructor', '', 'cdr:attempt', 'dance', 'x'.repeat(500)];
const METHODS = ['INVITE', 'OPTIONS', 'MESSAGE', 'BYE', 'ACK', 'CANCEL', 'PRACK', 'REFER', 'NOTIFY', 'SUBSCRIBE', 'INFO', 'UPDATE', 'DANCE'];
const IDS = ['%TID%', '%TID%', '%DIALOG%', '', 'nope', '__proto__', 'a'.repeat(2_000)];

/** Mostly one the applications took the verb of. */
function routedRequest(random: Random): string {
  let text = plausibleRequest(random, 'UDP');
  for (let tries = 0; tries < 6 && !/^(INVITE|MESSAGE|SUBSCRIBE)/.test(text); tries += 1) text = plausibleRequest(random, 'UDP');
  return text;
}

const headersOf = (random: Random): string => {
  const lines: string[] = [];
  for (let count = random(6); count > 0; count -= 1) lines.push(pick(random, HEADERS));
  return lines.join('\r\n');
};

/** What follows the message id. */
function command(random: Random): string {
  const body = pick(random, ['', '', 'v=0\r\n', 'x'.repeat(20_000), '\r\n\r\n', 'caf\xe9']);
  const sip = (startLine: string): string => `\r\n${[startLine, headersOf(random)].filter((part) => part !== '').join('\r\n')}\r\n\r\n${body}`;
  const uri = pick(random, ['sip:x@127.0.0.1:%PORT%', 'sip:placeholder', 'tel:+441632960000', 'sip:127.0.0.1:%PORT%;transport=tcp', '12345', 'sip:', '*', 'sips:x@127.0.0.1']);
  switch (random(10)) {
    case 0: return `authenticate|${pick(random, [FUZZ_SECRET, 'wrong', '', 'x'.repeat(5_000)])}|${pick(random, ['', 'a,b', ',,,'])}`;
    case 1: return `${pick(random, ['route', 'remove_route'])}|${pick(random, VERBS)}`;
    case 2: return pick(random, ['ping', 'ping|', '', '|', '||||', 'dance|1', 'sip', 'response|x|OK']);
    case 3: return `proxy|${pick(random, IDS)}|remainInDialog|fullResponse|followRedirects|${pick(random, ['serial', 'simultaneous'])}|${pick(random, ['1s', '5ms', 'x', '-1s', '99999999999999s'])}|1s|sip:x@127.0.0.1:%PORT%|${uri}${sip(`INVITE ${uri} SIP/2.0`)}`;
    case 4: case 5: case 6:
      return `sip|${pick(random, IDS)}|${sip(`SIP/2.0 ${pick(random, ['100', '180', '183', '200', '202', '302', '486', '699', '700', '99', '2e2', '1.5', '-20', ' 20', 'abc'])} ${pick(random, ['OK', '', 'a\nb', '\xff'])}`)}`;
    default:
      return `sip|${pick(random, IDS)}|${pick(random, IDS)}|${pick(random, ['', '', 'sip:127.0.0.1:%PORT%', 'nonsense'])}${sip(`${pick(random, METHODS)} ${uri} SIP/2.0`)}`;
  }
}

const NO_FRAMES: readonly string[] = [
  '-1#x', '0#', '#', '99999#short', '100000#x', '1e3#x', ' 5#hello', '+5#hello', '5#hel', '\xff\xfe', 'GET / HTTP/1.1\r\n\r\n', '12', '5#\xff\xff\xff\xff\xff',
  '\x16\x03\x01\x02\x00\x01', '00005#hello', '3#a|b4#c|d', '4#\0\0\0\0',
];

/** The control port: applications that lie about lengths, ids, secrets and everything else. */
export class ControlTarget implements FuzzTarget {
  readonly #live = new LiveEdge();

  static async open(): Promise<ControlTarget> {
    const target = new ControlTarget();
    // UDP alone: a socket bound to loopback sends nowhere else, whatever address a command names.
    await target.#live.open(['udp'], ['options'], (transactionId) => `sip|${transactionId}|\r\nSIP/2.0 200 OK\r\n\r\n`);
    return target;
  }

  make(random: Random): FuzzInput {
    const pieces: Piece[] = [];
    for (let app = 1 + random(3); app > 0; app -= 1) {
      const frame = `frame ${app}`;
      if (random(5) > 0) {
        pieces.push({ to: frame, text: `m0|authenticate|${FUZZ_SECRET}|` });
        for (const verb of ['invite', 'message', 'subscribe']) pieces.push({ to: frame, text: `m1|route|${verb}` });
      }
      for (let count = 1 + random(8); count > 0; count -= 1) {
        if (random(3) === 0) pieces.push({ to: 'phone', text: routedRequest(random) });
        const plain = `m${random(9)}|${command(random)}`;
        if (random(12) === 0) pieces.push({ to: `raw ${app}`, text: pick(random, NO_FRAMES) });
        else pieces.push({ to: frame, text: random(3) === 0 ? mutate(plain, random) : plain });
        if (random(5) === 0) pieces.push({ to: 'wait', text: String(pick(random, [100, 4_000, 64_000])) });
      }
      if (random(2) === 0) pieces.push({ to: `close ${app}`, text: '' });
    }
    return pieces;
  }

  async check(input: FuzzInput): Promise<string | undefined> {
    const apps = new Map<string, FuzzApp>();
    for (const { to, text } of input) {
      const [kind = '', name = ''] = to.split(' ');
      if (kind === 'phone') this.#live.sendDatagram(this.#live.filled(text));
      else if (kind === 'wait') this.#live.wait(Number(text));
      else if (kind === 'close') apps.get(name)?.socket.destroy();
      else await this.#write(kind, text, await this.#app(apps, name));
      // Not waited for: a request that is handed over late only makes this case a poorer one.
      if (kind === 'phone' || kind === 'wait') for (let turn = 0; turn < 12; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
    const wrong = await this.#live.health();
    for (const app of apps.values()) app.socket.destroy();
    return wrong;
  }

  async close(): Promise<void> {
    await this.#live.close();
  }

  async #app(apps: Map<string, FuzzApp>, name: string): Promise<FuzzApp> {
    const known = apps.get(name);
    if (known !== undefined) return known;
    const app = this.#live.newApp();
    apps.set(name, app);
    await once(app.socket, 'connect');
    return app;
  }

  async #write(kind: string, text: string, app: FuzzApp): Promise<void> {
    const filled = this.#live.filled(text).replaceAll('%TID%', app.transactionId).replaceAll('%DIALOG%', app.dialogId);
    if (kind === 'raw') app.write(filled);
    else app.frame(filled);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
