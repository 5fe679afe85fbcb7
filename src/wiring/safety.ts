import { createWatchAlerts } from '../usecases/alerts/watch-alerts.js';
import { createTellEmergency, type TellEmergency } from '../usecases/alerts/tell-emergency.js';
import { siteWarnings } from '../usecases/emergency/site-warnings.js';
import type { Core } from './core.js';
import type { HotDeskPart } from './hot-desk.js';
import type { LifeCycle } from './life-cycle.js';
import { systemLocalClock } from './local-time.js';
import type { MailTick } from './mail.js';
import type { PostgresPart } from './postgres.js';
import type { RedisPart } from './redis.js';
import type { TrunksPart } from './trunks.js';

export interface SafetyPart {
  readonly emergencyCalls: TellEmergency;
  /** Looks at every alert once. */
  readonly watchAlerts: () => Promise<number>;
}

export interface SafetyNeeds {
  readonly redis: RedisPart;
  readonly postgres: PostgresPart;
  readonly hotDesk: HotDeskPart;
  readonly deliverMail: MailTick;
  readonly trunks: TrunksPart;
}

/** A start says no more of them; GET /v2/cordboard/warnings lists all. */
const MOST_WARNINGS = 10;

/** Alerts, and who is told of calls for help. */
export async function startSafety(
  life: LifeCycle, core: Core, { redis, postgres, hotDesk, deliverMail, trunks }: SafetyNeeds,
): Promise<SafetyPart> {
  const { admin, directory } = postgres;
  const emergencyCalls = await life.start('emergency notices', async () => {
    const started = createTellEmergency({ ...admin, directory, sendNow: () => Promise.all([hotDesk.deliverWebhooks.tick(), deliverMail()]) });
    return { value: started, stop: () => started.idle() };
  });
  for (const { kind, text } of directory.accounts().flatMap(({ id }) => siteWarnings(directory, id)).slice(0, MOST_WARNINGS)) {
    core.log.warn('emergency-calls-not-set-up', { kind, text });
  }
  const watchAlerts = createWatchAlerts({ ...admin, directory, locations: redis.location, localClock: systemLocalClock, findTroubles: trunks.findTroubles });
  return { emergencyCalls, watchAlerts };
}
