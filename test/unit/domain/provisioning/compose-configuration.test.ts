import fc from 'fast-check';
import t from 'tap';
import { DEFAULT_ACCOUNT_POLICY } from '../../../../src/domain/identity/account.js';
import { composeConfiguration, type Holder, type PhoneFacts } from '../../../../src/domain/provisioning/compose-configuration.js';
import { contentGeneration, maskConfiguration, type PhoneConfiguration } from '../../../../src/domain/provisioning/phone-configuration.js';
import type { PhoneModel } from '../../../../src/domain/provisioning/phone-model.js';
import { createPhoneFiles } from '../../../../src/rendering/phone-renderer.js';
import { DEVICE_PASSWORD, GUEST, LOBBY, OWNER, PHONE_FACTS, STATES, TEMPLATE_FOLDER, TOKEN } from '../../../support/phone-facts.js';

const { models, findModel } = createPhoneFiles(TEMPLATE_FOLDER);
const named = (maker: string, model: string): PhoneModel => {
  const found = findModel(maker, model);
  if (found === null) throw new Error(`no ${maker} ${model}`);
  return found;
};
const T54W = named('Yealink', 'T54W');
const compose = (facts: PhoneFacts, model = T54W): PhoneConfiguration => composeConfiguration(facts, model).configuration;

const person = fc.record({
  kind: fc.constant('user' as const), name: fc.string({ maxLength: 30, unit: 'binary' }), extension: fc.constantFrom('', '1001', '20020'),
  keys: fc.array(fc.record({
    slot: fc.integer({ min: -1, max: 200 }), kind: fc.constantFrom('line' as const, 'blf' as const, 'speed-dial' as const),
    number: fc.constantFrom('', '1002', '*5', '+4930', 'x'), label: fc.string({ maxLength: 12 }),
  }), { maxLength: 12 }),
  voicemailNumber: fc.constantFrom('', '*86'), language: fc.constantFrom('en' as const, 'de' as const, null),
});

/** All but what a guest may change. */
function deskPart(configuration: PhoneConfiguration): unknown {
  const { account, keys, softKeys, voicemailNumber, language, state, ...desk } = configuration;
  const { label, displayName, ...credentials } = account;
  return { desk, credentials, slots: keys.length, ignored: [typeof label, typeof displayName, typeof state, softKeys.length >= 0, typeof voicemailNumber, typeof language] };
}

t.test('a guest changes label, keys, voicemail number and language, and nothing else', async (t) => {
  fc.assert(fc.property(person, person, fc.constantFrom(...models), (owner: Holder, guest: Holder, model) => {
    const alone = compose({ ...PHONE_FACTS, holder: owner }, model);
    const visited = compose({ ...PHONE_FACTS, holder: owner, guest }, model);
    if (JSON.stringify(deskPart(alone)) !== JSON.stringify(deskPart(visited))) throw new Error('more than that has changed');
    if (visited.keys.length !== model.keySlots) throw new Error('a slot is missing');
  }), { numRuns: 300, seed: 20261122 });
  t.pass('for 300 pairs of people on phones of all models');
});

t.test('whose phone it shows itself to be', async (t) => {
  for (const [state, label, voicemail, language] of [
    ['owner', 'Maria Weber (1001)', '*86', 'de'], ['guest', 'Ravi Patel (2002)', '*87', 'en'], ['common-area', 'Lobby (3000)', '', 'de'],
    ['unassigned', 'Nicht vergeben', '', 'de'],
  ] as const) {
    const configuration = compose(STATES[state]);
    t.match(configuration, { state, voicemailNumber: voicemail, language, account: { label, userName: 'd7k2m9q4', password: DEVICE_PASSWORD } }, state);
    t.same(configuration.emergencyNumbers, ['112', '110', '0112', '0110'], `${state}: emergency numbers are the desk's`);
  }
  t.equal(compose({ ...PHONE_FACTS, holder: null, site: { ...PHONE_FACTS.site, language: 'es' } }).account.label, 'Sin asignar');
  t.same([compose({ ...PHONE_FACTS, holder: null }).codes.phoneActivation, compose(PHONE_FACTS).codes.phoneActivation], ['*93', ''], 'only a phone that is nobody\'s knows how it is activated');
});

t.test('Guest and Sign Out', async (t) => {
  const codes = { hotDeskSignIn: '*77', hotDeskSignOut: '#78', deviceLock: '', phoneActivation: '*93' };
  const facts: PhoneFacts = { ...PHONE_FACTS, account: { ...PHONE_FACTS.account, policy: { ...DEFAULT_ACCOUNT_POLICY, featureCodes: codes } } };
  for (const [name, given, expected] of [
    ['nobody signed in: Guest on the home screen dials the account\'s own code', facts, [{ feature: 'guest', label: 'Gast', dial: '*77', page: 1 }]],
    ['a guest: Sign Out on the second page', { ...facts, guest: GUEST }, [{ feature: 'sign-out', label: 'Sign Out', dial: '#78', page: 2 }]],
    ['hot desking off: neither', { ...facts, device: { ...facts.device, hotDesking: 'off' } }, []],
    ['a phone that no new label reaches has both always', { ...facts, guest: GUEST, labelRefresh: 'none' }, [{ feature: 'guest', page: 1 }, { feature: 'sign-out', page: 2 }]],
  ] as readonly (readonly [string, PhoneFacts, readonly object[]])[]) {
    const got = compose(given).softKeys;
    t.match(got, expected, name);
    t.equal(got.length, expected.length, name);
  }
  const seldom = { ...facts, labelRefresh: 'none' as const };
  t.match(compose({ ...seldom, guest: GUEST }), { state: 'guest', account: { label: 'Ravi Patel (2002)' } }, 'and shows the guest where it looks in the meantime');
  t.same(compose(seldom), { ...compose(facts), softKeys: compose(seldom).softKeys }, 'and nothing of the guest afterwards');
});

