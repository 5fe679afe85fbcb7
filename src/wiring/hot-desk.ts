import { createWebhookSender } from '../outbound/webhook-sender.js';
import { signText } from '../security/key-material.js';
import { createHotDesk, type HotDesk } from '../usecases/hotdesk/create-hot-desk.js';
import { createDeliverWebhooks, type DeliverWebhooks } from '../usecases/webhooks/deliver-webhooks.js';
import { createHandOnEvents } from '../usecases/webhooks/hand-on-events.js';
import type { WebhookDeps } from '../usecases/webhooks/webhook-deps.js';
import type { Core } from './core.js';
import type { LifeCycle } from './life-cycle.js';
import type { PostgresPart } from './postgres.js';

export interface HotDeskPart {
  readonly hotDesk: HotDesk;
  readonly webhooks: WebhookDeps;
  readonly handOnEvents: () => Promise<number>;
  readonly deliverWebhooks: DeliverWebhooks;
}

const DAY_MS = 86_400_000;
/** Failures and locks decide nothing after a day; deliveries are looked at for a month, the steps of sessions for more than a year. */
const KEPT = { failuresMs: 2 * DAY_MS, deliveriesMs: 30 * DAY_MS, eventsMs: 400 * DAY_MS } as const;

/** Hot desking and its webhooks. */
export async function startHotDesk(life: LifeCycle, core: Core, { admin, directory }: PostgresPart): Promise<HotDeskPart> {
  const { clock, log, settings } = core;
  const hotDesk = createHotDesk({ ...admin, directory });
  const webhooks: WebhookDeps = {
    ...admin, webhookBox: core.webhookBox, signText, webhookSender: createWebhookSender({ allowed: settings.webhookAllowedHosts }),
  };
  // A session that waited for a call's end does not wait for the next second as well.
  const deaf = admin.deviceCalls.onCallsOver((deviceId) => {
    // Known in memory: the end of an ordinary call costs no SQL.
    if (directory.drainingOn(deviceId).length === 0) return;
    hotDesk.finishDraining.ofDevice(deviceId).catch((error: unknown) => log.warn('hot-desk-finish-failed', { device: deviceId, err: error }));
  });
  const deliverWebhooks = await life.start('webhooks', async () => {
    const started = createDeliverWebhooks({ ...webhooks, clock, log, jitter: Math.random });
    return {
      value: started,
      stop: () => {
        deaf();
        return started.stop();
      },
    };
  });
  return { hotDesk, webhooks, handOnEvents: createHandOnEvents(webhooks), deliverWebhooks };
}

/** Forgets what nobody will ask for again. */
export async function purgeHotDesk({ clock }: Core, { admin, retention }: PostgresPart): Promise<void> {
  const now = clock.now();
  await admin.stores.signInLocks.forget(now - KEPT.failuresMs);
  await retention.purgeHotDesking({ deliveries: now - KEPT.deliveriesMs, events: now - KEPT.eventsMs });
}
