import type { AccountId } from '../../domain/ids.js';
import type { AlertSubject } from '../../domain/alerts/alert.js';
import type { Trunk } from '../../domain/trunk/trunk.js';
import type { TrunkDirectory, TrunkHealth, TrunkSip, TrunkTrouble, TrunkTroubles } from '../../ports/trunks.js';
import type { Clock, Log } from '../../ports/runtime.js';

export interface TrunkTroublesDeps {
  readonly trunks: () => Pick<TrunkDirectory, 'all' | 'trunk'>;
  readonly health: Pick<TrunkHealth, 'of'>;
  readonly registration: TrunkSip['registration'];
  readonly troubles: TrunkTroubles;
  readonly nodeId: string;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * What is wrong with trunks as any node sees it, by account, in names for people. Each call tells the other nodes what this one sees, so that an
 * alert stays open until no node sees it any more; while Redis is away each node speaks for itself.
 */
export function createFindTroubles(deps: TrunkTroublesDeps): () => Promise<ReadonlyMap<AccountId, readonly AlertSubject[]>> {
  const { trunks, troubles, nodeId, clock, log } = deps;
  return async () => {
    const own = trunks().all().filter(({ enabled }) => enabled).flatMap((trunk) => ofTrunk(deps, trunk));
    const all = await troubles.tell(nodeId, own, clock.now()).catch((error: unknown) => {
      log.warn('trunk-troubles-not-shared', { err: error });
      return own.map((trouble) => ({ ...trouble, nodeId }));
    });
    const found = new Map<AccountId, AlertSubject[]>();
    for (const trouble of all) {
      const trunk = trunks().trunk(trouble.trunkId);
      const name = trunk === undefined || !trunk.enabled ? null : nameOf(trunk, trouble);
      if (trunk === undefined || name === null) continue;
      const subjects = found.get(trunk.accountId) ?? [];
      subjects.push({ id: `${trouble.trunkId} ${trouble.part} ${trouble.nodeId}`, name: `${name}, seen by ${trouble.nodeId}` });
      found.set(trunk.accountId, subjects);
    }
    return found;
  };
}

function ofTrunk({ health, registration }: TrunkTroublesDeps, trunk: Trunk): readonly Omit<TrunkTrouble, 'nodeId'>[] {
  const down = trunk.gateways.filter(({ id }) => health.of(id).state === 'down').map(({ id }) => ({ trunkId: trunk.id, part: id }));
  return registration(trunk)?.state === 'failed' ? [...down, { trunkId: trunk.id, part: 'registration' }] : down;
}

function nameOf({ name, gateways }: Trunk, { part }: Pick<TrunkTrouble, 'part'>): string | null {
  if (part === 'registration') return `Trunk ${name}: not registered`;
  const gateway = gateways.find(({ id }) => id === part);
  return gateway === undefined ? null : `Trunk ${name}: gateway ${gateway.host} is down`;
}
