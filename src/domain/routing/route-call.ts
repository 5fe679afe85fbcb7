import { emergencyNumberOut } from '../numbering/emergency.js';
import { selectGateways } from '../trunk/select-gateways.js';
import { describeDesk } from '../emergency/desk-address.js';
import type { CallDecision } from './call-decision.js';
import { judgeCaps } from './call-caps.js';
import { judgeCallingSwitches } from './calling-switches.js';
import { isForward, isFromDevice, type CallFacts, type DeviceCallFacts } from './call-facts.js';
import { withCallBack } from './call-back.js';
import { FORWARD_RULES } from './forward-rules.js';
import { callerShown, INBOUND_RULES } from './inbound-rules.js';
import { judgeFraud } from './judge-fraud.js';
import { judgeInbound } from './judge-inbound.js';
import { judgeOutboundRestrictions } from './outbound-restrictions.js';
import { callerIdentity, describeParty, judgeCallerId, judgeDialled, judgeEntitlement, judgeTargets, statusOf } from './outgoing-rules.js';
import { sentences, trunkOrder } from './trunk-routes.js';
import { decided, decideByRules, notApplicable, passed, refuse, type NamedRule, type RuleVerdict } from './rule-chain.js';

/** The call policy for calls of phones: each rule sees the same facts; the first that decides ends the chain. */
const RULES: readonly NamedRule<DeviceCallFacts>[] = [
  { rule: 'emergency', judge: judgeEmergency },
  { rule: 'source', judge: judgeSource },
  { rule: 'device-lock', judge: judgeDeviceLock },
  { rule: 'acting-party', judge: judgeActingParty },
  { rule: 'dialled', judge: judgeDialled },
  { rule: 'entitlement', judge: judgeEntitlement },
  { rule: 'calling-switches', judge: judgeCallingSwitches },
  { rule: 'outbound-restrictions', judge: judgeOutboundRestrictions },
  { rule: 'caps', judge: judgeCaps },
  { rule: 'fraud-guards', judge: judgeFraud },
  { rule: 'caller-id', judge: judgeCallerId },
  { rule: 'inbound', judge: judgeInbound },
  { rule: 'targets', judge: judgeTargets },
];

/**
 * Decides what becomes of a call, and says why. Pure: the live path, the explain API and the tests call this same function.
 * The chain holds every rule asked, in order, the deciding one last.
 */
export function routeCall(facts: CallFacts): CallDecision {
  if (isForward(facts)) return decideByRules(FORWARD_RULES, facts);
  if (isFromDevice(facts)) return withCallBack(facts, decideByRules(RULES, facts), () => callerIdentity(facts));
  return withCallBack(facts, decideByRules(INBOUND_RULES, facts), () => callerShown(facts));
}

/** Rule 1: before everything, from any device in any state; identity and address are the desk's, never the guest's. */
function judgeEmergency({ dialled, source, emergency, deskNumber, trunks }: DeviceCallFacts): RuleVerdict {
  if (dialled.kind !== 'emergency') return notApplicable('Not an emergency number at this desk.');
  const at = `at site ${source.site.name} (${source.site.country})`;
  const kind = dialled.test ? 'the emergency test number' : 'an emergency number';
  const seen = `${dialled.number} is ${kind} ${at}.${emergency === undefined ? '' : ` ${describeDesk(emergency)}`}`;
  const { id: siteId, country } = source.site;
  const number = emergencyNumberOut(dialled.number, country);
  const { gateways, notes } = selectGateways({ ...trunks, siteId, country, number, emergency: true });
  // A test that reaches a trunk not meant for emergencies would say nothing of the real call.
  const routes = dialled.test ? gateways.filter(({ trunk }) => trunk.routes.some((route) => route.emergency && (route.siteId === null || route.siteId === siteId))) : gateways;
  if (routes.length === 0) return refuse(dialled.test ? 'emergency-test-no-route' : 'emergency-no-route', seen + sentences(notes));
  const callback = emergency?.elin || deskNumber;
  return decided(
    { kind: 'dial-trunk', number, emergency: !dialled.test, callerId: { name: source.device.displayName, number: callback }, asserted: callback, routes },
    `${seen} It goes out with the desk's identity, by ${trunkOrder(routes)}; no other rule is asked.${sentences(notes)}`,
  );
}

/** Rule 2. */
function judgeSource({ source, dialled, hopsLeft }: DeviceCallFacts): RuleVerdict {
  // RFC 3261 §16.3 step 3: a request without hops left goes nowhere; a feature code is answered here.
  if (hopsLeft <= 0 && dialled.kind !== 'feature-code') return refuse('too-many-hops', 'Max-Forwards is used up.');
  return passed(`Device ${source.device.displayName} at site ${source.site.name}, authenticated.`);
}

/**
 * Between rules 2 and 3: nobody acts on a locked phone. What can unlock it still answers: the lock's own code, and the sign-in
 * code, which refuses guests there.
 */
function judgeDeviceLock({ source, dialled }: DeviceCallFacts): RuleVerdict {
  const { device } = source;
  if (!device.locked) return passed('The phone is not locked.');
  if (dialled.kind === 'feature-code' && (dialled.feature === 'device-lock' || dialled.feature === 'hot-desk-sign-in')) {
    return passed(`Device ${device.displayName} is locked; its own user may unlock it so.`);
  }
  return refuse('device-locked', `Device ${device.displayName} is locked.`);
}

/** Rule 3. */
function judgeActingParty({ source, dialled, actingSite }: DeviceCallFacts): RuleVerdict {
  const { acting, device, site } = source;
  const signsIn = dialled.kind === 'feature-code' && dialled.feature === 'hot-desk-sign-in';
  if (acting.kind === 'unassigned') {
    const takesGuests = signsIn && device.hotDesking === 'on';
    if (takesGuests) return passed(`Device ${device.displayName} has no assignee, but takes guests.`);
    if (dialled.kind === 'feature-code' && dialled.feature === 'phone-activation') {
      return passed(`Device ${device.displayName} has no assignee; an activation code gives it one.`);
    }
    return refuse('device-unassigned', `Device ${device.displayName} has no assignee.`);
  }
  const who = describeParty(acting);
  if (statusOf(acting) === 'active') {
    const home = (actingSite ?? site).name;
    const read = ` Extensions and national numbers are read as at site ${home}, emergency numbers as at site ${site.name}.`;
    return passed(`${who} acts on this device.${acting.kind === 'user' && acting.session !== null ? read : ''}`);
  }
  // The owner's status never narrows a guest, and every guest begins as the owner's call to the sign-in code.
  if (signsIn) return passed(`${who} is deactivated; signing in is still possible.`);
  return refuse('user-deactivated', `${who} is deactivated.`);
}
