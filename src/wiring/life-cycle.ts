import type { Log } from '../ports/runtime.js';

type Stop = (cause: string) => Promise<void> | void;

/**
 * Parts started in order and stopped in reverse. A part that fails to start stops those before it; stopping twice is
 * stopping once; a part that fails to stop does not keep the others up.
 */
export class LifeCycle {
  readonly #stops: { readonly name: string; readonly stop: Stop }[] = [];
  #stopping: Promise<void> | undefined;

  constructor(private readonly log: Log) {}

  /** Runs `start` and keeps the stop it returns beside the value. */
  async start<T>(name: string, start: () => Promise<{ readonly value: T; readonly stop: Stop }>): Promise<T> {
    const began = performance.now();
    const { value, stop } = await start();
    this.#stops.push({ name, stop });
    this.log.debug('part started', { part: name, ms: Math.round(performance.now() - began) });
    return value;
  }

  stop(cause: string): Promise<void> {
    this.#stopping ??= this.#stopAll(cause);
    return this.#stopping;
  }

  async #stopAll(cause: string): Promise<void> {
    for (let part = this.#stops.pop(); part; part = this.#stops.pop()) {
      try {
        await part.stop(cause);
        this.log.debug('part stopped', { part: part.name });
      } catch (error) {
        this.log.error('part failed to stop', { part: part.name, err: error });
      }
    }
  }
}
