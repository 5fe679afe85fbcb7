/** The benchmark of signing in: from the last digit of the PIN to the changed identity. `npm run bench -- sign-in --help`. */
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { expectApi, readPhone } from '../support/product-phones.js';
import { descendants } from '../support/product-process.js';
import { startProduct, type Product } from '../support/product.js';
import { scriptedPhone, type ScriptedPhone } from '../support/scripted-phone.js';
import { watch } from './process-usage.js';
import { percentiles, type Percentiles } from './results.js';
import { identityNow, signIn, signOut, type Guest, type Phones, type SignIn } from './sign-in-probe.js';

const HELP = `Usage: npm run bench -- sign-in [--sign-ins N] [--json FILE]

Starts the product on an empty folder with the demo account. A phone with real RTP dials *91 and types extension and PIN by
RFC 4733. Time runs from just before the packets of the PIN's sixth and last digit are sent; a PIN of six digits needs no #
(a shorter one ends at # or after four seconds of silence). *92 follows, and again.

  identity seen     until the first INVITE of that phone with the guest's extension in From arrives at another phone; INVITEs
                    are placed back to back all the while, so this holds their own time (challenge, policy, second leg) too
  not before        until the last INVITE was sent that still arrived with the owner's: the change lies between the two
  prompt heard      until the first packet of the prompt that says so; RTP goes out in steps of 20 ms
  prompt, no calls  the same in N more sign-ins, without INVITEs beside them; CPU time is taken of these. An INVITE behind
                    each must carry the guest's extension

  --sign-ins N      of each kind [40]
  --json FILE       writes every sample there
`;

/** Times in milliseconds. */
export interface SignInFigures {
  readonly at: string;
  readonly processors: number;
  /** Of one minute, before and after: other programs are in it. */
  readonly load: readonly [number, number];
  readonly seen: Percentiles;
  readonly notBefore: Percentiles;
  readonly prompt: Percentiles;
  readonly promptAlone: Percentiles;
  readonly invites: number;
  /** Of the calls to *91 and *92, from INVITE to the end of BYE, by process; milliseconds each. */
  readonly cpuMs: Readonly<Record<string, { readonly signIn: number; readonly signOut: number }>>;
  readonly samples: readonly SignIn[];
  readonly alone: readonly SignIn[];
}

