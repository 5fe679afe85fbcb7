import t from 'tap';
import { findMaxRate } from '../../bench/max-rate.js';
import { plotSvg } from '../../bench/plot.js';
import { percentiles, type BenchResults, type Stage } from '../../bench/results.js';

/** A server that is clean up to its limit and retransmits beyond. */
const stage = (rate: number, limit: number): Stage => ({
  server: 'cordboard', load: 'register', rate, reached: rate, done: rate, failed: 0, unfinished: 0,
  retransmissions: rate <= limit ? 0 : rate, use: [{ name: 'cordboard', cpuUs: rate * 100, threads: {} }], problems: '',
});

t.test('the highest clean rate is found to within a tenth', async (t) => {
  for (const limit of [300, 1900, 2100, 7300]) {
    const known = [500, 1000, 2000].map((rate) => stage(rate, limit));
    const { rate, notClean } = await findMaxRate(known, async (asked) => stage(asked, limit));
    t.ok(rate <= limit && rate > limit / 1.2, `limit ${limit}: ${rate}`);
    t.ok(notClean !== null && notClean > limit, `limit ${limit}: not clean at ${notClean}`);
  }
});

t.test('a rate that failed once is tried once more', async (t) => {
  const asked: number[] = [];
  const { rate } = await findMaxRate([stage(1000, 1000), stage(2000, 1000)], async (next) => {
    asked.push(next);
    return stage(next, asked.length === 1 ? 0 : 1500);
  });
  t.equal(asked[1], asked[0], 'the same rate again');
  t.ok(rate >= 1500 / 1.2, `${rate} found`);
});

t.test('percentiles', async (t) => {
  t.same(percentiles(Array.from({ length: 100 }, (_, at) => 99 - at)), { p50: 50, p95: 95, p99: 99, max: 99 });
  t.same(percentiles([]), { p50: 0, p95: 0, p99: 0, max: 0 });
});

t.test('the plot draws clean stages only', async (t) => {
  const results: BenchResults = {
    at: '', machine: '', versions: {}, command: '', max: [], latency: [], memory: [], growth: [],
    stages: [stage(500, 1000), stage(1000, 1000), stage(2000, 1000)],
  };
  t.equal(plotSvg(results).split('<circle').length - 1, 2);
});
