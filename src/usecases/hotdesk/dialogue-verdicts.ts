import type { DialogueVerdict } from '../../domain/hotdesk/sign-in-dialogue.js';
import type { ActivationOpening, ActivationResult } from '../activation/phone-activation.js';
import type { DeviceLockOpening, DeviceUnlockResult } from './device-lock.js';
import type { SignInOpening, SignInResult } from './sign-in.js';
import type { SignOutResult } from './sign-out.js';

/** What the verbs answer, as the dialogue takes it. `language` is the one spoken so far, for answers that name none. */
export function openingVerdict(opening: SignInOpening): DialogueVerdict {
  if (opening.kind === 'ask') return { kind: 'ask', askExtension: true, language: opening.language };
  return { kind: 'refused', sounds: opening.sounds, language: opening.language };
}

export function signInVerdict(result: SignInResult, language: string): DialogueVerdict {
  switch (result.kind) {
    case 'signed-in':
      return { kind: 'say', prompt: 'signed-in', language: result.language };
    case 'owner-returned':
      return { kind: 'say', prompt: result.unlocked ? 'device-unlocked' : 'signed-in', language: result.language };
    case 'refused':
      return { kind: 'refused', sounds: result.sounds, language };
  }
}

export function signOutVerdict(result: SignOutResult): DialogueVerdict {
  return { kind: 'say', prompt: result.kind, language: result.language };
}

export function lockOpeningVerdict(opening: DeviceLockOpening): DialogueVerdict {
  switch (opening.kind) {
    case 'locked':
      return { kind: 'say', prompt: 'device-locked', language: opening.language };
    case 'ask':
      return { kind: 'ask', askExtension: opening.askExtension, language: opening.language };
    case 'refused':
      return { kind: 'refused', sounds: opening.sounds, language: opening.language };
  }
}

export function unlockVerdict(result: DeviceUnlockResult, language: string): DialogueVerdict {
  if (result.kind === 'unlocked') return { kind: 'say', prompt: 'device-unlocked', language: result.language };
  return { kind: 'refused', sounds: result.sounds, language };
}

export function activationOpeningVerdict(opening: ActivationOpening): DialogueVerdict {
  if (opening.kind === 'ask') return { kind: 'ask', askExtension: false, language: opening.language };
  return { kind: 'refused', sounds: opening.sounds, language: opening.language };
}

export function activationVerdict(result: ActivationResult, language: string): DialogueVerdict {
  if (result.kind === 'activated') return { kind: 'say', prompt: 'phone-activated', language: result.language };
  return { kind: 'refused', sounds: result.sounds, language };
}
