import t from 'tap';
import type { NaptrRecord } from '../../../../../../sip/edge/transport/naming/records.js';
import {
  hostsOf, orderedTargets, planLocation, servicesOfNaptr, type FoundService,
} from '../../../../../../sip/edge/transport/naming/services.js';
import type { ServerName, TransportName } from '../../../../../../sip/edge/transport/transport.js';

const all: ReadonlySet<TransportName> = new Set<TransportName>(['udp', 'tcp', 'tls', 'ws', 'wss']);
const server = (host: string, given: Partial<ServerName> = {}): ServerName => ({ host, port: undefined, transport: undefined, secure: false, ...given });

t.test('planLocation: what is looked up (RFC 3263 §4.1, §4.2)', (t) => {
  const literal = (transport: TransportName, host: string, port: number): object => ({ kind: 'literal', target: { transport, host, port } });
  const address = (transport: TransportName, port: number): object =>
    ({ kind: 'services', services: [], otherwise: { lookup: 'address', transport, name: 'x.example', port } });
  const rows: readonly [string, ServerName, ReadonlySet<TransportName>, object][] = [
    ['numeric: UDP, 5060', server('192.0.2.1'), all, literal('udp', '192.0.2.1', 5060)],
    ['numeric sips: TLS, 5061', server('192.0.2.1', { secure: true }), all, literal('tls', '192.0.2.1', 5061)],
    ['numeric with port and transport', server('2001:db8::1', { port: 5070, transport: 'tcp' }), all, literal('tcp', '2001:db8::1', 5070)],
    ['numeric IPv4 in IPv6 is IPv4', server('::ffff:192.0.2.1'), all, literal('udp', '192.0.2.1', 5060)],
    ['numeric without UDP of ours: what there is', server('192.0.2.1'), new Set(['tcp'] as const), literal('tcp', '192.0.2.1', 5060)],
    ['name with port: addresses, UDP', server('x.example', { port: 5070 }), all, address('udp', 5070)],
    ['sips name with port: addresses, TLS', server('x.example', { port: 5070, secure: true }), all, address('tls', 5070)],
    ['name with port and transport: addresses', server('x.example', { port: 5070, transport: 'tcp' }), all, address('tcp', 5070)],
    ['name with transport: SRV of it, no NAPTR', server('x.example', { transport: 'tcp' }), all, {
      kind: 'services', services: [{ lookup: 'srv', transport: 'tcp', name: '_sip._tcp.x.example' }],
      otherwise: { lookup: 'address', transport: 'tcp', name: 'x.example', port: 5060 },
    }],
    ['sips with transport=tcp: _sips._tcp', server('x.example', { transport: 'tls', secure: true }), all, {
      kind: 'services', services: [{ lookup: 'srv', transport: 'tls', name: '_sips._tcp.x.example' }],
    }],
    ['name alone: NAPTR, then SRV of every transport, then addresses', server('x.example'), all, {
      kind: 'naptr', name: 'x.example',
      services: [{ name: '_sip._udp.x.example' }, { name: '_sip._tcp.x.example' }, { name: '_sips._tcp.x.example' }],
      otherwise: { transport: 'udp', port: 5060 },
    }],
    ['only transports we have', server('x.example'), new Set(['tcp'] as const), { services: [{ name: '_sip._tcp.x.example' }], otherwise: { transport: 'tcp' } }],
    ['sips: TLS only', server('x.example', { secure: true }), all, {
      kind: 'naptr', services: [{ transport: 'tls', name: '_sips._tcp.x.example' }], otherwise: { transport: 'tls', port: 5061 },
    }],
  ];
  for (const [rule, given, available, expected] of rows) {
    const plan = planLocation(given, available, () => false);
    t.match(plan, expected, rule);
    const wanted = 'services' in expected && Array.isArray(expected.services) ? expected.services.length : undefined;
    if (wanted !== undefined && plan.kind !== 'literal') t.equal(plan.services.length, wanted, `${rule}: no more`);
  }
  t.match(planLocation(server('x.example'), all, () => true), address('udp', 5060), 'a name of the hosts file: that address');
  t.end();
});

t.test('servicesOfNaptr (RFC 3263 §4.1, RFC 3403 §4.1)', (t) => {
  const naptr = (order: number, preference: number, service: string, replacement: string, flags = 's'): NaptrRecord =>
    ({ order, preference, service, replacement, flags });
  const zone = [
    naptr(20, 10, 'SIP+D2U', '_sip._udp.x'), naptr(10, 50, 'SIP+D2T', '_sip._tcp.x'), naptr(10, 20, 'sips+d2t', '_sips._tcp.x', 'S'),
    naptr(5, 1, 'SIP+D2S', '_sip._sctp.x'), naptr(5, 1, 'E2U+sip', 'x'), naptr(6, 1, 'SIP+D2U', 'x', 'u'), naptr(30, 1, 'SIP+D2W', '_sip._ws.x'),
    naptr(40, 1, 'SIP+D2U', 'a.x', 'a'), naptr(50, 1, 'SIPS+D2W', '_sips._ws.x'),
  ];
  const found = (secure: boolean, available = all): string =>
    servicesOfNaptr(zone, secure, available).map(({ transport, lookup, name }) => `${transport} ${lookup} ${name}`).join(', ');
  t.equal(found(false), 'tls srv _sips._tcp.x, tcp srv _sip._tcp.x, udp srv _sip._udp.x, ws srv _sip._ws.x, udp address a.x, wss srv _sips._ws.x',
    'by order, then preference; unknown services and flags are left out');
  t.equal(found(true), 'tls srv _sips._tcp.x, wss srv _sips._ws.x', 'sips: secure ones only');
  t.equal(found(false, new Set(['udp'] as const)), 'udp srv _sip._udp.x, udp address a.x', 'only transports we have');
  t.end();
});

t.test('orderedTargets (RFC 3263 §4.2)', (t) => {
  const found: readonly FoundService[] = [
    { service: { lookup: 'srv', transport: 'tcp', name: '_sip._tcp.x' }, records: [
      { priority: 2, weight: 0, port: 5062, name: 'b.x' }, { priority: 1, weight: 0, port: 5061, name: 'a.x' }, { priority: 0, weight: 0, port: 0, name: '' },
    ] },
    { service: { lookup: 'address', transport: 'udp', name: 'a.x', port: 5060 }, records: [] },
  ];
  t.strictSame(hostsOf(found), ['b.x', 'a.x'], 'each name once, not the root');
  const addresses = new Map([['a.x', ['192.0.2.1', '2001:db8::1', '192.0.2.1']], ['b.x', ['192.0.2.2']]]);
  const targets = orderedTargets(found, addresses, 'x', () => 0.5);
  t.strictSame(targets.map(({ transport, host, port }) => `${transport} ${host} ${port}`), [
    'tcp 192.0.2.1 5061', 'tcp 2001:db8::1 5061', 'tcp 192.0.2.2 5062', 'udp 192.0.2.1 5060', 'udp 2001:db8::1 5060',
  ], 'by priority, every address, none twice, service after service');
  t.ok(targets.every(({ name }) => name === 'x'), 'the certificate is for the name asked (RFC 5922 §4)');
  t.end();
});
