import type { AccountId, SiteId } from '../../domain/ids.js';
import type { Directory } from '../../ports/directory.js';

/** Something about a site that a call for help would suffer from, though everything else works. */
export interface SiteWarning {
  readonly siteId: SiteId;
  readonly siteName: string;
  readonly kind: 'no-emergency-trunk' | 'no-emergency-address' | 'no-call-back-number';
  /** What is missing and what to do. */
  readonly text: string;
}

/** What is missing at the sites of an account before anybody calls for help there; from memory. */
export function siteWarnings(directory: Pick<Directory, 'sites' | 'safety' | 'trunks' | 'numbers'>, accountId: AccountId): readonly SiteWarning[] {
  const trunks = directory.trunks.trunks(accountId).filter(({ enabled }) => enabled);
  return directory.sites(accountId).flatMap(({ id, name, country }) => {
    const warn = (kind: SiteWarning['kind'], text: string): SiteWarning => ({ siteId: id, siteName: name, kind, text });
    const meant = trunks.some(({ routes }) => routes.some((route) => route.emergency && (route.siteId === null || route.siteId === id)));
    const near = trunks.some((trunk) => trunk.country.toUpperCase() === country.toUpperCase());
    const otherwise = trunks.length === 0 ? 'its emergency calls fail' : near ? `they go by any trunk of ${country}` : 'they go by any trunk, abroad perhaps';
    return [
      ...(meant ? [] : [warn('no-emergency-trunk', `No trunk has an emergency route for site ${name}: ${otherwise}. Add a route with "emergency": true (PATCH /v2/cordboard/trunks/{trunkId}).`)]),
      ...(directory.safety.siteDefault(id) !== undefined ? [] : [warn(
        'no-emergency-address', `Site ${name} has no default emergency address: help may not find its desks. Add one (POST /v2/phone/emergency_addresses).`,
      )]),
      ...(directory.numbers.ofSite(id) !== undefined ? [] : [warn(
        'no-call-back-number', `Site ${name} has no number that can be called and shown: desks without one of their own call for help anonymously. Give it one (POST /v2/phone/byoc_numbers).`,
      )]),
    ];
  });
}
