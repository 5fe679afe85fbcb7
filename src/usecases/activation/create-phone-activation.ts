import { wantedResync } from '../../domain/device/resync-machine.js';
import type { Device } from '../../domain/device/device.js';
import { FAILURE_WINDOW_MS, lockHolding, lockoutAfterFailure } from '../../domain/hotdesk/lockout.js';
import { asId, type AccountId, type EventId } from '../../domain/ids.js';
import { activationCodeStatus, MOST_WRONG_CODES, plainActivationCode } from '../../domain/identity/activation-code.js';
import type { PinHasher } from '../../ports/crypto.js';
import { setOwner } from '../admin/assign-device.js';
import { change, type Draft } from '../change.js';
import { done } from '../outcome.js';
import { delayed, languageAt, phoneActor, type SignInDeps } from '../hotdesk/create-sign-in.js';
import type { ActivationOpening, ActivationResult, CodeAttempt, PhoneActivation } from './phone-activation.js';

/** Until the prompt is said and the call is over: a phone in a call reads nothing. */
const AFTER_THE_CALL_MS = 8_000;

type Judged = { readonly kind: 'activated'; readonly device: Device } | { readonly kind: 'refused'; readonly reason: Refusal };

/** Why a code was not taken; for the audit log. All but the first sound alike. */
type Refusal = 'assigned' | 'phone-locked' | 'account-locked' | 'code-wrong' | 'code-used' | 'code-expired';

export function createPhoneActivation(deps: SignInDeps): PhoneActivation {
  return { begin: (deviceId) => begin(deps, deviceId), byCode: (attempt) => byCode(deps, attempt) };
}

/** What is kept of a code, and looked for. */
export function activationHash({ keyOf }: Pick<PinHasher, 'keyOf'>, accountId: AccountId, code: string): string {
  return keyOf(accountId, `activation ${plainActivationCode(code)}`);
}

async function begin(deps: SignInDeps, deviceId: Device['id']): Promise<ActivationOpening> {
  const device = deps.directory.device(deviceId);
  const language = languageAt(deps.directory, device);
  if (device === undefined || device.assignees.length > 0) return { kind: 'refused', sounds: 'not-available', language };
  const locks = await deps.stores.signInLocks.locks(deviceId);
  return lockHolding(locks, deviceId, null, deps.clock.now()) === null ? { kind: 'ask', language } : { kind: 'refused', sounds: 'locked', language };
}

async function byCode(deps: SignInDeps, attempt: CodeAttempt): Promise<ActivationResult> {
  const known = deps.directory.device(attempt.deviceId);
  if (known === undefined) return delayed(deps, attempt.at, { kind: 'refused', sounds: 'not-available' });
  const outcome = await change<Judged>(deps, phoneActor(known), async (draft) => {
    const judged = await judge(deps, draft, attempt);
    if (judged.kind === 'refused') draft.audit({ aggregate: 'device', id: known.id, action: 'phone-activation-refused', about: { reason: judged.reason } });
    return done(judged);
  });
  if (outcome.kind === 'done' && outcome.value.kind === 'activated') return { kind: 'activated', language: languageAt(deps.directory, outcome.value.device) };
  const assigned = outcome.kind === 'done' && outcome.value.kind === 'refused' && outcome.value.reason === 'assigned';
  return delayed(deps, attempt.at, { kind: 'refused', sounds: assigned ? 'not-available' : 'try-again' });
}

async function judge(deps: SignInDeps, draft: Draft, { deviceId, code }: CodeAttempt): Promise<Judged> {
  const { devices, signInLocks, activationCodes, extensions } = draft.stores;
  const no = (reason: Refusal): Judged => ({ kind: 'refused', reason });
  const device = await devices.get(draft.accountId, deviceId);
  if (device === null || device.assignees.length > 0) return no('assigned');
  // One key for all codes of the account: what is guessed is any of them.
  const key = deps.pinHasher.keyOf(draft.accountId, 'activation');
  if (lockHolding(await signInLocks.locks(deviceId), deviceId, key, draft.at) !== null) return no('phone-locked');
  if (await signInLocks.countOf({ extensionKey: key }, draft.at - FAILURE_WINDOW_MS) >= MOST_WRONG_CODES) return no('account-locked');
  const kept = await activationCodes.byHash(draft.accountId, activationHash(deps.pinHasher, draft.accountId, code));
  const status = kept === null ? null : activationCodeStatus(kept, draft.at);
  const extension = kept === null || status !== 'unused' ? null : await extensions.get(draft.accountId, kept.extensionId);
  const owned = extension === null ? null : await setOwner(deps, draft, device, [extension.id]);
  if (kept === null || owned === null || owned.kind === 'refused') {
    await countFailure(deps, draft, device, key);
    return no(status === 'used' ? 'code-used' : status === 'expired' ? 'code-expired' : 'code-wrong');
  }
  await activationCodes.used(kept.extensionId, device.id, draft.at);
  await signInLocks.clear(draft.accountId, { deviceId, extensionKey: key });
  draft.note({
    aggregate: 'activation_code', id: kept.commonAreaId ?? kept.extensionId, change: 'updated', action: 'use-activation-code', before: { deviceId: null }, after: { deviceId: device.id },
  });
  await readAgain(draft, device);
  return { kind: 'activated', device: owned.value };
}

/** As wrong PINs are counted: so many at one phone lock it, so many in the account raise an alarm and close the code for all. */
async function countFailure(deps: SignInDeps, draft: Draft, device: Device, key: string): Promise<void> {
  const { signInLocks } = draft.stores;
  const failure = { deviceId: device.id, extensionKey: key, at: draft.at };
  await signInLocks.addFailure(asId<EventId>(draft.newId()), draft.accountId, failure);
  const since = draft.at - FAILURE_WINDOW_MS;
  const locks = lockoutAfterFailure({
    accountId: draft.accountId, failure, failures: await signInLocks.failures(device.id, since), locks: await signInLocks.locks(device.id),
  });
  for (const lock of locks) {
    await signInLocks.setLock(lock);
    draft.audit({ aggregate: 'device', id: device.id, action: 'phone-activation-locked', about: { scope: lock.scope, until: lock.until, level: lock.level } });
  }
  const failures = await signInLocks.countOf({ extensionKey: key }, since);
  if (failures !== MOST_WRONG_CODES) return;
  draft.audit({ aggregate: 'account', id: draft.accountId, action: 'phone-activation-alarm', about: { failures, minutes: FAILURE_WINDOW_MS / 60_000 } });
  deps.log.warn('phone-activation-alarm', { accountId: draft.accountId, failures });
}

/** The phone reads its configuration again when the call is over, whatever its make does with labels. */
async function readAgain(draft: Draft, device: Device): Promise<void> {
  const { deviceResyncs } = draft.stores;
  const fence = Math.max((await deviceResyncs.get(device.id))?.fence ?? 0, await deviceResyncs.newestFence(device.id));
  await deviceResyncs.want(wantedResync({ deviceId: device.id, accountId: device.accountId, fence, byPerson: true }, draft.at, AFTER_THE_CALL_MS));
}
