import type { MailTexts } from './mail-texts.js';

const SAME = { subject: '{{ subject }}', body: '{% for line in lines %}{{ line }}\n{% endfor %}' };

/** Written by whoever sends it: the same in every language. */
export const NOTICE: MailTexts = { en: SAME, es: SAME, de: SAME, fr: SAME };
