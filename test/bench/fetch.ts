/** The benchmark of phones that fetch their files. `npm run bench -- fetch --help`. */
import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { expectApi } from '../support/product-phones.js';
import { startProduct, type Product } from '../support/product.js';
import { startLatencyProbe } from './latency-probe.js';
import { Loads } from './loads.js';
import { watch } from './process-usage.js';
import { makePhones, processesOf } from './product-target.js';
import { percentiles, type Percentiles } from './results.js';
import type { Target } from './target.js';
import { readSizes } from './read-sizes.js';

const HELP = `Usage: npm run bench -- fetch [--option value …]

Starts the product on an empty folder, adds phones and lets them enrol over real HTTPS. Then the text of their provision template changes, and
all of them fetch what phones fetch, a file for all of the model and their own, at an even rate within some seconds: once with a new
connection and whole handshake for each request, as desk phones do it, and once with the TLS session of their last one. REGISTERs
go on beside. At last it takes the time of refusals, under addresses that nobody has and under some that have ended.

  --phones N      phones that fetch [5000]
  --seconds N     within so many seconds [60]
  --registers N   registrations a second beside them [50]
  --refusals N    refused requests of each kind [200]
  --json FILE     writes the figures there
`;

interface BenchPhone {
  readonly mac: string;
  /** Folder of its files. */
  readonly folder: string;
  /** Loopback address that it comes from. */
  readonly from: string;
  session: Buffer | undefined;
}

export interface FetchStage {
  readonly name: string;
  readonly files: number;
  readonly failed: number;
  readonly bytes: number;
  /** From the begin of the connection to the last byte, ms. */
  readonly time: Percentiles;
  /** Of the program's CPU, ms, without what REGISTERs cost alone. */
  readonly cpuPerFileMs: number;
  readonly resumed: number;
  readonly register: Percentiles | null;
}

interface Size {
  readonly phones: number;
  readonly seconds: number;
  readonly registers: number;
  readonly refusals: number;
}

/** Runs it on the build under `root`; returns the exit code: 0 done, 1 a request failed, 2 a wrong option. */
export async function bench(root: string, words: readonly string[]): Promise<number> {
  const read = readSizes(words, { phones: 5000, seconds: 60, registers: 50, refusals: 200 }, HELP);
  if (read.kind === 'exit') return read.code;
  const { size, json } = read;
  const began = loadavg()[0] ?? NaN;
  const { stages, refusals } = await measure(root, size);
  const shown = ({ p50, p95 }: Percentiles): string => `${p50.toFixed(1)} / ${p95.toFixed(1)}`;
  process.stdout.write([
    `${size.phones} phones within ${size.seconds} s, ${size.registers} registrations/s; ${availableParallelism()} processors, load ${began.toFixed(1)} to ${(loadavg()[0] ?? NaN).toFixed(1)}`, '',
    '| stage | files | failed | p50 / p95 ms | CPU ms a file | kB a file | TLS sessions resumed | REGISTER p50 / p95 ms |', '|---|--:|--:|--:|--:|--:|--:|--:|',
    ...stages.map(({ name, files, failed, time, cpuPerFileMs, bytes, resumed, register }) => `| ${name} | ${files} | ${failed} | ${shown(time)} | ${cpuPerFileMs.toFixed(1)} | ${
      (bytes / Math.max(1, files) / 1000).toFixed(1)} | ${resumed} | ${register === null ? '–' : shown(register)} |`), '',
    '| refused | p50 / p95 ms |', '|---|--:|', ...refusals.map(({ name, time }) => `| ${name} | ${shown(time)} |`), '',
  ].join('\n'));
  if (json !== null) writeFileSync(json, `${JSON.stringify({ at: new Date().toISOString(), size, stages, refusals }, null, 2)}\n`);
  return stages.some(({ failed }) => failed > 0) ? 1 : 0;
}

interface Fetched {
  readonly ok: boolean;
  readonly ms: number;
  readonly bytes: number;
  readonly resumed: boolean;
}

