import fc from 'fast-check';
import t from 'tap';
import type { Dialled } from '../../../../src/domain/numbering/dialled.js';
import { parseDialled, recordableDigits, type NumberingContext } from '../../../../src/domain/numbering/dial-plan.js';

const featureCodes = { hotDeskSignIn: '*91', hotDeskSignOut: '*92', deviceLock: '', phoneActivation: '' };
const US: NumberingContext = { country: 'US', actingCountry: 'US', areaCode: '415', featureCodes, siteCode: null, siteCodes: [] };
const GB: NumberingContext = { ...US, country: 'GB', actingCountry: 'GB', areaCode: '20' };
const DE: NumberingContext = { ...US, country: 'DE', actingCountry: 'DE', areaCode: '030' };
const SITES: NumberingContext = { ...US, siteCode: '10', siteCodes: ['10', '2'] };

const emergency = (number: string, test = false): Dialled => ({ kind: 'emergency', number, test });
const extension = (digits: string, siteCode: string | null = null, number = digits): Dialled => ({ kind: 'extension', digits, siteCode, number });
const number = (e164: string, digits: string, country: string | null): Dialled => ({ kind: 'number', e164, digits, country });
const signIn = (argument: string): Dialled => ({ kind: 'feature-code', feature: 'hot-desk-sign-in', argument });
const signOut: Dialled = { kind: 'feature-code', feature: 'hot-desk-sign-out', argument: '' };
const unknown = (digits: string): Dialled => ({ kind: 'unknown', digits });

type Row = readonly [name: string, requestUri: string, context: NumberingContext, expected: Dialled];

const FORMS: readonly Row[] = [
  ['sip', 'sip:1001@example.org', US, extension('1001')],
  ['sips in capitals', 'SIPS:1001@example.org:5061', US, extension('1001')],
  ['tel', 'tel:1001;phone-context=example.org', US, extension('1001')],
  ['digits alone', '1001', US, extension('1001')],
  ['digits and host without scheme', '1001@example.org', US, extension('1001')],
  ['user parameters are cut', 'sip:1001;phone-context=+1;x=y@example.org;user=phone', US, extension('1001')],
  ['a password is cut', 'sip:1001:4711@example.org', US, extension('1001')],
  ['%-escapes are undone', 'sip:%31%30%301@example.org', US, extension('1001')],
  ['a malformed escape does not throw', 'sip:10%zz@example.org', US, unknown('10%zz')],
  ['visual separators never count', 'tel:+1-(415)-555.0100', US, number('+14155550100', '+14155550100', 'US')],
  ['escaped spaces are separators', 'sip:+1%20415%20555%200100@h', US, number('+14155550100', '+14155550100', 'US')],
  ['the send key at the end', 'sip:1001%23@h', US, extension('1001')],
  ['no user part', 'sip:example.org', US, unknown('')],
  ['letters', 'sip:alice@example.org', US, unknown('alice')],
  ['NUL and control characters go', 'sip:a%00%0d%0ab@h', US, unknown('ab')],
  ['digits of other scripts are no digits', 'sip:%D9%A1%D9%A0%D9%A0%D9%A1@h', US, unknown('١٠٠١')],
  ['endless digits are cut', `sip:${'7'.repeat(900)}@h`, US, unknown('7'.repeat(64))],
];

const EMERGENCY: readonly Row[] = [
  ['911', 'sip:911@h', US, emergency('911')],
  ['9911, dialled by habit', 'sip:9911@h', US, emergency('9911')],
  ['911 in escapes', 'sip:%39%31%31@h', US, emergency('911')],
  ['911 with separators and send key', 'tel:9-1-1%23', US, emergency('911')],
  ['+911', 'sip:+911@h', US, emergency('911')],
  ['911 with parameters', 'sip:911;phone-context=+1@h', US, emergency('911')],
  ['tel:911', 'tel:911', US, emergency('911')],
  ['urn:service:sos', 'urn:service:sos', US, emergency('911')],
  ['urn:service:sos.police', 'URN:Service:SOS.police', DE, emergency('112')],
  ['933 reads back', 'sip:933@h', US, emergency('933', true)],
  ['urn:service:test.sos', 'urn:service:test.sos.fire', US, emergency('933', true)],
  ['no test number elsewhere', 'urn:service:test.sos', DE, unknown('urn:service:test.sos')],
  ['no other service', 'urn:service:counseling', US, unknown('service:counseling')],
  ['112', 'sip:112@h', DE, emergency('112')],
  ['112 behind the outside line\'s 0', 'sip:0112@h', DE, emergency('0112')],
  ['999', 'sip:999@h', GB, emergency('999')],
  ['the desk\'s country decides, not the guest\'s', 'sip:112@h', { ...DE, actingCountry: 'US' }, emergency('112')],
  ['nor the guest\'s habit', 'sip:911@h', { ...DE, actingCountry: 'US' }, extension('911')],
  ['911 is the exact string', 'sip:9112@h', US, extension('9112')],
  ['911 inside a number is none', 'sip:+14159110000@h', US, number('+14159110000', '+14159110000', 'US')],
  ['an extension of the same digits does not hide it', 'sip:911@h', { ...US, isExtension: () => true }, emergency('911')],
  ['*911001 is a sign-in', 'sip:*911001@h', US, signIn('1001')],
  ['*911 is a sign-in', 'sip:*911@h', US, signIn('1')],
];

