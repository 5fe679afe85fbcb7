import type { CallFacts } from './call-facts.js';
import type { CallerIdentity } from './call-decision.js';
import { judgeCaps } from './call-caps.js';
import { judgeExtensionTarget } from './extension-target.js';
import { judgeInbound } from './judge-inbound.js';
import { notApplicable, passed, refuse, type NamedRule, type RuleVerdict } from './rule-chain.js';

const OUTSIDE = 'A call from the telephone network.';

/** The call policy for calls that a trunk brings: they reach numbers of the account and nothing else. */
export const INBOUND_RULES: readonly NamedRule<CallFacts>[] = [
  { rule: 'emergency', judge: () => notApplicable(OUTSIDE) },
  { rule: 'source', judge: judgeTrunkSource },
  { rule: 'dialled', judge: judgeCalledNumber },
  { rule: 'caps', judge: judgeCaps },
  { rule: 'caller-id', judge: judgeCallerShown },
  { rule: 'inbound', judge: judgeInbound },
  { rule: 'targets', judge: judgeCalledExtension },
];

/** Rule 2. */
function judgeTrunkSource({ source, hopsLeft }: CallFacts): RuleVerdict {
  if (source.kind !== 'trunk') return notApplicable('Not from a trunk.');
  // RFC 3261 §16.3 step 3.
  if (hopsLeft <= 0) return refuse('too-many-hops', 'Max-Forwards is used up.');
  const from = `${source.trunk.name}, gateway ${source.gateway.host}`;
  if (!source.trunk.enabled) return refuse('trunk-disabled', `The call comes from ${from}.`);
  if (source.looped) return refuse('call-loop', `The call comes from ${from}.`);
  return passed(`From trunk ${from}.`);
}

/** Rule 4: neither extensions nor codes are dialled from outside. */
function judgeCalledNumber({ dialled, calledNumber }: CallFacts): RuleVerdict {
  if (dialled.kind !== 'number') return refuse('unknown-number', 'What the trunk asks for is no telephone number.');
  if (calledNumber === null) return refuse('unknown-number', `${dialled.e164} is no number of the account.`);
  return passed(`Number ${dialled.e164}, of this account.`);
}

/** Rule 8. */
function judgeCallerShown(facts: CallFacts): RuleVerdict {
  const { name, number } = callerShown(facts);
  return passed(number === '' ? 'The caller withholds the number.' : `Shown as ${name === '' ? number : `${name}, ${number}`}.`);
}

/** Rule 10. */
function judgeCalledExtension(facts: CallFacts): RuleVerdict {
  const { target } = facts;
  return target.kind === 'none' ? refuse('number-unassigned', 'Nobody to ring.') : judgeExtensionTarget(facts, target, callerShown(facts));
}

/** How a caller from outside is shown to the phones that ring. */
export function callerShown({ source, externalName }: CallFacts): CallerIdentity {
  if (source.kind !== 'trunk') return { name: '', number: '' };
  const { name, number } = source.caller;
  return number === null ? { name: '', number: '' } : { name: externalName ?? name, number };
}
