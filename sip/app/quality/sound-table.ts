import type { CallSide } from '../../../src/domain/calls/call-side.js';
import type { DeviceId } from '../../../src/domain/ids.js';
import type { Flow } from '../../../src/domain/registration/binding.js';
import type { Clock } from '../../../src/ports/runtime.js';
import type { CallSound } from './call-sound.js';

/** A phone's leg of a call, whose reports are taken. */
export interface SoundLeg {
  readonly sound: CallSound;
  readonly side: CallSide;
  /** How the phone's own message of the leg came; null = not known. */
  readonly flow: Flow | null;
}

/** The legs of phones, by phone and Call-ID: those of running calls, and for a while of those that ended. */
export interface SoundTable {
  add(deviceId: DeviceId, callId: string, leg: SoundLeg): void;
  /** The call is over; its last reports are still to come. */
  over(sound: CallSound): void;
  find(deviceId: DeviceId, callId: string): SoundLeg | null;
}

/** How long after its end a call's reports are taken: a phone sends its last one right behind the BYE. */
const KEPT_MS = 120_000;

export function createSoundTable(clock: Clock): SoundTable {
  const legs = new Map<string, SoundLeg>();
  const keys = new Map<CallSound, string[]>();
  /** In the order of their ends. */
  const over = new Map<CallSound, number>();
  const keyOf = (deviceId: DeviceId, callId: string): string => `${deviceId} ${callId}`;
  const sweep = (): void => {
    for (const [sound, endedAt] of over) {
      if (endedAt + KEPT_MS > clock.now()) return;
      over.delete(sound);
      for (const key of keys.get(sound) ?? []) if (legs.get(key)?.sound === sound) legs.delete(key);
      keys.delete(sound);
    }
  };
  return {
    add(deviceId, callId, leg) {
      sweep();
      const key = keyOf(deviceId, callId);
      legs.set(key, leg);
      keys.set(leg.sound, [...keys.get(leg.sound) ?? [], key]);
    },
    over(sound) {
      sweep();
      if (keys.has(sound)) over.set(sound, clock.now());
    },
    find(deviceId, callId) {
      sweep();
      return legs.get(keyOf(deviceId, callId)) ?? null;
    },
  };
}
