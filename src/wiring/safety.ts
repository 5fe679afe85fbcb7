import { createWatchAlerts } from '../usecases/alerts/watch-alerts.js';
import { createTellEmergency, type TellEmergency } from '../usecases/alerts/tell-emergency.js';
import type { Core } from './core.js';
import type { HotDeskPart } from './hot-desk.js';
import type { LifeCycle } from './life-cycle.js';
import { systemLocalClock } from './local-time.js';
import type { PostgresPart } from './postgres.js';
import type { RedisPart } from './redis.js';

export interface SafetyPart {
  readonly emergencyCalls: TellEmergency;
  /** Looks at every alert once. */
  readonly watchAlerts: () => Promise<number>;
}

/** Alerts, and who is told of calls for help. */
export async function startSafety(
  life: LifeCycle, core: Core, { redis, postgres, hotDesk }: { readonly redis: RedisPart; readonly postgres: PostgresPart; readonly hotDesk: HotDeskPart },
): Promise<SafetyPart> {
  const { admin, directory } = postgres;
  const emergencyCalls = await life.start('emergency notices', async () => {
    const started = createTellEmergency({ ...admin, directory, sendNow: () => hotDesk.deliverWebhooks.tick() });
    return { value: started, stop: () => started.idle() };
  });
  return { emergencyCalls, watchAlerts: createWatchAlerts({ ...admin, directory, locations: redis.location, localClock: systemLocalClock }) };
}