/** One request on a connection of its own. */
function fetchFile(url: string, phone: Pick<BenchPhone, 'from'> & Partial<Pick<BenchPhone, 'mac' | 'session'>>, resume: boolean, keep?: (body: string) => void): Promise<Fetched> {
  const began = performance.now();
  return new Promise((resolve) => {
    const end = (ok: boolean, bytes: number, resumed: boolean): void => resolve({ ok, bytes, resumed, ms: performance.now() - began });
    const asked = request(url, {
      agent: false, rejectUnauthorized: false, localAddress: phone.from, headers: { 'user-agent': `Yealink SIP-T54W 96.86.0.70 ${phone.mac ?? ''}` },
      ...(resume && phone.session !== undefined ? { session: phone.session } : {}),
    }, (response) => {
      let bytes = 0;
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => {
        bytes += part.length;
        if (keep !== undefined) parts.push(part);
      }).once('end', () => {
        keep?.(Buffer.concat(parts).toString('utf8'));
        end(response.statusCode === 200, bytes, resumed);
      }).once('error', () => end(false, bytes, resumed));
    });
    let resumed = false;
    asked.once('socket', (socket) => {
      const secure = socket as TLSSocket;
      secure.on('session', (session) => void (phone.session = session)).once('secureConnect', () => (resumed = secure.isSessionReused()));
    });
    asked.once('error', () => end(false, 0, resumed)).end();
  });
}

async function measure(root: string, size: Size): Promise<{ readonly stages: readonly FetchStage[]; readonly refusals: readonly { readonly name: string; readonly time: Percentiles }[] }> {
  const product = await startProduct({ root, env: { API_RATE_LIMIT_LIGHT: '0', API_RATE_LIMIT_HEAVY: '0', HTTPS_PORT: '0' } });
  const loads = new Loads(join(root, 'test', 'interop', 'scenarios'), 1000);
  try {
    const template = await expectApi<{ readonly id: string }>(product, 201, 'POST', '/v2/phone/provision_templates', { name: 'Fleet', content: 'phone_setting.ring_type = Ring1.wav\n', families: ['yealink'] });
    const { phones, ended } = await addPhones(product, size.phones, template.id);
    const target: Target = {
      name: 'cordboard', sip: product.sip, ...await makePhones(product, { phones: 50, callers: 0 }), processes: processesOf(product), inspect: () => Promise.resolve([]), stop: () => product.close(),
    };
    await loads.register(target, { rate: size.registers, units: size.registers });
    const alone = watch(target.processes.slice(0, 1));
    await loads.register(target, { rate: size.registers, units: size.registers * 5 });
    const idleUsPerSecond = alone().reduce((sum, one) => sum + one.cpuUs, 0) / 5;
    const stages: FetchStage[] = [];
    for (const [name, resume, ring] of [['whole handshakes', false, 'Ring2.wav'], ['TLS sessions resumed', true, 'Ring3.wav']] as const) {
      process.stderr.write(`bench: ${name}\n`);
      await expectApi(product, 204, 'PATCH', `/v2/phone/provision_templates/${template.id}`, { content: `phone_setting.ring_type = ${ring}\n` });
      stages.push(await stageOf(name, resume, { phones, size, target, loads, idleUsPerSecond }));
    }
    return { stages, refusals: await timeRefusals(phones, ended, size.refusals) };
  } finally {
    loads.close();
    await product.close();
  }
}

interface Scene {
  readonly phones: readonly BenchPhone[];
  readonly size: Size;
  readonly target: Target;
  readonly loads: Loads;
  readonly idleUsPerSecond: number;
}

