/** A part of a text: from `start` up to but without `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface XmlAttribute {
  readonly name: string;
  readonly value: string;
  /** Of the value between its quotes. */
  readonly span: Span;
  readonly line: number;
}

export interface XmlElement {
  readonly name: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** Text of its own, entities resolved, white space at both ends off. */
  readonly text: string;
  /** Between its tags; empty and before `/>` for `<a/>`. */
  readonly inner: Span;
  readonly selfClosing: boolean;
  readonly line: number;
}

export interface XmlProblem {
  readonly line: number;
  readonly text: string;
}

export type XmlOutcome = { readonly kind: 'tree'; readonly roots: readonly XmlElement[] } | { readonly kind: 'malformed'; readonly problem: XmlProblem };

interface OpenElement {
  readonly name: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: XmlElement[];
  readonly innerStart: number;
  readonly line: number;
  text: string;
}

const NAME = /[A-Za-z_][\w.-]*/y;
const ENTITY = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));|&/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const DEEPEST = 16;

/**
 * The XML phones take: elements, attributes, text, comments and a declaration; no DTD, no CDATA, no other processing instruction.
 * Several roots are allowed, since templates may be parts of a file. Lines are counted from 1.
 */
export function parseXml(source: string): XmlOutcome {
  const reader = new Reader(source);
  try {
    return { kind: 'tree', roots: reader.read() };
  } catch (error) {
    if (error instanceof Malformed) return { kind: 'malformed', problem: { line: lineAt(source, error.at), text: error.message } };
    throw error;
  }
}

export function lineAt(source: string, at: number): number {
  let line = 1;
  for (let index = source.indexOf('\n'); index >= 0 && index < at; index = source.indexOf('\n', index + 1)) line += 1;
  return line;
}

class Malformed extends Error {
  constructor(readonly at: number, text: string) { super(text); }
}

class Reader {
  readonly #roots: XmlElement[] = [];
  readonly #open: OpenElement[] = [];
  #at = 0;
  #line = 1;
  #counted = 0;

  constructor(private readonly source: string) {}

  read(): readonly XmlElement[] {
    if (this.source.startsWith('\ufeff')) this.#at = 1;
    const declaration = /^\s*<\?xml[^?<>]*\?>/.exec(this.source.slice(this.#at));
    if (declaration !== null) this.#at += declaration[0].length;
    while (this.#at < this.source.length) {
      const next = this.source.indexOf('<', this.#at);
      this.#text(next < 0 ? this.source.length : next);
      if (next >= 0) this.#markup();
    }
    const left = this.#open.at(-1);
    if (left !== undefined) throw new Malformed(left.innerStart, `<${left.name}> is not closed.`);
    return this.#roots;
  }

  #text(end: number): void {
    const raw = this.source.slice(this.#at, end);
    const open = this.#open.at(-1);
    if (open === undefined && raw.trim() !== '') throw new Malformed(this.#at + raw.search(/\S/), 'Text outside of an element.');
    if (open !== undefined) open.text += this.#decoded(raw, this.#at);
    this.#at = end;
  }

  #markup(): void {
    const at = this.#at;
    if (this.source.startsWith('<!--', at)) {
      const end = this.source.indexOf('-->', at + 4);
      if (end < 0) throw new Malformed(at, 'The comment is not closed.');
      this.#at = end + 3;
      return;
    }
    if (this.source.startsWith('<!', at) || this.source.startsWith('<?', at)) {
      throw new Malformed(at, 'Declarations, CDATA and processing instructions are not allowed; write plain elements.');
    }
    if (this.source.startsWith('</', at)) return this.#close(at);
    this.#openElement(at);
  }

  #openElement(at: number): void {
    const name = this.#name(at + 1);
    const line = this.#lineOf(at);
    const attributes: XmlAttribute[] = [];
    for (;;) {
      const spaced = this.#space();
      if (this.source.startsWith('/>', this.#at)) {
        const inner = { start: this.#at, end: this.#at };
        this.#at += 2;
        return this.#add({ name, attributes, children: [], text: '', inner, selfClosing: true, line });
      }
      if (this.source[this.#at] === '>') break;
      if (!spaced) throw new Malformed(this.#at, `<${name} is not closed by >.`);
      attributes.push(this.#attribute(attributes));
    }
    this.#at += 1;
    if (this.#open.length >= DEEPEST) throw new Malformed(at, `Elements are nested deeper than ${DEEPEST}.`);
    this.#open.push({ name, attributes, children: [], innerStart: this.#at, line, text: '' });
  }

  #attribute(others: readonly XmlAttribute[]): XmlAttribute {
    const at = this.#at;
    const name = this.#name(at);
    const opening = /\s*=\s*(["'])/y;
    opening.lastIndex = this.#at;
    const quote = opening.exec(this.source);
    if (quote === null) throw new Malformed(at, `Attribute ${name} has no quoted value.`);
    const start = this.#at + quote[0].length;
    const end = this.source.indexOf(quote[1] ?? '"', start);
    if (end < 0) throw new Malformed(at, `The value of attribute ${name} is not closed.`);
    const raw = this.source.slice(start, end);
    if (raw.includes('<')) throw new Malformed(start + raw.indexOf('<'), 'Write &lt; for < in a value.');
    if (others.some((one) => one.name === name)) throw new Malformed(at, `Attribute ${name} is there twice.`);
    this.#at = end + 1;
    return { name, value: this.#decoded(raw, start), span: { start, end }, line: this.#lineOf(at) };
  }

  #close(at: number): void {
    const name = this.#name(at + 2);
    this.#space();
    const open = this.#open.pop();
    if (open === undefined || open.name !== name) throw new Malformed(at, `</${name}> closes ${open === undefined ? 'nothing' : `<${open.name}>`}.`);
    if (this.source[this.#at] !== '>') throw new Malformed(at, `</${name} is not closed by >.`);
    this.#at += 1;
    const { attributes, children, innerStart, line, text } = open;
    this.#add({ name, attributes, children, text: text.trim(), inner: { start: innerStart, end: at }, selfClosing: false, line });
  }

  #add(element: XmlElement): void {
    (this.#open.at(-1)?.children ?? this.#roots).push(element);
  }

  #name(at: number): string {
    NAME.lastIndex = at;
    const [name] = NAME.exec(this.source) ?? [];
    if (name === undefined) throw new Malformed(at, 'A name is expected here; write &lt; for <.');
    this.#at = at + name.length;
    return name;
  }

  #space(): boolean {
    const before = this.#at;
    while (/\s/.test(this.source[this.#at] ?? '')) this.#at += 1;
    return this.#at > before;
  }

  #decoded(raw: string, at: number): string {
    return raw.replace(ENTITY, (whole: string, named: string | undefined, decimal: string | undefined, hex: string | undefined, offset: number) => {
      if (named !== undefined) return NAMED[named] ?? whole;
      if (decimal === undefined && hex === undefined) throw new Malformed(at + offset, 'Write &amp; for &.');
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      if (code > 0x10ffff || code === 0) throw new Malformed(at + offset, `${whole} is no character.`);
      return String.fromCodePoint(code);
    });
  }

  /** Elements come in order, so lines are counted once. */
  #lineOf(at: number): number {
    for (let index = this.source.indexOf('\n', this.#counted); index >= 0 && index < at; index = this.source.indexOf('\n', index + 1)) {
      this.#line += 1;
      this.#counted = index + 1;
    }
    return this.#line;
  }
}
