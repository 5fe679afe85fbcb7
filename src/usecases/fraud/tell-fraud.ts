import { asId, type AccountId, type FraudIncidentId } from '../../domain/ids.js';
import type { FraudIncident } from '../../domain/fraud/guard.js';
import type { GuardVerdict } from '../../domain/fraud/judge-guards.js';
import { holdKey } from '../../domain/fraud/watched-call.js';
import type { AlertRule } from '../../domain/alerts/alert.js';
import type { Stores, UnitOfWork } from '../../ports/admin-stores.js';
import type { FraudCounters } from '../../ports/fraud-stores.js';
import type { Clock, Log } from '../../ports/runtime.js';
import { mailAlerts, newAlert, postAlert, type AlertDeps } from '../alerts/open-alert.js';
import { postEvent } from '../alerts/post-event.js';
import type { Watched } from './watch-call.js';

export interface TellFraudDeps extends AlertDeps {
  readonly uow: UnitOfWork;
  readonly stores: Stores;
  readonly counters: FraudCounters;
  readonly clock: Clock;
  readonly log: Log;
}

/** What guards said of a call: held callers, incidents, webhooks and alerts follow, and no call waits for them. */
export interface TellFraud {
  seen(accountId: AccountId, watched: Watched, verdicts: readonly GuardVerdict[]): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

const MINUTE_MS = 60_000;
/** A guard tells of a caller once in so long. */
const QUIET_MS = 15 * MINUTE_MS;
const FRAUD_RULE: readonly AlertRule[] = [102];

export function createTellFraud(deps: TellFraudDeps): TellFraud {
  const underWay = new Set<Promise<void>>();
  // What this process told lately, so that a script of calls does not ask PostgreSQL for each.
  const told = new Map<string, number>();
  return {
    seen(accountId, watched, verdicts) {
      const at = deps.clock.now();
      for (const verdict of verdicts.filter(({ held }) => !held)) {
        const key = `${verdict.guard.id} ${watched.call.extensionId} ${verdict.level}`;
        if (at - (told.get(key) ?? -QUIET_MS) < QUIET_MS && verdict.guard.holdMinutes === 0) continue;
        told.set(key, at);
        if (told.size > 10_000) told.clear();
        const turn = tell(deps, accountId, watched, verdict, at).catch((error: unknown) => {
          told.delete(key);
          deps.log.error('fraud-not-told', { guard: verdict.guard.id, err: error });
        }).finally(() => underWay.delete(turn));
        underWay.add(turn);
      }
    },
    idle: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

async function tell(deps: TellFraudDeps, accountId: AccountId, { call, callerName }: Watched, verdict: GuardVerdict, at: number): Promise<void> {
  const { guard, level, value, threshold } = verdict;
  const holds = level === 'critical' && guard.holdMinutes > 0;
  const ttlMs = guard.holdMinutes * MINUTE_MS;
  // The hold first: it stops the next call, whatever becomes of the rest.
  if (holds) await deps.counters.put([{ key: holdKey(guard.id, call.extensionId), value: 1, ttlMs }]);
  await deps.uow.run(async (stores) => {
    await stores.accounts.lock(accountId);
    if (await stores.fraudIncidents.toldSince(guard.id, call.extensionId, level, at - QUIET_MS)) return { end: 'rollback', value: null };
    const incident: FraudIncident = {
      id: asId<FraudIncidentId>(deps.ids.next()), accountId, guardId: guard.id, guardName: guard.name, metric: guard.metric, level, extensionId: call.extensionId,
      callerName, number: call.number, value, threshold, at, heldUntil: holds ? at + ttlMs : null, liftedAt: null, liftedBy: '',
    };
    await stores.fraudIncidents.insert(incident);
    await postEvent(stores, deps.ids, {
      accountId, type: level === 'critical' ? 'fraud.critical' : 'fraud.warning', subjectId: incident.id, sequence: 1, at, payload: payloadOf(incident),
    });
    for (const setting of (await stores.alertSettings.watching(FRAUD_RULE)).filter((one) => one.accountId === accountId)) {
      const text = `${level === 'critical' ? 'Calls refused' : 'Warning'} by guard ${guard.name}: ${callerName} to ${call.number} (${value}, of at most ${threshold}).`;
      const alert = { ...newAlert(deps, setting, at, { subjects: [{ id: call.extensionId, name: callerName }], text, moment: true }), notifiedAt: at };
      if (!await stores.alerts.insert(alert)) continue;
      await postAlert(deps, stores, 'alert.opened', alert, at);
      await postAlert(deps, stores, 'alert.closed', alert, at);
      await mailAlerts(deps, stores, setting, [alert], at);
    }
    return { end: 'commit', value: null };
  });
}

function payloadOf(incident: FraudIncident): object {
  return {
    incident: {
      id: incident.id, guard_id: incident.guardId, guard_name: incident.guardName, metric: incident.metric, level: incident.level, value: incident.value,
      threshold: incident.threshold, held_until: incident.heldUntil === null ? '' : new Date(incident.heldUntil).toISOString(),
    },
    caller: { extension_id: incident.extensionId, name: incident.callerName },
    number: incident.number,
  };
}
