/**
 * The one table of refusals and failures. Each reason has one name, used in code, API, call records, events and docs;
 * everything shown to a phone, a person or a script is derived from its row.
 */
export interface ReasonRow {
  /** SIP status and phrase of the final response. */
  readonly sip: number;
  readonly phrase: string;
  /** ITU-T Q.850 cause for the Reason header (RFC 3326). */
  readonly q850: number;
  /** Spoken to the caller where early media is possible; null = none. */
  readonly prompt: string | null;
  /** HTTP status and Zoom-shaped error code when the same refusal is an API answer. */
  readonly http: number;
  readonly code: number;
  /** One sentence: what happened and what can be done. */
  readonly text: string;
  /** What the caller's phone reads instead, where the sentence is none of the caller's business. */
  readonly told?: string;
}

const NOT_REGISTERED = 'None of the phones that would ring is registered.';

function row(sip: number, phrase: string, q850: number, prompt: string | null, http: number, code: number, text: string): ReasonRow {
  return { sip, phrase, q850, prompt, http, code, text };
}

export const REASONS = {
  'emergency-no-route': row(503, 'No Emergency Route', 38, 'service-unavailable', 409, 409, 'No trunk can carry this emergency call. Use another phone, and configure an emergency trunk.'),
  'emergency-test-no-route': row(404, 'Not Found', 3, 'number-not-in-service', 409, 409, 'No trunk carries the emergency test number. Configure an emergency trunk first.'),
  'too-many-hops': row(483, 'Too Many Hops', 25, null, 400, 300, 'The call was forwarded too often.'),
  'device-unassigned': row(403, 'Forbidden', 21, 'call-not-allowed', 403, 200, 'The phone is assigned to nobody: only emergency calls and its activation go out. Assign it to a user or common area, or activate it at the phone.'),
  'device-locked': row(403, 'Forbidden', 21, 'device-locked', 403, 200, 'The phone is locked by its own user: only emergency calls go out. Unlock it first.'),
  'user-deactivated': row(403, 'Forbidden', 21, 'call-not-allowed', 403, 200, 'The user is deactivated. Activate the user to allow calls.'),
  'callee-deactivated': row(480, 'Temporarily Unavailable', 20, null, 409, 409, 'The called user is deactivated.'),
  'not-a-phone-user': row(403, 'Forbidden', 21, 'call-not-allowed', 403, 200, 'The caller has no extension. Add the person as a phone user.'),
  'unknown-number': row(404, 'Not Found', 1, 'number-not-in-service', 404, 404, 'Nobody has this number.'),
  'number-unassigned': row(404, 'Not Found', 1, 'number-not-in-service', 404, 404, 'It is assigned to nobody. Assign it to a user or common area.'),
  'number-outgoing-only': row(404, 'Not Found', 1, 'number-not-in-service', 404, 404, 'It takes no incoming calls. Give it the capability incoming to change that.'),
  'not-registered': row(480, 'Temporarily Unavailable', 20, null, 409, 409, NOT_REGISTERED),
  'no-device': row(480, 'Temporarily Unavailable', 20, null, 409, 409, 'The called extension has no phone.'),
  'phone-lent': row(480, 'Temporarily Unavailable', 20, null, 409, 409, 'Guests use the phones of the called extension.'),
  'callee-locked': row(480, 'Temporarily Unavailable', 20, null, 409, 409, 'The phones of the called extension are locked.'),
  'no-calling-plan': row(403, 'Forbidden', 21, 'call-not-allowed', 403, 200, 'Calling numbers needs a calling plan. Assign one to the caller.'),
  'plan-region': row(403, 'Forbidden', 21, 'call-not-allowed', 403, 200, "The number lies outside the caller's calling plan."),
  'international-off': row(403, 'Forbidden', 21, 'call-not-allowed', 403, 200, 'International calling is switched off for the caller, or for the phone that a guest uses.'),
  'outbound-calling-off': row(403, 'Forbidden', 21, 'call-not-allowed', 403, 200, 'Calls to numbers are switched off by a setting of the account, the site or the extension.'),
  'outbound-blocked': row(403, 'Forbidden', 21, 'call-not-allowed', 403, 200, 'The number is on an outbound blocked list.'),
  'country-blocked': row(403, 'Forbidden', 21, 'call-not-allowed', 403, 200, 'Calls to this country or region are not allowed for the caller, or for the phone that is used.'),
  'exception-blocked': row(403, 'Forbidden', 21, 'call-not-allowed', 403, 200, 'An exception rule holds this number back from the caller, or from the phone that is used.'),
  'caller-blocked': {
    ...row(480, 'Temporarily Unavailable', 20, null, 403, 200, 'The caller is on an inbound blocked list of the account or of the called extension.'),
    told: NOT_REGISTERED,
  },
  'anonymous-blocked': {
    ...row(433, 'Anonymity Disallowed', 21, null, 403, 200, 'Calls without a caller number are blocked for the called extension (block_calls_without_caller_id).'), told: 'The number must be shown.',
  },
  'no-trunk': row(503, 'Service Unavailable', 38, 'service-unavailable', 409, 409, 'No trunk to the telephone network is configured.'),
  'no-route': row(503, 'Service Unavailable', 34, 'service-unavailable', 409, 409, 'No trunk takes this number from here now. Look at the routes and the health of the trunks.'),
  'trunk-disabled': row(403, 'Forbidden', 21, null, 409, 409, 'The trunk is switched off. Enable it to take its calls.'),
  'call-loop': row(482, 'Loop Detected', 25, null, 409, 409, 'The call came back to where it came from. The number leads here in the network, but is assigned elsewhere.'),
  'trunk-failed': row(503, 'Service Unavailable', 38, 'service-unavailable', 409, 409, 'No gateway of the trunks could take the call.'),
  'network-refused': row(500, 'Server Internal Error', 41, 'service-unavailable', 409, 409, 'The telephone network could not complete the call.'),
  'feature-unavailable': row(501, 'Not Implemented', 79, 'number-not-in-service', 409, 409, 'This feature code is not served.'),
  'fraud-calls-per-minute': row(403, 'Forbidden', 21, 'call-not-allowed', 403, 200, 'The caller makes more calls a minute to such numbers than a guard against fraud allows. Wait a minute.'),
  'fraud-concurrent-calls': row(403, 'Forbidden', 21, 'call-not-allowed', 403, 200, 'The caller has as many calls to such numbers at once as a guard against fraud allows. End one of them.'),
  'fraud-same-number': row(403, 'Forbidden', 21, 'call-not-allowed', 403, 200, 'The caller called this number more often in a row than a guard against fraud allows. Call another number first, or wait an hour.'),
  'fraud-minutes-per-day': row(403, 'Forbidden', 21, 'call-not-allowed', 403, 200, 'The caller has used up the minutes that a guard against fraud allows for a day.'),
  'fraud-cost-per-day': row(403, 'Forbidden', 21, 'call-not-allowed', 403, 200, 'The caller has used up the money that a guard against fraud allows for a day.'),
  'fraud-new-countries': row(403, 'Forbidden', 21, 'call-not-allowed', 403, 200, 'The caller called more countries for the first time within a day than a guard against fraud allows.'),
  'fraud-after-hours': row(403, 'Forbidden', 21, 'call-not-allowed', 403, 200, 'The caller makes more calls to such numbers after hours than a guard against fraud allows.'),
  'fraud-held': row(403, 'Forbidden', 21, 'call-not-allowed', 403, 200, 'A guard against fraud holds the caller back from such numbers. An administrator lifts it (DELETE /v2/cordboard/fraud_incidents/{incidentId}/hold).'),
  'user-call-limit': row(486, 'Busy Here', 17, null, 409, 409, 'The caller has as many calls as allowed. End one of them, or raise the limit (user_concurrent_calls).'),
  'site-call-limit': row(503, 'Service Unavailable', 42, null, 409, 409, 'The site has as many calls as allowed. Wait for one to end, or raise the limit (site_concurrent_calls).'),
  'account-call-limit': row(503, 'Service Unavailable', 42, null, 409, 409, 'The account has as many calls as allowed. Wait for one to end, or raise the limit (account_concurrent_calls).'),
  'trunk-call-limit': row(503, 'Service Unavailable', 42, null, 409, 409, 'The trunks for this number carry as many calls as they may. Wait for one to end, or raise the limits of the trunks.'),
  'busy': row(486, 'Busy Here', 17, null, 409, 409, 'The called phones are busy.'),
  'declined': row(603, 'Decline', 21, null, 409, 409, 'The call was declined.'),
  'no-answer': row(480, 'Temporarily Unavailable', 19, null, 409, 409, 'Nobody answered.'),
  'cancelled': row(487, 'Request Terminated', 16, null, 409, 409, 'The caller hung up before an answer.'),
  'callee-failed': row(500, 'Server Internal Error', 41, null, 409, 409, 'The called phones could not take the call.'),
  'phone-unreachable': row(480, 'Temporarily Unavailable', 18, null, 409, 409, 'The called phones did not respond.'),
  'media-unacceptable': row(488, 'Not Acceptable Here', 88, null, 409, 409, 'The phones have no codec in common.'),
  'shutting-down': row(503, 'Service Unavailable', 41, null, 503, 503, 'The system is stopping.'),
  'storage-unavailable': row(503, 'Service Unavailable', 41, null, 503, 503, 'A part of the system is not available. Try again shortly.'),
} as const satisfies Record<string, ReasonRow>;

export type Reason = keyof typeof REASONS;
