import t from 'tap';
import { MAIL_TEMPLATES, type MailContent } from '../../../../src/domain/mail/mail.js';
import { PROMPT_LANGUAGES } from '../../../../src/domain/prompts/account-prompt.js';
import { createMailRenderer } from '../../../../src/outbound/mail/mail-renderer.js';

const renderer = createMailRenderer();
const hostile = '<img src=x onerror=1> {{ pinCode }} & "Ada"';
const person = { name: hostile, accountName: 'Analytical & Sons', extensionNumber: '1815', pinCode: '583920', signInCode: '*91' };
const contents: readonly MailContent[] = [
  { template: 'phone-user-notice', data: { ...person, siteName: 'Main Site', siteCode: '12' } },
  { template: 'new-pin', data: person },
  { template: 'notice', data: { subject: 'Phone offline\r\nBcc: everybody@example.com', lines: [hostile, 'second 583920 1815'] } },
  { template: 'sign-in-code', data: { name: hostile, accountName: person.accountName, code: '583920 1815', minutes: '10' } },
];
t.same(contents.map(({ template }) => template), MAIL_TEMPLATES, 'every template is tried');

for (const content of contents) {
  for (const language of PROMPT_LANGUAGES) {
    t.test(`${content.template} in ${language}`, async (t) => {
      const { subject, text, html } = renderer.render(content, language);
      t.notMatch(subject, /[\r\n]/, 'a subject is one line');
      t.ok(subject.length > 3);
      t.ok(text.includes(hostile), 'the plain form shows what was filled in as it is');
      t.notMatch(html, /<img/, 'the HTML form escapes it');
      t.match(html, '&lt;img src=x onerror=1&gt; {{ pinCode }} &amp; &#34;Ada&#34;', 'and nothing filled in is a template again');
      for (const form of [text, html]) t.ok(form.includes('583920') && form.includes('1815'), 'both forms say it');
      t.notMatch(text, /\{%/);
    });
  }
}

t.test('the languages differ, and the site code is told where there is one', async (t) => {
  const [first] = contents;
  if (first?.template !== 'phone-user-notice') return t.fail('other order');
  t.equal(new Set(PROMPT_LANGUAGES.map((language) => renderer.render(first, language).subject)).size, PROMPT_LANGUAGES.length);
  t.match(renderer.render(first, 'en').text, /Main Site \(code 12\)/);
  const without = { ...first, data: { ...first.data, siteCode: '', signInCode: '' } };
  t.notMatch(renderer.render(without, 'en').text, /code|shared desk phone/);
});
