import type { SipHeaders } from 'drachtio-srf';
import type { Account } from '../../../src/domain/identity/account.js';
import type { CallerIdentity } from '../../../src/domain/routing/call-decision.js';
import type { CancelReason } from '../../../src/domain/calls/fork.js';
import { ALLOW, SUPPORTED } from '../capabilities.js';
import { quoteDisplay } from '../syntax/name-addr.js';
import type { PhoneTarget } from './ring-target.js';
import { offerSession } from './session-timers.js';

export interface InviteFacts {
  readonly account: Account;
  readonly callerId: CallerIdentity;
  /** Type of the body that goes along; null without. */
  readonly contentType: string | null;
}

/** Headers of the INVITE to one phone; Via, Call-ID, CSeq and Contact are the edge's. */
export function inviteHeaders(facts: InviteFacts, target: PhoneTarget): SipHeaders {
  const { account, callerId } = facts;
  return {
    ...callerHeaders(callerId, account.sipDomain),
    // The AOR, not the Contact: that is whom the call is for (RFC 3261 §8.1.1.2).
    To: `<sip:${target.device.userName}@${account.sipDomain}>`,
    'Max-Forwards': String(Math.max(0, target.hopsLeft - 1)),
    Allow: ALLOW,
    Supported: SUPPORTED,
    ...offerSession(account.policy.sessionExpiresSeconds),
    ...(facts.contentType === null ? {} : { 'Content-Type': facts.contentType }),
  };
}

/** Why a branch is cancelled, in a Reason header: phones then show no missed call for one taken elsewhere (RFC 3326 §3.1). */
export const CANCEL_REASONS: Readonly<Record<CancelReason, string>> = {
  'completed-elsewhere': 'SIP;cause=200;text="Call completed elsewhere"',
  'caller-cancelled': 'SIP;cause=487;text="Caller hung up"',
  'ring-timeout': 'SIP;cause=480;text="No answer"',
  'declined-everywhere': 'SIP;cause=603;text="Declined"',
};

/** What a phone claims about its user is replaced; a withheld number is anonymous (RFC 3323 §4.1.1.3). */
function callerHeaders(callerId: CallerIdentity, domain: string): SipHeaders {
  if (callerId.number === '') return { From: '"Anonymous" <sip:anonymous@anonymous.invalid>', Privacy: 'id' };
  return { From: `${quoteDisplay(callerId.name)}<sip:${encodeUser(callerId.number)}@${domain}>` };
}

function encodeUser(user: string): string {
  return user.replace(/[^A-Za-z0-9\-_.!~*'()&=+$,;?/]/g, encodeURIComponent);
}
