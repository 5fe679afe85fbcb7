import { asId, type FraudGuardId, type FraudIncidentId } from '../../domain/ids.js';
import type { FraudGuard, FraudIncident } from '../../domain/fraud/guard.js';
import { holdKey } from '../../domain/fraud/watched-call.js';
import type { FraudCounters } from '../../ports/fraud-stores.js';
import type { AdminDeps } from '../admin/admin-deps.js';
import { change, type Actor, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';

export type WantedGuard = Omit<FraudGuard, 'id' | 'accountId' | 'createdAt'>;

export interface FraudDeps extends AdminDeps {
  readonly fraudCounters: FraudCounters;
}

export const guardNotFound = (id: string): Refused => refused('not-found', 'guardId', 'There is no guard with this id.', id);

export async function addFraudGuard(deps: AdminDeps, actor: Actor, wanted: WantedGuard): Promise<Outcome<FraudGuard>> {
  return change(deps, actor, async (draft) => {
    const guard: FraudGuard = { id: asId<FraudGuardId>(draft.newId()), accountId: draft.accountId, createdAt: draft.at, ...wanted };
    const problem = await guardProblem(draft, guard);
    if (problem !== null) return problem;
    await draft.stores.fraudGuards.insert(guard);
    draft.note({ aggregate: 'fraud_guard', id: guard.id, change: 'created', action: 'add-fraud-guard', before: null, after: guard });
    return done(guard);
  });
}

/** Fields that are left out stay as they are. Holds made by it stay until they are over or lifted. */
export async function updateFraudGuard(deps: AdminDeps, actor: Actor, id: string, wanted: Partial<WantedGuard>): Promise<Outcome<FraudGuard>> {
  return change(deps, actor, async (draft) => {
    const before = await draft.stores.fraudGuards.get(draft.accountId, asId<FraudGuardId>(id));
    if (before === null) return guardNotFound(id);
    const after = { ...before, ...wanted };
    const problem = await guardProblem(draft, after);
    if (problem !== null) return problem;
    await draft.stores.fraudGuards.update(after);
    draft.note({ aggregate: 'fraud_guard', id: before.id, change: 'updated', action: 'update-fraud-guard', before, after });
    return done(after);
  });
}

/** Removes a guard, and with it its holds, which nobody asks for any more. */
export async function removeFraudGuard(deps: AdminDeps, actor: Actor, id: string): Promise<Outcome<null>> {
  return change(deps, actor, async (draft) => {
    const before = await draft.stores.fraudGuards.get(draft.accountId, asId<FraudGuardId>(id));
    if (before === null) return guardNotFound(id);
    await draft.stores.fraudGuards.delete(before.id);
    draft.note({ aggregate: 'fraud_guard', id: before.id, change: 'deleted', action: 'remove-fraud-guard', before, after: null });
    return done(null);
  });
}

/** Lets a held caller call again; what was counted until then is forgotten. */
export async function liftFraudHold(deps: FraudDeps, actor: Actor, id: string): Promise<Outcome<null>> {
  const lifted = await change(deps, actor, async (draft): Promise<Outcome<FraudIncident>> => {
    const incident = await draft.stores.fraudIncidents.get(draft.accountId, asId<FraudIncidentId>(id));
    if (incident === null) return refused('not-found', 'incidentId', 'There is no incident with this id.', id);
    if (incident.liftedAt !== null) return done(incident);
    await draft.stores.fraudIncidents.lift(incident.id, draft.at, draft.actor);
    draft.audit({
      aggregate: 'fraud_guard', id: incident.guardId, action: 'lift-fraud-hold', about: { incidentId: incident.id, extensionId: incident.extensionId, guard: incident.guardName },
    });
    return done(incident);
  });
  if (lifted.kind === 'refused') return lifted;
  const { guardId, extensionId } = lifted.value;
  await deps.fraudCounters.forget([holdKey(guardId, extensionId), `guard:${guardId}:${extensionId}`]);
  return done(null);
}

async function guardProblem(draft: Draft, guard: FraudGuard): Promise<Refused | null> {
  const { metric, warning, critical, hours, currency, siteId, extensionId } = guard;
  if (warning === null && critical === null) return refused('invalid', 'critical', 'Give a threshold: warning, critical, or both.');
  if (warning !== null && critical !== null && warning > critical) return refused('invalid', 'warning', 'The warning comes before the refusal: give at most what critical is.', String(warning));
  if ((metric === 'after-hours') !== (hours !== null)) return refused('invalid', 'hours', metric === 'after-hours' ? 'Give the working hours.' : 'Only a guard on after-hours has hours. Leave them out.');
  if ((metric === 'cost-per-day') !== (currency !== '')) return refused('invalid', 'currency', metric === 'cost-per-day' ? 'Give the currency of the costs, e.g. USD.' : 'Only a guard on costs has a currency. Leave it out.', currency);
  if (siteId !== null && await draft.stores.sites.get(draft.accountId, siteId) === null) return refused('invalid', 'site_id', 'There is no site with this id.', siteId);
  if (extensionId !== null && await draft.stores.extensions.get(draft.accountId, extensionId) === null) return refused('invalid', 'extension_id', 'There is no extension with this id.', extensionId);
  const others = (await draft.stores.fraudGuards.all(draft.accountId)).filter(({ id }) => id !== guard.id);
  if (others.length >= 50) return refused('conflict', 'name', 'There are 50 guards already, which is the most. Remove one first.');
  return others.some(({ name }) => name.toLowerCase() === guard.name.toLowerCase()) ? refused('conflict', 'name', 'Another guard has this name. Choose a different one.', guard.name) : null;
}
