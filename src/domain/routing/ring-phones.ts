import type { Device } from '../device/device.js';
import type { HotDeskSession } from '../hotdesk/session.js';
import type { AccountPolicy } from '../identity/account.js';
import type { UserId } from '../ids.js';

/** A phone with whoever sits at it now. */
export interface PhoneInUse {
  readonly device: Device;
  readonly guest: HotDeskSession | null;
}

/** A phone that would ring, and under which session of the called user; null = it is the extension's own. */
export interface RingPhone {
  readonly device: Device;
  readonly session: HotDeskSession | null;
}

/** Why a phone does not ring: a guest who is another sits there, the user sits elsewhere alone, the device lock. */
export type SilentBecause = 'guest' | 'desk-only' | 'locked';

export interface SilentPhone {
  readonly device: Device;
  readonly because: SilentBecause;
}

export interface RingPhones {
  readonly ringing: readonly RingPhone[];
  readonly silent: readonly SilentPhone[];
}

/** Whose extension is called. */
export interface CalledHolder {
  /** Null for a common area, which never sits anywhere as guest. */
  readonly userId: UserId | null;
  readonly own: readonly PhoneInUse[];
  /** The phone of another at which the user sits; null = none. */
  readonly desk: PhoneInUse | null;
}

/**
 * The phones a call to an extension may ring (call policy rule 10): its own ones without a guest who is another, and the
 * desk at which its user sits as guest; with `desk-only` that desk alone. A locked phone never rings.
 */
export function ringPhones({ userId, own, desk }: CalledHolder, reach: AccountPolicy['hotDeskReach']): RingPhones {
  const phones = desk === null || own.some(({ device }) => device.id === desk.device.id) ? own : [...own, desk];
  const ringing: RingPhone[] = [];
  const silent: SilentPhone[] = [];
  for (const { device, guest } of phones) {
    const because = silentBecause(device, guest);
    if (because === null) ringing.push({ device, session: guest });
    else silent.push({ device, because });
  }
  return { ringing, silent };

  function silentBecause(device: Device, guest: HotDeskSession | null): SilentBecause | null {
    if (guest !== null && guest.userId !== userId) return 'guest';
    if (reach === 'desk-only' && desk !== null && device.id !== desk.device.id) return 'desk-only';
    return device.locked ? 'locked' : null;
  }
}
