import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../support/product-ports.js';
import type { Sipp } from '../support/sipp.js';
import type { Loads } from './loads.js';
import type { BenchOptions } from './options.js';
import { memoryOf } from './process-usage.js';
import type { GrowthPoint, MemoryFigure } from './results.js';
import type { Target } from './target.js';

/** Answered transactions are kept 64·T1 (RFC 3261 §17.2.2 timer J, RFC 6026 timer L); after that only what lasts remains. */
const TRANSACTIONS_GONE_MS = 34_000;
const REGISTER_RATE = 1000;
const CALL_RATE = 100;
/** Longer than the measurement: these calls stand until their caller is ended. */
const STANDING_MS = 300_000;
/** Four contacts beside the one each phone has: five is what a phone may have. */
const CONTACTS = 4;
/** Messages of one unit: REGISTER and 401, REGISTER and 200; a call on both legs, with challenge, 100, 180 and BYE. */
const MESSAGES = { register: 4, call: 20 } as const;
const STEPS = 20;
/** Of the growth run, each a second. */
const MOST = { register: 3 * REGISTER_RATE, call: 2 * CALL_RATE } as const;

/** The highest, if any. */
const highest = (rates: readonly number[]): readonly number[] => [...rates].sort((a, b) => b - a).slice(0, 1);

type Sample = ReadonlyMap<string, number>;

/** After garbage collection where there is a collector. */
async function sample(target: Target): Promise<Sample> {
  for (const inspector of await target.inspect()) await inspector.collectGarbage();
  return memoryOf(target.processes);
}

const growth = (before: Sample, after: Sample): Readonly<Record<string, number>> =>
  Object.fromEntries([...after].map(([name, bytes]) => [name, bytes - (before.get(name) ?? 0)]));

/**
 * Memory per binding and per standing call, of servers that run side by side, so that the waiting is done once for all.
 * The working memory of each was grown by the same load before, so that bindings and calls are what differs.
 */
export async function measureMemory(targets: readonly Target[], loads: Loads, options: BenchOptions, say: (text: string) => void): Promise<readonly MemoryFigure[]> {
  const rounds = Math.max(1, Math.min(CONTACTS, Math.round(options.bindings / options.phones)));
  const phonesOf = ({ phones }: Target): number => phones.length;
  const settled = async (what: string): Promise<readonly Sample[]> => {
    say(`memory: waiting ${TRANSACTIONS_GONE_MS / 1000} s until answered transactions are gone, ${what}`);
    await pause(TRANSACTIONS_GONE_MS);
    const samples: Sample[] = [];
    for (const target of targets) samples.push(await sample(target));
    return samples;
  };
  for (const target of targets) {
    say(`memory: ${target.name} grows its working memory`);
    for (let round = 1; round <= rounds; round += 1) await loads.register(target, { rate: REGISTER_RATE, units: phonesOf(target) });
    await loads.call(target, { rate: CALL_RATE, units: options.standingCalls });
  }
  const before = await settled('before');
  for (const target of targets) {
    say(`memory: ${target.name} takes ${rounds * phonesOf(target)} bindings`);
    for (let round = 1; round <= rounds; round += 1) await loads.register(target, { rate: REGISTER_RATE, units: phonesOf(target) }, await freePort());
  }
  const bound = await settled('with bindings');
  const standing: Sipp[] = [];
  try {
    for (const target of targets) {
      say(`memory: ${target.name} takes ${options.standingCalls} calls`);
      standing.push(await loads.answering(target), await loads.startCalls(target, { rate: CALL_RATE, units: options.standingCalls, talkMs: STANDING_MS }));
      await pause((options.standingCalls / CALL_RATE) * 1000 + 500);
    }
    const talking = await settled('with calls');
    return targets.flatMap((target, at): readonly MemoryFigure[] => {
      const [was, then, now] = [before[at], bound[at], talking[at]];
      if (!was || !then || !now) return [];
      return [
        { server: target.name, of: 'bindings', count: rounds * phonesOf(target), growthBytes: growth(was, then) },
        { server: target.name, of: 'calls', count: options.standingCalls, growthBytes: growth(then, now) },
      ];
    });
  } finally {
    await Promise.all(standing.map((sipp) => sipp.stop(0)));
  }
}

/** Memory after each twentieth of many messages; one in four of them belongs to calls. At the highest rates of the stages, within the bounds above. */
export async function measureGrowth(target: Target, loads: Loads, { messages, registerRates, callRates }: BenchOptions, say: (text: string) => void): Promise<readonly GrowthPoint[]> {
  const points: GrowthPoint[] = [];
  const step = messages / STEPS;
  const rates = { register: Math.min(MOST.register, ...highest(registerRates)), call: Math.min(MOST.call, ...highest(callRates)) };
  const registrations = Math.round((0.75 * step) / MESSAGES.register);
  const calls = Math.max(1, Math.round((0.25 * step) / MESSAGES.call));
  for (let at = 0; at <= STEPS; at += 1) {
    if (at > 0) {
      await loads.register(target, { rate: rates.register, units: registrations });
      await loads.call(target, { rate: rates.call, units: calls });
    }
    const bytes = Object.fromEntries(await sample(target));
    points.push({ server: target.name, messages: Math.round(at * step), bytes });
    say(`growth: ${target.name} after ${Math.round(at * step)} messages: ${Object.entries(bytes).map(([name, size]) => `${name} ${(size / 1e6).toFixed(1)} MB`).join(', ')}`);
  }
  return points;
}
