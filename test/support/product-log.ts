import type { Readable } from 'node:stream';

/** One line the program wrote: what it says, and its fields where the line is JSON. */
export interface LogLine {
  readonly event: string;
  readonly level: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly raw: string;
}

const LEVELS: Readonly<Record<number, string>> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
const KEPT = 5000;

/** Everything a program writes, line by line; the newest lines are kept. */
export class ProgramLog {
  readonly #lines: LogLine[] = [];
  readonly #waiting = new Set<(line: LogLine) => void>();

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  read(stream: Readable): void {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) if (part !== '') this.#take(readLine(part));
    });
    stream.on('end', () => {
      if (rest !== '') this.#take(readLine(rest));
    });
  }

  #take(line: LogLine): void {
    this.#lines.push(line);
    if (this.#lines.length > 2 * KEPT) this.#lines.splice(0, KEPT);
    for (const take of [...this.#waiting]) take(line);
  }

  /** Calls `take` with each coming line until the returned function is called. */
  follow(take: (line: LogLine) => void): () => void {
    this.#waiting.add(take);
    return () => this.#waiting.delete(take);
  }

  /** Lines of level error or worse, and traces of throws that nobody caught. */
  faults(): readonly LogLine[] {
    return this.#lines.filter(({ level, raw }) => level === 'error' || level === 'fatal' || /\b(uncaught|unhandled)/i.test(raw));
  }

  tail(count = 30): string {
    return this.#lines.slice(-count).map(({ raw }) => `  ${raw}`).join('\n');
  }
}

function readLine(raw: string): LogLine {
  try {
    const value: unknown = JSON.parse(raw);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const fields = value as Readonly<Record<string, unknown>>;
      const level = typeof fields['level'] === 'number' ? LEVELS[fields['level']] ?? '' : String(fields['level'] ?? '');
      return { event: String(fields['msg'] ?? ''), level, fields, raw };
    }
  } catch {
    // Not JSON: a line for people.
  }
  return { event: raw, level: '', fields: {}, raw };
}
