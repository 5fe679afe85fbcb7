import { recordableDigits } from '../domain/numbering/dial-plan.js';
import type { ActingParty, CallFacts } from '../domain/routing/call-facts.js';
import type { CallParty } from '../domain/calls/call-event.js';
import type { Dialled } from '../domain/numbering/dialled.js';
import type { DeviceId, SiteId } from '../domain/ids.js';

/** The caller as a call record shows it: acting party, the phone, the phone's site. */
export function callerParty({ source }: CallFacts): CallParty {
  return party(source.acting, source.device.id, source.site.id, '');
}

/** The called side: the extension, or the number as dialled. */
export function calleeParty(facts: CallFacts): CallParty {
  if (facts.target.kind === 'extension') return party(facts.target.party, null, facts.target.extension.siteId, '');
  const outside = party({ kind: 'unassigned' }, null, null, recordableDigits(facts.dialled, facts.account.policy.featureCodes));
  return { ...outside, name: facts.externalName ?? '' };
}

/** `direction` of the record: between extensions, or out to the network. */
export function directionOf(dialled: Dialled): 'internal' | 'outbound' {
  return dialled.kind === 'number' || dialled.kind === 'emergency' ? 'outbound' : 'internal';
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
