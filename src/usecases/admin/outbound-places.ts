import { asId, type CommonAreaId, type SiteId } from '../../domain/ids.js';
import type { AccountId } from '../../domain/ids.js';
import type { CallRulePlace } from '../../domain/routing/blocked-number.js';
import { resolveOutbound, type OutboundCountryRule, type OutboundLevel, type OutboundRule } from '../../domain/routing/outbound-rules.js';
import type { Stores } from '../../ports/admin-stores.js';
import { done, type Outcome } from '../outcome.js';
import { commonAreaNotFound, phoneUserNotFound, siteNotFound } from './not-found.js';
import { findPhoneUser } from './resolve.js';

/** Whose outbound rules a request is about; a user by id or e-mail address. */
export type OutboundSubject =
  | { readonly kind: 'account' }
  | { readonly kind: 'site' | 'user' | 'common_area'; readonly id: string };

/** The place itself, and every place it inherits from, outermost first and itself last. */
export interface OutboundPlaces {
  readonly own: CallRulePlace;
  readonly chain: readonly CallRulePlace[];
}

/** Finds the places; a refusal that names what there is not. */
export async function outboundPlaces(stores: Stores, accountId: AccountId, subject: OutboundSubject): Promise<Outcome<OutboundPlaces>> {
  const account: CallRulePlace = { scope: 'account', scopeId: accountId };
  switch (subject.kind) {
    case 'account':
      return done({ own: account, chain: [account] });
    case 'site': {
      const site = await stores.sites.get(accountId, asId<SiteId>(subject.id));
      return site === null ? siteNotFound(subject.id) : inside([account], { scope: 'site', scopeId: site.id });
    }
    case 'user':
    case 'common_area': {
      const view = subject.kind === 'user' ? await findPhoneUser(stores, accountId, subject.id)
        : await stores.commonAreas.get(accountId, asId<CommonAreaId>(subject.id));
      if (view === null) return subject.kind === 'user' ? phoneUserNotFound(subject.id) : commonAreaNotFound(subject.id);
      const site: CallRulePlace = { scope: 'site', scopeId: view.extension.siteId };
      return inside([account, site], { scope: 'extension', scopeId: view.extension.id });
    }
  }
}

function inside(outer: readonly CallRulePlace[], own: CallRulePlace): Outcome<OutboundPlaces> {
  return done({ own, chain: [...outer, own] });
}

/** A country's rule as it holds at a place, and which place set it; allowed where none did. */
export interface CountryInForce {
  readonly rule: OutboundRule;
  readonly origin: CallRulePlace['scope'] | 'default';
}

/** Reads what the chain's places say of countries, once for all of them. */
export async function countriesInForce(
  stores: Stores, accountId: AccountId, { chain }: OutboundPlaces,
): Promise<(country: string) => CountryInForce> {
  const rules = await stores.outboundCountries.of(accountId, chain);
  const said = new Map(rules.map((rule) => [keyOf(rule, rule.country), rule.rule]));
  return (country) => {
    const levels = chain.map((place): OutboundLevel => (
      { scope: place.scope, holder: '', exception: null, country: said.get(keyOf(place, country)) ?? null }
    ));
    const verdict = resolveOutbound(levels);
    return verdict === null ? { rule: 'allow', origin: 'default' } : { rule: verdict.rule, origin: verdict.level.scope };
  };
}

function keyOf({ scope, scopeId }: CallRulePlace | OutboundCountryRule, country: string): string {
  return `${scope} ${scopeId} ${country}`;
}
