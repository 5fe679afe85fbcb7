import { PARTS, SERVERS, isPart, isServer, type Part, type ServerName } from './results.js';

/** What one run of the benchmark does. */
export interface BenchOptions {
  readonly servers: readonly ServerName[];
  readonly parts: readonly Part[];
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
  /** Bindings made for the memory figure, and the calls that stand. */
  readonly bindings: number;
  readonly standingCalls: number;
  /** SIP messages of the memory-growth run; 0 leaves it out. */
  readonly messages: number;
  /** Calls go by a trunk, with records and charges. */
  readonly trunks: boolean;
  readonly drachtioBin: string | null;
  readonly target: { readonly host: string; readonly port: number } | null;
  readonly targetDevices: string | null;
  readonly targetPids: readonly number[];
  readonly json: string | null;
  /** Into docs/: bench.json, the tables of bench.md, bench.svg. */
  readonly write: boolean;
  /** Only makes the pages of docs/bench.json again. */
  readonly render: boolean;
  /** Folder for CPU profiles of the product's threads, one set a stage. */
  readonly profile: string | null;
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
  'servers': { value: 'NAME,…', fallback: 'cordboard,drachtio,kamailio-1,kamailio-2', meaning: `of ${SERVERS.join(', ')}` },
  'parts': { value: 'PART,…', fallback: PARTS.join(), meaning: 'rates: CPU at equal loads; max: highest clean rate; latency: at half of it; memory: of bindings and calls' },
  'register-rates': { value: 'R,R,…', fallback: '500,1000,2000,4000,8000', meaning: 'registrations a second, one stage each; 0 leaves them out' },
  'call-rates': { value: 'R,R,…', fallback: '50,100,200,400', meaning: 'calls a second, one stage each; 0 leaves them out' },
  'seconds': { value: 'N', fallback: '5', meaning: 'length of a stage' },
  'talk-ms': { value: 'N', fallback: '1000', meaning: 'from answer to BYE' },
  'phones': { value: 'N', fallback: '300', meaning: 'phones that register' },
  'callers': { value: 'N', fallback: '50', meaning: 'phones that call; all of them call one more phone' },
  'bindings': { value: 'N', fallback: '6000', meaning: 'bindings made for the memory figure' },
  'standing-calls': { value: 'N', fallback: '1000', meaning: 'calls left standing for the memory figure' },
  'messages': { value: 'N', fallback: '0', meaning: 'memory growth over N messages, at the highest rates given up to 3000 and 200; 0 leaves it out' },
  'trunks': { value: null, fallback: '', meaning: 'calls go by a trunk to a carrier, are counted, recorded and rated (cordboard, cordboard-on-drachtio, drachtio)' },
  'drachtio-bin': { value: 'PATH', fallback: '', meaning: 'a drachtio-server, for drachtio and cordboard-on-drachtio' },
  'target': { value: 'HOST:PORT', fallback: '', meaning: 'another SIP server that gets the same load in turn (server `target`)' },
  'target-devices': { value: 'FILE', fallback: '', meaning: 'its phones, lines of user;password;domain;extension; the last is called' },
  'target-pids': { value: 'PID,…', fallback: '', meaning: 'its processes on this machine, for CPU and memory' },
  'json': { value: 'FILE', fallback: '', meaning: 'writes everything measured there' },
  'write': { value: null, fallback: '', meaning: 'writes docs/bench.json, the tables of docs/bench.md, docs/bench.svg' },
  'render': { value: null, fallback: '', meaning: 'measures nothing: makes table and plot of docs/bench.json again' },
  'profile': { value: 'FOLDER', fallback: '', meaning: 'CPU profiles of the threads of cordboard, of each stage' },
} as const satisfies Readonly<Record<string, Row>>;
type Name = keyof typeof ROWS;

/** What `trunks` stands for; what is given besides wins. */
const TRUNKS = ['--trunks', '--servers', 'cordboard,drachtio', '--parts', 'rates,max,latency', '--register-rates', '0', '--call-rates', '25,50,100,200', '--callers', '20'];

const isName = (text: string): text is Name => Object.hasOwn(ROWS, text);

