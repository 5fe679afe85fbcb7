import { IANAZone } from 'luxon';
import { timeZoneRules, type TimeZoneRules, type ZoneTransition } from '../domain/provisioning/time-zone-rules.js';

const DAY_MS = 86_400_000;
/** Shorter than the shortest daylight saving known (Morocco's break in Ramadan, about 30 days). */
const STEP_MS = 7 * DAY_MS;
const YEARS = 6;

/** Changes of a zone's offset after `at`, for six years, to the minute. */
export function zoneTransitions(zone: IANAZone, at: number): readonly ZoneTransition[] {
  const found: ZoneTransition[] = [];
  const end = at + YEARS * 365 * DAY_MS;
  for (let from = at; from < end; from += STEP_MS) {
    let [low, high] = [from, from + STEP_MS];
    const [before, after] = [zone.offset(low), zone.offset(high)];
    if (before === after) continue;
    while (high - low > 60_000) {
      const middle = low + Math.floor((high - low) / 120_000) * 60_000;
      if (middle === low) break;
      if (zone.offset(middle) === before) low = middle;
      else high = middle;
    }
    found.push({ at: high, before, after });
  }
  return found;
}

/**
 * Rules of IANA zones as phones need them, found once for each zone and year.
 * @returns null for a name that is no zone
 */
export class ZoneRules {
  readonly #known = new Map<string, TimeZoneRules>();

  rulesOf(name: string, at: number): TimeZoneRules | null {
    // From the start of the year, so that all of a year get the same text.
    const from = Date.UTC(new Date(at).getUTCFullYear(), 0, 1);
    if (!IANAZone.isValidZone(name)) return null;
    const zone = IANAZone.create(name);
    const offsetNow = zone.offset(at);
    const key = `${name} ${from} ${offsetNow}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const rules = timeZoneRules(name, zoneTransitions(zone, from), offsetNow, from);
    if (this.#known.size >= 1000) this.#known.clear();
    this.#known.set(key, rules);
    return rules;
  }
}
