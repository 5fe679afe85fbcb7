import t from 'tap';
import { parseContacts, type ContactsParse } from '../../../../../sip/app/registrar/parse-contacts.js';

const parse = (headers: Record<string, string>): ContactsParse => parseContacts({ headers, body: '' });
const malformed = { kind: 'malformed' };
const one = (uri: string, seconds: number | null, q = 1000, params = ''): object =>
  ({ kind: 'parsed', contacts: { kind: 'contacts', contacts: [{ uri, params, q, seconds }] } });

const ROWS: readonly (readonly [string, Record<string, string>, object])[] = [
  ['no Contact is a query', {}, { kind: 'parsed', contacts: { kind: 'query' } }],
  ['* with Expires 0 removes all', { contact: '*', expires: '0' }, { kind: 'parsed', contacts: { kind: 'remove-all' } }],
  ['* without Expires', { contact: '*' }, malformed],
  ['* with another expiry', { contact: '*', expires: '60' }, malformed],
  ['* beside a contact', { contact: '<sip:a@b>, *', expires: '0' }, malformed],
  ['no expiry anywhere', { contact: '<sip:a@b>' }, one('sip:a@b', null)],
  ['Expires header', { contact: '<sip:a@b>', expires: '120' }, one('sip:a@b', 120)],
  ['the parameter goes before the header', { contact: '<sip:a@b>;expires=60', expires: '120' }, one('sip:a@b', 60)],
  ['addr-spec: parameters are the contact\'s', { contact: 'sip:a@b;expires=60' }, one('sip:a@b', 60)],
  ['RFC 3261 §10.2.1.1: malformed expiry is an hour', { contact: '<sip:a@b>;expires=x' }, one('sip:a@b', 3600)],
  ['a huge expiry is the largest there is', { contact: '<sip:a@b>;expires=99999999999999999999' }, one('sip:a@b', 4_294_967_295)],
  ['q in thousandths', { contact: '<sip:a@b>;q=0.25' }, one('sip:a@b', null, 250)],
  ['q out of range', { contact: '<sip:a@b>;q=1.5' }, malformed],
  ['other parameters are kept', { contact: '<sip:a@b>;+sip.instance="<urn:x;y>";reg-id=1;ob' }, one('sip:a@b', null, 1000, ';+sip.instance="<urn:x;y>";reg-id=1;ob')],
  ['no SIP URI', { contact: '<mailto:a@b>' }, malformed],
  ['a URI too long for the way to the phone', { contact: `<sip:${'a'.repeat(500)}@b>` }, malformed],
  ['a URI that is not ASCII', { contact: '<sip:ä@b>' }, malformed],
  ['more contacts than anybody has', { contact: Array.from({ length: 40 }, (_, index) => `<sip:a${index}@b>`).join(',') }, malformed],
  ['no address at all', { contact: '<>' }, malformed],
];

for (const [rule, headers, expected] of ROWS) {
  t.test(rule, (t) => {
    t.match(parse(headers), expected);
    t.end();
  });
}
