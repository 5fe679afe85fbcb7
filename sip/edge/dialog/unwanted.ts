import type { SipRequest } from '../syntax/message.js';

/** What marks a scanner (drachtio wire protocol §7.6b). Compared as written, anywhere in the value. */
export interface UnwantedRules {
  readonly userAgents: readonly string[];
  /** In any header of the message. */
  readonly anywhere: readonly string[];
}

/** The scanners everybody on the internet hears of first. */
export const defaultUnwanted: UnwantedRules = {
  userAgents: ['sip-cli', 'sipcli', 'friendly-scanner', 'pplsip', 'sundayddr', 'VaxSIPUserAgent'],
  anywhere: ['sipvicious'],
};

/** Whether a request is to be declined without asking an application. */
export function isUnwanted(request: SipRequest, rules: UnwantedRules): boolean {
  const agent = request.first('user-agent');
  if (agent !== undefined && rules.userAgents.some((word) => agent.includes(word))) return true;
  return rules.anywhere.some((word) => {
    const at = request.raw.indexOf(word);
    return at >= 0 && at < request.bodyStart;
  });
}
