import fc from 'fast-check';
import t from 'tap';
import { PHONE_FAMILIES } from '../../../src/domain/device/phone-families.js';
import { composeConfiguration, type Holder, type PhoneFacts } from '../../../src/domain/provisioning/compose-configuration.js';
import { isTemplateKey } from '../../../src/domain/provisioning/lint-template.js';
import { maskConfiguration } from '../../../src/domain/provisioning/phone-configuration.js';
import type { Grammar, PhoneModel } from '../../../src/domain/provisioning/phone-model.js';
import { settingsOf } from '../../../src/domain/provisioning/template-settings.js';
import { createPhoneFiles } from '../../../src/rendering/phone-renderer.js';
import { filesInState, STATE_NAMES } from '../../support/golden-files.js';
import { ADMIN_PASSWORD, DEVICE_PASSWORD, GUEST, OWNER, PHONE_FACTS, STATES, TEMPLATE_FOLDER, TOKEN } from '../../support/phone-facts.js';
import { readPhoneFile, type ReadSettings } from '../../support/phone-file-reader.js';

const files = createPhoneFiles(TEMPLATE_FOLDER);
/** One of each family, and the one with most keys. */
const SAMPLES = [...new Map(files.models.map((model) => [model.templateFamily, model])).values()];

const OWN_GRAMMAR: Readonly<Record<string, Grammar>> = { 'phone.ini': 'plain-ini', 'accounts': 'baresip-accounts', 'config': 'baresip-config', 'contacts': 'baresip-contacts' };
const grammarOf = (model: PhoneModel, name: string): Grammar => OWN_GRAMMAR[name] ?? model.grammar;

/** File and setting with its value. */
function settings(model: PhoneModel, facts: PhoneFacts): ReadSettings {
  const { configuration } = composeConfiguration(facts, model);
  return files.filesOf(model, configuration.macAddress).flatMap(({ file, name }) => {
    const outcome = files.render(model, file, configuration, []);
    if (outcome.kind !== 'rendered') throw new Error(`${name}: ${outcome.kind === 'unrenderable' ? outcome.text : outcome.kind}`);
    return readPhoneFile(grammarOf(model, name), outcome.body).map(([key, value]): [string, string] => [`${name} ${key}`, value]);
  });
}

for (const model of files.models) {
  t.test(`${model.maker} ${model.model}: every state is well-formed and sets the same settings, so that nothing stays behind`, async (t) => {
    const names = (state: (typeof STATE_NAMES)[number]): readonly string[] => settings(model, STATES[state]).map(([key]) => key)
      // Lists that are files of their own are replaced as a whole.
      .filter((key) => !/-directory\.xml|^contacts /.test(key));
    const owner = names('owner');
    for (const state of STATE_NAMES) t.same(names(state), owner, state);
    t.equal(new Set(owner.filter((key) => !key.startsWith('config module'))).size, owner.filter((key) => !key.startsWith('config module')).length, 'no setting stands twice');
  });
}

t.test('after the guest nothing of the guest is left', async (t) => {
  for (const model of SAMPLES) {
    const before = filesInState(files, model, 'owner');
    const during = [...filesInState(files, model, 'guest').values()].join('');
    const after = filesInState(files, model, 'owner');
    t.same(after, before, model.templateFamily);
    t.match(during, /Ravi Patel/);
    for (const text of ['Ravi', '2002', 'Dispatch', 'Stores', '*87']) t.notOk([...after.values()].join('').includes(text), `${model.templateFamily}: ${text}`);
    t.ok([...filesInState(files, model, 'guest').values()].join('').includes(DEVICE_PASSWORD), 'the device keeps its own account');
  }
});

const FRAGMENTS = [
  '\n', '\r\n', '\u0000', '\u2028', '"', "'", ']]>', '<![CDATA[', '-->', '</DisplayName><Password>x</Password>', '%NULL%', '%nu%NULL%ll%', '$MA', '$PN', '$Tinvite$', '{mac}',
  '{{ account.password }}', '{% raw %}', '\\', '\\n', ';', '; auth_pass=x', '#', '&', '&#10;', '&lt;', '=', 'account.1.enable = 0', 'voip/line/0/enabled=0', '[PHONE_MAC_ADDRESS]',
  '<MAC>', '😀', '👩‍👩‍👧', '\u202e', '\ud800', '\ufffe', 'Zoë', '  ', '\t', 'fnc=sd;ext=900', '@', ',', '|', '*', '\u0085', '\u009b',
];
/** What a label could make of itself. */
const MACROS: Readonly<Partial<Record<Grammar, RegExp>>> = {
  'yealink-cfg': /%NULL%|\$/i, 'poly-xml': /\$|\[[a-z_]+\]/i, 'cisco-xml': /\$(?!PROXY;|PROXY$)/, 'grandstream-xml': /\$|\{mac\}/i, 'snom-xml': /\$|\{mac\}/i,
  'fanvil-xml': /\$/, 'audiocodes-cfg': /[<>;]/,
};
const hostile = fc.array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ maxLength: 4, unit: 'binary' })), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));

