import { callingCodeOf } from '../../domain/numbering/countries.js';
import type { OutboundRule } from '../../domain/routing/outbound-rules.js';
import { change, type Actor, type Draft } from '../change.js';
import { allOf, refused, within, type Outcome, type Refused } from '../outcome.js';
import type { AdminDeps } from './admin-deps.js';
import { outboundPlaces, type OutboundPlaces, type OutboundSubject } from './outbound-places.js';

export interface CountryChange {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** `inherit` takes the place's own rule away; null leaves it as it is. */
  readonly rule: OutboundRule | 'inherit' | null;
  /** Whether the place's own exceptions of the country go. */
  readonly deleteExceptions: boolean;
}

/** Sets what a place says of countries, all or nothing; every bad row is named as `country_regions[n]`. */
export async function setOutboundCountries(
  deps: AdminDeps, actor: Actor, subject: OutboundSubject, rows: readonly CountryChange[],
): Promise<Outcome<OutboundPlaces>> {
  return change(deps, actor, async (draft) => {
    const places = await outboundPlaces(draft.stores, draft.accountId, subject);
    if (places.kind === 'refused') return places;
    const bad = rows.flatMap((row, index) => {
      const problem = rowProblem(row, rows.slice(0, index));
      return problem === null ? [] : [within(`country_regions[${index}].`, problem)];
    });
    if (bad.length > 0) return allOf(bad);
    await apply(draft, places.value, rows);
    return places;
  });
}

async function apply(draft: Draft, { own }: OutboundPlaces, rows: readonly CountryChange[]): Promise<void> {
  const { stores, accountId } = draft;
  const before = new Map((await stores.outboundCountries.of(accountId, [own])).map(({ country, rule }) => [country, rule]));
  const after = new Map(before);
  for (const { country, rule, deleteExceptions } of rows) {
    if (deleteExceptions) {
      for (const exception of await stores.outboundExceptions.ofCountry(accountId, own, country)) {
        await stores.outboundExceptions.delete(exception.id);
        draft.note({
          aggregate: 'outbound_exception', id: exception.id, change: 'deleted', action: 'remove-outbound-exception', before: exception,
          after: null,
        });
      }
    }
    if (rule === null) continue;
    if (rule === 'inherit') {
      after.delete(country);
      await stores.outboundCountries.delete({ accountId, ...own, country });
    } else {
      after.set(country, rule);
      await stores.outboundCountries.put({ accountId, ...own, country, rule });
    }
  }
  draft.note({
    aggregate: 'outbound_countries', id: own.scopeId, change: 'updated', action: 'set-outbound-countries',
    before: { scope: own.scope, countries: sorted(before) }, after: { scope: own.scope, countries: sorted(after) },
  });
}

function sorted(rules: ReadonlyMap<string, OutboundRule>): Readonly<Record<string, OutboundRule>> {
  return Object.fromEntries([...rules].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function rowProblem({ country }: CountryChange, earlier: readonly CountryChange[]): Refused | null {
  if (callingCodeOf(country) === null) {
    return refused('invalid', 'iso_code', 'Give an ISO 3166-1 code that has telephone numbers of its own, e.g. GB.', country);
  }
  return earlier.some((row) => row.country === country)
    ? refused('invalid', 'iso_code', 'This country or region stands in the list twice. Name it once.', country) : null;
}
