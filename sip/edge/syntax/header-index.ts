import { LWS, skip, skipBack } from './charset.js';
import { SINGLES, UNKNOWN, canonicalOf, displayOf, headerId, sameName, scanName, scanned } from './header-names.js';
import type { HeaderId } from './header-names.js';
import type { HeaderField } from './message.js';
import { unfolded } from './text.js';

/** Numbers kept per header line: id, line start, name end, value start, value end. */
const WIDTH = 5;

/** More header lines than any honest message has; each costs memory and look-up time. */
const MAX_LINES = 512;

const TRIM_END = 0x20;
const TAB = 9;

/**
 * Where the header lines of one message are: found in one pass, values read on demand. Offsets are those of `raw`.
 */
export class HeaderIndex {
  readonly raw: string;
  readonly #cells: readonly number[];
  /** Offset of the empty line that ends the headers. */
  readonly end: number;

  constructor(raw: string, cells: readonly number[], end: number) {
    this.raw = raw;
    this.#cells = cells;
    this.end = end;
  }

  /** The same lines in a text whose part behind `position` has moved by `shift`. */
  moved(raw: string, position: number, shift: number): HeaderIndex {
    const cells = this.#cells.slice();
    for (let line = 0; line < cells.length; line += WIDTH) {
      // a line whose value ends before the place has not moved at all
      if (cells[line + 4]! <= position) continue;
      for (let at = line + 1; at < line + WIDTH; at += 1) if (cells[at]! > position) cells[at]! += shift;
    }
    return new HeaderIndex(raw, cells, this.end + shift);
  }

  /** Position in the cells of the next line of this name from `from` on; -1 when there is none. */
  #find(id: HeaderId, name: string, from: number): number {
    const cells = this.#cells;
    for (let at = from; at < cells.length; at += WIDTH) {
      if (cells[at] !== id) continue;
      if (id !== UNKNOWN) return at;
      const start = cells[at + 1]!;
      if (cells[at + 2]! - start === name.length && sameName(this.raw, start, name)) return at;
    }
    return -1;
  }

  #value(at: number): string {
    return unfolded(this.raw, this.#cells[at + 3]!, this.#cells[at + 4]!);
  }

  first(name: string): string | undefined {
    const id = headerId(name);
    const at = this.#find(id, id === UNKNOWN ? name.toLowerCase() : name, 0);
    return at < 0 ? undefined : this.#value(at);
  }

  all(name: string): readonly string[] {
    const id = headerId(name);
    const lower = id === UNKNOWN ? name.toLowerCase() : name;
    const values: string[] = [];
    for (let at = this.#find(id, lower, 0); at >= 0; at = this.#find(id, lower, at + WIDTH)) values.push(this.#value(at));
    return values;
  }

  has(name: string): boolean {
    const id = headerId(name);
    return this.#find(id, id === UNKNOWN ? name.toLowerCase() : name, 0) >= 0;
  }

  fields(): readonly HeaderField[] {
    const cells = this.#cells;
    const fields: HeaderField[] = [];
    for (let at = 0; at < cells.length; at += WIDTH) {
      const id = cells[at]!;
      const start = cells[at + 1]!;
      const rawName = this.raw.slice(start, cells[at + 2]!);
      fields.push({
        name: id === UNKNOWN ? rawName.toLowerCase() : canonicalOf(id),
        rawName,
        value: this.#value(at),
        start,
        end: at + WIDTH < cells.length ? cells[at + WIDTH + 1]! : this.end,
      });
    }
    return fields;
  }
}

/** What `scanHeaders` found: spans of the first line of each header the parser looks at (start -1: absent). */
export interface HeaderScan {
  readonly index: HeaderIndex;
  /** Offset of the body; -1 when the empty line is missing. */
  readonly bodyStart: number;
  /** First fault of the lines, a reason phrase of ours. */
  readonly problem: string | undefined;
  /** By header id: position of its first line in this flat list of (start, end) pairs. */
  readonly spans: readonly number[];
}

/** Filled by one scan and copied at its end: cheaper than an array that grows. */
const scratch: number[] = Array.from({ length: MAX_LINES * WIDTH }, () => 0);