const FEATURES: readonly Row[] = [
  ['*91', 'sip:*91@h', US, signIn('')],
  ['*91 escaped, with send key', 'sip:%2A91%23@h', US, signIn('')],
  ['*91 and extension', 'sip:*911234@h', US, signIn('1234')],
  ['*91, extension and send key', 'sip:*911234%23@h', US, signIn('1234')],
  ['a PIN behind it is not taken', 'sip:*911234*99887766@h', US, signIn('')],
  ['nor in one run of digits', 'sip:*91123499887766@h', US, signIn('')],
  ['nor a short one', 'sip:*911234998@h', US, signIn('')],
  ['*92', 'sip:*92@h', US, signOut],
  ['*92 takes nothing', 'sip:*921@h', US, unknown('*921')],
  ['a code nobody serves', 'sip:*69@h', US, unknown('*69')],
  ['letters behind a code', 'sip:*91abc@h', US, unknown('*91abc')],
  ['an account\'s own code', 'sip:%23551001@h', { ...US, featureCodes: { ...featureCodes, hotDeskSignIn: '#55' } }, signIn('1001')],
  ['the longest code that fits', 'sip:*9@h', { ...US, featureCodes: { hotDeskSignIn: '*', hotDeskSignOut: '*9', deviceLock: '', phoneActivation: '' } }, signOut],
  ['the device lock', 'sip:*5@h', { ...US, featureCodes: { ...featureCodes, deviceLock: '*5' } }, { kind: 'feature-code', feature: 'device-lock', argument: '' }],
  ['takes nothing behind it', 'sip:*51234@h', { ...US, featureCodes: { ...featureCodes, deviceLock: '*5' } }, unknown('*51234')],
  ['an unset device lock fits nothing', 'sip:*5@h', US, unknown('*5')],
  ['an unset code fits nothing', 'sip:1001@h', { ...US, featureCodes: { hotDeskSignIn: '', hotDeskSignOut: '*92', deviceLock: '', phoneActivation: '' } }, extension('1001')],
];

const known = (...forms: readonly string[]) => (siteCode: string | null, digits: string): boolean => forms.includes(`${siteCode ?? ''}/${digits}`);
const EXTENSIONS: readonly Row[] = [
  ['one digit', 'sip:7@h', US, extension('7')],
  ['six digits', 'sip:123456@h', US, extension('123456')],
  ['the operator', 'sip:0@h', US, extension('0')],
  ['a leading zero is no extension', 'sip:0123@h', US, unknown('0123')],
  ['site code and extension', 'sip:10201@h', SITES, extension('10201', '10', '201')],
  ['the longest site code that fits', 'sip:23456@h', { ...SITES, siteCodes: ['2', '23'] }, extension('23456', '23', '456')],
  ['a zero behind the site code makes it short', 'sip:1001@h', SITES, extension('1001')],
  ['one digit behind the site code makes it short', 'sip:107@h', SITES, extension('107')],
  ['the site\'s own length settles it', 'sip:2345@h', { ...SITES, extensionLengths: [4] }, extension('2345')],
  ['another length goes to the site code', 'sip:2345@h', { ...SITES, extensionLengths: [3] }, extension('2345', '2', '345')],
  ['what exists settles it: short', 'sip:2345@h', { ...SITES, isExtension: known('/2345', '2/345') }, extension('2345')],
  ['what exists settles it: full', 'sip:2345@h', { ...SITES, isExtension: known('2/345') }, extension('2345', '2', '345')],
  ['nobody has it: as short one', 'sip:2345@h', { ...SITES, isExtension: known() }, extension('2345')],
];

