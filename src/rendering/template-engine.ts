import { Liquid, type Template } from 'liquidjs';
import { encodeValue, isRepresentable } from '../domain/provisioning/grammar-text.js';
import type { Grammar } from '../domain/provisioning/phone-model.js';

/** All that templates may use: no file is read, nothing escapes the escaping, nothing tells the time. */
const TAGS: ReadonlySet<string> = new Set(['for', 'if', 'unless', 'case', 'assign', 'comment']);
const FILTERS: ReadonlySet<string> = new Set(['plus', 'minus', 'times', 'divided_by', 'append', 'upcase', 'downcase']);

/** Milliseconds and characters far above what a phone of a thousand keys needs. */
const LIMITS = { parseLimit: 200_000, renderLimit: 5_000, memoryLimit: 5_000_000 };

/** A value that the file's grammar cannot hold. The message has no value in it. */
export class UnrepresentableValue extends Error {
  override readonly name = 'UnrepresentableValue';
}

/** One engine for each grammar: every output goes through the grammar's escaping, there is no way round it. */
export class TemplateEngine {
  readonly #liquid: Liquid;

  constructor(grammar: Grammar) {
    this.#liquid = new Liquid({
      strictVariables: true, strictFilters: true, ownPropertyOnly: true, dynamicPartials: false, relativeReference: false, templates: {},
      greedy: false, ...LIMITS,
      outputEscape: (value: unknown) => escapeOutput(grammar, value),
    });
    for (const name of Object.keys(this.#liquid.tags)) if (!TAGS.has(name)) delete this.#liquid.tags[name];
    for (const name of Object.keys(this.#liquid.filters)) if (!FILTERS.has(name)) delete this.#liquid.filters[name];
    // Grammars within the grammar (a key's own little language): the named characters are left out.
    this.#liquid.registerFilter('without', (text: unknown, characters: unknown) => {
      const leftOut = new Set(String(characters));
      return [...String(text)].filter((one) => !leftOut.has(one)).join('').trim();
    });
  }

  /** @throws Error when the template is wrong; templates are part of the product. */
  parse(name: string, text: string): Template[] {
    return this.#liquid.parse(text, name);
  }

  /** @throws UnrepresentableValue */
  render(template: Template[], scope: Readonly<Record<string, unknown>>): string {
    try {
      return String(this.#liquid.renderSync(template, scope));
    } catch (error) {
      throw causeOf(error) ?? error;
    }
  }
}

function escapeOutput(grammar: Grammar, value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string') throw new TypeError('templates put out texts and numbers only');
  if (value === '') return '';
  if (!isRepresentable(grammar, value)) throw new UnrepresentableValue('a value cannot stand in this file');
  return encodeValue(grammar, value);
}

/** Liquid wraps what is thrown below it, and knows the output it stood in. */
function causeOf(error: unknown): UnrepresentableValue | null {
  let token = '';
  for (let one: unknown = error; typeof one === 'object' && one !== null;) {
    if ('token' in one && typeof one.token === 'object' && one.token !== null && 'getText' in one.token && typeof one.token.getText === 'function') {
      token = String(one.token.getText());
    }
    if (one instanceof UnrepresentableValue) return new UnrepresentableValue(token, { cause: one });
    one = 'originalError' in one ? one.originalError : null;
  }
  return null;
}
