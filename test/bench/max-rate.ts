import { isClean, type MaxRate, type Stage } from './results.js';

const PROBES = 6;
/** The search ends when the rates around the limit are that close. */
const CLOSE = 1.1;
const GROWTH = 1.7;

const rounded = (rate: number): number => {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(rate)) - 1) / 2;
  return Math.max(1, Math.round(Math.round(rate / unit) * unit));
};

/**
 * The highest clean rate: between the highest known to be clean and the lowest known not to be, by halving; upwards in
 * large steps while none failed. A rate that fails is tried once more, since a neighbour on the machine may have been at fault.
 * @param known stages already measured
 */
export async function findMaxRate(known: readonly Stage[], measure: (rate: number) => Promise<Stage>): Promise<Omit<MaxRate, 'server' | 'load'>> {
  let clean = Math.max(0, ...known.filter(isClean).map(({ rate }) => rate));
  const failing = known.filter((stage) => !isClean(stage) && stage.rate > clean).map(({ rate }) => rate);
  let notClean = failing.length > 0 ? Math.min(...failing) : null;
  for (let probe = 0; probe < PROBES; probe += 1) {
    if (notClean !== null && notClean / Math.max(1, clean) < CLOSE) break;
    const rate = rounded(notClean === null ? clean * GROWTH : (clean + notClean) / 2);
    if (rate === clean || rate === notClean) break;
    if (isClean(await measure(rate)) || isClean(await measure(rate))) clean = rate;
    else notClean = rate;
  }
  return { rate: clean, notClean };
}
