import { createFraudCounters } from '../storage/redis/fraud-counters.js';
import type { FraudCounters } from '../ports/fraud-stores.js';
import { createGuardBook, type GuardBook } from '../usecases/fraud/guard-book.js';
import { createTellFraud, type TellFraud } from '../usecases/fraud/tell-fraud.js';
import type { WatchCallDeps } from '../usecases/fraud/watch-call.js';
import type { Core } from './core.js';
import type { LifeCycle } from './life-cycle.js';
import { systemWallClock } from './local-time.js';
import { WEEKDAYS } from '../domain/device/firmware-window.js';
import type { PostgresPart } from './postgres.js';
import type { RedisPart } from './redis.js';

export interface FraudPart {
  readonly book: GuardBook;
  readonly counters: FraudCounters;
  readonly watch: WatchCallDeps;
  readonly tell: TellFraud;
}

/** Guards on calls to the telephone network, in memory, and who is told of what they find. */
export async function startFraud(life: LifeCycle, core: Core, { redis, postgres }: { readonly redis: RedisPart; readonly postgres: PostgresPart }): Promise<FraudPart> {
  const { admin, directory } = postgres;
  const book = createGuardBook({ stores: admin.stores });
  const counters = createFraudCounters(redis.client);
  const tell = createTellFraud({ ...admin, counters, log: core.log });
  const watch: WatchCallDeps = {
    directory, guards: book,
    clockAt: (zone, at) => {
      const { weekday, time } = systemWallClock(zone, at);
      return { time, weekday: WEEKDAYS.indexOf(weekday) + 1 };
    },
  };
  return life.start('fraud guards', async () => {
    const end = await directory.follow(book);
    return {
      value: { book, counters, watch, tell },
      stop: async () => {
        end();
        await tell.idle();
      },
    };
  });
}
