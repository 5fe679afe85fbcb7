import type { Dialog, SrfRequest, SrfResponse } from 'drachtio-srf';
import { ALLOW, ALLOW_EVENTS, CAPABILITY_HEADERS } from '../capabilities.js';

/** Answers the methods that no call serves; `safely` as the call runs events from the network. */
export function answerUnserved(dialog: Dialog, safely: (what: () => void) => void): void {
  const answering = (status: number, headers: Record<string, string> = {}) => (_request: SrfRequest, response: SrfResponse): void =>
    safely(() => response.send(status, undefined, { headers: { ...headers } }));
  dialog.on('options', answering(200, CAPABILITY_HEADERS));
  // Transfer is not served; the call stays as it is.
  dialog.on('refer', answering(501));
  dialog.on('message', answering(405, { Allow: ALLOW }));
  dialog.on('publish', answering(405, { Allow: ALLOW }));
  dialog.on('subscribe', answering(489, { 'Allow-Events': ALLOW_EVENTS }));
  // RFC 6665 §4.1.3: nothing was subscribed to.
  dialog.on('notify', answering(481));
}
