import t from 'tap';
import { readAppSip } from '../../../../../sip/edge/dialog/app-text.js';
import { FlowMap, addressOf } from '../../../../../sip/edge/dialog/flow-map.js';
import { isOwnAddress, isPrivate, nextHopOf, sipUri } from '../../../../../sip/edge/dialog/next-hop.js';
import { readSessionExpires } from '../../../../../sip/edge/dialog/session-timer.js';
import { parseMessage } from '../../../../../sip/edge/syntax/parse.js';
import type { SipRequest } from '../../../../../sip/edge/syntax/message.js';
import type { Flow, Listener, TransportName } from '../../../../../sip/edge/transport/transport.js';

const listener = (transport: TransportName, port: number): Listener =>
  ({ transport, host: '0.0.0.0', port, advertised: () => ({ host: '192.0.2.1', port }) });
const both = [listener('udp', 5060), listener('tcp', 5060)];

t.test('nextHopOf (RFC 3261 §8.1.2, RFC 3263 §4.1)', (t) => {
  const target = (transport: TransportName, host: string, port: number): object => ({ kind: 'target', target: { transport, host, port } });
  const rows: readonly [string, string, object][] = [
    ['no transport named: UDP', 'sip:a@198.51.100.1', target('udp', '198.51.100.1', 5060)],
    ['transport and port as named', 'sip:a@example.com:5070;transport=TCP', target('tcp', 'example.com', 5070)],
    ['maddr of a peer is ignored', 'sip:a@example.com;maddr=198.51.100.9', target('udp', 'example.com', 5060)],
    ['name-addr form of a route', '<sip:[2001:db8::1]:5080;lr>', target('udp', '2001:db8::1', 5080)],
    ['no listener of that transport', 'sip:a@example.com;transport=ws', { kind: 'no-transport' }],
    ['unknown transport', 'sip:a@example.com;transport=sctp', { kind: 'no-transport' }],
    ['sips without TLS', 'sips:a@example.com', { kind: 'no-transport' }],
    ['tel leads nowhere', 'tel:+441632960000', { kind: 'bad-uri' }],
    ['nonsense', 'what?', { kind: 'bad-uri' }],
  ];
  for (const [rule, uri, expected] of rows) t.match(nextHopOf(uri, both), expected, rule);
  t.match(nextHopOf('sip:a@example.com;maddr=198.51.100.9', both, 'counts'), target('udp', '198.51.100.9', 5060), 'maddr of the operator decides');
  t.match(nextHopOf('sip:a@x.example', [listener('tcp', 5060)]), target('tcp', 'x.example', 5060), 'without UDP listener: what there is');
  const secure = [listener('udp', 5060), listener('tls', 5061)];
  t.match(nextHopOf('sips:a@x.example', secure), target('tls', 'x.example', 5061), 'sips: TLS');
  t.strictSame(nextHopOf('sips:a@x.example;transport=udp', secure), { kind: 'no-transport' }, 'sips never by UDP (RFC 3261 §26.2.2)');
  const servers: readonly [string, string, object][] = [
    ['nothing named: the DNS decides', 'sip:a@x.example', { host: 'x.example', port: undefined, transport: undefined, secure: false }],
    ['port and transport as named', 'sip:a@x.example:5070;transport=udp', { host: 'x.example', port: 5070, transport: 'udp', secure: false }],
    ['sips with transport=tcp means TLS', 'sips:a@x.example;transport=tcp', { host: 'x.example', port: undefined, transport: 'tls', secure: true }],
  ];
  for (const [rule, uri, server] of servers) t.strictSame(Object.entries(nextHopOf(uri, secure)).find(([key]) => key === 'server')?.[1], server, rule);
  t.end();
});

t.test('isOwnAddress and isPrivate', (t) => {
  const own = (uri: string): boolean => {
    const parsed = sipUri(uri);
    return parsed !== undefined && isOwnAddress(parsed, both);
  };
  t.ok(own('sip:a@192.0.2.1'));
  t.ok(own('sip:a@127.0.0.1:5060'));
  t.notOk(own('sip:a@192.0.2.1:5070'));
  t.notOk(own('sip:a@198.51.100.1'));
  for (const address of ['10.0.0.1', '192.168.1.1', '172.16.0.1', '172.31.255.255']) t.ok(isPrivate(address), address);
  for (const address of ['172.15.0.1', '172.32.0.1', '192.0.2.1', 'example.com', '::1']) t.notOk(isPrivate(address), address);
  t.end();
});

t.test('FlowMap (drachtio wire protocol §9.3)', (t) => {
  const request = (contact: string): SipRequest => {
    const parsed = parseMessage(`REGISTER sip:x SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:a@x>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\nContact: ${contact}\r\n\r\n`);
    if (parsed.kind !== 'message' || parsed.message.kind !== 'request') throw new Error('the test message is no request');
    return parsed.message;
  };
  const flow: Flow = {
    id: 1, transport: 'tcp', reliable: true, closed: false, listener: listener('tcp', 5060),
    local: { address: '192.0.2.1', port: 5060 }, remote: { address: '203.0.113.5', port: 40_000 },
  };
  const ok = (headers: string): ReturnType<typeof readAppSip> => readAppSip(`SIP/2.0 200 OK\r\n${headers}\r\n\r\n`);
  const map = new FlowMap();
  map.accepted(request('<sip:ann@10.0.0.7:5066;transport=tcp>'), ok('Contact: <sip:ann@10.0.0.7:5066>;expires=60'), flow, 1_000);
  t.equal(map.find('sip:ann@10.0.0.7', 2_000), flow, 'by user and host');
  t.equal(map.find('sip:bob@10.0.0.7', 2_000), undefined);
  t.equal(map.find('sip:ann@10.0.0.7', 61_000), undefined, 'not beyond its expiry');
  map.accepted(request('<sip:ann@10.0.0.7>'), ok('Expires: 30'), flow, 2_000);
  t.equal(map.find('sip:ann@10.0.0.7', 31_000), flow, 'Expires serves when the Contact says nothing');
  map.accepted(request('<sip:ann@10.0.0.7>'), ok('Contact: <sip:ann@10.0.0.7>'), flow, 3_000);
  t.equal(map.find('sip:ann@10.0.0.7', 3_000), undefined, 'neither: removed');
  map.accepted(request('<sip:ann@10.0.0.7>'), ok('Expires: 30'), { ...flow, closed: true }, 2_000);
  t.equal(map.find('sip:ann@10.0.0.7', 3_000), undefined, 'a closed connection is no way');
  map.sweep(3_000);
  t.equal(map.size, 0);
  t.equal(addressOf('tel:+44'), undefined);
  t.end();
});

t.test('readSessionExpires (RFC 4028 §4)', (t) => {
  const rows: readonly [string | undefined, object | undefined][] = [
    ['1800;refresher=uas', { seconds: 1_800, refresher: 'uas' }],
    ['90 ; Refresher=UAC;x=y', { seconds: 90, refresher: 'uac' }],
    ['1800', { seconds: 1_800, refresher: undefined }],
    ['1800;refresher=proxy', { seconds: 1_800, refresher: undefined }],
    ['soon', undefined], ['', undefined], [undefined, undefined], ['99999999999', undefined],
  ];
  for (const [value, expected] of rows) t.strictSame(readSessionExpires(value), expected, String(value));
  t.end();
});
