import t from 'tap';
import type { SipMessage } from 'drachtio-srf';
import { asId, type AccountId } from '../../../../../src/domain/ids.js';
import type { TrunkBorder, TrunkMedia } from '../../../../../src/domain/trunk/trunk.js';
import { borderHeaders, gatewayUri } from '../../../../../sip/app/trunks/border-headers.js';
import { policedOffer } from '../../../../../sip/app/trunks/sdp-policy.js';
import { aGateway, aTrunk } from '../../../../support/sample-trunk.js';

const base = aTrunk(asId<AccountId>('account'));
const hop = (border: Partial<TrunkBorder>, gateway = aGateway()) => (
  { trunk: { ...base, border: { ...base.border, ...border } }, gateway, number: '+12125550199', lastResort: false, why: '' });
const from = (headers: Record<string, string>): SipMessage => ({ headers, body: undefined });
const call = { sipDomain: 'office.example', callerId: { name: 'Ann', number: '+12125550101' }, asserted: '+12125550101', hopsLeft: 70, contentType: null, from: from({}) };
const hidden = { ...call, callerId: { name: 'Anonymous', number: '' } };

t.test('Request-URI', async (t) => {
  const rows: readonly (readonly [string, Parameters<typeof hop>, string])[] = [
    ['E.164', [{}], 'sip:+12125550199@sip.carrier.example;user=phone'],
    ['digits alone', [{ numberOut: { kind: 'e164' } }], 'sip:12125550199@sip.carrier.example;user=phone'],
    ['national', [{ numberOut: { kind: 'national', country: 'US' } }], 'sip:2125550199@sip.carrier.example;user=phone'],
    ['behind digits of the carrier', [{ numberOut: { kind: 'tech-prefix', prefix: '77#' } }], 'sip:77%2312125550199@sip.carrier.example;user=phone'],
    ['port and transport', [{}, aGateway({ host: '192.0.2.1', port: 5070, transport: 'tls' })], 'sip:+12125550199@192.0.2.1:5070;user=phone;transport=tls'],
    ['IPv6', [{}, aGateway({ host: '2001:db8::1' })], 'sip:+12125550199@[2001:db8::1];user=phone'],
  ];
  for (const [rule, args, uri] of rows) t.equal(gatewayUri(hop(...args)), uri, rule);
});

t.test('identity (RFC 3325, RFC 3323)', async (t) => {
  const own = '"Ann" <sip:+12125550101@office.example;user=phone>';
  const anonymous = '"Anonymous" <sip:anonymous@anonymous.invalid>';
  const identity = (who: typeof call, border: Partial<TrunkBorder>) => {
    const { From, 'P-Asserted-Identity': pai, 'P-Preferred-Identity': ppi, Privacy } = borderHeaders(who, hop(border));
    return [From, pai, ppi, Privacy];
  };
  t.same(identity(call, { callerIdentity: 'from' }), [own, undefined, undefined, undefined]);
  t.same(identity(call, { callerIdentity: 'p-asserted-identity' }), [own, own, undefined, undefined]);
  t.same(identity(call, { callerIdentity: 'p-preferred-identity' }), [own, undefined, own, undefined]);
  t.same(identity(hidden, { callerIdentity: 'p-asserted-identity', trusted: true }), [anonymous, '<sip:+12125550101@office.example;user=phone>', undefined, 'id'],
    'inside the trust domain a withheld number goes along, with the wish to hide it');
  t.same(identity(hidden, { callerIdentity: 'p-asserted-identity', trusted: false }), [anonymous, undefined, undefined, 'id'], 'outside nobody learns it');
  t.same(identity({ ...hidden, asserted: '' }, { callerIdentity: 'p-asserted-identity', trusted: true }), [anonymous, undefined, undefined, 'id']);
  t.match(borderHeaders(call, hop({ numberOut: { kind: 'tech-prefix', prefix: '77' } })).From, '<sip:12125550101@', "a carrier's digits stand before called numbers alone");
  t.match(borderHeaders({ ...call, callerId: { name: 'A"\r\nX: y', number: '+12125550101' } }, hop({})).From, /^"A\\" X: y" </, 'a name stays a name');
});

t.test('only headers that are named pass, and never those that make the call', async (t) => {
  const headers = { 'X-Account-Code': '42', 'x-other': '1', 'call-info': '<https://a.example>', 'privacy': 'none', 'P-Asserted-Identity': '<sip:x@y>', 'subject': 'a\u0001b' };
  const passed = borderHeaders({ ...call, from: from(headers) }, hop({ callerIdentity: 'from', passHeaders: ['x-account-code', 'subject', 'privacy', 'p-asserted-identity', 'via'] }));
  t.match(passed, { 'x-account-code': '42', 'subject': 'a b' });
  for (const name of ['x-other', 'call-info', 'privacy', 'Privacy', 'p-asserted-identity', 'P-Asserted-Identity', 'via']) t.notOk(name in passed, name);
});

t.test('an offer as the trunk takes it', async (t) => {
  const sdp = (proto: string): string => [
    'v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0', `m=audio 40000 ${proto} 9 0 8 96 101 110`, 'a=rtpmap:96 opus/48000/2', 'a=fmtp:96 useinbandfec=1',
    'a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-16', 'a=rtpmap:110 telephone-event/48000', 'a=x-vendor:kept', 'a=sendrecv', '',
  ].join('\r\n');
  const policy: TrunkMedia = { codecs: [], dtmf: 'rfc4733', srtp: 'off', anchor: 'auto' };
  const offer = (changes: Partial<TrunkMedia>, proto = 'RTP/AVP'): string => {
    const result = policedOffer(sdp(proto), { ...policy, ...changes });
    return result.kind === 'sdp' ? result.sdp : result.kind;
  };
  t.equal(offer({}), sdp('RTP/AVP'), 'without a policy it stands as it is');
  const narrow = offer({ codecs: ['PCMA', 'pcmu'] });
  t.match(narrow, 'm=audio 40000 RTP/AVP 8 0 101 110\r\n', "in the trunk's order, with digits");
  t.notMatch(narrow, /opus|useinbandfec/);
  t.match(narrow, 'a=x-vendor:kept\r\na=sendrecv\r\n');
  t.match(offer({ dtmf: 'info' }), 'RTP/AVP 9 0 8 96\r\n', 'no events where digits go by INFO');
  t.equal(offer({ codecs: ['G729'] }), 'refused');
  t.equal(offer({}, 'RTP/SAVP'), 'refused', 'SRTP is not sent where the trunk takes none');
  t.equal(offer({ srtp: 'required' }), 'refused');
  t.equal(offer({ srtp: 'optional' }, 'RTP/SAVP'), sdp('RTP/SAVP'));
});
