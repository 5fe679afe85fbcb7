/** What `npm run soak` can be told. */
export interface SoakOptions {
  /** How long phones live their lives; the drain comes on top. */
  readonly minutes: number;
  readonly phones: number;
  /** Of the random numbers: the same seed has the same people make the same decisions. */
  readonly seed: number;
  /** Length of every pause and talk: 1 is the pace of people in a hurry. */
  readonly pace: number;
  /** Whether phones vanish without a word; then transactions and calls take minutes to end by their timers. */
  readonly vanishing: boolean;
  /** Growth of memory that is still none, MB an hour. */
  readonly growthMbPerHour: number;
  /** Where report, samples and plot go; null = a new folder of the system's temporary one. */
  readonly out: string | null;
}

export type ReadOptions =
  | { readonly kind: 'options'; readonly options: SoakOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

export const HELP = `usage: npm run soak -- [--minutes 60] [--phones 40] [--seed 1] [--pace 1] [--calm] [--growth 30] [--out FOLDER]
Starts the program in a scratch DATA_DIR on ports of its own and lets phones live on it over UDP, TCP, TLS, WS and WSS.
  --minutes  how long; at the end calls are ended and everything left over is waited for, up to five minutes
  --phones   people with a phone each
  --seed     of what they do
  --pace     stretches their pauses and talks; 2 halves the load
  --calm     nobody vanishes without a word
  --growth   MB an hour of memory that fail the run, judged after the warm-up when at least 20 minutes were measured
  --out      folder of report.txt, samples.csv and plot.html
Exit code 0: every check passed; 1: one did not; 2: wrong words.
`;

type NumberOption = 'minutes' | 'phones' | 'seed' | 'pace' | 'growthMbPerHour';
const NUMBERS: Readonly<Record<string, { readonly name: NumberOption; readonly lowest: number; readonly highest: number }>> = {
  '--minutes': { name: 'minutes', lowest: 0.05, highest: 10_080 },
  '--phones': { name: 'phones', lowest: 2, highest: 2000 },
  '--seed': { name: 'seed', lowest: 0, highest: 0xffff_ffff },
  '--pace': { name: 'pace', lowest: 0.01, highest: 1000 },
  '--growth': { name: 'growthMbPerHour', lowest: 0, highest: 100_000 },
};

/** Reads the words behind `npm run soak --`; every problem names the option and what it wants. */
export function readOptions(words: readonly string[]): ReadOptions {
  const numbers: Record<NumberOption, number> = { minutes: 60, phones: 40, seed: 1, pace: 1, growthMbPerHour: 30 };
  let vanishing = true;
  let out: string | null = null;
  const problems: string[] = [];
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--help') return { kind: 'help' };
    const row = NUMBERS[word];
    if (word === '--calm') vanishing = false;
    else if (row !== undefined) {
      const text = rest.shift();
      const value = Number(text);
      if (text === undefined || text === '' || !(value >= row.lowest && value <= row.highest)) {
        problems.push(`${word} wants a number from ${row.lowest} to ${row.highest}, not ${text ?? 'nothing'}`);
      } else numbers[row.name] = value;
    } else if (word === '--out') {
      out = rest.shift() ?? null;
      if (out === null) problems.push('--out wants a folder');
    } else problems.push(`${word} is no option; --help tells which there are`);
  }
  if (!Number.isInteger(numbers.phones)) problems.push('--phones wants a whole number');
  return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'options', options: { ...numbers, vanishing, out } };
}
