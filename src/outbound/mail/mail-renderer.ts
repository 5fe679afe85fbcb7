import { Liquid, type Template } from 'liquidjs';
import { MAIL_TEMPLATES, type MailTemplate } from '../../domain/mail/mail.js';
import { PROMPT_LANGUAGES, type PromptLanguage } from '../../domain/prompts/account-prompt.js';
import type { MailRenderer } from '../../ports/mailer.js';
import { NEW_PIN } from './templates/new-pin.js';
import { NOTICE } from './templates/notice.js';
import { PHONE_USER_NOTICE } from './templates/phone-user-notice.js';
import { SIGN_IN_CODE } from './templates/sign-in-code.js';
import type { MailTexts } from './templates/mail-texts.js';

const TEXTS: Readonly<Record<MailTemplate, MailTexts>> = {
  'phone-user-notice': PHONE_USER_NOTICE, 'new-pin': NEW_PIN, 'notice': NOTICE, 'sign-in-code': SIGN_IN_CODE,
};

const PAGE = `<!doctype html>
<html lang="{{ language }}"><head><meta charset="utf-8"><title>{{ subject }}</title></head>
<body style="font-family: sans-serif; line-height: 1.5">{% for line in lines %}{% unless line == blank %}<p>{{ line }}</p>
{% endunless %}{% endfor %}</body></html>
`;

interface Parsed {
  readonly subject: readonly Template[];
  readonly body: readonly Template[];
}

/**
 * Texts are parsed once, at the start. One text serves both forms: it is filled in for the plain one, and each of its lines is then
 * escaped into the HTML one, so that nothing that was filled in is ever markup.
 */
export function createMailRenderer(): MailRenderer {
  // What is not there is a mistake of a text, not an empty place in a mail.
  const plain = new Liquid({ strictVariables: true, strictFilters: true, ownPropertyOnly: true });
  const html = new Liquid({ strictVariables: true, strictFilters: true, ownPropertyOnly: true, outputEscape: 'escape' });
  const page = html.parse(PAGE);
  const parsed = new Map(MAIL_TEMPLATES.flatMap((template) => PROMPT_LANGUAGES.map((language): [string, Parsed] => {
    const { subject, body } = TEXTS[template][language];
    return [keyOf(template, language), { subject: plain.parse(subject), body: plain.parse(body) }];
  })));
  return {
    render({ template, data }, language) {
      const texts = parsed.get(keyOf(template, language));
      if (texts === undefined) throw new Error(`no mail text ${template} in ${language}`);
      const filled = (source: readonly Template[]): string => String(plain.renderSync([...source], data));
      const subject = filled(texts.subject).replace(/\s+/g, ' ').trim();
      const text = `${filled(texts.body).trim()}\n`;
      const lines = text.split('\n');
      return { subject, text, html: String(html.renderSync(page, { language, subject, lines })) };
    },
  };
}

function keyOf(template: MailTemplate, language: PromptLanguage): string {
  return `${template}/${language}`;
}
