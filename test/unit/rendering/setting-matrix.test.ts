/** Every setting of the product on every family of phones: it is carried into the file, or the family's manifest says that it is not. */
import t from 'tap';
import { composeConfiguration, type PhoneFacts } from '../../../src/domain/provisioning/compose-configuration.js';
import type { Capability, PhoneModel } from '../../../src/domain/provisioning/phone-model.js';
import { loadFamilies } from '../../../src/rendering/load-families.js';
import { createPhoneFiles } from '../../../src/rendering/phone-renderer.js';
import { PHONE_FACTS, TEMPLATE_FOLDER } from '../../support/phone-facts.js';

const files = createPhoneFiles(TEMPLATE_FOLDER);
const set = (settings: Partial<PhoneFacts['settings']>): Partial<PhoneFacts> => ({ settings: { ...PHONE_FACTS.settings, ...settings } });
const UTC_ZONE = { name: 'Etc/UTC', offsetMinutes: 0, daylightSaving: { kind: 'none' as const } };
const policy = (changes: Partial<PhoneFacts['account']['policy']>): Partial<PhoneFacts> => ({
  account: { ...PHONE_FACTS.account, policy: { ...PHONE_FACTS.account.policy, ...changes } },
});

/** `null`: every phone has it. */
const SETTINGS: readonly (readonly [name: string, needs: Capability | null, one: Partial<PhoneFacts>, other: Partial<PhoneFacts>, told: boolean])[] = [
  ['web interface', 'web-interface', set({ webInterface: true }), set({ webInterface: false }), true],
  ['admin password', 'admin-password', set({ adminPassword: 'one-Password1' }), set({ adminPassword: 'other-Password2' }), true],
  ['background image', 'background', set({ backgroundUrl: 'https://media.example.com/a.jpg' }), set({ backgroundUrl: 'https://media.example.com/b.jpg' }), true],
  ['12 or 24 hours', 'time-format', set({ timeFormat: '12h' }), set({ timeFormat: '24h' }), true],
  ['first NTP server', null, set({ ntpPrimary: 'a.example.com' }), set({ ntpPrimary: 'b.example.com' }), false],
  ['second NTP server', 'second-ntp', set({ ntpSecondary: 'a.example.com' }), set({ ntpSecondary: 'b.example.com' }), true],
  ['second NTP server alone', null, set({ ntpPrimary: '', ntpSecondary: 'a.example.com' }), set({ ntpPrimary: '', ntpSecondary: 'b.example.com' }), false],
  ['firmware', 'firmware', set({ firmware: { version: '1', url: 'https://fw.example.com/1' } }), set({ firmware: { version: '2', url: 'https://fw.example.com/2' } }), true],
  ['SIP transport', null, set({ transport: 'udp' }), set({ transport: 'tls' }), false],
  ['SIP over TCP', null, set({ transport: 'udp' }), set({ transport: 'tcp' }), false],
  ['SRTP', 'srtp', set({ srtp: 'off' }), set({ srtp: 'required' }), true],
  ['SRTP where the other has it', 'srtp', set({ srtp: 'optional' }), set({ srtp: 'required' }), true],
  ['codecs', 'codecs', set({ codecs: ['pcma', 'pcmu'] }), set({ codecs: ['g722', 'pcmu'] }), true],
  ['keys in a call', 'dtmf-mode', set({ dtmf: 'rfc4733' }), set({ dtmf: 'sip-info' }), true],
  ['time zone', null, {}, { site: { ...PHONE_FACTS.site, zone: UTC_ZONE } }, false],
  ['language of the site', 'language', { holder: null }, { holder: null, site: { ...PHONE_FACTS.site, language: 'fr' } }, false],
  ['emergency numbers', 'emergency-numbers', {}, { site: { ...PHONE_FACTS.site, country: 'US' } }, false],
  ['registration time over UDP', null, { ...policy({ registrationMaxSeconds: 600 }), ...set({ transport: 'udp' }) }, { ...policy({ registrationMaxSeconds: 1200 }), ...set({ transport: 'udp' }) }, false],
  ['registration time over TLS', null, policy({ streamRegistrationMaxSeconds: 120 }), policy({ streamRegistrationMaxSeconds: 240 }), false],
  ['host of the server', null, {}, { server: { ...PHONE_FACTS.server, host: '192.0.2.7' } }, false],
  ['certificate to trust', 'trusted-certificate', { server: { ...PHONE_FACTS.server, tls: { port: 5061, certificate: 'own' }, certificateFile: 'ca-1111111111111111.pem' } },
    { server: { ...PHONE_FACTS.server, tls: { port: 5061, certificate: 'own' }, certificateFile: 'ca-2222222222222222.pem' } }, false],
  ['sign-in code', 'home-soft-key', {}, policy({ featureCodes: { ...PHONE_FACTS.account.policy.featureCodes, hotDeskSignIn: '*71' } }), false],
];

/** All files of the phone; `null` with `told` that this model cannot do it. */
function written(model: PhoneModel, change: Partial<PhoneFacts>): { readonly text: string; readonly told: readonly string[] } {
  const composed = composeConfiguration({ ...PHONE_FACTS, ...change }, model);
  const bodies = files.filesOf(model, PHONE_FACTS.device.macAddress).map(({ file }) => {
    const outcome = files.render(model, file, composed.configuration, []);
    if (outcome.kind !== 'rendered') throw new Error(`${model.model} ${file}: ${outcome.kind}`);
    // Fanvil's version follows the content, carried or not.
    return outcome.body.replace(/<Version>.*<\/Version>/, '');
  });
  return { text: bodies.join('\n'), told: composed.unsupported.map(({ setting }) => setting) };
}

for (const { templateFamily, models } of loadFamilies(TEMPLATE_FOLDER)) {
  t.test(templateFamily, async (t) => {
    for (const [name, needs, one, other, told] of SETTINGS) {
      // The model of the family that can most: what a single model lacks, its own row says.
      const model = models.find((each) => needs !== null && each.capabilities[needs] !== 'no') ?? models[0];
      if (model === undefined) throw new Error('a family without models');
      const can = needs === null || model.capabilities[needs] !== 'no';
      const [first, second] = [written(model, one), written(model, other)];
      // Softphones have no keys of their own: codes stand among their contacts.
      const elsewhere = name === 'sign-in code';
      if (!elsewhere || can) t.equal(first.text !== second.text, can, `${name}: ${can ? 'carried' : 'not supported'}`);
      if (told && needs !== null) t.equal(second.told.includes(needs), !can, `${name}: ${can ? 'nothing is said' : 'said to be missing'}`);
    }
  });
}
