/** What administrative verbs need, on an embedded PostgreSQL of the test's own, with the first account made. */
import { randomBytes } from 'node:crypto';
import type { Test } from 'tap';
import { WHOLE_ACCOUNT } from '../../src/domain/access/reach.js';
import type { ConfigEvent } from '../../src/domain/events.js';
import type { Account } from '../../src/domain/identity/account.js';
import { createIdSource, systemRandom } from '../../src/security/random.js';
import { createPinHasher } from '../../src/security/pin-hasher.js';
import { createSecretBox } from '../../src/security/secret-box.js';
import { createSecretHasher } from '../../src/security/secret-hasher.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { createLateDeviceCalls } from '../../src/wiring/device-calls.js';
import { systemLocalTime } from '../../src/wiring/local-time.js';
import type { AdminDeps } from '../../src/usecases/admin/admin-deps.js';
import { ensureFirstAccount } from '../../src/usecases/admin/ensure-first-account.js';
import type { Actor } from '../../src/usecases/change.js';
import { startTestEmbedded } from './postgres.js';

export interface AdminDesk {
  readonly deps: AdminDeps;
  readonly account: Account;
  readonly actor: Actor;
  /** Everything committed so far, in order. */
  readonly events: ConfigEvent[];
}

export async function startAdminDesk(t: Test): Promise<AdminDesk> {
  const postgres = await startTestEmbedded(t);
  const database = await postgres.open(t);
  const events: ConfigEvent[] = [];
  const clock = { now: () => Date.now() };
  const deps: AdminDeps = {
    uow: createUnitOfWork(database, { onCommitted: async (committed) => void events.push(...committed) }),
    stores: createStores(database), clock, ids: createIdSource(clock), random: systemRandom,
    secretBox: createSecretBox(randomBytes(32)), hasher: createSecretHasher(), mail: { enabled: false, box: createSecretBox(randomBytes(32)) },
    pinHasher: createPinHasher(randomBytes(32)), deviceCalls: createLateDeviceCalls(), localTime: systemLocalTime, pause: async () => undefined,
    log: postgres.log, nodeId: 'node-test',
  };
  const account = await ensureFirstAccount(deps, { sipDomain: 'pbx.example.com', country: 'US' });
  return { deps, account, events, actor: { accountId: account.id, name: 'client:test', address: '192.0.2.1', requestId: 'request-1', reach: WHOLE_ACCOUNT } };
}