t.test('no name or label of a person adds, removes or changes another setting', async (t) => {
  for (const model of SAMPLES) {
    const holder = (name: string): Holder => ({
      ...OWNER, name, keys: [{ slot: 2, kind: 'blf', number: '1002', label: name }, { slot: 3, kind: 'speed-dial', number: '1003', label: name }],
    });
    const facts = (name: string): PhoneFacts => ({ ...PHONE_FACTS, holder: holder(name) });
    const plain = settings(model, facts('Q7Q'));
    fc.assert(fc.property(hostile, (name) => {
      const got = settings(model, facts(name));
      if (got.length !== plain.length) throw new Error(`${got.length} settings for ${plain.length}`);
      for (const [index, [key, value]] of plain.entries()) {
        const [gotKey, gotValue] = got[index] ?? ['', ''];
        // Contacts are named by their label.
        if (gotKey !== key && !/^contacts /.test(key)) throw new Error(`${gotKey} for ${key}`);
        if (!value.includes('Q7Q') && !/Version/.test(key) && gotValue !== value) throw new Error(`${key} became ${gotValue}`);
        if (value.includes('Q7Q') && MACROS[model.grammar]?.test(gotValue)) {
          throw new Error(`a macro in ${key}: ${gotValue}`);
        }
      }
    }), { numRuns: 60, seed: 20261122 });
    t.pass(model.templateFamily);
  }
});

t.test('a key that dials what is no number is left out, and said', async (t) => {
  for (const number of ['', '10 02', '1002;x', '*91\n', 'sip:1002@evil.example', '+', 'abc', '1'.repeat(33)]) {
    const facts: PhoneFacts = { ...PHONE_FACTS, holder: { ...OWNER, keys: [{ slot: 2, kind: 'speed-dial', number, label: 'X' }] } };
    const model = files.findModel('Yealink', 'T54W');
    if (model === null) return t.fail('no T54W');
    const { configuration, unsupported } = composeConfiguration(facts, model);
    t.equal(configuration.keys[1]?.kind, 'empty', JSON.stringify(number));
    t.match(unsupported, [{ setting: 'keys' }]);
  }
});

t.test('people who look see no secret', async (t) => {
  for (const model of files.models) {
    const { configuration } = composeConfiguration(PHONE_FACTS, model);
    const masked = maskConfiguration(configuration);
    for (const { file } of files.filesOf(model, configuration.macAddress)) {
      const outcome = files.render(model, file, masked, []);
      t.equal(outcome.kind, 'rendered');
      if (outcome.kind !== 'rendered') continue;
      for (const secret of [DEVICE_PASSWORD, ADMIN_PASSWORD, TOKEN]) t.notOk(outcome.body.includes(secret), `${model.model} ${file}`);
    }
  }
});

t.test('a value that the grammar cannot hold is refused by name, never sent in another form', async (t) => {
  for (const model of SAMPLES) {
    for (const password of ['two\nlines', 'end\u0000', ' blank', 'lone\ud800']) {
      const { configuration } = composeConfiguration({ ...PHONE_FACTS, device: { ...PHONE_FACTS.device, password } }, model);
      const outcomes = files.filesOf(model, configuration.macAddress).map(({ file }) => files.render(model, file, configuration, []));
      const refused = outcomes.filter(({ kind }) => kind === 'unrenderable');
      t.ok(refused.length > 0, `${model.templateFamily} ${JSON.stringify(password)}`);
      t.match(refused[0], { text: /password/ });
      t.notOk(JSON.stringify(outcomes).includes('two\\nlines'));
    }
  }
});

t.test('equal configurations give equal bytes, others another entity tag; a new token alone leaves the version', async (t) => {
  for (const model of SAMPLES) {
    const render = (facts: PhoneFacts): readonly string[] => {
      const { configuration } = composeConfiguration(facts, model);
      return files.filesOf(model, configuration.macAddress).map(({ file }) => {
        const outcome = files.render(model, file, configuration, []);
        return outcome.kind === 'rendered' ? `${outcome.etag} ${outcome.body}` : outcome.kind;
      });
    };
    t.same(render(PHONE_FACTS), render(structuredClone(PHONE_FACTS)), model.templateFamily);
    t.not(render(PHONE_FACTS).join(), render({ ...PHONE_FACTS, guest: GUEST }).join());
  }
});

t.test('what must be set for NOTIFY to act is in the files, and the events are those that are sent', async (t) => {
  for (const model of SAMPLES) {
    const facts = PHONE_FAMILIES[model.family];
    const body = [...filesInState(files, model, 'owner').values()].join('');
    for (const text of facts.phoneSettings) {
      const [key, value] = text.replace('_N_', '_1_').split(' = ');
      const written = new RegExp(`${(key ?? '').replace(/[.]/g, '\\.')}(?: = |=|="| ua="na">| perm="R">|>)${value ?? ''}`);
      t.match(body, written, `${model.templateFamily}: ${text}`);
    }
  }
});

t.test('templates of administrators may set no account, no password, no source', async (t) => {
  for (const model of files.models) {
    const { configuration } = composeConfiguration(PHONE_FACTS, model);
    const { allowed, grammar } = files.templateRules(model);
    for (const { file, name } of files.filesOf(model, configuration.macAddress)) {
      const outcome = files.render(model, file, configuration, []);
      if (outcome.kind !== 'rendered' || grammarOf(model, name) !== grammar || name.endsWith('-directory.xml')) continue;
      const read = settingsOf(grammar, outcome.body);
      if (read.kind !== 'settings') {
        t.fail(`${model.model} ${name}: ${JSON.stringify(read.problems)}`);
        continue;
      }
      for (const { key, value } of read.settings) {
        if ([DEVICE_PASSWORD, ADMIN_PASSWORD, TOKEN, 'd7k2m9q4', 'sip.example.com', 'pbx.example.com'].some((part) => value.includes(part))) {
          t.notOk(isTemplateKey(key, allowed), `${model.model}: ${key}`);
        }
      }
    }
  }
});
