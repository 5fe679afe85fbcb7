import { isInternational } from '../licensing/catalogue.js';
import { staysInside } from './own-number.js';
import type { OwnCallFacts, HeldChain } from './call-facts.js';
import { resolveOutbound, type OutboundVerdict } from './outbound-rules.js';
import { notApplicable, passed, refuse, type RuleVerdict } from './rule-chain.js';

/**
 * Rule 6: outbound blocked lists, then countries and regions with their exceptions. A guest is bound by the own ones and by
 * those of the phone's place, the most restrictive of all: of the guest's and the phone's site, and of the common area whose
 * phone it is, with its international calls switched off.
 */
export function judgeOutboundRestrictions(facts: OwnCallFacts): RuleVerdict {
  const { dialled, outboundBlocks, desk, source } = facts;
  if (dialled.kind !== 'number' || staysInside(facts)) return notApplicable('The call stays inside.');
  const block = outboundBlocks.find(({ prefix }) => prefix !== '' && dialled.e164.startsWith(prefix));
  if (block !== undefined) {
    return refuse('outbound-blocked', `${dialled.e164} begins with ${block.prefix}, blocked for ${block.holder}.`);
  }
  const verdicts = facts.outboundChains.flatMap((chain) => verdictOf(chain));
  const held = verdicts.find(({ rule }) => rule === 'block');
  if (held !== undefined) {
    return refuse(held.by === 'country' ? 'country-blocked' : 'exception-blocked', said(held, dialled.e164, dialled.country));
  }
  const area = desk?.commonArea ?? null;
  if (area !== null && !area.internationalCalling) {
    const country = area.country ?? source.site.country;
    if (isInternational(country, dialled.country)) {
      const whose = `Common area ${area.displayName}, whose phone the guest uses`;
      return refuse('international-off', `${whose}, makes no international calls from ${country}.`);
    }
  }
  const narrowed = area === null ? '' : `, nor held back by common area ${area.displayName}`;
  const allowed = verdicts.map((verdict) => ` ${said(verdict, dialled.e164, dialled.country)}`).join('');
  return passed(`On no outbound blocked list of ${listHolders(facts)}${narrowed}.${allowed}`);
}

function verdictOf({ levels }: HeldChain): readonly OutboundVerdict[] {
  const verdict = resolveOutbound(levels);
  return verdict === null ? [] : [verdict];
}

/** What decided, and at which level. */
function said({ rule, by, level }: OutboundVerdict, e164: string, country: string | null): string {
  const verb = rule === 'block' ? 'not allowed' : 'allowed';
  if (by === 'country') return `Calls to ${country ?? 'no country'} are ${verb} for ${level.holder}.`;
  return `${e164} is ${verb} by an exception (${level.exception?.number ?? ''}) of ${level.holder}.`;
}

/** Whose lists were looked at, in words. */
function listHolders({ source, actingSite, desk }: OwnCallFacts): string {
  const { acting, site } = source;
  const abroad = desk !== null && actingSite !== undefined && actingSite.id !== site.id;
  const guestSite = abroad ? [`the guest's site ${actingSite.name}`] : [];
  const holders = [
    'the account', desk === null ? `site ${site.name}` : `the phone's site ${site.name}`, ...guestSite,
    ...(acting.kind === 'unassigned' ? [] : [`extension ${acting.extension.number}`]),
    ...(desk?.commonArea ? [`common area ${desk.commonArea.displayName}`] : []),
  ];
  return `${holders.slice(0, -1).join(', ')} or ${holders.at(-1) ?? ''}`;
}
