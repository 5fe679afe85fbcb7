/** What one run of the benchmark does. */
export interface BenchOptions {
  /** Phones that register; made through the API. */
  readonly phones: number;
  /** Phones that call; all of them call one more. */
  readonly callers: number;
  /** Registrations a second, stage by stage. */
  readonly registerRates: readonly number[];
  /** Calls a second, stage by stage. */
  readonly callRates: readonly number[];
  readonly seconds: number;
  readonly talkMs: number;
  readonly memory: boolean;
  /** Bindings made for the memory figure. */
  readonly bindings: number;
  readonly drachtioBin: string | null;
  readonly target: { readonly host: string; readonly port: number } | null;
  readonly targetDevices: string | null;
  readonly targetPids: readonly number[];
  readonly only: readonly string[];
  readonly json: string | null;
}

export type OptionsResult =
  | { readonly kind: 'options'; readonly options: BenchOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

interface Row {
  readonly value: string | null;
  readonly fallback: string;
  readonly meaning: string;
}

const ROWS = {
  'phones': { value: 'N', fallback: '300', meaning: 'phones that register' },
  'callers': { value: 'N', fallback: '50', meaning: 'phones that call; all of them call one more phone' },
  'register-rates': { value: 'R,R,…', fallback: '500,1500', meaning: 'registrations a second, one stage each; 0 leaves them out' },
  'call-rates': { value: 'R,R,…', fallback: '50,150', meaning: 'calls a second, one stage each; 0 leaves them out' },
  'seconds': { value: 'N', fallback: '8', meaning: 'length of a stage' },
  'talk-ms': { value: 'N', fallback: '1000', meaning: 'from answer to BYE' },
  'memory': { value: null, fallback: '', meaning: 'also memory per 10,000 bindings (85 s more: answered transactions must be gone)' },
  'bindings': { value: 'N', fallback: '5000', meaning: 'bindings made for that, five a phone at most' },
  'drachtio-bin': { value: 'PATH', fallback: '', meaning: 'a drachtio-server: the product runs on it too, and so does the peer, minimal-app.ts' },
  'target': { value: 'HOST:PORT', fallback: '', meaning: 'another SIP server that gets the same load in turn' },
  'target-devices': { value: 'FILE', fallback: '', meaning: 'its phones, lines of user;password;domain;extension; the last is called' },
  'target-pids': { value: 'PID,…', fallback: '', meaning: 'its processes on this machine, for CPU and memory' },
  'only': { value: 'NAME,…', fallback: '', meaning: 'of product, product-on-drachtio, peer, target' },
  'json': { value: 'FILE', fallback: '', meaning: 'writes everything measured there' },
} as const satisfies Readonly<Record<string, Row>>;
type Name = keyof typeof ROWS;

const isName = (text: string): text is Name => Object.hasOwn(ROWS, text);

export function helpText(): string {
  return [
    'Usage: npm run bench -- [--option value …]',
    '',
    'Starts the product on an empty DATA_DIR with its own Redis and PostgreSQL, makes phones through the API, and loads it',
    'with sipp over UDP on the loopback: registrations (401, then 200, digest) and calls (INVITE with digest through the',
    'B2BUA to a registered phone, both legs answered, BYE). sipp takes part of the same processors: on a small machine the',
    'CPU time per unit says more than the rate.',
    '',
    ...Object.entries<Row>(ROWS).map(([name, row]) =>
      `  ${`--${name} ${row.value ?? ''}`.padEnd(28)}${row.meaning}${row.fallback === '' ? '' : ` [${row.fallback}]`}`),
    '',
  ].join('\n');
}

/** Reads `--name value` and `--name=value`; names all problems at once. */
export function readOptions(words: readonly string[]): OptionsResult {
  const given = new Map<Name, string>();
  const problems: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const [word = '', inline] = (words[at] ?? '').split(/=(.*)/s);
    if (word === '--help' || word === '-h') return { kind: 'help' };
    const name = word.replace(/^--/, '');
    if (!word.startsWith('--') || !isName(name)) problems.push(`${word} is not known; --help lists what is`);
    else if (ROWS[name].value === null) given.set(name, 'yes');
    else if (inline !== undefined) given.set(name, inline);
    else if (words[at + 1] === undefined) problems.push(`${word} needs a value`);
    else given.set(name, words[at += 1] ?? '');
  }
  const text = (name: Name): string => given.get(name) ?? ROWS[name].fallback;
  const numbers = (name: Name): readonly number[] => text(name).split(',').filter(Boolean).map((part) => {
    if (!/^\d+$/.test(part)) problems.push(`--${name} ${part}: a whole number is needed`);
    return Number(part);
  });
  const number = (name: Name): number => numbers(name)[0] ?? 0;
  const [host = '', port = ''] = text('target').split(/:(?=\d+$)/);
  if (text('target') !== '' && (!/^\d+$/.test(port) || text('target-devices') === '')) {
    problems.push('--target is HOST:PORT and goes with --target-devices');
  }
  const options: BenchOptions = {
    phones: number('phones'), callers: number('callers'), seconds: number('seconds'), talkMs: number('talk-ms'),
    registerRates: numbers('register-rates').filter((rate) => rate > 0), callRates: numbers('call-rates').filter((rate) => rate > 0),
    memory: given.has('memory'), bindings: number('bindings'),
    drachtioBin: text('drachtio-bin') || null,
    target: text('target') === '' ? null : { host, port: Number(port) },
    targetDevices: text('target-devices') || null, targetPids: numbers('target-pids'),
    only: text('only').split(',').filter(Boolean), json: text('json') || null,
  };
  return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'options', options };
}
