import type { CallerIdentity } from './call-decision.js';
import type { CallFacts, CallTarget } from './call-facts.js';
import type { SilentBecause } from './ring-phones.js';
import { decided, refuse, type RuleVerdict } from './rule-chain.js';

type ExtensionTarget = Extract<CallTarget, { readonly kind: 'extension' }>;

const WHY_SILENT: Readonly<Record<SilentBecause, string>> = {
  'guest': 'is used by a guest', 'desk-only': "is left out while its user sits elsewhere", 'locked': 'is locked',
};

/** Rule 10 for an extension: its reachable phones ring, all at once, never the one that calls nor one lent to a guest. */
export function judgeExtensionTarget({ account, source }: CallFacts, target: ExtensionTarget, callerId: CallerIdentity): RuleVerdict {
  const { extension, party, candidates, silent } = target;
  if (party.kind === 'unassigned') return refuse('no-device', `Extension ${extension.number} has no holder.`);
  const callee = `${party.name} (extension ${extension.number})`;
  const status = party.kind === 'user' ? party.user.status : party.commonArea.status;
  if (status === 'deactivated') return refuse('callee-deactivated', `${callee} is deactivated.`);
  if (candidates.length === 0 && silent.length === 0) return refuse('no-device', `${callee} has no phone.`);
  const quiet = silent.map(({ device, because }) => ` Device ${device.displayName} ${WHY_SILENT[because]}.`).join('');
  if (candidates.length === 0) {
    const lent = silent.some(({ because }) => because === 'guest');
    return refuse(lent ? 'phone-lent' : 'callee-locked', `${callee} has no phone that may ring.${quiet}`);
  }

  const calling = source.kind === 'device' ? source.device.id : null;
  const ring = candidates.filter(({ device, bindings }) => device.id !== calling && bindings.length > 0);
  if (ring.length === 0) {
    const alone = candidates.every(({ device }) => device.id === calling);
    const seen = alone ? `${callee} has only the calling phone, which does not ring itself.` : `${callee} has phones.`;
    return refuse('not-registered', seen + quiet);
  }
  const phones = ring.length === 1 ? '1 phone rings' : `${ring.length} phones ring`;
  return decided(
    { kind: 'ring', extension, calleeName: party.name, ring, ringSeconds: account.policy.ringSeconds, callerId },
    `${callee}: ${phones} for ${account.policy.ringSeconds} s.${quiet}`,
  );
}
