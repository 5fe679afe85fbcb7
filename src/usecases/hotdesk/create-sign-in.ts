import { WHOLE_ACCOUNT } from '../../domain/access/reach.js';
import type { DeviceId, ExtensionId, UserId } from '../../domain/ids.js';
import { nameOf } from '../../domain/identity/user.js';
import type { Account } from '../../domain/identity/account.js';
import type { Device } from '../../domain/device/device.js';
import type { HotDeskSession } from '../../domain/hotdesk/session.js';
import { decideSignIn, takesGuests } from '../../domain/hotdesk/decide-sign-in.js';
import { lockHolding } from '../../domain/hotdesk/lockout.js';
import { deskLanguage, personLanguage } from '../../domain/hotdesk/prompt-language.js';
import { SIGN_IN_REFUSALS, type SignInRefusal } from '../../domain/hotdesk/sign-in-refusal.js';
import { resolveKept } from '../../domain/settings/setting-catalogue.js';
import type { Directory } from '../../ports/directory.js';
import { deviceNotFound, phoneUserNotFound } from '../admin/not-found.js';
import { change, type Actor, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import type { HotDeskDeps } from './hot-desk-deps.js';
import { comparePin, elsewhere, judgeAttempt, type Attempt, type ComparedPin, type Judged } from './judge-attempt.js';
import { endSession } from './session-step.js';
import type { PinAttempt, SignIn, SignInOpening, SignInResult } from './sign-in.js';
import { startSession } from './start-session.js';

export interface SignInDeps extends HotDeskDeps {
  readonly directory: Pick<Directory, 'device' | 'site' | 'account' | 'defaultAccount'>;
}

/** From the last digit to the answer of a refusal, whatever it was. */
export const REFUSAL_DELAY_MS = 300;
/** A PIN changed between two looks at it is compared again, so often. */
const COMPARISONS = 3;

/** The phone as actor of what is done at it. */
export function phoneActor(device: Pick<Device, 'id' | 'accountId'>): Actor {
  return { accountId: device.accountId, name: `device:${device.id}`, address: '', requestId: '', reach: WHOLE_ACCOUNT };
}

export function languageAt(directory: SignInDeps['directory'], device: Device | undefined): string {
  const account: Account | undefined = device === undefined ? undefined : directory.account(device.accountId);
  return deskLanguage(device === undefined ? undefined : directory.site(device.siteId), (account ?? directory.defaultAccount()).policy);
}

export function createSignIn(deps: SignInDeps): SignIn {
  return {
    begin: (deviceId) => begin(deps, deviceId),
    byPin: (attempt) => byPin(deps, attempt),
    byApi: (actor, deviceId, userId) => byApi(deps, actor, deviceId, userId),
  };
}

async function begin(deps: SignInDeps, deviceId: DeviceId): Promise<SignInOpening> {
  const device = deps.directory.device(deviceId);
  const language = languageAt(deps.directory, device);
  const no = (reason: SignInRefusal): SignInOpening => ({ kind: 'refused', sounds: SIGN_IN_REFUSALS[reason].sounds, reason, language });
  // A locked phone asks, since its own user may be there to unlock it.
  if (device === undefined || !(takesGuests(device) || device.locked)) return no('device-not-hot-deskable');
  const locks = await deps.stores.signInLocks.locks(deviceId);
  return lockHolding(locks, deviceId, null, deps.clock.now()) === null ? { kind: 'ask', language } : no('phone-locked');
}

async function byPin(deps: SignInDeps, attempt: PinAttempt): Promise<SignInResult> {
  const device = deps.directory.device(attempt.deviceId);
  const result = device === undefined ? await toNowhere(deps, attempt)
    : await comparedAttempt(deps, phoneActor(device), attempt, (draft, judged) => carryOut(deps, draft, judged));
  return 'reason' in result ? delayed(deps, attempt.at, refusedResult(result.reason)) : result;
}

/** Runs an attempt as one transaction after comparing its PIN; compares again when the PIN was changed in between. */
export async function comparedAttempt<T>(
  deps: HotDeskDeps, actor: Actor, attempt: Attempt,
  act: (draft: Draft, judged: Extract<Judged, { readonly kind: 'judged' }>) => Promise<T>,
): Promise<T | { readonly reason: SignInRefusal }> {
  for (let left = COMPARISONS; left > 0; left -= 1) {
    const compared: ComparedPin = await comparePin(deps, actor.accountId, attempt);
    const outcome = await change<T | 'again' | { readonly reason: SignInRefusal }>(deps, actor, async (draft) => {
      const judged = await judgeAttempt(deps, draft, attempt, compared);
      if (judged.kind === 'outdated') return done('again' as const);
      if (judged.kind === 'gone') return done({ reason: 'device-not-hot-deskable' as const });
      if (judged.decision.kind === 'refused') return done({ reason: judged.decision.reason });
      return done(await act(draft, judged));
    });
    if (outcome.kind === 'refused') break;
    if (outcome.value !== 'again') return outcome.value;
  }
  return { reason: 'pin-wrong' };
}

export async function delayed<T>(deps: Pick<HotDeskDeps, 'pause' | 'clock'>, lastDigitAt: number, result: T): Promise<T> {
  const left = lastDigitAt + REFUSAL_DELAY_MS - deps.clock.now();
  if (left > 0) await deps.pause(Math.min(left, REFUSAL_DELAY_MS));
  return result;
}

export function refusedResult(reason: SignInRefusal) {
  return { kind: 'refused', sounds: SIGN_IN_REFUSALS[reason].sounds, reason } as const;
}

async function toNowhere(deps: SignInDeps, { pin }: PinAttempt): Promise<{ readonly reason: SignInRefusal }> {
  await deps.pinHasher.verify(deps.directory.defaultAccount().id, pin, null);
  return { reason: 'device-not-hot-deskable' };
}

async function carryOut(deps: SignInDeps, draft: Draft, { desk, candidate, decision }: Extract<Judged, { readonly kind: 'judged' }>): Promise<SignInResult> {
  const { device, language } = desk;
  switch (decision.kind) {
    case 'refused':
      return refusedResult(decision.reason);
    case 'owner-returns':
      return ownerReturned(deps, draft, device, decision, language);
    case 'already':
    case 'sign-in': {
      if (candidate === null || candidate.user === null || candidate.person.kind !== 'user') return refusedResult('extension-unknown');
      const own = await ownLanguage(draft, candidate.extension.id);
      const about = { name: nameOf(candidate.user), language: own || personLanguage(candidate.user, language) };
      if (decision.kind === 'already') return { kind: 'signed-in', session: decision.session, displaced: [], ...about };
      const guest = { userId: candidate.person.phone.id, extensionId: candidate.extension.id };
      return { kind: 'signed-in', ...await startSession(deps, draft, device, guest, decision.displace, 'phone'), ...about };
    }
  }
}

/** The language a person chose for prompts; '' = none. */
async function ownLanguage(draft: Draft, extensionId: ExtensionId): Promise<string> {
  const kept = await draft.stores.settings.read(draft.accountId, ['user-prompt-language'], [{ scope: 'extension', scopeId: extensionId }]);
  return resolveKept('user-prompt-language', kept).value;
}

async function ownerReturned(
  deps: SignInDeps, draft: Draft, device: Device, { end, unlock }: { readonly end: HotDeskSession | null; readonly unlock: boolean }, language: string,
): Promise<SignInResult> {
  if (unlock) {
    await draft.stores.devices.update(device.id, { locked: false });
    draft.note({ aggregate: 'device', id: device.id, change: 'updated', action: 'unlock-device', before: device, after: { ...device, locked: false } });
  }
  const ended = end === null ? null : await endSession(deps, draft, end, 'owner');
  draft.audit({ aggregate: 'device', id: device.id, action: 'hot-desk-owner-returned', about: { sessionId: ended?.id ?? null, unlocked: unlock } });
  return { kind: 'owner-returned', ended, unlocked: unlock, language };
}

function byApi(deps: SignInDeps, actor: Actor, deviceId: DeviceId, userId: UserId): Promise<Outcome<HotDeskSession>> {
  return change(deps, actor, async (draft) => {
    const { stores } = draft;
    const account = await stores.accounts.get(draft.accountId);
    const device = await stores.devices.get(draft.accountId, deviceId);
    if (account === null || device === null) return deviceNotFound(deviceId);
    const view = await stores.phoneUsers.get(draft.accountId, userId);
    if (view === null) return phoneUserNotFound(userId);
    const decision = decideSignIn({
      policy: account.policy, device, pin: null, lock: null,
      person: { kind: 'user', user: view.user, phone: view.phone, ownsDevice: device.assignees[0] === view.extension.id },
      guestHere: await stores.hotDeskSessions.activeOn(device.id),
      sessionElsewhere: await elsewhere(draft, view.phone.id, device.id),
    });
    switch (decision.kind) {
      case 'refused':
        return refusal(decision.reason);
      case 'owner-returns':
        return refused('conflict', 'user_id', "The phone is the user's own. End the guest's session instead of signing its owner in.");
      case 'already':
        return done(decision.session);
      case 'sign-in': {
        const guest = { userId: view.phone.id, extensionId: view.extension.id };
        return done((await startSession(deps, draft, device, guest, decision.displace, 'api')).session);
      }
    }
  });
}

const FIELD_OF_REFUSAL: Readonly<Partial<Record<SignInRefusal, string>>> = { 'device-not-hot-deskable': 'device_id', 'device-locked': 'device_id' };

function refusal(reason: SignInRefusal): Refused {
  return refused('conflict', FIELD_OF_REFUSAL[reason] ?? 'user_id', SIGN_IN_REFUSALS[reason].text);
}
