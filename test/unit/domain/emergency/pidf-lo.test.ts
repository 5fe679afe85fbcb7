import t from 'tap';
import { civicAddress } from '../../../../src/domain/emergency/civic-address.js';
import { pidfLo } from '../../../../src/domain/emergency/pidf-lo.js';
import type { PostalAddress } from '../../../../src/domain/identity/site.js';
import { newId } from '../../../support/sample-account.js';

const NOWHERE: PostalAddress = { addressLine1: '', addressLine2: '', city: '', stateCode: '', zip: '', country: 'US' };

t.test('street and house number are told apart as the country writes them', async (t) => {
  const rows: readonly (readonly [what: string, country: string, line: string, road: string, number: string, suffix: string])[] = [
    ['number first', 'US', '55 Almaden Boulevard', 'Almaden Boulevard', '55', ''],
    ['a road with a number', 'US', '123 Highway 101', 'Highway 101', '123', ''],
    ['a letter behind the number', 'GB', '221B Baker Street', 'Baker Street', '221', 'B'],
    ['a range', 'GB', '12-14 High Street', 'High Street', '12', '-14'],
    ['half a house', 'US', '12 1/2 Elm Street', 'Elm Street', '12', '1/2'],
    ['comma between', 'FR', '8, rue de la Paix', 'rue de la Paix', '8', ''],
    ['number last', 'DE', 'Unter den Linden 77', 'Unter den Linden', '77', ''],
    ['number last, with a letter', 'DE', 'Hauptstr. 5 a', 'Hauptstr.', '5', 'a'],
    ['a date in the name', 'DE', 'Straße des 17. Juni 135', 'Straße des 17. Juni', '135', ''],
    ['no number', 'US', 'Pier Thirty-Nine', 'Pier Thirty-Nine', '', ''],
    ['number first where it stands last: left whole', 'DE', '5 Hauptstraße', '5 Hauptstraße', '', ''],
    ['a number alone', 'US', '55', '55', '', ''],
  ];
  for (const [what, country, addressLine1, road, number, suffix] of rows) {
    const found = new Map<string, string>(civicAddress({ address: { ...NOWHERE, country, addressLine1 }, inside: '', occupant: '' }));
    t.same([found.get('RD') ?? '', found.get('HNO') ?? '', found.get('HNS') ?? ''], [road, number, suffix], what);
  }
});

t.test('elements come in the order of their schema, empty ones never', async (t) => {
  const address = { addressLine1: '55 Almaden Blvd', addressLine2: 'Tower B', city: 'San Jose', stateCode: 'CA', zip: '95113', country: 'us' };
  t.same(civicAddress({ address, inside: 'Floor 3', occupant: 'Example Inc' }), [
    ['country', 'US'], ['A1', 'CA'], ['A3', 'San Jose'], ['RD', 'Almaden Blvd'], ['HNO', '55'], ['LOC', 'Tower B, Floor 3'], ['NAM', 'Example Inc'], ['PC', '95113'],
  ]);
  t.same(civicAddress({ address: { ...NOWHERE, country: 'FR' }, inside: ' ', occupant: '' }), [['country', 'FR']]);
});

t.test('the document escapes what people typed, and names nobody', async (t) => {
  const document = pidfLo({
    entity: 'sip:+14085550100@office.example', deviceId: newId(), at: Date.UTC(2026, 0, 2, 3, 4, 5, 678), inside: '<Floor> & "3"', occupant: "O'Hara & \u0000Sons",
    address: { ...NOWHERE, addressLine1: '1 <Main> & Co', city: 'Sa\u001bn' },
  });
  t.match(document, '<ca:RD>&lt;Main&gt; &amp; Co</ca:RD><ca:HNO>1</ca:HNO>');
  t.match(document, '<ca:LOC>&lt;Floor&gt; &amp; &quot;3&quot;</ca:LOC><ca:NAM>O&apos;Hara &amp;  Sons</ca:NAM>');
  t.match(document, '<ca:A3>Sa n</ca:A3>');
  t.match(document, '<dm:timestamp>2026-01-02T03:04:05Z</dm:timestamp>');
  t.match(document, '<gbp:retention-expiry>2026-01-03T03:04:05Z</gbp:retention-expiry>');
  t.match(document, /<dm:deviceID>urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}<\/dm:deviceID>/);
  // RFC 4479 §3.2: deviceID stands behind what the device is said to have, the timestamp last.
  t.ok(document.indexOf('</gp:geopriv>') < document.indexOf('<dm:deviceID>') && document.indexOf('<dm:deviceID>') < document.indexOf('<dm:timestamp>'));
  const open = [...document.matchAll(/<([a-z]+:?[A-Za-z0-9-]+)[\s>]/g)].map(([, name]) => name).sort();
  const closed = [...document.matchAll(/<\/([a-z]+:?[A-Za-z0-9-]+)>/g)].map(([, name]) => name).sort();
  t.same(open, closed, 'every element is closed');
});