/** Runs it on the build under `root`; returns the exit code: 0 done, 2 a wrong option. */
export async function bench(root: string, words: readonly string[]): Promise<number> {
  const options = { 'sign-ins': { type: 'string', default: '40' }, 'json': { type: 'string' }, 'help': { type: 'boolean' } } as const;
  let values;
  try {
    ({ values } = parseArgs({ args: [...words], options }));
    if (!/^[1-9]\d*$/.test(values['sign-ins'])) throw new Error(`--sign-ins ${values['sign-ins']}: a whole number above 0 is needed`);
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n${HELP}`);
    return 2;
  }
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const figures = await measure(root, Number(values['sign-ins']));
  process.stdout.write(`${signInTable(figures)}\n`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
  return 0;
}

/** The figures as tables for people. */
export function signInTable(figures: SignInFigures): string {
  const row = (name: string, { p50, p95, max }: Percentiles): string => `| ${name} | ${p50.toFixed(1)} | ${p95.toFixed(1)} | ${max.toFixed(1)} |`;
  return [
    `${figures.samples.length} sign-ins with INVITEs beside them (${figures.invites} INVITEs), ${figures.alone.length} without; ${figures.processors
    } processors, load ${figures.load.map((load) => load.toFixed(1)).join(' to ')}.`, '',
    '| ms from the last digit | p50 | p95 | max |', '|---|--:|--:|--:|',
    row('identity seen at the called phone', figures.seen), row('not before', figures.notBefore),
    row('prompt heard', figures.prompt), row('prompt, no calls', figures.promptAlone), '',
    '| CPU ms | a sign-in | a sign-out |', '|---|--:|--:|',
    ...Object.entries(figures.cpuMs).map(([name, used]) => `| ${name} | ${used.signIn.toFixed(1)} | ${used.signOut.toFixed(1)} |`),
  ].join('\n');
}

async function measure(root: string, count: number): Promise<SignInFigures> {
  // The INVITEs of one phone come quicker than any person calls.
  const product = await startProduct({ root, demo: true, env: { SIP_RATE_LIMIT_USER: '0', SIP_RATE_LIMIT_SOURCE: '0' } });
  const closing: (() => unknown)[] = [];
  try {
    const began = loadavg()[0] ?? NaN;
    const desk = await demoPhone(product, 'ada@demo.example', closing);
    const witness = await demoPhone(product, 'grace@demo.example', closing);
    const phones: Phones = { desk: desk.phone, witness: witness.phone, witnessExtension: witness.extension };
    const guest = await demoGuest(product, 'alan@demo.example');
    const callsAs = async ({ extension }: { readonly extension: string }): Promise<void> => {
      const shown = await identityNow(phones);
      if (shown !== extension) throw new Error(`the desk calls as ${shown}, not as ${extension}`);
    };
    // Once for code that never ran.
    await signIn(phones, guest, true);
    await signOut(phones);
    await callsAs(desk);

    const samples: SignIn[] = [];
    while (samples.length < count) {
      samples.push(await signIn(phones, guest, true));
      await signOut(phones);
      await callsAs(desk);
      progress('with INVITEs', samples.length, count);
    }
    const cpu = cpuOf(product);
    const alone: SignIn[] = [];
    while (alone.length < count) {
      alone.push(await cpu.during('signIn', () => signIn(phones, guest, false)));
      await callsAs(guest);
      await cpu.during('signOut', () => signOut(phones));
      progress('without', alone.length, count);
    }
    const { total_records: total } = await expectApi<{ readonly total_records: number }>(
      product, 200, 'GET', '/v2/cordboard/hot_desk_sessions?signed_in=false');
    if (total !== 2 * count + 1) throw new Error(`${total} sessions were, not ${2 * count + 1}`);
    const changes = samples.flatMap(({ change }) => change ?? []);
    return {
      at: new Date().toISOString(), processors: availableParallelism(), load: [began, loadavg()[0] ?? NaN],
      seen: percentiles(changes.map(({ seenMs }) => seenMs)), notBefore: percentiles(changes.map(({ notBeforeMs }) => notBeforeMs)),
      prompt: percentiles(samples.map(({ promptMs }) => promptMs)), promptAlone: percentiles(alone.map(({ promptMs }) => promptMs)),
      invites: changes.reduce((sum, { invites }) => sum + invites, 0), cpuMs: cpu.each(count), samples, alone,
    };
  } finally {
    for (const close of closing) await close();
    await product.close();
  }
}

/** CPU time of the product's processes, added up by kind; the clock has steps of 10 ms, which many of a kind even out. */
function cpuOf(product: Product) {
  const redis = descendants(product.pid).filter(({ command }) => command.includes('redis-server')).map(({ pid }) => pid);
  const processes = [{ name: 'cordboard', pids: [product.pid] }, { name: 'redis-server', pids: redis }];
  const sums = { signIn: new Map<string, number>(), signOut: new Map<string, number>() };
  return {
    async during<T>(kind: keyof typeof sums, what: () => Promise<T>): Promise<T> {
      const used = watch(processes);
      const result = await what();
      for (const { name, cpuUs } of used()) sums[kind].set(name, (sums[kind].get(name) ?? 0) + cpuUs);
      return result;
    },
    each: (count: number) => Object.fromEntries(processes.map(({ name }) => [name, {
      signIn: (sums.signIn.get(name) ?? 0) / count / 1000, signOut: (sums.signOut.get(name) ?? 0) / count / 1000,
    }])),
  };
}

async function demoPhone(product: Product, email: string, closing: (() => unknown)[]): Promise<{ readonly phone: ScriptedPhone; readonly extension: string }> {
  const user = await demoUser(product, email);
  const { desk_phone: { devices } } = await expectApi<{ readonly desk_phone: { readonly devices: readonly { readonly id: string }[] } }>(
    product, 200, 'GET', `/v2/phone/users/${email}/settings`);
  const { userName, password, domain } = await readPhone(product, devices[0]?.id ?? '');
  const phone = await scriptedPhone({ teardown: (close) => void closing.push(close) }, {
    edge: { address: product.sip.host, port: product.sip.port }, userName, password, domain: domain.replace(/:\d+$/, ''),
  });
  const { startLine, status } = await phone.register();
  if (status !== 200) throw new Error(`the phone of ${email} is not registered: ${startLine}`);
  return { phone, extension: user.extension };
}

async function demoGuest(product: Product, email: string): Promise<Guest> {
  const { id, extension } = await demoUser(product, email);
  const { pin_code: pin } = await expectApi<{ readonly pin_code: string }>(product, 200, 'POST', `/v2/cordboard/users/${id}/reset_pin_code`);
  return { extension, pin };
}

async function demoUser(product: Product, email: string): Promise<{ readonly id: string; readonly extension: string }> {
  const user = await expectApi<{ readonly id: string; readonly extension_number: number }>(product, 200, 'GET', `/v2/phone/users/${email}`);
  return { id: user.id, extension: String(user.extension_number) };
}

function progress(kind: string, done: number, count: number): void {
  if (done % 10 === 0 || done === count) process.stderr.write(`sign-in: ${kind} ${done}/${count}\n`);
}
