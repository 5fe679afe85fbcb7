import type { CallerIdentity } from './call-decision.js';
import { PLAIN_RULES } from '../forwarding/call-handling.js';
import { isPlain, ringPlan } from '../forwarding/ring-plan.js';
import type { CallFacts, CallSource, CallTarget } from './call-facts.js';
import type { DeviceId } from '../ids.js';
import type { SilentBecause } from './ring-phones.js';
import { decided, refuse, type RuleVerdict } from './rule-chain.js';

type ExtensionTarget = Extract<CallTarget, { readonly kind: 'extension' }>;

const WHY_SILENT: Readonly<Record<SilentBecause, string>> = {
  'guest': 'is used by a guest', 'desk-only': "is left out while its user sits elsewhere", 'locked': 'is locked',
};

/**
 * Rule 10 for an extension: its reachable phones ring, never the one that calls nor one lent to a guest, and numbers outside with them, as its call
 * handling says; a number that leads outside goes there at once. Where nothing would ring, the call goes on as if nobody had answered.
 */
export function judgeExtensionTarget(facts: CallFacts, target: ExtensionTarget, callerId: CallerIdentity): RuleVerdict {
  const { account, source, handling = PLAIN_RULES, numberForward } = facts;
  const { extension, party, candidates, silent } = target;
  if (party.kind === 'unassigned') return refuse('no-device', `Extension ${extension.number} has no holder.`);
  const callee = `${party.name} (extension ${extension.number})`;
  const status = party.kind === 'user' ? party.user.status : party.commonArea.status;
  if (status === 'deactivated') return refuse('callee-deactivated', `${callee} is deactivated.`);
  const sentOn = { kind: 'forward', extension, calleeName: party.name, callerId } as const;
  if (numberForward !== undefined) {
    const to = { kind: 'number', number: numberForward.number, description: numberForward.description } as const;
    return decided({ ...sentOn, to, by: 'number', because: 'unconditional' }, `${callee} has this number lead to ${numberForward.number}.`);
  }

  const callers = callingPhones(source);
  const ring = candidates.filter(({ device, bindings }) => !callers.has(device.id) && bindings.length > 0);
  const plan = ringPlan(handling, ring.length > 0, account.policy.ringSeconds);
  const quiet = silent.map(({ device, because }) => ` Device ${device.displayName} ${WHY_SILENT[because]}.`).join('');
  if (plan === null) {
    const { unanswered } = handling;
    if (unanswered.kind === 'disconnect') return nothingRings(target, callee, callers, quiet, handling.phones.enabled);
    const because = handling.phones.enabled ? 'no-answer' : 'unconditional';
    return decided({ ...sentOn, to: unanswered, by: 'handling', because }, `${callee}: nothing can ring.${quiet} The call handling sends the call on.`);
  }
  const { steps, ringSeconds } = plan;
  const ringing = steps.some(({ phones }) => phones) ? ring : [];
  const numbers = steps.flatMap((step) => step.numbers);
  const what = [
    ...(ringing.length === 0 ? [] : [ringing.length === 1 ? '1 phone rings' : `${ringing.length} phones ring`]),
    ...(numbers.length === 0 ? [] : [`${numbers.join(', ')} ${numbers.length === 1 ? 'rings' : 'ring'} outside`]),
  ].join(', ');
  const { unanswered, busy } = handling;
  const ends = unanswered.kind === 'disconnect' && busy.kind === 'disconnect';
  return decided(
    {
      kind: 'ring', extension, calleeName: party.name, ring: ringing, ringSeconds, callerId, ...(isPlain(plan) ? {} : { plan }),
      ...(ends ? {} : { otherwise: { unanswered, busy } }),
    },
    `${callee}: ${what} for ${ringSeconds} s${steps.some(({ alone }) => alone) ? ', one after the other' : ''}.${quiet}${ends ? '' : ' Then the call handling sends the call on.'}`,
  );
}

/** Whose call it is does not ring there, nor does the phone that sent it on. */
function callingPhones(source: CallSource): ReadonlySet<DeviceId> {
  switch (source.kind) {
    case 'device': return new Set([source.device.id]);
    case 'trunk': return new Set();
    case 'forward': return new Set([...(source.device === null ? [] : [source.device.id]), ...callingPhones(source.origin.source)]);
  }
}

function nothingRings({ candidates, silent }: ExtensionTarget, callee: string, callers: ReadonlySet<DeviceId>, quiet: string, phonesRing: boolean): RuleVerdict {
  if (!phonesRing) return refuse('no-device', `The call handling of ${callee} rings nothing.`);
  if (candidates.length === 0 && silent.length === 0) return refuse('no-device', `${callee} has no phone.`);
  if (candidates.length === 0) {
    const lent = silent.some(({ because }) => because === 'guest');
    return refuse(lent ? 'phone-lent' : 'callee-locked', `${callee} has no phone that may ring.${quiet}`);
  }
  const alone = candidates.every(({ device }) => callers.has(device.id));
  return refuse('not-registered', (alone ? `${callee} has only the calling phone, which does not ring itself.` : `${callee} has phones.`) + quiet);
}
