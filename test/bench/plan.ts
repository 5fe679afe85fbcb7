import type { BenchOptions } from './options.js';

const START_SECONDS: Readonly<Record<string, number>> = { 'cordboard': 18, 'cordboard-on-drachtio': 20, 'drachtio': 6, 'kamailio-1': 5, 'kamailio-2': 5 };
const PROBES = 5;

/** Whole minutes a run takes, roughly. */
export function minutesOf(options: BenchOptions): number {
  const { parts, seconds, talkMs, servers } = options;
  const [register, call] = [seconds + 1, seconds + talkMs / 1000 + 2];
  const each = [
    parts.includes('rates') ? options.registerRates.length * register + options.callRates.length * call : 0,
    parts.includes('max') ? PROBES * (register + call) : 0,
    parts.includes('latency') ? register + call + 2 : 0,
  ].reduce((sum, part) => sum + part, 0);
  const waits = 110;
  const memory = parts.includes('memory') ? waits + servers.length * (options.bindings / 500 + options.standingCalls / 45 + 10) : 0;
  const starts = servers.reduce((sum, name) => sum + (START_SECONDS[name] ?? 0), 0);
  const growth = servers.length * (options.messages / 8000);
  return Math.ceil((servers.length * each + starts + memory + growth) / 60);
}
