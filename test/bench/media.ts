/** The benchmark of media: many callers in a prompt at once. `npm run bench -- media --help`. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { SinkFigures } from './media-sink.js';
import { watch } from './process-usage.js';

const HELP = `Usage: npm run bench -- media [--callers N,N,…] [--seconds N] [--json FILE]

Starts the media thread, calls it N times at once and has every call play a prompt. A second thread hears all of them and
takes the time of each packet; |D| is by how much two packets of a stream are apart otherwise than their timestamps say.

  --callers N,N,…   calls at once, one stage each [100,250]
  --seconds N       length of a stage, after two to settle [20]
  --json FILE       writes the figures there
`;

/** What one stage measured. */
export interface MediaStage {
  readonly callers: number;
  readonly seconds: number;
  readonly packets: number;
  /** Of those that 50 a second make. */
  readonly sentShare: number;
  readonly lost: number;
  /** |D| in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  readonly worstJitterMs: number;
  /** Of one processor, the media thread alone; the collector's helpers of the process are in neither. */
  readonly cpuPercent: number;
  readonly cpuUsPerCallerSecond: number;
  readonly lateTurns: number;
  readonly skippedFrames: number;
}

type Wiring = typeof import('../../src/wiring/media.js');
type Config = typeof import('../../src/config/settings.js');
type Logging = typeof import('../../src/observability/log.js');
type Prompts = typeof import('../../sip/media/prompts/prompt-store.js');

const SETTLE_MS = 2000;
const THREAD = 'sip-media';

/** Runs it on the build under `root`; returns the exit code: 0 done, 1 packets were missing, 2 a wrong option. */
export async function bench(root: string, words: readonly string[]): Promise<number> {
  const options = { callers: { type: 'string', default: '100,250' }, seconds: { type: 'string', default: '20' }, json: { type: 'string' }, help: { type: 'boolean' } } as const;
  let values;
  try {
    ({ values } = parseArgs({ args: [...words], options }));
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n${HELP}`);
    return 2;
  }
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const stages: MediaStage[] = [];
  for (const callers of values.callers.split(',').map(Number)) stages.push(await stage(root, callers, Number(values.seconds)));
  process.stdout.write(`${mediaTable(stages)}\n`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ at: new Date().toISOString(), stages }, null, 2)}\n`);
  return stages.some(({ sentShare, lost }) => sentShare < 0.99 || lost > 0) ? 1 : 0;
}

/** The figures as a table for people. */
export function mediaTable(stages: readonly MediaStage[]): string {
  return ['| callers | CPU of the thread | a caller | \\|D\\| p50 | p99 | p99.9 | max ms | jitter max ms | lost | sent | late turns |', '|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...stages.map((one) => `| ${one.callers} | ${one.cpuPercent.toFixed(1)} % | ${one.cpuUsPerCallerSecond.toFixed(0)} µs/s | ${one.p50.toFixed(2)} | ${one.p99.toFixed(1)} | ${
      one.p999.toFixed(1)} | ${one.max.toFixed(1)} | ${one.worstJitterMs.toFixed(2)} | ${one.lost} | ${(100 * one.sentShare).toFixed(2)} % | ${one.lateTurns} |`)].join('\n');
}

/** One stage on a media thread of its own. */
export async function stage(root: string, callers: number, seconds: number): Promise<MediaStage> {
  const load = async <T>(path: string): Promise<T> => await import(pathToFileURL(join(root, 'dist', path)).href) as T;
  const { startMedia } = await load<Wiring>('src/wiring/media.js');
  const { readSettings } = await load<Config>('src/config/settings.js');
  const { createLog } = await load<Logging>('src/observability/log.js');
  const { encodeAudio } = await load<Prompts>('sip/media/prompts/prompt-store.js');
  const read = readSettings(new Map(), { SIP_BIND: '127.0.0.1' });
  if (read.kind !== 'settings') throw new Error(read.problems.join());
  const media = await startMedia(read.settings, createLog('warn', 'text'), (why) => { throw new Error(why); }, join(root, 'prompts'));
  const sink = new Worker(new URL('./media-sink.ts', import.meta.url));
  const [port] = await once(sink, 'message') as [number];
  const sdp = `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${port} RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n`;
  const samples = Int16Array.from({ length: 8000 * (seconds + 30) }, (_, at) => Math.round(8000 * Math.sin(at * 0.3456)));
  const prompt = { audio: encodeAudio(samples) };
  try {
    for (let caller = 0; caller < callers; caller += 1) {
      const outcome = await media.value.endpoints.answer(sdp, { peer: '127.0.0.1', inactivityMs: 0 });
      if (outcome.kind !== 'endpoint') throw new Error(`caller ${caller + 1}: ${outcome.kind}`);
      outcome.endpoint.play([prompt], { bargeIn: true });
    }
    await pass(SETTLE_MS);
    const figures = async (): Promise<SinkFigures> => {
      sink.postMessage('read');
      const [answer] = await once(sink, 'message') as [SinkFigures];
      return answer;
    };
    const before = await media.value.metrics();
    await figures();
    const used = watch([{ name: 'bench', pids: [process.pid] }]);
    const began = performance.now();
    await pass(seconds * 1000);
    const heard = await figures();
    const tookMs = performance.now() - began;
    const cpuUs = used()[0]?.threads[THREAD] ?? 0;
    const after = await media.value.metrics();
    const grown = (name: string): number => (after[name] ?? 0) - (before[name] ?? 0);
    const at = (share: number): number => heard.deviations[Math.min(heard.deviations.length - 1, Math.floor(heard.deviations.length * share))] ?? 0;
    if (heard.streams !== callers || heard.audible < heard.packets * 0.99) throw new Error(`${heard.streams} streams, ${heard.audible} of ${heard.packets} packets with sound`);
    return {
      callers, seconds: tookMs / 1000, packets: heard.packets, sentShare: heard.packets / (callers * tookMs / 20), lost: heard.lost,
      p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1), worstJitterMs: heard.worstJitterMs,
      cpuPercent: cpuUs / tookMs / 10, cpuUsPerCallerSecond: cpuUs / callers / (tookMs / 1000),
      lateTurns: grown('pacer_late'), skippedFrames: grown('pacer_skipped_frames'),
    };
  } finally {
    await sink.terminate();
    await media.stop();
  }
}
