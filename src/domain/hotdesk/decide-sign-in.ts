import type { AccountPolicy } from '../identity/account.js';
import type { AccountUser, PhoneUser } from '../identity/user.js';
import type { Device } from '../device/device.js';
import type { HotDeskSession } from './session.js';
import type { PinWeakness } from './pin-weakness.js';
import type { SignInRefusal } from './sign-in-refusal.js';

/** Everything a sign-in is decided on, read in one transaction. */
export interface SignInFacts {
  readonly policy: Pick<AccountPolicy, 'hotDeskConflict' | 'refuseWeakPins'>;
  /** Null = not there. */
  readonly device: Device | null;
  /** Whose extension was typed; null = no user's, and not this phone's common area's. */
  readonly person: SignInPerson | null;
  /** Null where none is asked: by API. */
  readonly pin: { readonly right: boolean; readonly weakness: PinWeakness | null } | null;
  /** A lock of the sign-in code that holds; never by API. */
  readonly lock: 'pair' | 'device' | null;
  readonly guestHere: HotDeskSession | null;
  readonly sessionElsewhere: HotDeskSession | null;
}

export type SignInPerson =
  | { readonly kind: 'user'; readonly user: AccountUser; readonly phone: PhoneUser; readonly ownsDevice: boolean }
  /** The common area that the phone itself is assigned to. */
  | { readonly kind: 'common_area'; readonly status: PhoneUser['status'] };

export type SignInDecision =
  /** `displace`: sessions that end with cause `displaced` before this one begins. */
  | { readonly kind: 'sign-in'; readonly displace: readonly HotDeskSession[] }
  /** The user is this phone's guest already: nothing changes. */
  | { readonly kind: 'already'; readonly session: HotDeskSession }
  | { readonly kind: 'owner-returns'; readonly end: HotDeskSession | null; readonly unlock: boolean }
  | { readonly kind: 'refused'; readonly reason: SignInRefusal };

/** Whether a phone takes guests: switched on, and somebody's. */
export function takesGuests(device: Device): boolean {
  return device.hotDesking === 'on' && device.assignees.length > 0;
}

/** Decides one sign-in. A reason that only the right PIN may bring to light is never given without it. */
export function decideSignIn(facts: SignInFacts): SignInDecision {
  const { device, person, pin, lock } = facts;
  if (device === null || !(takesGuests(device) || device.locked)) return refuse('device-not-hot-deskable');
  if (lock !== null) return refuse(lock === 'device' ? 'phone-locked' : 'pair-locked');
  if (person === null) return refuse('extension-unknown');
  if (pin !== null && !pin.right) return refuse('pin-wrong');
  if (pin !== null && pin.weakness !== null && facts.policy.refuseWeakPins) return refuse('pin-weak');
  if (person.kind === 'common_area') return person.status === 'active' ? ownerReturns(facts, device) : refuse('user-disabled');
  if (person.phone.status !== 'active' || person.user.status !== 'active') return refuse('user-disabled');
  if (person.ownsDevice) return ownerReturns(facts, device);
  if (!person.phone.hotDeskAllowed) return refuse('not-entitled');
  if (!takesGuests(device)) return refuse('device-not-hot-deskable');
  if (device.locked) return refuse('device-locked');
  return placeOf(facts);
}

function placeOf({ policy, person, guestHere, sessionElsewhere }: SignInFacts): SignInDecision {
  if (guestHere !== null && person?.kind === 'user' && guestHere.userId === person.phone.id) return { kind: 'already', session: guestHere };
  if (sessionElsewhere !== null && policy.hotDeskConflict === 'refuse') return refuse('session-exists');
  return { kind: 'sign-in', displace: [guestHere, sessionElsewhere].filter((session) => session !== null) };
}

function ownerReturns({ guestHere }: SignInFacts, device: Device): SignInDecision {
  return { kind: 'owner-returns', end: guestHere, unlock: device.locked };
}

function refuse(reason: SignInRefusal): SignInDecision {
  return { kind: 'refused', reason };
}
