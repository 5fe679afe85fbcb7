import { connect, type TLSSocket } from 'node:tls';
import { connect as connectPlain } from 'node:net';
import { once } from 'node:events';
import t from 'tap';
import { folderIn, startPhoneFileOffice } from '../support/phone-file-office.js';

/** Requests of the sweep (`PHONE_SWEEP=20000` for a long one), and how many go out on a connection before its answers are read. */
const SWEEP = Number(process.env['PHONE_SWEEP'] ?? 2000);
const BATCH = 10;
const SOURCES = 20;

interface Scanner {
  /** Answers as they came, without Date. */
  ask(paths: readonly string[]): Promise<readonly string[]>;
  close(): void;
}

/** A connection of an address of its own that is kept, with several requests on their way at once (RFC 9112 §9.3.2). */
async function scanner(port: number, localAddress: string): Promise<Scanner> {
  const socket: TLSSocket = connect({ socket: connectPlain({ port, host: '127.0.0.1', localAddress }), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  let read = '';
  let wanted = 0;
  let answers: string[] = [];
  let done: (answers: readonly string[]) => void = () => undefined;
  let failed: (error: Error) => void = () => undefined;
  socket.setEncoding('latin1');
  socket.on('error', (error) => failed(error)).on('close', () => failed(new Error('the server closed the connection')));
  socket.on('data', (text: string) => {
    read += text;
    for (;;) {
      const head = read.indexOf('\r\n\r\n');
      if (head < 0) break;
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(read.slice(0, head))?.[1] ?? 0);
      if (read.length < head + 4 + length) break;
      answers.push(read.slice(0, head + 4 + length).replace(/\r\ndate: [^\r]*/i, ''));
      read = read.slice(head + 4 + length);
    }
    if (answers.length < wanted) return;
    const all = answers;
    answers = [];
    done(all);
  });
  return {
    ask: (paths) => new Promise((resolve, reject) => {
      [wanted, done, failed] = [paths.length, resolve, reject];
      socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: phones.example.com\r\nUser-Agent: Yealink SIP-T54W 96.86.0.70 80:5e:c0:00:00:01\r\n\r\n`).join(''));
    }),
    close: () => void socket.destroy(),
  };
}

// Seconds on a machine of its own, minutes beside others.
t.setTimeout(300_000);

t.test('a sweep of MAC addresses and tokens', { timeout: 300_000 }, async (t) => {
  const office = await startPhoneFileOffice(t);
  const { add, ask, clock, enrol, expect, server } = office;
  const macOf = async (id: string): Promise<string> => (await expect(200, 'GET', `/v2/phone/devices/${id}`)).json.mac_address.replace(/[^0-9a-fA-F]/g, '').toLowerCase();
  const [used, late] = [await add(), await add()];
  const [mac, lateMac] = [await macOf(used), await macOf(late)];
  const first = await enrol(used);
  const folder = folderIn((await ask(`${first}${mac}.cfg`)).body, server.origin);
  await ask(`${folder}${mac}.cfg`);
  const closed = await enrol(late, { window_minutes: 5 });
  clock.advance(6 * 60_000);
  /** Addresses that led somewhere once. */
  const ended = [new URL(`${closed}${lateMac}.cfg`).pathname, new URL(`${first}${mac}.cfg`).pathname];
  const token = (n: number): string => Buffer.from(`guess ${n} of many, all wrong`).toString('base64url').slice(0, 32);
  const scanned = (n: number): string => (n === 7 ? mac : n === 11 ? lateMac : (0x020000000000 + n).toString(16).padStart(12, '0'));
  const names = (n: number): string => [`${scanned(n)}.cfg`, `cfg${scanned(n)}.xml`, `${scanned(n).toUpperCase()}.xml`, 'y000000000096.cfg', `${scanned(n)}.boot`][n % 5] ?? '';
  /** The nth request: unknown tokens, and among them those that are known and ended. */
  const pathOf = (n: number): string => (n % 10 === 3 ? ended[(n / 10) & 1] ?? '' : `/p/${token(n)}/${names(n)}`);

  const sweep = async (port: number, size: number): Promise<ReadonlyMap<string, number>> => {
    const kinds = new Map<string, number>();
    const scanners = await Promise.all(Array.from({ length: SOURCES }, (_, at) => scanner(port, `127.0.0.${at + 2}`)));
    const each = size / SOURCES;
    await Promise.all(scanners.map(async (one, at) => {
      for (let from = at * each; from < (at + 1) * each; from += BATCH) {
        for (const answer of await one.ask(Array.from({ length: BATCH }, (_, n) => pathOf(from + n)))) {
          const kind = answer.replace(/nonce="[^"]+"/g, 'nonce=""');
          kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        }
      }
    }));
    for (const one of scanners) one.close();
    return kinds;
  };

  await t.test(`${SWEEP} requests get nothing, and every one the same`, async (t) => {
    const open = await office.serve({ requests: SWEEP, misses: SWEEP, banMs: 60_000, uploads: 1 });
    office.work.length = 0;
    const kinds = await sweep(open.tls.port, SWEEP);
    t.equal(kinds.size, 1, 'bytes and headers are equal', { kinds: [...kinds.keys()] });
    t.match([...kinds.keys()][0], /^HTTP\/1\.1 404 Not Found\r\n[\s\S]*\r\n\r\nNot found\n$/);
    t.equal([...kinds.values()].reduce((sum, one) => sum + one, 0), SWEEP);
    const counted = (kind: string): number => office.work.filter((one) => one === kind).length;
    t.same([counted('hash'), counted('look up'), office.work.length], [SWEEP, SWEEP, 2 * SWEEP], 'one hash and one look for each');
    await open.files.settled();
    t.match(open.files.figures(), { 'requests unknown-token': SWEEP * 0.95, 'requests refused-token': SWEEP * 0.05, 'banned_addresses': 0 });
  });

  await t.test('with credentials asked for somewhere, every one gets the same challenge', async (t) => {
    await expect(200, 'PATCH', '/v2/cordboard/account/desk_phone_settings', { http_credentials: { value: true } });
    const open = await office.serve({ requests: SWEEP, misses: SWEEP, banMs: 60_000, uploads: 1 });
    office.work.length = 0;
    const size = SOURCES * BATCH * 5;
    const kinds = await sweep(open.tls.port, size);
    t.equal(kinds.size, 1, 'bytes and headers are equal but for the nonce', { kinds: [...kinds.keys()] });
    t.match([...kinds.keys()][0], /^HTTP\/1\.1 401 /);
    t.equal(office.work.filter((one) => one === 'look up').length, size);
    t.equal(office.work.filter((one) => one === 'hash').length, 2 * size, 'the token, and the nonce');
    await expect(200, 'PATCH', '/v2/cordboard/account/desk_phone_settings', { http_credentials: { inherit: true } });
  });

  await t.test('with the usual allowance a source is sent away after a hundred, and others are served', async (t) => {
    const usual = await office.serve();
    const one = await scanner(usual.tls.port, '127.0.0.50');
    const statuses: string[] = [];
    for (let n = 0; n < 110; n += 1) statuses.push((await one.ask([pathOf(n)]))[0]?.slice(9, 12) ?? '');
    one.close();
    t.same([statuses.indexOf('429'), statuses.lastIndexOf('404')], [101, 100]);
    await usual.files.settled();
    t.match(usual.files.figures(), { 'banned_addresses': 1, 'requests limited': 9 });
    t.equal((await ask(`${folder}${mac}.cfg`.replace(server.origin, usual.origin))).status, 200);
    const again = await scanner(usual.tls.port, '127.0.0.50');
    t.match((await again.ask([new URL(`${folder}${mac}.cfg`).pathname]))[0], /^HTTP\/1\.1 429 [\s\S]*\r\nretry-after: 600\r\n/i, 'whatever it asks for');
    again.close();
    t.ok(office.lines.some((line) => line.includes('address banned from files of phones') && line.includes('127.0.0.50')), 'and the log says so');
  });
});
