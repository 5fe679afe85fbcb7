import type { FeatureCodes } from '../../sip/app/feature-codes/feature-call.js';
import type { DeviceNotifier } from '../ports/call-control.js';
import { createDeviceLock } from '../usecases/hotdesk/create-device-lock.js';
import { createSignIn } from '../usecases/hotdesk/create-sign-in.js';
import { createSignOut } from '../usecases/hotdesk/create-sign-out.js';
import type { MediaPart } from './media.js';
import type { PostgresPart } from './postgres.js';

/** Nobody tells phones in this version: their labels stay. */
const NO_NOTIFIER: DeviceNotifier = { resync: () => Promise.resolve({ kind: 'unsupported' }) };

/** What answers the star codes: verbs, sound, and what turns SRTP and WebRTC into plain RTP. */
export function featureCodes({ admin, directory }: PostgresPart, media: MediaPart): FeatureCodes {
  const deps = { ...admin, directory };
  return {
    signIn: createSignIn(deps), signOut: createSignOut(deps), deviceLock: createDeviceLock(deps),
    media: { endpoints: media.endpoints, gateway: media.converter }, notifier: NO_NOTIFIER,
  };
}
