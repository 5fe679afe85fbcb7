import { judgeCaps } from './call-caps.js';
import type { ForwardCallFacts } from './call-facts.js';
import { judgeCallingSwitches } from './calling-switches.js';
import { judgeFraud } from './judge-fraud.js';
import { judgeInbound } from './judge-inbound.js';
import { judgeOutboundRestrictions } from './outbound-restrictions.js';
import { describeParty, judgeCallerId, judgeDialled, judgeEntitlement, judgeTargets, statusOf } from './outgoing-rules.js';
import { notApplicable, passed, refuse, type NamedRule, type RuleVerdict } from './rule-chain.js';

/** How often one call is sent on, by whomever. */
export const MOST_FORWARDS = 5;

/** The call policy for calls that somebody sends on: whoever does pays for it, and may send it no further than they may call. */
export const FORWARD_RULES: readonly NamedRule<ForwardCallFacts>[] = [
  { rule: 'emergency', judge: judgeNoHelp },
  { rule: 'source', judge: judgeForward },
  { rule: 'device-lock', judge: judgePhone },
  { rule: 'acting-party', judge: judgeForwarder },
  { rule: 'dialled', judge: judgeTo },
  { rule: 'entitlement', judge: judgeEntitlement },
  { rule: 'calling-switches', judge: judgeCallingSwitches },
  { rule: 'outbound-restrictions', judge: judgeOutboundRestrictions },
  { rule: 'caps', judge: judgeCaps },
  { rule: 'fraud-guards', judge: judgeFraud },
  { rule: 'caller-id', judge: judgeCallerId },
  { rule: 'inbound', judge: judgeInbound },
  { rule: 'targets', judge: judgeTargets },
];

/** Rule 1: help is called by people. */
function judgeNoHelp({ dialled }: ForwardCallFacts): RuleVerdict {
  if (dialled.kind === 'emergency') return refuse('unknown-number', 'Calls are never sent on to an emergency number.');
  return notApplicable('A call that is sent on.');
}

/** Rule 2. */
function judgeForward({ source, target, hopsLeft }: ForwardCallFacts): RuleVerdict {
  // RFC 3261 §16.3 step 3.
  if (hopsLeft <= 0) return refuse('too-many-hops', 'Max-Forwards is used up.');
  if (source.via.length >= MOST_FORWARDS) return refuse('too-many-hops', `It was sent on ${source.via.length} times already.`);
  const again = target.kind === 'extension' && [...source.via, source.acting.extension.id].includes(target.extension.id);
  if (again) return refuse('call-loop', `Extension ${target.extension.number} sent the call on itself.`);
  const what = source.by === 'phone' ? `phone ${source.device?.displayName ?? ''}` : source.by === 'number' ? `number ${source.number}` : 'call handling';
  return passed(`Sent on by ${describeParty(source.acting)}, by ${what} (${source.because}).`);
}

/** Nobody acts on a locked phone, the phone itself neither. */
function judgePhone({ source: { device } }: ForwardCallFacts): RuleVerdict {
  if (device === null) return notApplicable('No phone sent it on.');
  return device.locked ? refuse('device-locked', `Device ${device.displayName} is locked.`) : passed('The phone is not locked.');
}

/** Rule 3. */
function judgeForwarder({ source: { acting } }: ForwardCallFacts): RuleVerdict {
  const who = describeParty(acting);
  return statusOf(acting) === 'active' ? passed(`${who} pays for it.`) : refuse('user-deactivated', `${who} is deactivated.`);
}

/** Rule 4. */
function judgeTo(facts: ForwardCallFacts): RuleVerdict {
  return facts.dialled.kind === 'feature-code' ? refuse('unknown-number', 'Feature codes are dialled by people.') : judgeDialled(facts);
}
