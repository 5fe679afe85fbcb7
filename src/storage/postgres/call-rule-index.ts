import type { AccountId, ExtensionId, SiteId } from '../../domain/ids.js';
import { PatternIndex } from '../../domain/numbering/pattern-index.js';
import type { BlockedNumber } from '../../domain/routing/blocked-number.js';
import type { OutboundCountryRule, OutboundException } from '../../domain/routing/outbound-rules.js';
import type { CallRuleDirectory, OutboundSaying } from '../../ports/call-rule-directory.js';

/**
 * The directory's rules about calls, by whose they are. A lookup costs a few probes a place, however long its lists are; only
 * active entries are held.
 */
export class CallRuleIndex implements CallRuleDirectory {
  readonly #blocked = new Map<string, BlockedNumber>();
  readonly #blockedOf = new Map<string, PatternIndex<BlockedNumber>>();
  readonly #exceptions = new Map<string, OutboundException>();
  readonly #exceptionsOf = new Map<string, PatternIndex<OutboundException>>();
  /** By place, then by country. */
  readonly #countries = new Map<string, ReadonlyMap<string, OutboundCountryRule['rule']>>();

  outboundBlocks(accountId: AccountId, siteId: SiteId, extensionId: ExtensionId | null, e164: string): readonly BlockedNumber[] {
    const places = [accountId, siteId, ...(extensionId === null ? [] : [extensionId])];
    return places.flatMap((place) => this.#blockedOf.get(`outbound ${place}`)?.matching(e164) ?? []);
  }

  inboundBlocks(accountId: AccountId, extensionId: ExtensionId, forms: readonly string[]): readonly BlockedNumber[] {
    return [accountId, extensionId].flatMap((place) => {
      const list = this.#blockedOf.get(`inbound ${place}`);
      return list === undefined ? [] : forms.flatMap((form) => list.matching(form));
    });
  }

  outboundSaying(placeId: AccountId | SiteId | ExtensionId, e164: string, country: string | null): OutboundSaying {
    if (country === null) return { exception: null, country: null };
    const matching = this.#exceptionsOf.get(placeId)?.matching(e164).find((entry) => entry.country === country);
    return { exception: matching ?? null, country: this.#countries.get(placeId)?.get(country) ?? null };
  }

  putBlockedNumber(entry: BlockedNumber): void {
    this.removeBlockedNumber(entry.id);
    if (entry.status !== 'active') return;
    this.#blocked.set(entry.id, entry);
    listOf(this.#blockedOf, `${entry.direction} ${entry.scopeId}`).add(entry);
  }
  removeBlockedNumber(id: string): void {
    const old = this.#blocked.get(id);
    if (old === undefined) return;
    this.#blocked.delete(id);
    take(this.#blockedOf, `${old.direction} ${old.scopeId}`, old);
  }

  putException(entry: OutboundException): void {
    this.removeException(entry.id);
    if (entry.status !== 'active') return;
    this.#exceptions.set(entry.id, entry);
    listOf(this.#exceptionsOf, entry.scopeId).add(entry);
  }
  removeException(id: string): void {
    const old = this.#exceptions.get(id);
    if (old === undefined) return;
    this.#exceptions.delete(id);
    take(this.#exceptionsOf, old.scopeId, old);
  }

  /** Everything a place says of countries; replaces what it said. */
  putCountries(placeId: string, rules: readonly Pick<OutboundCountryRule, 'country' | 'rule'>[]): void {
    if (rules.length === 0) this.#countries.delete(placeId);
    else this.#countries.set(placeId, new Map(rules.map(({ country, rule }) => [country, rule])));
  }
  addCountry({ scopeId, country, rule }: OutboundCountryRule): void {
    this.#countries.set(scopeId, new Map(this.#countries.get(scopeId)).set(country, rule));
  }

  /** For a site or extension that is gone, with all its lists. */
  forgetPlace(placeId: string): void {
    this.#countries.delete(placeId);
    if (this.#exceptionsOf.delete(placeId)) forgetThose(this.#exceptions, placeId);
    const lists = [`inbound ${placeId}`, `outbound ${placeId}`].filter((key) => this.#blockedOf.delete(key));
    if (lists.length > 0) forgetThose(this.#blocked, placeId);
  }
}

function forgetThose(entries: Map<string, BlockedNumber | OutboundException>, placeId: string): void {
  for (const { id, scopeId } of entries.values()) if (scopeId === placeId) entries.delete(id);
}

function listOf<Value extends BlockedNumber | OutboundException>(lists: Map<string, PatternIndex<Value>>, key: string): PatternIndex<Value> {
  let list = lists.get(key);
  if (list === undefined) lists.set(key, list = new PatternIndex<Value>());
  return list;
}

function take<Value extends BlockedNumber | OutboundException>(lists: Map<string, PatternIndex<Value>>, key: string, value: Value): void {
  const list = lists.get(key);
  list?.remove(value);
  if (list?.size === 0) lists.delete(key);
}