/** Header ids below this have their span noted. */
const SPAN_IDS = 9;

/**
 * Finds the header lines (RFC 3261 §7.3.1) from `start`, the offset behind the start line. Line ends are CRLF only: a
 * bare CR or LF would be read as a line end by some and not by others. Blanks may stand before the colon, nothing else.
 * Goes on behind a faulty line, so that an answer can still be built.
 */
export function scanHeaders(raw: string, start: number): HeaderScan {
  let filled = 0;
  // one pair for each id below SPAN_IDS
  const spans = [-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1];
  let problem: string | undefined;
  let seen = 0;
  let position = start;
  let nextCr = start - 1;
  let nextColon = start - 1;
  for (;;) {
    if (raw.charCodeAt(position) === 13 && raw.charCodeAt(position + 1) === 10) {
      return { index: new HeaderIndex(raw, scratch.slice(0, filled), position), bodyStart: position + 2, problem, spans };
    }
    // like the CR below: looked for once when there is none in the rest
    if (nextColon >= 0 && nextColon < position) nextColon = raw.indexOf(':', position);
    scanName(raw, position, nextColon);
    const nameEnd = scanned.end;
    const id = scanned.id;
    let colon = nameEnd;
    let code = raw.charCodeAt(colon);
    // RFC 3261 §25.1 HCOLON = *( SP / HTAB ) ":" SWS
    while (code === TRIM_END || code === TAB) code = raw.charCodeAt(++colon);
    let faulty = code !== 0x3a || nameEnd === position;
    let lineEnd = raw.indexOf('\n', position);
    let next: number;
    for (;;) {
      if (lineEnd < 0) {
        const end = raw.length;
        return { index: new HeaderIndex(raw, scratch.slice(0, filled), end), bodyStart: -1, problem: problem ?? 'Unterminated Headers', spans };
      }
      next = raw.charCodeAt(lineEnd + 1);
      if (next !== TRIM_END && next !== TAB) break;
      // RFC 3261 §7.3.1: a line that starts with a blank continues the one before
      if (raw.charCodeAt(lineEnd - 1) !== 13) faulty = true;
      lineEnd = raw.indexOf('\n', lineEnd + 1);
    }
    // not searched again when there is none in the rest: a text of bare LFs must not cost its length squared
    if (nextCr >= 0 && nextCr < position) nextCr = raw.indexOf('\r', position);
    if (nextCr !== lineEnd - 1 && !onlyFolds(raw, nextCr, lineEnd)) faulty = true;
    if (faulty) {
      problem ??= 'Bad Header Line';
    } else if (filled === MAX_LINES * WIDTH) {
      return { index: new HeaderIndex(raw, scratch.slice(0, filled), position), bodyStart: -1, problem: 'Too Many Headers', spans };
    } else {
      const valueStart = skip(raw, colon + 1, lineEnd - 1, LWS);
      const valueEnd = skipBack(raw, valueStart, lineEnd - 1, LWS);
      scratch[filled] = id;
      scratch[filled + 1] = position;
      scratch[filled + 2] = nameEnd;
      scratch[filled + 3] = valueStart;
      scratch[filled + 4] = valueEnd;
      filled += WIDTH;
      const bit = SINGLES & (1 << id);
      if (id < 31 && bit !== 0) {
        // RFC 4475 §3.3.8, §3.3.9: first wins for one reader, last for another
        if ((seen & bit) !== 0) problem ??= `Duplicate ${displayOf(id)} Header`;
        seen |= bit;
      }
      if (id < SPAN_IDS && spans[id * 2]! < 0) {
        spans[id * 2] = valueStart;
        spans[id * 2 + 1] = valueEnd;
      }
    }
    position = lineEnd + 1;
  }
}

/** Every CR from `firstCr` to the line end is followed by LF (the folds of this header, and its own end). */
function onlyFolds(raw: string, firstCr: number, lineEnd: number): boolean {
  for (let at = firstCr; at < lineEnd && at >= 0; at = raw.indexOf('\r', at + 1)) {
    if (raw.charCodeAt(at + 1) !== 10) return false;
    if (at + 1 === lineEnd) return true;
  }
  return false;
}
