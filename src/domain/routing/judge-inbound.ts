import type { CallFacts } from './call-facts.js';
import { inboundBlocked } from './inbound-blocked.js';
import { calledNumberVerdict } from './own-number.js';
import { notApplicable, passed, refuse, type RuleVerdict } from './rule-chain.js';

/** Rule 9: who may call whom. The caller hears nothing of a list, only that nobody can be reached. */
export function judgeInbound(facts: CallFacts): RuleVerdict {
  const { target, inboundCaller, inboundBlocks } = facts;
  const called = calledNumberVerdict(facts);
  if (called?.kind === 'decided') return called;
  if (target.kind === 'none') return notApplicable('Nobody here is called.');
  if (facts.anonymousBlocked === true) return refuse('anonymous-blocked', `The caller withholds the number, and extension ${target.extension.number} takes no such calls.`);
  const block = inboundBlocked(inboundCaller, inboundBlocks);
  const way = called === null ? '' : `${called.note} `;
  if (block === null) return passed(`${way}The caller is on no inbound blocked list of the account or of extension ${target.extension.number}.`);
  const how = block.match === 'prefix' ? 'begins with' : 'is';
  return refuse('caller-blocked', `The caller's number ${how} ${block.number}, blocked for ${block.holder}.`);
}
