/** Server location against a DNS server on a loopback socket. */
import t from 'tap';
import type { ServerName } from '../../../../../../sip/edge/transport/transport.js';
import { dnsServer, type DnsRecord } from '../../../../../support/dns-server.js';
import { startLayer } from '../../../../../support/edge-sockets.js';

const server = (host: string, given: Partial<ServerName> = {}): ServerName => ({ host, port: undefined, transport: undefined, secure: false, ...given });

const ZONE: readonly DnsRecord[] = [
  { type: 'NAPTR', name: 'full.test', order: 10, preference: 20, flags: 's', service: 'SIP+D2U', replacement: '_sip._udp.full.test' },
  { type: 'NAPTR', name: 'full.test', order: 10, preference: 10, flags: 's', service: 'SIP+D2T', replacement: '_sip._tcp.farm.test' },
  { type: 'SRV', name: '_sip._tcp.farm.test', priority: 2, weight: 0, port: 5072, target: 'two.farm.test' },
  { type: 'SRV', name: '_sip._tcp.farm.test', priority: 1, weight: 0, port: 5071, target: 'one.farm.test' },
  { type: 'SRV', name: '_sip._udp.full.test', priority: 1, weight: 0, port: 5073, target: 'one.farm.test' },
  { type: 'A', name: 'one.farm.test', address: '127.0.0.1' },
  { type: 'AAAA', name: 'one.farm.test', address: '2001:db8::1' },
  { type: 'A', name: 'two.farm.test', address: '127.0.0.2' },
  { type: 'SRV', name: '_sip._udp.srv.test', priority: 1, weight: 0, port: 5074, target: 'one.farm.test' },
  { type: 'A', name: 'host.test', address: '127.0.0.3', ttl: 300 },
  { type: 'SRV', name: '_sip._udp.closed.test', priority: 0, weight: 0, port: 0, target: '.' },
  { type: 'A', name: 'closed.test', address: '127.0.0.4' },
];

t.test('locate (RFC 3263 §4)', async (t) => {
  const dns = await dnsServer(t, ZONE);
  const { layer } = await startLayer(t, {}, { dnsServers: [dns.address] });
  const located = async (name: ServerName): Promise<string> =>
    (await layer.locate(name)).map(({ transport, host, port }) => `${transport} ${host}:${port}`).join(', ');
  const rows: readonly [string, ServerName, string][] = [
    ['NAPTR, SRV by priority, A; the next service behind', server('full.test'), 'tcp 127.0.0.1:5071, tcp 127.0.0.2:5072, udp 127.0.0.1:5073'],
    ['no NAPTR: SRV', server('srv.test'), 'udp 127.0.0.1:5074'],
    ['neither: A, and the default port', server('host.test'), 'udp 127.0.0.3:5060'],
    ['transport named: SRV of it; none, so A', server('full.test', { transport: 'udp' }), 'udp 127.0.0.1:5073'],
    ['port named: A alone', server('host.test', { port: 5099 }), 'udp 127.0.0.3:5099'],
    ['the hosts file', server('localhost', { port: 5098 }), 'udp 127.0.0.1:5098'],
  ];
  for (const [rule, name, expected] of rows) t.equal(await located(name), expected, rule);
  await t.rejects(layer.locate(server('closed.test')), { message: /^unresolved:/ }, 'RFC 2782: a target of "." offers no service, A does not replace it');
  await t.rejects(layer.locate(server('nobody.test')), { message: /^unresolved:/ }, 'no such name');
  t.equal(dns.questions.filter((question) => question === 'NAPTR full.test').length, 1);
  t.notOk(dns.questions.some((question) => question.includes('localhost')), 'nothing of the hosts file is asked');
  t.notOk(dns.questions.some((question) => question.startsWith('AAAA')), 'no IPv6 listener: no question for it');
  const before = dns.questions.length;
  await Promise.all([located(server('full.test')), located(server('host.test')), layer.locate(server('nobody.test')).catch(() => undefined)]);
  t.equal(dns.questions.length, before, 'answers are kept, also that there is nothing');
  t.end();
});

t.test('with an IPv6 listener AAAA is asked for', async (t) => {
  const dns = await dnsServer(t, ZONE);
  const { layer } = await startLayer(t, {}, { dnsServers: [dns.address], listeners: [{ transport: 'udp', host: '::1', port: 0 }] });
  t.match(await layer.locate(server('srv.test')), [{ transport: 'udp', host: '2001:db8::1', port: 5074 }]);
  t.end();
});

t.test('a silent name server holds up nobody for long', async (t) => {
  const dns = await dnsServer(t, ZONE);
  dns.silent = true;
  const { layer } = await startLayer(t, {}, { dnsServers: [dns.address] });
  const began = performance.now();
  const asking = [layer.locate(server('slow.test')), layer.locate(server('slow.test'))];
  for (const asked of asking) await t.rejects(asked, { message: /^unresolved:/ });
  t.ok(performance.now() - began < 3_000, `after ${Math.round(performance.now() - began)} ms`);
  t.end();
});

t.test('a name server that is no address', async (t) => {
  await t.rejects(startLayer(t, {}, { dnsServers: ['dns.example'] }), { message: /^bad-setting:/ });
  t.end();
});