const NUMBERS: readonly Row[] = [
  ['+', 'sip:+442079460000@h', US, number('+442079460000', '+442079460000', 'GB')],
  ['011 in North America', 'sip:011442079460000@h', US, number('+442079460000', '011442079460000', 'GB')],
  ['00 is understood there too', 'sip:00442079460000@h', US, number('+442079460000', '00442079460000', 'GB')],
  ['00 in Europe', 'sip:0014155550100@h', DE, number('+14155550100', '0014155550100', 'US')],
  ['011 is understood there too', 'sip:01114155550100@h', GB, number('+14155550100', '01114155550100', 'US')],
  ['0011 in Australia', 'sip:001114155550100@h', { ...US, actingCountry: 'AU' }, number('+14155550100', '001114155550100', 'US')],
  ['00 in Australia', 'sip:00442079460000@h', { ...US, actingCountry: 'AU' }, number('+442079460000', '00442079460000', 'GB')],
  ['1 and ten digits', 'sip:12125550100@h', US, number('+12125550100', '12125550100', 'US')],
  ['ten digits', 'sip:2125550100@h', US, number('+12125550100', '2125550100', 'US')],
  ['seven digits take the area code', 'sip:5550100@h', US, number('+14155550100', '5550100', 'US')],
  ['seven digits without an area code', 'sip:5550100@h', { ...US, areaCode: '' }, unknown('5550100')],
  ['Canada is told from the United States', 'sip:+14165550100@h', US, number('+14165550100', '+14165550100', 'CA')],
  ['North American toll-free is one region', 'sip:18005550100@h', { ...US, actingCountry: 'CA' }, number('+18005550100', '18005550100', 'US')],
  ['national with 0', 'sip:02079460000@h', GB, number('+442079460000', '02079460000', 'GB')],
  ['local with the area code', 'sip:79460000@h', GB, number('+442079460000', '79460000', 'GB')],
  ['local, area code written with 0', 'sip:2345678@h', DE, number('+49302345678', '2345678', 'DE')],
  ['a guest\'s national form is the guest\'s', 'sip:02079460000@h', { ...GB, country: 'US' }, number('+442079460000', '02079460000', 'GB')],
  ['Italian zeros stay', 'sip:0612345678@h', { ...US, actingCountry: 'IT' }, number('+390612345678', '0612345678', 'IT')],
  ['six local digits are an extension', 'sip:234567@h', DE, extension('234567')],
  ['unless nobody has it', 'sip:234567@h', { ...DE, isExtension: known() }, number('+4930234567', '234567', 'DE')],
  ['and there is an area code', 'sip:234567@h', { ...DE, areaCode: '', isExtension: known() }, extension('234567')],
  ['four digits nobody has ring no stranger', 'sip:4711@h', { ...DE, isExtension: known() }, extension('4711')],
  ['a satellite has no country', 'sip:+870773111632@h', US, number('+870773111632', '+870773111632', null)],
  ['no such country code', 'sip:+999123456@h', US, unknown('+999123456')],
  ['too short', 'sip:+1415@h', US, unknown('+1415')],
  ['a country without numbering plan', 'sip:+14155550100@h', { ...US, actingCountry: 'ZZ' }, number('+14155550100', '+14155550100', 'US')],
];

for (const [title, rows] of [['Request-URI forms', FORMS], ['emergency', EMERGENCY], ['feature codes', FEATURES], ['extensions', EXTENSIONS], ['numbers', NUMBERS]] as const) {
  t.test(title, async (t) => {
    for (const [name, requestUri, context, expected] of rows) t.same(parseDialled(requestUri, context), expected, name);
  });
}

const context = fc.record({
  country: fc.constantFrom('US', 'DE', 'GB', 'ZZ', ''), actingCountry: fc.constantFrom('US', 'IT', 'AU', 'zz', ''), areaCode: fc.constantFrom('', '415', '030', 'x'),
  siteCodes: fc.constantFrom<readonly string[]>([], ['1'], ['10', '1', '']),
}).map((part): NumberingContext => ({ ...US, ...part }));
const dialledText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('0', '1', '9', '*', '#', '+', '%', '2', 'A', ';', '@', ':', '-', ' ') }),
  fc.stringMatching(/^[+*]?[0-9]{0,16}$/),
);

t.test('any text is read, and nothing of it is unfit for a record', async () => {
  fc.assert(fc.property(fc.constantFrom('', 'sip:', 'sips:', 'tel:', 'urn:', 'urn:service:'), dialledText, fc.constantFrom('', '@h'), context, (scheme, text, host, where) => {
    const dialled = parseDialled(scheme + text + host, where);
    const kept = recordableDigits(dialled, featureCodes);
    return kept.length <= 64 && !/\p{Cc}/u.test(kept) && (dialled.kind !== 'number' || /^\+[1-9][0-9]{4,16}$/.test(dialled.e164));
  }), { numRuns: 1500 });
});

t.test('a number dialled in full means itself', async () => {
  const full = fc.tuple(fc.constantFrom('+1212555', '+4930234', '+44207946'), fc.integer({ min: 1000, max: 9999 })).map(([start, rest]) => start + rest);
  fc.assert(fc.property(full, (e164) => {
    const dialled = parseDialled(`sip:${e164}@h`, US);
    return dialled.kind === 'number' && dialled.e164 === e164;
  }));
});

t.test('what records keep', async (t) => {
  const rows = [
    ['sip:*91@h', '*91'], ['sip:*911234@h', '*91xxxx'], ['sip:*911234*998877@h', '*91'], ['sip:*92123456@h', '*92xxxxxx'], ['sip:*69@h', '*69'], ['sip:1001@h', '1001'],
    ['sip:5550100@h', '5550100'], ['sip:911@h', '911'],
  ] as const;
  const short = { ...featureCodes, deviceLock: '*5' };
  t.equal(recordableDigits(parseDialled('sip:*5123456@h', { ...US, featureCodes: short }), short), '*5xxxxxx', 'no digit of a PIN behind a short code');
  for (const [requestUri, kept] of rows) t.equal(recordableDigits(parseDialled(requestUri, US), featureCodes), kept, requestUri);
});