async function stageOf(name: string, resume: boolean, { phones, size, target, loads, idleUsPerSecond }: Scene): Promise<FetchStage> {
  const used = watch(target.processes.slice(0, 1));
  const probe = await startLatencyProbe(target, 'register');
  const began = performance.now();
  const registers = loads.register(target, { rate: size.registers, units: size.registers * size.seconds });
  const fetched = (await Promise.all(phones.map(async (phone, at) => {
    await new Promise((resolve) => setTimeout(resolve, (at / phones.length) * size.seconds * 1000));
    return [await fetchFile(`${phone.folder}y000000000096.cfg`, phone, resume), await fetchFile(`${phone.folder}${phone.mac}.cfg`, phone, resume)];
  }))).flat();
  const seconds = (performance.now() - began) / 1000;
  await registers;
  const cpuUs = used().reduce((sum, one) => sum + one.cpuUs, 0) - idleUsPerSecond * seconds;
  return {
    name, files: fetched.length, failed: fetched.filter(({ ok }) => !ok).length, bytes: fetched.reduce((sum, { bytes }) => sum + bytes, 0),
    time: percentiles(fetched.map(({ ms }) => ms)), cpuPerFileMs: cpuUs / 1000 / fetched.length, resumed: fetched.filter(({ resumed }) => resumed).length,
    register: percentiles(await probe.stop()),
  };
}

/** Yealinks that have their configuration, and an address of each that ended with it. */
async function addPhones(product: Product, count: number, templateId: string): Promise<{ readonly phones: readonly BenchPhone[]; readonly ended: readonly string[] }> {
  const phones: BenchPhone[] = [];
  const ended: string[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: 6 }, async () => {
    for (let at = next++; at < count; at = next++) {
      const mac = (0x001565000000 + at).toString(16).padStart(12, '0');
      // No more than 200 requests a minute of an address, as behind no office.
      const from = `127.0.${1 + Math.floor(at / 20_000)}.${2 + (Math.floor(at / 100) % 200)}`;
      const { id } = await expectApi<{ readonly id: string }>(product, 201, 'POST', '/v2/phone/devices', { display_name: `Desk ${at}`, mac_address: mac, type: 'Yealink', model: 'T54W', provision_template_id: templateId });
      const { url } = await expectApi<{ readonly url: string }>(product, 200, 'POST', `/v2/cordboard/devices/${id}/provisioning/enrol`, {});
      const first = url.replace(/^https:\/\/[^:/]+/, 'https://127.0.0.1');
      const origin = new URL(first).origin;
      let folder = '';
      await fetchFile(`${first}${mac}.cfg`, { from, mac }, false, (body) => {
        folder = `${origin}${new RegExp(`https://[^\\s/]+(/p/[\\w-]+/)`).exec(body.replace(url, ''))?.[1] ?? '/'}`;
      });
      const phone: BenchPhone = { mac, folder, from, session: undefined };
      if (!(await fetchFile(`${folder}${mac}.cfg`, phone, false)).ok) throw new Error(`phone ${mac} did not get its file`);
      phones.push(phone);
      ended.push(`${first}${mac}.cfg`);
      if (phones.length % 500 === 0) process.stderr.write(`bench: ${phones.length} of ${count} phones\n`);
    }
  }));
  return { phones, ended };
}

/** In turn, one after the other, so that both kinds see the same machine; each address few enough times not to be banned. */
async function timeRefusals(phones: readonly BenchPhone[], ended: readonly string[], count: number): Promise<readonly { readonly name: string; readonly time: Percentiles }[]> {
  const origin = new URL(ended[0] ?? 'https://127.0.0.1').origin;
  const [unknown, known]: [number[], number[]] = [[], []];
  for (let at = 0; at < count; at += 1) {
    const from = `127.1.${Math.floor(at / 40) % 250}.9`;
    const mac = phones[at % phones.length]?.mac ?? '';
    unknown.push((await fetchFile(`${origin}/p/${'guess'.repeat(6)}${at}/${mac}.cfg`, { from }, false)).ms);
    known.push((await fetchFile(ended[at % ended.length] ?? '', { from }, false)).ms);
  }
  return [{ name: 'an address that nobody has', time: percentiles(unknown) }, { name: 'an address that has ended', time: percentiles(known) }];
}
