import { answerFacts } from '../protection/answer-facts.js';
import type { SipRequest } from '../syntax/message.js';
import type { Flow } from '../transport/transport.js';
import { appHeader, type AppSip } from './app-text.js';
import type { EdgeContext } from './edge-context.js';

/** An application gave its final answer to a request outside dialogs. */
export function tellProtection(context: EdgeContext, request: SipRequest, flow: Flow, status: number, sip: AppSip): void {
  context.protection.answered(request, flow, answerFacts(request, status, () => ({
    contact: appHeader(sip, 'contact'), expires: appHeader(sip, 'expires'), wwwAuthenticate: appHeader(sip, 'www-authenticate'),
  })));
}
