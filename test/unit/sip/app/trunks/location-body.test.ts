import t from 'tap';
import { goesOnWithoutLocation, withLocation } from '../../../../../sip/app/trunks/location-body.js';
import { newId } from '../../../../support/sample-account.js';

const SDP = 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n';
const LOCATION = {
  entity: 'sip:+14085550100@office.example', deviceId: newId<never>(), at: 0, inside: '', occupant: 'Office',
  address: { addressLine1: '1 Main St', addressLine2: '', city: 'San Jose', stateCode: 'CA', zip: '95113', country: 'US' },
};

t.test('description and location in one body, each found again', async (t) => {
  const located = withLocation({ body: SDP, contentType: 'application/sdp' }, LOCATION, { name: '01call', domain: 'office.example' });
  const boundary = /^multipart\/mixed;boundary=([A-Za-z0-9-]+)$/.exec(located.contentType)?.[1] ?? '';
  const parts = located.body.split(`--${boundary}`);
  t.same(parts.length, 4, 'nothing before the first part, two parts, the end');
  t.same([parts[0], parts[3]], ['', '--\r\n']);
  const [session = '', place = ''] = parts.slice(1, 3);
  t.same(session, `\r\nContent-Type: application/sdp\r\nContent-Disposition: session\r\n\r\n${SDP}`, 'the description as it was, its last line break included');
  t.match(place, /^\r\nContent-Type: application\/pidf\+xml\r\nContent-ID: <01call@office\.example>\r\nContent-Disposition: by-reference;handling=optional\r\n\r\n<\?xml/);
  t.match(place, '<ca:RD>Main St</ca:RD>');
  t.same(located.headers, { 'Geolocation': '<cid:01call@office.example>', 'Geolocation-Routing': 'yes', 'MIME-Version': '1.0' });
});

t.test('a boundary that stands in a part is not used', async (t) => {
  const located = withLocation({ body: `${SDP}a=x:part-01call\r\n`, contentType: 'application/sdp' }, LOCATION, { name: '01call', domain: 'office.example' });
  t.match(located.contentType, /boundary=part-01callx$/);
  t.same(located.body.split('--part-01callx').length, 4);
});

t.test('what may mean the location asks once more without it; what means the call does not', async (t) => {
  for (const status of [400, 406, 413, 415, 424, 488, 493, 513]) t.ok(goesOnWithoutLocation(status), String(status));
  for (const status of [0, 302, 403, 404, 408, 480, 486, 500, 503, 600, 603]) t.notOk(goesOnWithoutLocation(status), String(status));
});
