import { planCovers } from '../licensing/catalogue.js';
import { selectGateways } from '../trunk/select-gateways.js';
import type { CallerIdentity, Diversion } from './call-decision.js';
import type { ActingParty, CallFacts, CallTarget, OwnCallFacts } from './call-facts.js';
import { judgeExtensionTarget } from './extension-target.js';
import { outsideIdentity, staysInside } from './own-number.js';
import { sentences, trunkOrder } from './trunk-routes.js';
import { decided, notApplicable, passed, refuse, type RuleVerdict } from './rule-chain.js';

/** Rule 4. */
export function judgeDialled({ dialled, target, calledNumber }: CallFacts): RuleVerdict {
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
export function judgeEntitlement(facts: OwnCallFacts): RuleVerdict {
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
export function judgeCallerId(facts: OwnCallFacts): RuleVerdict {
  const shown = callerIdentity(facts);
  const why = facts.dialled.kind === 'number' && !staysInside(facts) ? `: ${outsideIdentity(facts).why}` : '';
  return passed(shown.number === '' ? `Shown as ${shown.name}, number withheld${why}.` : `Shown as ${shown.name}, ${shown.number}${why}.`);
}

/** Rule 10. */
export function judgeTargets(facts: OwnCallFacts): RuleVerdict {
  const { dialled, target } = facts;
  if (dialled.kind === 'feature-code') {
    return decided({ kind: 'run-feature', feature: dialled.feature, argument: dialled.argument }, `Feature ${dialled.feature} answers the call.`);
  }
  if (dialled.kind === 'number' && !staysInside(facts)) return judgeTrunks(facts, dialled.e164);
  return target.kind === 'none' ? refuse('unknown-number', 'Nobody to ring.') : judgeExtensionTarget(facts, target, callerIdentity(facts));
}

function judgeTrunks(facts: OwnCallFacts, number: string): RuleVerdict {
  const { id, country } = facts.actingSite ?? facts.source.site;
  if (facts.trunks.trunks.length === 0) return refuse('no-trunk', `${number} lies in the telephone network.`);
  const { gateways, notes } = selectGateways({ ...facts.trunks, siteId: id, country, number, emergency: false });
  if (gateways.length === 0) return refuse('no-route', `${number} lies in the telephone network.${sentences(notes)}`);
  const routes = gateways.filter(({ trunk }) => facts.limits?.fullTrunks.has(trunk.id) !== true);
  if (routes.length === 0) return refuse('trunk-call-limit', `${number} would go out by ${trunkOrder(gateways)}.${sentences(notes)}`);
  const { name, number: shown, asserted } = outsideIdentity(facts);
  return decided(
    { kind: 'dial-trunk', number, emergency: false, callerId: { name, number: shown }, asserted, routes, ...diversionOf(facts) },
    `${number} goes out by ${trunkOrder(routes)}.${sentences(notes)}`,
  );
}

function diversionOf({ source }: OwnCallFacts): { readonly diversion?: Diversion } {
  if (source.kind !== 'forward') return {};
  return { diversion: { number: source.number, because: source.because, caller: source.origin.outside, times: source.via.length + 1 } };
}

/** Inside: the extension, behind its site code when the callee's site is another. Outside: the number chosen or permitted. */
export function callerIdentity(facts: OwnCallFacts): CallerIdentity {
  const { source, dialled, target } = facts;
  const { acting } = source;
  if (acting.kind === 'unassigned') return { name: source.device?.displayName ?? '', number: '' };
  if (dialled.kind === 'number' && !staysInside(facts)) {
    const { name, number } = outsideIdentity(facts);
    return { name, number };
  }
  // Inside, a call that was sent on is still the caller's.
  if (source.kind === 'forward') return source.origin.callerId;
  const site = facts.actingSite ?? source.site;
  const siteCode = crossesSites(acting, target) && site.id === acting.extension.siteId ? site.siteCode ?? '' : '';
  return { name: acting.name, number: siteCode + acting.extension.number };
}

function crossesSites(acting: Exclude<ActingParty, { readonly kind: 'unassigned' }>, target: CallTarget): boolean {
  return target.kind === 'extension' && target.extension.siteId !== acting.extension.siteId;
}

function homeCountry({ source, actingSite }: OwnCallFacts): string {
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

export function statusOf(acting: Exclude<ActingParty, { readonly kind: 'unassigned' }>): 'active' | 'deactivated' {
  return acting.kind === 'user' ? acting.user.status : acting.commonArea.status;
}

export function describeParty(acting: Exclude<ActingParty, { readonly kind: 'unassigned' }>): string {
  const role = acting.kind === 'common_area' ? 'Common area' : acting.session === null ? 'User' : 'Guest';
  return `${role} ${acting.name} (extension ${acting.extension.number})`;
}
