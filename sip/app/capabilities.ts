import type { SrfRequest, SipHeaders } from 'drachtio-srf';
import { tokensOf } from './syntax/header.js';

/** Methods understood inside and outside a call (RFC 3261 §20.5). */
export const ALLOW = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, REGISTER';
/** Extensions understood (RFC 3261 §20.37). */
export const SUPPORTED = 'timer';
/** The one event package this system speaks: NOTIFY of check-sync, sent to phones (RFC 6665 §8.2.2). */
export const ALLOW_EVENTS = 'check-sync';

/** What a 200 to OPTIONS says (RFC 3261 §11.2). */
export const CAPABILITY_HEADERS: Readonly<SipHeaders> = {
  // Reports of quality come outside of calls only.
  Allow: `${ALLOW}, PUBLISH`, Accept: 'application/sdp, application/vq-rtcpxr', 'Accept-Encoding': 'identity', 'Accept-Language': 'en', Supported: SUPPORTED,
};

const KNOWN_OPTIONS: ReadonlySet<string> = new Set(SUPPORTED.split(', '));

/** Option tags of Require that are not understood; each must be named in a 420 (RFC 3261 §8.2.2.3). */
export function unsupportedOptions(request: SrfRequest): readonly string[] {
  return tokensOf(request, 'require').filter((option) => !KNOWN_OPTIONS.has(option));
}
