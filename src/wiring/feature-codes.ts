import type { FeatureCodes } from '../../sip/app/feature-codes/feature-call.js';
import type { DeviceNotifier } from '../ports/call-control.js';
import type { PhoneActivation } from '../usecases/activation/phone-activation.js';
import type { HotDesk } from '../usecases/hotdesk/create-hot-desk.js';
import type { MediaPart } from './media.js';

/** What answers the star codes: verbs, sound, what turns SRTP and WebRTC into plain RTP, and who tells phones afterwards that they are somebody else's. */
export function featureCodes({ signIn, signOut, deviceLock }: HotDesk, activation: PhoneActivation, media: MediaPart, notifier: DeviceNotifier): FeatureCodes {
  return { signIn, signOut, deviceLock, activation, notifier, media: { endpoints: media.endpoints, gateway: media.converter } };
}
