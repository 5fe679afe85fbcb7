import { WHOLE_ACCOUNT } from '../../domain/access/reach.js';
import type { AccountId } from '../../domain/ids.js';
import type { AdminDeps } from '../admin/admin-deps.js';
import type { Actor } from '../change.js';
import { grantAsked } from './apply-entitlements.js';

/** People of one turn. */
const TURN = 100;
/** A process that kept a wish grants it at once; one older than this was left by a process that died. */
const LEFT_MS = 30_000;

/** Tries open wishes again whose account has changed since; resolves with how many people were looked at. */
export async function retryWishes(deps: AdminDeps): Promise<number> {
  const due = await deps.stores.entitlementWishes.due(TURN, deps.clock.now() - LEFT_MS);
  for (const { accountId, userId } of due) await grantAsked(deps, systemActor(accountId), userId);
  return due.length;
}

function systemActor(accountId: AccountId): Actor {
  return { accountId, name: 'system', address: '', requestId: '', reach: WHOLE_ACCOUNT };
}
