import type { DirectoryKeeper } from '../ports/directory.js';
import type { KeepNatOpen } from '../usecases/keep-nat-open.js';
import type { ResyncNotifier } from '../usecases/hotdesk/resync-notifier.js';
import type { RecordCalls } from '../usecases/record-call.js';

/** What runs by the clock on every node. Each verb claims its rows or batches itself, so there are no cron locks. */
export interface Job {
  readonly name: string;
  /** node-cron expression, seconds first. */
  readonly schedule: string;
  readonly run: () => Promise<unknown>;
}

export interface JobVerbs {
  readonly sweepBindings: () => Promise<number>;
  /** Delivers committed configuration events that no process announced. */
  readonly sweepOutbox: () => Promise<unknown>;
  readonly directory: Pick<DirectoryKeeper, 'catchUp'>;
  readonly recordCalls: Pick<RecordCalls, 'renewLease' | 'closeLost'>;
  /** Renews the places of running calls among those that may be up at once. */
  readonly renewCalls: () => Promise<unknown>;
  /** Keeps what people spent and talked today where calls read it. */
  readonly keepSpending: () => Promise<unknown>;
  readonly keepNatOpen: KeepNatOpen;
  readonly resyncs: Pick<ResyncNotifier, 'tick'>;
  /** Looks at campaigns of re-syncs whose time has come. */
  readonly runCampaigns: () => Promise<unknown>;
  /** Carries on files that are planned, applied or undone. */
  readonly runImports: () => Promise<unknown>;
  /** Ends hot-desk sessions whose time has come. */
  readonly sweepSessions: () => Promise<unknown>;
  /** Ends hot-desk sessions that waited for a call's end. */
  readonly finishDraining: () => Promise<unknown>;
  /** Makes deliveries of new events. */
  readonly handOnEvents: () => Promise<unknown>;
  /** Begins those that are due. */
  readonly deliverWebhooks: () => Promise<unknown>;
  /** Sends mail that is due. */
  readonly deliverMail: () => Promise<unknown>;
  /** Asks where gateways' names lead, where the answer is old. */
  readonly resolveGateways: () => Promise<unknown>;
  /** Writes desks to be called back, and reads those of other nodes. */
  readonly exchangeCallBackPins: () => Promise<unknown>;
  /** Tells makers' redirect services of phones. */
  readonly tellRedirectServices: () => Promise<unknown>;
  /** Tries again what identity providers asked for in vain. */
  readonly retryWishes: () => Promise<unknown>;
  /** Looks at every alert. */
  readonly watchAlerts: () => Promise<unknown>;
  /** Tells of emergency calls that nobody was told of. */
  readonly sweepEmergencyNotices: () => Promise<unknown>;
  /** Deletes delivered events, folded call events and what is old of hot desking, which nobody will ask for again. */
  readonly purge: () => Promise<unknown>;
  /** Deletes rates that no deck names any more. */
  readonly purgeRates: () => Promise<unknown>;
}

const EVERY_SECOND = '* * * * * *';
const EVERY_5_SECONDS = '*/5 * * * * *';
const EVERY_10_SECONDS = '*/10 * * * * *';
const EVERY_15_SECONDS = '*/15 * * * * *';
const EVERY_HOUR = '0 17 * * * *';
const EVERY_HOUR_LATER = '0 37 * * * *';

/** The jobs: name, schedule, verb. */
export function jobTable(verbs: JobVerbs): readonly Job[] {
  return [
    { name: 'binding-sweep', schedule: EVERY_SECOND, run: verbs.sweepBindings },
    { name: 'outbox-sweep', schedule: EVERY_SECOND, run: verbs.sweepOutbox },
    { name: 'directory-catch-up', schedule: EVERY_SECOND, run: () => verbs.directory.catchUp() },
    { name: 'nat-pings', schedule: EVERY_SECOND, run: () => verbs.keepNatOpen.tick() },
    { name: 'imports', schedule: EVERY_SECOND, run: verbs.runImports },
    { name: 'hot-desk-sweep', schedule: EVERY_SECOND, run: verbs.sweepSessions },
    { name: 'hot-desk-finish', schedule: EVERY_SECOND, run: verbs.finishDraining },
    { name: 'call-back-pins', schedule: EVERY_SECOND, run: verbs.exchangeCallBackPins },
    // One after the other, so that an event does not wait for the next second.
    { name: 'webhooks', schedule: EVERY_SECOND, run: () => verbs.handOnEvents().then(verbs.deliverWebhooks) },
    { name: 'mail', schedule: EVERY_SECOND, run: verbs.deliverMail },
    // A batch that begins is asked at once.
    { name: 'phone-resyncs', schedule: EVERY_SECOND, run: () => verbs.runCampaigns().finally(() => verbs.resyncs.tick()) },
    { name: 'lease-renewal', schedule: EVERY_5_SECONDS, run: () => verbs.recordCalls.renewLease() },
    { name: 'redirect-services', schedule: EVERY_5_SECONDS, run: verbs.tellRedirectServices },
    { name: 'fraud-spending', schedule: EVERY_10_SECONDS, run: verbs.keepSpending },
    { name: 'call-places', schedule: EVERY_10_SECONDS, run: verbs.renewCalls },
    { name: 'lost-calls', schedule: EVERY_15_SECONDS, run: () => verbs.recordCalls.closeLost() },
    { name: 'trunk-gateways', schedule: EVERY_5_SECONDS, run: verbs.resolveGateways },
    { name: 'entitlement-wishes', schedule: EVERY_5_SECONDS, run: verbs.retryWishes },
    { name: 'alerts', schedule: EVERY_15_SECONDS, run: verbs.watchAlerts },
    { name: 'emergency-notices', schedule: EVERY_15_SECONDS, run: verbs.sweepEmergencyNotices },
    { name: 'purge', schedule: EVERY_HOUR, run: verbs.purge },
    { name: 'rate-purge', schedule: EVERY_HOUR_LATER, run: verbs.purgeRates },
  ];
}
