import { isInternational } from '../licensing/catalogue.js';
import type { CallFacts } from './call-facts.js';
import { staysInside } from './own-number.js';
import { notApplicable, passed, refuse, type RuleVerdict } from './rule-chain.js';

/**
 * Rule 6. A guest is bound by the own lists and by those of the phone's place, the most restrictive of all: blocked lists
 * of the guest's and the phone's site, and of the common area whose phone it is, with its international calls switched off.
 */
export function judgeOutboundRestrictions(facts: CallFacts): RuleVerdict {
  const { dialled, outboundBlocks, desk, source } = facts;
  if (dialled.kind !== 'number' || staysInside(facts)) return notApplicable('The call stays inside.');
  const block = outboundBlocks.find(({ prefix }) => prefix !== '' && dialled.e164.startsWith(prefix));
  if (block !== undefined) {
    return refuse('outbound-blocked', `${dialled.e164} begins with ${block.prefix}, blocked for ${block.holder}.`);
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
  return passed(`On no outbound blocked list of ${listHolders(facts)}${narrowed}.`);
}

/** Whose lists were looked at, in words. */
function listHolders({ source, actingSite, desk }: CallFacts): string {
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
