import type { Grammar } from './phone-model.js';

/** What text may not hold in a file of a grammar, and how the rest is written. */
interface GrammarRules {
  /** Characters that mean something to the phone wherever they stand. */
  readonly characters: RegExp | null;
  /** Sequences that mean something: macros and words for "nothing". */
  readonly sequences: RegExp | null;
  readonly encode: (text: string) => string;
}

const asIs = (text: string): string => text;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
const xml = (text: string): string => text.replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);

const RULES: Readonly<Record<Grammar, GrammarRules>> = {
  // A value ends with its line; %NULL% empties a setting, $ begins a macro of the soft-key language.
  'yealink-cfg': { characters: /[$"]/g, sequences: /%(?:NULL|EMPTY)%/gi, encode: asIs },
  // ; begins a comment, <MAC> is a macro.
  'audiocodes-cfg': { characters: /[;<>]/g, sequences: null, encode: asIs },
  // $ begins an action of the soft-key language, [PHONE_MAC_ADDRESS] is a macro.
  'poly-xml': { characters: /[$]/g, sequences: /\[[a-z_]+\]/gi, encode: xml },
  // $MA, $PN and the like are macros.
  'cisco-xml': { characters: /[$]/g, sequences: null, encode: xml },
  'grandstream-xml': { characters: /[$]/g, sequences: /\{\w+\}/g, encode: xml },
  // {mac} is a macro, $ begins a variable of action URLs.
  'snom-xml': { characters: /[$]/g, sequences: /\{\w+\}/g, encode: xml },
  // $mac is a macro.
  'fanvil-xml': { characters: /[$]/g, sequences: null, encode: xml },
  'plain-ini': { characters: null, sequences: null, encode: asIs },
  // A value ends with white space.
  'baresip-config': { characters: /[\s"<>;]/g, sequences: null, encode: asIs },
  'baresip-accounts': { characters: /[;,<>"\\]/g, sequences: null, encode: asIs },
  'baresip-contacts': { characters: /[;,<>"\\]/g, sequences: null, encode: asIs },
};

/** Control characters, line and paragraph separators, directions that hide text, and what is no character. */
const NEVER = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffd]/gu;

/**
 * Text of a person (a name, a label) as a file of this grammar may hold it: what the phone would read as something else is left out.
 * @param longest code points that are kept
 */
export function cleanText(grammar: Grammar, text: string, longest: number): string {
  const { characters, sequences } = RULES[grammar];
  let clean = text.toWellFormed().replace(NEVER, ' ');
  if (characters !== null) clean = clean.replace(characters, '');
  for (let before = ''; sequences !== null && before !== clean;) {
    before = clean;
    clean = clean.replace(sequences, '');
  }
  const words = clean.replace(/ +/g, ' ').trim();
  return [...words].slice(0, longest).join('').trim();
}

/** Whether a file of the grammar can hold the value exactly; what it cannot hold must not be sent another way. */
export function isRepresentable(grammar: Grammar, value: string): boolean {
  const { characters, sequences } = RULES[grammar];
  // Most values are printable ASCII, where nothing of the rest can be.
  const plain = /^[\x20-\x7e]*$/.test(value) || (value.isWellFormed() && value.search(NEVER) < 0);
  return plain && value === value.trim()
    && (characters === null || value.search(characters) < 0) && (sequences === null || value.search(sequences) < 0);
}

/** The value as it stands in the file; for representable values only. */
export function encodeValue(grammar: Grammar, value: string): string {
  return RULES[grammar].encode(value);
}
