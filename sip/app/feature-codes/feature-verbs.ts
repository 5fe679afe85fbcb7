import type { DeviceId } from '../../../src/domain/ids.js';
import type { HotDeskSession } from '../../../src/domain/hotdesk/session.js';
import type { DialogueScript, DialogueVerdict } from '../../../src/domain/hotdesk/sign-in-dialogue.js';
import type { Feature } from '../../../src/domain/numbering/dialled.js';
import type { PhoneActivation } from '../../../src/usecases/activation/phone-activation.js';
import type { DeviceLock } from '../../../src/usecases/hotdesk/device-lock.js';
import {
  activationOpeningVerdict, activationVerdict, lockOpeningVerdict, openingVerdict, signInVerdict, signOutVerdict, unlockVerdict,
} from '../../../src/usecases/hotdesk/dialogue-verdicts.js';
import type { SignIn, SignInResult } from '../../../src/usecases/hotdesk/sign-in.js';
import type { SignOut } from '../../../src/usecases/hotdesk/sign-out.js';

/** The verbs behind the codes. */
export interface FeatureUseCases {
  readonly signIn: Pick<SignIn, 'begin' | 'byPin'>;
  readonly signOut: Pick<SignOut, 'byPhone'>;
  readonly deviceLock: Pick<DeviceLock, 'begin' | 'unlock'>;
  readonly activation: PhoneActivation;
}

/** What was typed, and when the last digit came (epoch ms). */
export interface TypedAttempt {
  readonly digits: string | null;
  readonly pin: string;
  readonly at: number;
  /** Spoken so far. */
  readonly language: string;
}

/** One code at one phone, as the dialogue asks it. Throws `StorageFault`. */
export interface FeatureVerbs {
  readonly script: DialogueScript;
  open(): Promise<DialogueVerdict>;
  attempt(typed: TypedAttempt): Promise<DialogueVerdict>;
}

/** Told of each phone at which somebody else acts now. */
export type OnSeated = (deviceId: DeviceId, fence: number) => void;

export function featureVerbs(feature: Feature, useCases: FeatureUseCases, deviceId: DeviceId, onSeated: OnSeated): FeatureVerbs {
  const { signIn, signOut, deviceLock, activation } = useCases;
  switch (feature) {
    case 'hot-desk-sign-in': return {
      script: 'sign-in',
      open: async () => openingVerdict(await signIn.begin(deviceId)),
      async attempt({ digits, pin, at, language }) {
        const result = await signIn.byPin({ deviceId, digits: digits ?? '', pin, at });
        for (const session of changedBy(result)) onSeated(session.deviceId, session.fence);
        return signInVerdict(result, language);
      },
    };
    case 'hot-desk-sign-out': return {
      script: 'sign-out',
      async open() {
        const result = await signOut.byPhone(deviceId);
        if (result.kind === 'signed-out') onSeated(result.session.deviceId, result.session.fence);
        return signOutVerdict(result);
      },
      // The code asks for nothing.
      attempt: async ({ language }) => ({ kind: 'refused', sounds: 'not-available', language }),
    };
    case 'device-lock': return {
      script: 'device-lock',
      open: async () => lockOpeningVerdict(await deviceLock.begin(deviceId)),
      attempt: async ({ digits, pin, at, language }) => unlockVerdict(await deviceLock.unlock({ deviceId, digits, pin, at }), language),
    };
    case 'phone-activation': return {
      script: 'phone-activation',
      open: async () => activationOpeningVerdict(await activation.begin(deviceId)),
      attempt: async ({ pin, at, language }) => activationVerdict(await activation.byCode({ deviceId, code: pin, at }), language),
    };
  }
}

/** Those displaced first: where one of them sat here, the new session's fence is the last and highest. */
function changedBy(result: SignInResult): readonly Pick<HotDeskSession, 'deviceId' | 'fence'>[] {
  switch (result.kind) {
    case 'signed-in': return [...result.displaced, result.session];
    case 'owner-returned': return result.ended === null ? [] : [result.ended];
    case 'refused': return [];
  }
}
