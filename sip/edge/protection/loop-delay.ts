import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';

const RESOLUTION_MS = 20;
const NS_PER_MS = 1e6;

/** How late this thread's event loop is. */
export class LoopDelay {
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    this.#histogram.enable();
  }

  /** @returns 90th percentile since the last look, ms; 0 when nothing was measured */
  look(): number {
    const measured = this.#histogram.count > 0 ? this.#histogram.percentile(90) / NS_PER_MS - RESOLUTION_MS : 0;
    this.#histogram.reset();
    return Math.max(0, measured);
  }

  stop(): void {
    this.#histogram.disable();
  }
}
