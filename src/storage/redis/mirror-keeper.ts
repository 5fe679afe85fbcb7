import type { Clock, Log } from '../../ports/runtime.js';
import { readAllBindings, restoreBindings } from './binding-copy.js';
import { listenToBindings, type HeardEvent } from './binding-events.js';
import type { BindingMirror } from './binding-mirror.js';
import type { RedisClient } from './client.js';
import { EPOCH_KEY } from './keys.js';
import type { Scripts } from './scripts.js';

/**
 * Keeps the mirror equal to Redis: by events; by reading everything after each new subscription (events in between were
 * lost); and the other way round, by writing back what a flushed or crashed Redis lost. What fails is done when Redis is back.
 */
export class MirrorKeeper {
  readonly #options: KeeperOptions;
  readonly #endings: (() => void)[] = [];
  #restoreWanted = false;
  #readingWanted = false;
  #running = false;
  #awaySince: number | null = null;
  #onRead: (() => void) | null = null;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Begins to listen; resolves when the mirror is complete for the first time. */
  async start(): Promise<void> {
    const { client, clock, log, onEvent } = this.#options;
    const firstReading = new Promise<void>((resolve) => { this.#onRead = resolve; });
    this.#endings.push(
      client.onDataLoss(() => {
        this.#restoreWanted = true;
        void this.#work();
      }),
      client.onAvailability((available) => {
        this.#awaySince = available ? null : clock.now();
        void this.#work();
      }),
      listenToBindings({
        client, log, onEvent,
        onSubscribed: () => {
          this.#readingWanted = true;
          void this.#work();
        },
      }),
    );
    await firstReading;
  }

  close(): void {
    for (const end of this.#endings.splice(0)) end();
  }

  /**
   * The instant by which a binding in the mirror has expired or not: the clock's, but during an outage the outage's
   * beginning, since no phone can refresh in it.
   */
  now(): number {
    return this.#awaySince ?? this.#options.clock.now();
  }

  /** One job at a time, writing back before reading: reading first would forget what is to be written back. */
  async #work(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      // The listener that called may run before the client counts as up.
      await Promise.resolve();
      while (this.#options.client.available && (this.#restoreWanted || this.#readingWanted)) {
        if (this.#restoreWanted) await this.#restore();
        else await this.#read();
      }
    } catch (error) {
      this.#options.log.warn('copy of the bindings not renewed yet', { err: error });
    } finally {
      this.#running = false;
    }
  }

  async #restore(): Promise<void> {
    const { client, scripts, mirror, clock, log } = this.#options;
    this.#restoreWanted = false;
    try {
      log.info('bindings written back', { written: await restoreBindings(client, scripts, mirror.all(), clock.now()) });
    } catch (error) {
      this.#restoreWanted = true;
      throw error;
    }
  }

  async #read(): Promise<void> {
    const { client, scripts, mirror } = this.#options;
    this.#readingWanted = false;
    const full = mirror.beginReading();
    try {
      for await (const page of readAllBindings(client, scripts)) full.page(page);
      if (await client.ask((redis) => redis.exists(EPOCH_KEY)) === 0) {
        // Flushed under our hands: what was not found is not gone.
        this.#readingWanted = true;
        full.abandon();
        client.suspectDataLoss();
        throw new Error('Redis was emptied while being read');
      }
      full.finish();
      this.#onRead?.();
    } catch (error) {
      full.abandon();
      this.#readingWanted = true;
      throw error;
    }
  }
}

export interface KeeperOptions {
  readonly client: RedisClient;
  readonly scripts: Scripts;
  readonly clock: Clock;
  readonly log: Log;
  readonly mirror: BindingMirror;
  readonly onEvent: (heard: HeardEvent) => void;
}
