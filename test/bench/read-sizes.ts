import { parseArgs } from 'node:util';

export type ReadSizes<Name extends string> =
  | { readonly kind: 'run'; readonly size: Readonly<Record<Name, number>>; readonly json: string | null }
  /** 0 after the help, 2 for a wrong option. */
  | { readonly kind: 'exit'; readonly code: 0 | 2 };

/** Options of a benchmark that are whole numbers above 0, besides `--json FILE` and `--help`; what is wrong is said on standard error. */
export function readSizes<Name extends string>(words: readonly string[], defaults: Readonly<Record<Name, number>>, help: string): ReadSizes<Name> {
  const size: Record<Name, number> = { ...defaults };
  const names = Object.keys(defaults) as Name[];
  const string = { type: 'string' } as const;
  try {
    const { values } = parseArgs({ args: [...words], options: { ...Object.fromEntries(names.map((name) => [name, string])), json: string, help: { type: 'boolean' } } });
    const given: Readonly<Record<string, unknown>> = values;
    for (const name of names) {
      const text = given[name];
      if (text === undefined) continue;
      if (typeof text !== 'string' || !/^[1-9]\d*$/.test(text)) throw new Error(`--${name} ${String(text)}: a whole number above 0 is needed`);
      size[name] = Number(text);
    }
    if (given.help !== true) return { kind: 'run', size, json: typeof given.json === 'string' ? given.json : null };
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n${help}`);
    return { kind: 'exit', code: 2 };
  }
  process.stdout.write(help);
  return { kind: 'exit', code: 0 };
}
