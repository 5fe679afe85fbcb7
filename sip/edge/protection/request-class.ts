import type { SipRequest } from '../syntax/message.js';
import { isEmergencyUri } from './emergency.js';
import type { RequestClass } from './overload.js';

/** What the message itself does not tell. */
export interface ClassFacts {
  readonly emergencyUsers: ReadonlySet<string>;
  /** Whether a dialog with the request's tags exists. */
  readonly hasDialog: () => boolean;
  /** Whether this user is registered from where the request came. */
  readonly isRegistered: () => boolean;
}

/** With a To tag that names no dialog, the edge refuses these itself: no application is troubled (RFC 3261 §12.2.2). */
const ONLY_IN_DIALOG: ReadonlySet<string> = new Set(['INVITE', 'BYE', 'UPDATE', 'PRACK', 'REFER', 'CANCEL']);

/** How precious a request outside known transactions is. */
export function classOf(request: SipRequest, facts: ClassFacts): RequestClass {
  const { method } = request;
  if (method === 'ACK' || method === 'CANCEL' || method === 'BYE' || method === 'PRACK') return 'in-dialog';
  if (method === 'REGISTER') return request.has('authorization') || facts.isRegistered() ? 'refresh' : 'registration';
  // A Route leads through us: a dialog we proxied, of which we keep nothing.
  if (request.toTag !== undefined && (ONLY_IN_DIALOG.has(method) || request.has('route') || facts.hasDialog())) return 'in-dialog';
  if (method === 'INVITE') return isEmergencyUri(request.uri, facts.emergencyUsers) ? 'emergency' : 'call';
  return 'other';
}
