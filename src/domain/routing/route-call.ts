import { emergencyNumberOut } from '../numbering/emergency.js';
import { selectGateways } from '../trunk/select-gateways.js';
import { describeDesk } from '../emergency/desk-address.js';
import { planCovers } from '../licensing/catalogue.js';
import type { CallDecision, CallerIdentity } from './call-decision.js';
import { judgeCaps } from './call-caps.js';
import { judgeCallingSwitches } from './calling-switches.js';
import { isFromDevice, type ActingParty, type CallFacts, type CallTarget, type DeviceCallFacts } from './call-facts.js';
import { judgeExtensionTarget } from './extension-target.js';
import { withCallBack } from './call-back.js';
import { callerShown, INBOUND_RULES } from './inbound-rules.js';
import { judgeFraud } from './judge-fraud.js';
import { judgeInbound } from './judge-inbound.js';
import { judgeOutboundRestrictions } from './outbound-restrictions.js';
import { outsideIdentity, staysInside } from './own-number.js';
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

/** Rule 4. */
function judgeDialled({ dialled, target, calledNumber }: CallFacts): RuleVerdict {
  switch (dialled.kind) {
    case 'feature-code':
      return passed(`Feature code ${dialled.feature}${dialled.argument === '' ? '' : ` with extension ${dialled.argument}`}.`);
    case 'extension': {
      const form = dialled.siteCode === null ? dialled.number : `${dialled.number} behind site code ${dialled.siteCode}`;
      return target.kind === 'none' ? refuse('unknown-number', `No extension ${form}.`) : passed(`Extension ${form}.`);
    }
    case 'number':
      return passed(`Number ${dialled.e164}${dialled.country === null ? '' : ` (${dialled.country})`}${calledNumber === null ? '' : ', of this account'}.`);
    case 'emergency':
      return notApplicable('An emergency number.');
    case 'unknown':
      return refuse('unknown-number', 'Neither feature code, extension nor number.');
  }
}

/** Rule 5. */
function judgeEntitlement(facts: DeviceCallFacts): RuleVerdict {
  const { dialled, source } = facts;
  if (dialled.kind !== 'number') return passed('Extensions and feature codes need no calling plan.');
  if (staysInside(facts)) return passed('Numbers of the account need no calling plan.');
  const holder = planHolder(source.acting);
  if (holder === null) return refuse('not-a-phone-user', 'Nobody acts on this device.');
  const home = homeCountry(facts);
  const coverage = planCovers(holder.callingPlans, home, dialled.country, holder.internationalCalling);
  const place = dialled.country ?? 'no country';
  if (coverage.kind === 'refused') return refuse(coverage.reason, `A number of ${place}, called from ${home}.`);
  return passed(`A calling plan of the caller (${holder.callingPlans.join(', ')}) opens numbers of ${place}.`);
}

/** Rule 8. */
function judgeCallerId(facts: DeviceCallFacts): RuleVerdict {
  const shown = callerIdentity(facts);
  const why = facts.dialled.kind === 'number' && !staysInside(facts) ? `: ${outsideIdentity(facts).why}` : '';
  return passed(shown.number === '' ? `Shown as ${shown.name}, number withheld${why}.` : `Shown as ${shown.name}, ${shown.number}${why}.`);
}

/** Rule 10. */
function judgeTargets(facts: DeviceCallFacts): RuleVerdict {
  const { dialled, target } = facts;
  if (dialled.kind === 'feature-code') {
    return decided({ kind: 'run-feature', feature: dialled.feature, argument: dialled.argument }, `Feature ${dialled.feature} answers the call.`);
  }
  if (dialled.kind === 'number' && !staysInside(facts)) return judgeTrunks(facts, dialled.e164);
  return target.kind === 'none' ? refuse('unknown-number', 'Nobody to ring.') : judgeExtensionTarget(facts, target, callerIdentity(facts));
}

function judgeTrunks(facts: DeviceCallFacts, number: string): RuleVerdict {
  const { id, country } = facts.actingSite ?? facts.source.site;
  if (facts.trunks.trunks.length === 0) return refuse('no-trunk', `${number} lies in the telephone network.`);
  const { gateways, notes } = selectGateways({ ...facts.trunks, siteId: id, country, number, emergency: false });
  if (gateways.length === 0) return refuse('no-route', `${number} lies in the telephone network.${sentences(notes)}`);
  const routes = gateways.filter(({ trunk }) => facts.limits?.fullTrunks.has(trunk.id) !== true);
  if (routes.length === 0) return refuse('trunk-call-limit', `${number} would go out by ${trunkOrder(gateways)}.${sentences(notes)}`);
  const { name, number: shown, asserted } = outsideIdentity(facts);
  return decided(
    { kind: 'dial-trunk', number, emergency: false, callerId: { name, number: shown }, asserted, routes }, `${number} goes out by ${trunkOrder(routes)}.${sentences(notes)}`,
  );
}

/** Inside: the extension, behind its site code when the callee's site is another. Outside: the number chosen or permitted. */
function callerIdentity(facts: DeviceCallFacts): CallerIdentity {
  const { source, dialled, target } = facts;
  const { acting } = source;
  if (acting.kind === 'unassigned') return { name: source.device.displayName, number: '' };
  if (dialled.kind === 'number' && !staysInside(facts)) {
    const { name, number } = outsideIdentity(facts);
    return { name, number };
  }
  const site = facts.actingSite ?? source.site;
  const siteCode = crossesSites(acting, target) && site.id === acting.extension.siteId ? site.siteCode ?? '' : '';
  return { name: acting.name, number: siteCode + acting.extension.number };
}

function crossesSites(acting: Exclude<ActingParty, { readonly kind: 'unassigned' }>, target: CallTarget): boolean {
  return target.kind === 'extension' && target.extension.siteId !== acting.extension.siteId;
}

function homeCountry({ source, actingSite }: DeviceCallFacts): string {
  const own = source.acting.kind === 'common_area' ? source.acting.commonArea.country : null;
  return own ?? (actingSite ?? source.site).country;
}

function planHolder(acting: ActingParty) {
  switch (acting.kind) {
    case 'user':
      return acting.user;
    case 'common_area':
      return acting.commonArea;
    case 'unassigned':
      return null;
  }
}

function statusOf(acting: Exclude<ActingParty, { readonly kind: 'unassigned' }>): 'active' | 'deactivated' {
  return acting.kind === 'user' ? acting.user.status : acting.commonArea.status;
}

function describeParty(acting: Exclude<ActingParty, { readonly kind: 'unassigned' }>): string {
  const role = acting.kind === 'common_area' ? 'Common area' : acting.session === null ? 'User' : 'Guest';
  return `${role} ${acting.name} (extension ${acting.extension.number})`;
}
