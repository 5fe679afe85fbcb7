import { createSocket } from 'node:dgram';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import { startProduct, type Product } from '../support/product.js';
import { ROOT } from '../support/repository.js';
import { createSipPeer, readMessage, uniqueText, type PeerMessage, type SipPeer } from '../support/sip-peer.js';

interface Torture {
  readonly name: string;
  readonly file: string;
  /** Statuses a careful server may give; `1xx` for any provisional one, `drop` for silence. */
  readonly edge_accept: readonly string[];
}

const folder = process.env['SIP_TORTURE_DIR'] ?? join(ROOT, '..', 'shared', 'corpora');
const OPTIONS_MS = 2000;
/** Answers to a request without rport go to the sent-by port, by default 5060 (RFC 3261 §18.2.2). */
const PEER = { address: '127.0.0.2', port: 5060 };

if (!existsSync(join(folder, 'rfc4475', 'manifest.json'))) {
  const text = `no torture messages in ${folder} (SIP_TORTURE_DIR): none were sent`;
  process.stderr.write(`SKIPPED: ${text}\n`);
  if (process.env['REQUIRE_SIP_CLIENTS'] === '1') t.fail(text);
  else t.plan(0, text);
} else {
  // One user that asks for life hundreds of times within seconds would be limited, and told so by 503.
  const product = await startProduct({ env: { SIP_RATE_LIMIT_USER: '0', SIP_RATE_LIMIT_SOURCE: '0' } });
  t.teardown(() => product.close());
  for (const corpus of ['rfc4475', 'rfc5118']) await torture(t, product, corpus);
  t.ok(product.alive(), 'the program lives');
  t.same(product.log.faults().map(({ raw }) => raw), [], 'and logged no error');
}

async function torture(t: Test, product: Product, corpus: string): Promise<void> {
  const manifest = readFileSync(join(folder, corpus, 'manifest.json'), 'utf8');
  const { messages } = JSON.parse(manifest) as { readonly messages: readonly Torture[] };
  const read = ({ file }: Torture): Buffer => readFileSync(join(folder, corpus, file));
  const peer = await createSipPeer({ transport: 'udp' });
  t.teardown(() => peer.close());
  const answers: string[] = [];
  const udp = createSocket('udp4').on('message', (data) => answers.push(data.toString('latin1')));
  // Another program may sit on that port of that address: then the answers are lost, not the test.
  await new Promise<void>((resolve) => udp.once('error', () => resolve()).bind(PEER.port, PEER.address, () => resolve()));
  t.teardown(() => new Promise<void>((resolve) => udp.close(() => resolve())));

  const ways: Readonly<Record<string, (bytes: Buffer) => Promise<void>>> = {
    'UDP': (bytes) => new Promise((resolve) => udp.send(bytes, product.sip.port, product.sip.host, () => resolve())),
    'TCP whole': (bytes) => overTcp(product, [bytes], peer),
    'TCP a byte a write': (bytes) => overTcp(product, Array.from(bytes, (byte) => Buffer.of(byte)), peer),
    'TCP twice back to back': (bytes) => overTcp(product, [Buffer.concat([bytes, bytes])], peer),
  };
  for (const [way, send] of Object.entries(ways)) {
    await t.test(`${corpus} over ${way}: OPTIONS is answered after each`, async (t) => {
      for (const message of messages) {
        await send(read(message));
        await t.resolves(ping(product, peer), `after ${message.name}`);
      }
      t.ok(product.alive());
    });
  }
  await t.test(`${corpus}: what was answered over UDP is among what may be`, async (t) => {
    // Some share a Call-ID: then each answer may be one of theirs.
    const may = new Map<string, Set<string>>();
    for (const message of messages) {
      const raw = read(message).toString('latin1');
      may.set(callIdOf(raw), new Set([...may.get(callIdOf(raw)) ?? [], ...acceptable(message, raw)]));
    }
    for (const raw of answers) {
      const { status } = readMessage(raw, PEER);
      const expected = may.get(callIdOf(raw));
      if (status < 200 || !expected) continue;
      t.ok(expected.has(String(status)), `${callIdOf(raw)}: ${status} is one of ${[...expected].join(', ')}`);
    }
    t.ok(answers.length > 0, `${answers.length} answers`);
  });
}

/** A To tag without a dialog of ours may be told so before anything else (RFC 3261 §12.2.2). */
function acceptable(message: Torture, raw: string): readonly string[] {
  const inDialog = /;\s*tag\s*=/i.test(readMessage(raw, PEER).header('To') ?? '');
  return inDialog ? [...message.edge_accept, '481'] : message.edge_accept;
}

function callIdOf(raw: string): string {
  return readMessage(raw, PEER).header('Call-ID') ?? raw;
}

async function ping(product: Product, peer: SipPeer): Promise<void> {
  const callId = uniqueText('ping');
  await peer.send(peer.request('OPTIONS', `sip:${product.sip.host}:${product.sip.port}`, { callId }), {
    address: product.sip.host, port: product.sip.port,
  });
  const isAnswer = (message: PeerMessage): boolean => message.status === 200 && message.header('Call-ID') === callId;
  await peer.waitFor(isAnswer, 'the answer to OPTIONS', OPTIONS_MS);
}

/** Sends over a connection of its own and keeps it until an OPTIONS was answered: what was sent is read by then. */
async function overTcp(product: Product, writes: readonly Buffer[], peer: SipPeer): Promise<void> {
  const socket = connect({ host: product.sip.host, port: product.sip.port, localAddress: PEER.address, noDelay: true });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  for (const bytes of writes) socket.write(bytes);
  await ping(product, peer);
  socket.destroy();
}