t.test('where a model has no such soft key, the last line key dials', async (t) => {
  const snom = composeConfiguration({ ...PHONE_FACTS, guest: { ...GUEST, keys: [] } }, named('Snom', 'D717'));
  t.same(snom.configuration.keys[2], { kind: 'speed-dial', number: '*92', label: 'Sign Out' });
  t.match(snom.unsupported.at(-1), { setting: 'second-page-soft-key', text: /Sign Out is line key 3/ });
  const audiocodes = composeConfiguration(PHONE_FACTS, named('AudioCodes', '425HD'));
  t.match(audiocodes.configuration.keys.at(-1), { kind: 'speed-dial', number: '*91' });
  const none = composeConfiguration(PHONE_FACTS, named('AudioCodes', '405HD'));
  t.same(none.configuration.keys, []);
  t.ok(none.unsupported.some(({ text }) => text.includes('people dial *91')), 'a phone without keys says so');
  const both = composeConfiguration({ ...PHONE_FACTS, labelRefresh: 'none' }, named('AudioCodes', '425HD'));
  t.same(both.configuration.keys.slice(-2).map((key) => (key.kind === 'speed-dial' ? key.number : '')), ['*92', '*91'], 'two keys get two places');
});

t.test('keys', async (t) => {
  const keys = (wanted: Holder['keys'], model = T54W): PhoneConfiguration['keys'] => compose({ ...PHONE_FACTS, holder: { ...OWNER, keys: wanted } }, model).keys;
  t.match(keys([]), [{ kind: 'line', account: 1, label: 'Maria Weber' }], 'a line is always there');
  t.match(keys([{ slot: 1, kind: 'blf', number: '1002', label: '' }]), [{ kind: 'line' }], 'in the place of another key if need be');
  t.match(keys([{ slot: 1, kind: 'blf', number: '1002', label: '' }, { slot: 2, kind: 'line', number: '', label: '' }]), [{ kind: 'blf', label: '1002' }, { kind: 'line' }]);
  t.equal(keys([]).length, 27, 'every slot of the model');
  t.same(keys([{ slot: 60, kind: 'blf', number: '1', label: 'x' }]).filter(({ kind }) => kind === 'blf'), [], 'none beyond them');
});

t.test('what a model cannot do is said, and left out', async (t) => {
  for (const [maker, model, setting] of [
    ['AudioCodes', '445HD', 'admin-password'], ['Snom', 'D785', 'second-ntp'], ['Poly', 'VVX 450', 'second-ntp'], ['Yealink', 'T31G', 'background'],
    ['Fanvil', 'X5U', 'background'], ['AudioCodes', '425HD', 'web-interface'], ['AudioCodes', '405HD', 'home-soft-key'],
  ] as const) {
    const { unsupported } = composeConfiguration(PHONE_FACTS, named(maker, model));
    t.ok(unsupported.some((one) => one.setting === setting && one.text.startsWith(`${maker} ${model}: `)), `${maker} ${model}: ${setting}`);
  }
  t.equal(compose(PHONE_FACTS, named('AudioCodes', '445HD')).adminPassword, null);
  t.same(compose({ ...PHONE_FACTS, settings: { ...PHONE_FACTS.settings, ntpPrimary: '' } }, named('Snom', 'D785')).ntp, { primary: 'ntp2.example.com', secondary: '' });
  const wrongImage = composeConfiguration({ ...PHONE_FACTS, settings: { ...PHONE_FACTS.settings, backgroundUrl: 'https://h.example/a.tiff' } }, T54W);
  t.equal(wrongImage.configuration.backgroundUrl, null);
  t.match(wrongImage.unsupported, [{ setting: 'background', text: /\.jpg/ }]);
  const macro = composeConfiguration({ ...PHONE_FACTS, settings: { ...PHONE_FACTS.settings, backgroundUrl: 'https://h.example/$mac.jpg' } }, T54W);
  t.equal(macro.configuration.backgroundUrl, null, 'an image never stands in the way of the rest');
  t.match(macro.unsupported, [{ setting: 'background', text: /characters/ }]);
});

t.test('content generation: the same for the same, another for another, the same for a new token', async (t) => {
  const hash = (text: string): string => [...text].reduce((sum, one) => (sum * 31 + (one.codePointAt(0) ?? 0)) % 1_000_000_007, 7).toString(16).padStart(16, '0');
  const of = (facts: PhoneFacts): string => contentGeneration(compose(facts), hash);
  t.equal(of(PHONE_FACTS), of(structuredClone(PHONE_FACTS)));
  t.not(of(PHONE_FACTS), of({ ...PHONE_FACTS, guest: GUEST }));
  t.not(of(PHONE_FACTS), of({ ...PHONE_FACTS, holder: LOBBY }));
  t.not(of(PHONE_FACTS), of({ ...PHONE_FACTS, provisioning: { ...PHONE_FACTS.provisioning, resyncSeconds: 1 } }));
  const other = { ...PHONE_FACTS.provisioning, token: 'otherToken', url: PHONE_FACTS.provisioning.url.replace(TOKEN, 'otherToken') };
  t.equal(of(PHONE_FACTS), of({ ...PHONE_FACTS, provisioning: other }));
});

t.test('masked: no secret is left', async (t) => {
  const text = JSON.stringify(maskConfiguration(compose(PHONE_FACTS)));
  for (const secret of [DEVICE_PASSWORD, TOKEN, 'adm1n-Pass_77']) t.notOk(text.includes(secret));
  t.ok(text.includes('d7k2m9q4'));
});
