import { callerIdOf, permittedNumbers, type NumberOrigin } from '../numbering/caller-id.js';
import { inboundNumber } from '../numbering/inbound-number.js';
import type { CallerIdentity } from './call-decision.js';
import type { CallFacts, OwnCallFacts } from './call-facts.js';
import { passed, refuse, type RuleVerdict } from './rule-chain.js';

/** A number of the account rings inside: no trunk, plan or outbound rule is needed to reach a colleague. */
export function staysInside({ dialled, calledNumber }: CallFacts): boolean {
  return dialled.kind === 'extension' || (dialled.kind === 'number' && calledNumber !== null);
}

/**
 * Rule 9: a number of the account leads to whoever it is assigned to; to nobody, it is refused and never sent out. Null for
 * calls to anything else.
 */
export function calledNumberVerdict({ dialled, calledNumber, target }: CallFacts): RuleVerdict | null {
  const inbound = inboundNumber(dialled.kind === 'number' ? calledNumber : null);
  switch (inbound.kind) {
    case 'foreign':
      return null;
    case 'unassigned':
      return refuse('number-unassigned', `${inbound.number.number} is a number of the account.`);
    case 'outgoing-only':
      return refuse('number-outgoing-only', `${inbound.number.number} is a number of the account.`);
    case 'extension':
      return target.kind === 'none'
        ? refuse('number-unassigned', `${inbound.number.number} is assigned to an extension that is gone.`)
        : passed(`${inbound.number.number} is a number of extension ${target.extension.number}.`);
  }
}

const ORIGIN: Readonly<Record<NumberOrigin, string>> = {
  own: 'a number of their own', extension: 'permitted to the extension', site: 'permitted to the site', account: 'permitted to the whole account',
};

export interface OutsideIdentity extends CallerIdentity {
  /** What a trusted network may know of a caller who withholds the number; '' = nothing. */
  readonly asserted: string;
  readonly why: string;
}

/**
 * Rule 8 for calls out: what is shown in place of whatever the phone claims, and why. A number of somebody else is shown with
 * its own name, so that the called side cannot tell who of many uses it.
 */
export function outsideIdentity({ source, callerNumbers }: Pick<OwnCallFacts, 'source' | 'callerNumbers'>): OutsideIdentity {
  const { acting } = source;
  const name = acting.kind === 'unassigned' ? source.device?.displayName ?? '' : acting.name;
  const callerId = callerIdOf(callerNumbers);
  switch (callerId.kind) {
    case 'hidden':
      // RFC 3323 §4.1.1.3: the display name of a caller who is not to be known.
      return { name: 'Anonymous', number: '', asserted: permittedNumbers(callerNumbers)[0]?.number.number ?? '', why: 'the caller chose to withhold it' };
    case 'none':
      return { name, number: '', asserted: '', why: 'there is none that the caller may show' };
    case 'shown': {
      const { number, origin, chosen } = callerId;
      const shownName = origin !== 'own' && number.displayName !== '' ? number.displayName : name;
      return { name: shownName, number: number.number, asserted: number.number, why: `${ORIGIN[origin]}${chosen ? ', chosen by the caller' : ''}` };
    }
  }
}
