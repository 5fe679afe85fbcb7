/** Commands of the program. `edge` has options of its own and is handed its words as they are. */
export const COMMANDS = {
  serve: 'run the product (what npm start runs); --demo also makes the demo account',
  edge: 'run the embedded SIP edge alone, for applications of your own',
  migrate: 'bring the database schema up to date and end',
  demo: 'make the demo account in a stopped installation and print its phones',
  doctor: 'check this machine and the settings, and say what is missing',
} as const;
export type Command = keyof typeof COMMANDS;

/** What the settings table tells about one flag. */
export interface FlagRow {
  readonly env: string;
  readonly flag: string;
  readonly meaning: string;
  readonly shownDefault: string;
}

export type CommandLine =
  | { readonly kind: 'run'; readonly command: Exclude<Command, 'edge'>; readonly demo: boolean; readonly flags: ReadonlyMap<string, string> }
  | { readonly kind: 'edge'; readonly words: readonly string[] }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

/**
 * Reads the command line. Flags are `--name value` or `--name=value`; the first word that is no flag is the command,
 * `serve` where there is none. Flags come back under the names of their environment variables.
 */
export function readCommandLine(words: readonly string[], flagRows: readonly FlagRow[]): CommandLine {
  const [first = 'serve', ...rest] = words;
  if (first === 'edge') return { kind: 'edge', words: rest };
  const named = !first.startsWith('-');
  const command = named ? first : 'serve';
  const args = named ? rest : words;
  if (args.includes('--help') || args.includes('-h') || command === 'help') return { kind: 'help' };
  if (args.includes('--version') || command === 'version') return { kind: 'version' };
  if (!isCommand(command) || command === 'edge') {
    return { kind: 'problems', problems: [`"${command}" is no command; there are ${Object.keys(COMMANDS).join(', ')}`] };
  }
  return readFlags(command, args, new Map([...flagRows, { flag: '--config-file', env: 'CONFIG_FILE' }].map((row) => [row.flag, row.env])));
}

function readFlags(command: Exclude<Command, 'edge'>, args: readonly string[], envOf: ReadonlyMap<string, string>): CommandLine {
  const flags = new Map<string, string>();
  const problems: string[] = [];
  let demo = false;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    const cut = word.indexOf('=');
    const name = cut > 0 ? word.slice(0, cut) : word;
    const env = envOf.get(name);
    if (word === '--demo' && command === 'serve') demo = true;
    else if (env === undefined) problems.push(`${word} is not known; --help lists what is`);
    else if (cut > 0) flags.set(env, word.slice(cut + 1));
    else if (args[at + 1] === undefined || args[at + 1]?.startsWith('--')) problems.push(`${name} needs a value: ${name} VALUE`);
    else flags.set(env, args[at += 1] ?? '');
  }
  return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'run', command, demo, flags };
}

function isCommand(word: string): word is Command {
  return Object.hasOwn(COMMANDS, word);
}

/** The text of `--help`. */
export function helpText(flagRows: readonly FlagRow[]): string {
  const pad = (text: string, width: number): string => text.padEnd(width);
  return [
    'Usage: cordboard [command] [--setting value …]',
    '',
    'A self-hosted phone system: desk phones register, policy decides every call, an HTTP API manages it all.',
    '',
    'Commands',
    ...Object.entries(COMMANDS).map(([name, meaning]) => `  ${pad(name, 10)}${meaning}`),
    '',
    'Settings (flag, or environment variable, or key in the JSON file --config-file names)',
    ...flagRows.map((row) => `  ${pad(row.flag, 24)}${pad(row.env, 22)}${row.meaning} [${row.shownDefault}]`),
    '',
    'Exit code 0 after a clean stop, 1 when the start or a part failed.',
    '',
  ].join('\n');
}
