import t from 'tap';
import type { PhoneFamily } from '../../../../src/domain/device/phone-families.js';
import { judgeTemplate, type FamilyTemplateRules } from '../../../../src/domain/provisioning/judge-template.js';
import { createPhoneFiles } from '../../../../src/rendering/phone-renderer.js';
import { TEMPLATE_FOLDER } from '../../../support/phone-facts.js';

const files = createPhoneFiles(TEMPLATE_FOLDER);
const FAMILIES: readonly FamilyTemplateRules[] = [...new Map(files.models.map((model) => [model.family, model])).values()]
  .map((model) => ({ family: model.family, maker: model.maker, rules: files.templateRules(model) }));
const SURROUNDINGS = { allowedHosts: [] };

t.test('what a template fits, by the families that it names', async (t) => {
  for (const [text, named, families] of [
    ['phone_setting.x = 1', [], ['yealink']],
    ['phone_setting.x = 1', ['yealink'], ['yealink']],
    ['<a call.callWaiting.enable="0"/>', [], ['poly']],
    ['<Ringer_Volume>3</Ringer_Volume>', [], ['cisco-mpp']],
    ['jitter_buffer_delay 10-20', ['other'], ['other']],
  ] as readonly (readonly [string, readonly PhoneFamily[], readonly PhoneFamily[]])[]) {
    t.same(judgeTemplate(text, named, FAMILIES, SURROUNDINGS), { kind: 'fits', families }, text);
  }
  t.match(judgeTemplate('', [], FAMILIES, SURROUNDINGS), { kind: 'fits', families: { length: FAMILIES.length } }, 'an empty text fits everywhere');
});

t.test('what is wrong is told in the language that it was written in, with its line', async (t) => {
  for (const [text, named, line, message] of [
    ['phone_setting.x = 1\naccount.1.password = x', [], 2, /^Yealink: .*product alone/],
    ['; ours\n\nsystem/ntp/date_display_format=X\nvoip/line/0/auth_password=x', [], 4, /^AudioCodes: .*product alone/],
    ['<a\n call.callWaiting.enable="0"\n reg.1.address="1"/>', [], 3, /^Poly: .*not among/],
    ['phone_setting.x = 1\nwhat is this', [], 2, /^Yealink: .*key = value/],
    ['account.1.password = x', [], 1, /^Yealink: .*product alone/],
    ['<settings>\n<user_pass idx="1">x</user_pass></settings>', ['snom'], 2, /^Snom: .*product alone/],
    ['phone_setting.x = 1', ['yealink', 'audiocodes'], 1, /^AudioCodes: .*path=value/],
  ] as readonly (readonly [string, readonly PhoneFamily[], number, RegExp])[]) {
    const verdict = judgeTemplate(text, named, FAMILIES, SURROUNDINGS);
    t.match(verdict, { kind: 'problems', problems: [{ line, text: message }] }, text);
  }
});
