/**
 * A little DNS server on a loopback socket (RFC 1035): it answers from a list of records, counts the questions, and can fall
 * silent. Its encoding is its own: what the product reads must be right on the wire.
 */
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';

export type DnsRecord =
  | { readonly type: 'A'; readonly name: string; readonly address: string; readonly ttl?: number }
  | { readonly type: 'AAAA'; readonly name: string; readonly address: string; readonly ttl?: number }
  | { readonly type: 'SRV'; readonly name: string; readonly priority: number; readonly weight: number; readonly port: number; readonly target: string }
  | {
    readonly type: 'NAPTR'; readonly name: string; readonly order: number; readonly preference: number; readonly flags: string;
    readonly service: string; readonly replacement: string;
  };

export interface DnsServer {
  /** For `dnsServers`. */
  readonly address: string;
  /** Questions asked, e.g. `SRV _sip._udp.example.test`. */
  readonly questions: readonly string[];
  /** The zone from now on. */
  records: readonly DnsRecord[];
  /** While true, no question is answered. */
  silent: boolean;
}

const TYPES: Readonly<Record<DnsRecord['type'], number>> = { A: 1, AAAA: 28, SRV: 33, NAPTR: 35 };

/** Starts it; it ends with the test. */
export async function dnsServer(t: { teardown(end: () => void): void }, records: readonly DnsRecord[]): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const questions: string[] = [];
  const server = { address: '', questions, records, silent: false };
  socket.on('message', (query: Buffer, from: RemoteInfo) => {
    const labels: string[] = [];
    let at = 12;
    while ((query[at] ?? 0) > 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + (query[at] ?? 0)));
      at += 1 + (query[at] ?? 0);
    }
    const name = labels.join('.').toLowerCase();
    const type = query.readUInt16BE(at + 1);
    const question = query.subarray(12, at + 5);
    questions.push(`${Object.entries(TYPES).find(([, code]) => code === type)?.[0] ?? type} ${name}`);
    if (server.silent) return;
    const named = server.records.filter((record) => record.name.toLowerCase() === name);
    const answers = named.filter((record) => TYPES[record.type] === type).map(encoded);
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    // An authoritative answer; a name without any record does not exist.
    header.writeUInt16BE(0x8580 | (named.length === 0 ? 3 : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(answers.length, 6);
    socket.send(Buffer.concat([header, question, ...answers]), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  server.address = `127.0.0.1:${socket.address().port}`;
  t.teardown(() => {
    socket.close();
  });
  return server;
}

function encoded(record: DnsRecord): Buffer {
  const data = dataOf(record);
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(TYPES[record.type], 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE('ttl' in record ? record.ttl ?? 60 : 60, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([nameOf(record.name), fixed, data]);
}

function dataOf(record: DnsRecord): Buffer {
  switch (record.type) {
    case 'A': return Buffer.from(record.address.split('.').map(Number));
    case 'AAAA': return Buffer.from(wholeV6(record.address).flatMap((group) => [group >> 8, group & 0xff]));
    case 'SRV': return Buffer.concat([words(record.priority, record.weight, record.port), nameOf(record.target)]);
    case 'NAPTR': return Buffer.concat([
      words(record.order, record.preference), text(record.flags), text(record.service), text(''), nameOf(record.replacement),
    ]);
  }
}

const words = (...values: readonly number[]): Buffer => Buffer.from(values.flatMap((value) => [value >> 8, value & 0xff]));
const text = (value: string): Buffer => Buffer.concat([Buffer.from([value.length]), Buffer.from(value, 'latin1')]);
const nameOf = (name: string): Buffer => Buffer.concat([...name.split('.').filter((label) => label !== '').map(text), Buffer.from([0])]);

function wholeV6(address: string): readonly number[] {
  const [head = '', tail = ''] = address.split('::');
  const groups = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const [first, last] = [groups(head), groups(tail)];
  return [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last];
}