export function helpText(): string {
  return [
    'Usage: npm run bench -- [--option value …]',
    '       npm run bench -- trunks   calls by a trunk, beside the same of drachtio; short for --trunks and the options that go with it',
    '       npm run bench -- media    many callers in a prompt at once; media --help',
    '       npm run bench -- api      requests to the API beside registering phones; api --help',
    '       npm run bench -- fetch    a fleet of phones fetching its files; fetch --help',
    '       npm run bench -- sign-in  from the last PIN digit to the changed identity; sign-in --help',
    '',
    'Starts each server in turn on an empty folder with its own Redis, gives it phones, and loads it with sipp over UDP on',
    'the loopback: registrations (401, then 200, digest, written to Redis) and calls (INVITE with digest to a registered',
    'phone, both legs answered, BYE). sipp takes part of the same processors: on a small machine the CPU time per unit',
    'says more than the rate, and only at equal loads.',
    '',
    '  cordboard              the product as `npm start` runs it',
    '  cordboard-on-drachtio  the product with a drachtio-server in place of its own edge',
    '  drachtio               drachtio-server, Redis and a minimal drachtio-srf application (no policy, no records)',
    '  kamailio-1, -2         Kamailio with one or two workers, registrar writing through to Redis, calls by stateful',
    '                         proxying; left out where it is not installed (kamailio, kamailio-redis-modules)',
    '  target                 whatever --target names',
    '',
    ...Object.entries<Row>(ROWS).map(([name, row]) =>
      `  ${`--${name} ${row.value ?? ''}`.padEnd(28)}${row.meaning}${row.fallback === '' ? '' : ` [${row.fallback}]`}`),
    '',
  ].join('\n');
}

/** Reads `--name value` and `--name=value`; names all problems at once. */
export function readOptions(words: readonly string[]): OptionsResult {
  const given = new Map<Name, string>();
  if (words[0] === 'trunks') return readOptions([...TRUNKS, ...words.slice(1)]);
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
  const list = (name: Name): readonly string[] => text(name).split(',').filter(Boolean);
  const numbers = (name: Name): readonly number[] => list(name).map((part) => {
    if (!/^\d+$/.test(part)) problems.push(`--${name} ${part}: a whole number is needed`);
    return Number(part);
  });
  const number = (name: Name): number => numbers(name)[0] ?? 0;
  const known = <T extends string>(name: Name, of: readonly string[], is: (word: string) => word is T): readonly T[] => {
    for (const word of list(name)) if (!is(word)) problems.push(`--${name} ${word}: there are ${of.join(', ')}`);
    return list(name).filter(is);
  };
  const [host = '', port = ''] = text('target').split(/:(?=\d+$)/);
  if (text('target') !== '' && (!/^\d+$/.test(port) || text('target-devices') === '')) {
    problems.push('--target is HOST:PORT and goes with --target-devices');
  }
  const servers = known('servers', SERVERS, isServer);
  if (given.has('trunks') && servers.some((name) => name.startsWith('kamailio'))) problems.push('--trunks: a Kamailio has no trunk here');
  if (given.has('trunks') && (given.has('write') || list('parts').includes('memory'))) problems.push('--trunks goes without --write and without the part memory');
  const options: BenchOptions = {
    servers: text('target') === '' || servers.includes('target') ? servers : [...servers, 'target'],
    parts: known('parts', PARTS, isPart),
    phones: number('phones'), callers: number('callers'), seconds: number('seconds'), talkMs: number('talk-ms'),
    registerRates: numbers('register-rates').filter((rate) => rate > 0), callRates: numbers('call-rates').filter((rate) => rate > 0),
    bindings: number('bindings'), standingCalls: number('standing-calls'), messages: number('messages'),
    trunks: given.has('trunks'), drachtioBin: text('drachtio-bin') || null,
    target: text('target') === '' ? null : { host, port: Number(port) },
    targetDevices: text('target-devices') || null, targetPids: numbers('target-pids'),
    json: text('json') || null, write: given.has('write'), render: given.has('render'), profile: text('profile') || null,
  };
  return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'options', options };
}
