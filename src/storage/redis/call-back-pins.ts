import { CallBackPins, pinFrom, pinText, type CallBackPin } from '../../domain/emergency/call-back-pin.js';
import type { CallBackPinning } from '../../ports/call-back-pins.js';
import { StorageFault, type Clock, type Log } from '../../ports/runtime.js';
import type { RedisClient } from './client.js';
import { CALL_BACK_PINS_KEY } from './keys.js';

export interface RedisCallBackPins extends CallBackPinning {
  /** Writes what this node pinned and reads what others did; while Redis is away it does nothing. */
  exchange(): Promise<void>;
}

export interface CallBackPinOptions {
  readonly client: Pick<RedisClient, 'ask' | 'available' | 'onDataLoss'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Pins in one sorted set by their end. Memory answers, and outlives Redis; Redis outlives this process. A Redis that lost data gets back what
 * this node remembers.
 */
export function createCallBackPins({ client, clock, log }: CallBackPinOptions): RedisCallBackPins {
  const pins = new CallBackPins();
  let unwritten: readonly CallBackPin[] = [];
  let running: Promise<void> | null = null;
  client.onDataLoss(() => {
    unwritten = pins.all(clock.now());
  });

  async function write(): Promise<void> {
    const now = clock.now();
    const waiting = unwritten;
    const due = waiting.filter(({ until }) => until > now);
    if (due.length > 0) await client.ask((redis) => redis.zadd(CALL_BACK_PINS_KEY, ...due.flatMap((pin) => [pin.until, pinText(pin)])));
    unwritten = unwritten.filter((pin) => !waiting.includes(pin));
  }

  async function read(): Promise<void> {
    const now = clock.now();
    const texts = await client.ask((redis) => redis.zrangebyscore(CALL_BACK_PINS_KEY, `(${now}`, '+inf'));
    for (const pin of texts.map(pinFrom)) if (pin !== null) pins.put(pin);
    pins.forgetOld(now);
    await client.ask((redis) => redis.zremrangebyscore(CALL_BACK_PINS_KEY, '-inf', now));
  }

  async function exchange(): Promise<void> {
    if (!client.available) return;
    try {
      await write();
      await read();
    } catch (error) {
      if (!(error instanceof StorageFault)) throw error;
    }
  }

  const soon = (): void => {
    running ??= exchange().catch((error: unknown) => log.error('call-back pins not kept yet', { err: error })).finally(() => {
      running = null;
    });
  };
  return {
    pin(pin) {
      pins.put(pin);
      unwritten = [...unwritten, pin];
      soon();
    },
    pinned: (accountId, number) => pins.at(accountId, number, clock.now()),
    async exchange() {
      await running;
      await exchange();
    },
  };
}
