import { asId, type AccountId, type DeviceId, type EventId } from '../../domain/ids.js';
import type { SignInDecision } from '../../domain/hotdesk/decide-sign-in.js';
import { decideSignIn } from '../../domain/hotdesk/decide-sign-in.js';
import { FAILURE_WINDOW_MS, LOCK_MEMORY_MS, lockHolding, lockoutAfterFailure } from '../../domain/hotdesk/lockout.js';
import { pinWeakness } from '../../domain/hotdesk/pin-weakness.js';
import { SIGN_IN_REFUSALS, type SignInRefusal } from '../../domain/hotdesk/sign-in-refusal.js';
import type { Draft } from '../change.js';
import type { HotDeskDeps } from './hot-desk-deps.js';
import { readCandidate, readDesk, type Candidate, type Desk } from './read-sign-in.js';

/** Failures within the window at which an administrator hears of them: of one extension at all phones, of one site. */
const EXTENSION_ALARM = 10;
const SITE_ALARM = 50;

export interface Attempt {
  readonly deviceId: DeviceId;
  /** Null = the phone's own extension. */
  readonly digits: string | null;
  readonly pin: string;
}

/** The PIN as it was looked up and compared before the transaction. */
export interface ComparedPin {
  readonly hash: string | null;
  readonly right: boolean;
}

export type Judged =
  | { readonly kind: 'judged'; readonly desk: Desk; readonly candidate: Candidate | null; readonly decision: SignInDecision }
  /** The phone is not there any more. */
  | { readonly kind: 'gone' }
  /** The PIN was changed meanwhile: compare again. */
  | { readonly kind: 'outdated' };

/** Compares the PIN outside any transaction, and takes as long where there is none to compare with. */
export async function comparePin(deps: HotDeskDeps, accountId: AccountId, attempt: Attempt): Promise<ComparedPin> {
  const desk = await readDesk(deps.stores, accountId, attempt.deviceId);
  const candidate = desk === null ? null : await readCandidate(deps.stores, desk, attempt.digits);
  const hash = candidate?.pin?.hash ?? null;
  return { hash, right: await deps.pinHasher.verify(accountId, attempt.pin, hash) };
}

/** Decides an attempt on what is true in the transaction; a refusal is counted, may lock, and is kept in the audit log. */
export async function judgeAttempt(deps: HotDeskDeps, draft: Draft, attempt: Attempt, compared: ComparedPin): Promise<Judged> {
  const { stores } = draft;
  const desk = await readDesk(stores, draft.accountId, attempt.deviceId);
  if (desk === null) return { kind: 'gone' };
  const candidate = await readCandidate(stores, desk, attempt.digits);
  if ((candidate?.pin?.hash ?? null) !== compared.hash) return { kind: 'outdated' };
  const { policy } = desk.account;
  const key = candidate?.extension.id ?? deps.pinHasher.keyOf(draft.accountId, attempt.digits ?? '');
  const locks = await stores.signInLocks.locks(desk.device.id);
  const person = candidate?.person ?? null;
  const decision = decideSignIn({
    policy, device: desk.device, person,
    pin: {
      right: compared.right,
      weakness: pinWeakness(attempt.pin, { extensionForms: candidate?.forms ?? [], minLength: policy.pinMinLength }),
    },
    lock: lockHolding(locks, desk.device.id, key, draft.at),
    guestHere: await stores.hotDeskSessions.activeOn(desk.device.id),
    sessionElsewhere: person?.kind === 'user' ? await elsewhere(draft, person.phone.id, desk.device.id) : null,
  });
  if (decision.kind === 'refused') await keepRefusal(deps, draft, desk, candidate, key, decision.reason);
  else await stores.signInLocks.clear(draft.accountId, { deviceId: desk.device.id, extensionKey: key });
  return { kind: 'judged', desk, candidate, decision };
}

export async function elsewhere(draft: Draft, userId: Parameters<typeof draft.stores.hotDeskSessions.activeOf>[0], deviceId: DeviceId) {
  const session = await draft.stores.hotDeskSessions.activeOf(userId);
  return session?.deviceId === deviceId ? null : session;
}

async function keepRefusal(
  deps: HotDeskDeps, draft: Draft, { device }: Desk, candidate: Candidate | null, extensionKey: string, reason: SignInRefusal,
): Promise<void> {
  const about = { reason, extensionId: candidate?.extension.id ?? null, holderId: candidate?.holder.id ?? null };
  draft.audit({ aggregate: 'device', id: device.id, action: 'hot-desk-sign-in-refused', about });
  if (!SIGN_IN_REFUSALS[reason].counts) return;
  const { signInLocks } = draft.stores;
  const failure = { deviceId: device.id, extensionKey, at: draft.at };
  await signInLocks.addFailure(asId<EventId>(draft.newId()), draft.accountId, failure);
  const since = draft.at - FAILURE_WINDOW_MS;
  const failures = await signInLocks.failures(device.id, since);
  const locks = lockoutAfterFailure({ accountId: draft.accountId, failure, failures, locks: await signInLocks.locks(device.id) });
  for (const lock of locks) {
    await signInLocks.setLock(lock);
    draft.audit({
      aggregate: 'device', id: device.id, action: 'hot-desk-sign-in-locked',
      about: { scope: lock.scope, until: lock.until, level: lock.level, extensionId: candidate?.extension.id ?? null },
    });
  }
  const ofExtension = await signInLocks.countOf({ extensionKey }, since);
  if (candidate !== null && ofExtension % EXTENSION_ALARM === 0) alarm(deps, draft, 'extension', candidate.extension.id, ofExtension);
  const ofSite = await signInLocks.countOf({ siteId: device.siteId }, since);
  if (ofSite % SITE_ALARM === 0) alarm(deps, draft, 'site', device.siteId, ofSite);
}

/** Told, and nothing more: a lock of an extension everywhere would let anybody lock a person out. */
function alarm(deps: HotDeskDeps, draft: Draft, aggregate: 'extension' | 'site', id: string, failures: number): void {
  draft.audit({ aggregate, id, action: 'hot-desk-sign-in-alarm', about: { failures, minutes: FAILURE_WINDOW_MS / 60_000 } });
  deps.log.warn('hot-desk-sign-in-alarm', { accountId: draft.accountId, of: aggregate, id, failures });
}

/** How far back failures and locks matter: a sweep may forget what is older. */
export const SIGN_IN_MEMORY_MS = FAILURE_WINDOW_MS + LOCK_MEMORY_MS;
