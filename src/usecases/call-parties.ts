import { recordableDigits } from '../domain/numbering/dial-plan.js';
import { outsideIdentity } from '../domain/routing/own-number.js';
import type { ActingParty, CallFacts, ForwardSource, TrunkSource } from '../domain/routing/call-facts.js';
import type { CallParty, CallRecord, ForwardedCall } from '../domain/calls/call-event.js';
import type { CallRecordId, DeviceId, SiteId } from '../domain/ids.js';

/** The caller as a call record shows it: acting party, the phone, the phone's site; of calls to numbers the number shown. */
export function callerParty(facts: CallFacts): CallParty {
  const { source, dialled, callerNumbers } = facts;
  if (source.kind === 'trunk') return outsideParty(source);
  const outside = (): string => outsideIdentity({ source, callerNumbers }).number;
  const shown = dialled.kind === 'emergency' ? facts.emergency?.elin || facts.deskNumber : dialled.kind === 'number' ? outside() : '';
  return party(source.acting, source.device?.id ?? null, source.site.id, shown);
}

/** The called side: the extension, with the number of the account that led to it, or the number as dialled. */
export function calleeParty(facts: CallFacts): CallParty {
  const { target, calledNumber } = facts;
  if (target.kind === 'extension') return party(target.party, null, target.extension.siteId, calledNumber?.number ?? '');
  const outside = party({ kind: 'unassigned' }, null, null, recordableDigits(facts.dialled, facts.account.policy.featureCodes));
  return { ...outside, name: facts.externalName ?? '', ...(facts.dialled.kind === 'number' ? { e164: facts.dialled.e164 } : {}) };
}

/** Whoever calls by a trunk: known by a number at most. */
function outsideParty(source: TrunkSource): CallParty {
  return { ...party({ kind: 'unassigned' }, null, null, ''), name: source.caller.name, number: source.caller.number ?? '', trunkId: source.trunk.id };
}

/** What the record of a call that was sent on tells of the one before. */
export function forwardedCall({ by, number, acting }: ForwardSource, callId: CallRecordId): ForwardedCall {
  return { callId, extensionId: acting.extension.id, number, by };
}

/** `direction` of the record: inside the account, by extension or own number, out to the network, or in from there. */
export function directionOf({ source, dialled, calledNumber }: CallFacts): CallRecord['direction'] {
  if (source.kind === 'trunk') return 'inbound';
  return (dialled.kind === 'number' && calledNumber === null) || dialled.kind === 'emergency' ? 'outbound' : 'internal';
}

function party(acting: ActingParty, deviceId: DeviceId | null, siteId: SiteId | null, number: string): CallParty {
  if (acting.kind === 'unassigned') {
    return { extensionId: null, extensionNumber: '', userId: null, deviceId, siteId, name: '', number, hotDeskSessionId: null };
  }
  return {
    extensionId: acting.extension.id, extensionNumber: acting.extension.number,
    userId: acting.kind === 'user' ? acting.user.id : null, deviceId, siteId, name: acting.name, number,
    hotDeskSessionId: acting.kind === 'user' ? acting.session?.id ?? null : null,
  };
}
