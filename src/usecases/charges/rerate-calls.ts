import type { ChargeDifference, Rerating } from '../../ports/charge-stores.js';
import type { AdminDeps } from '../admin/admin-deps.js';
import { change, type Actor } from '../change.js';
import { done, refused, type Outcome } from '../outcome.js';

/** Longest period of one request. */
const MOST_DAYS = 92;
const DAY_MS = 86_400_000;
/** Differences that are shown one by one. */
export const SHOWN_DIFFERENCES = 200;

export interface RerateWish {
  readonly from: number;
  readonly to: number;
  readonly apply: boolean;
}

/** Sums of a currency before and after, in micro-units. */
export interface CurrencyShift {
  readonly before: number;
  readonly after: number;
}

export interface Rerated {
  /** Calls that were looked at, and those whose charge is another now. */
  readonly calls: number;
  readonly changed: number;
  readonly totals: ReadonlyMap<string, CurrencyShift>;
  /** The first ones. */
  readonly differences: readonly ChargeDifference[];
}

export interface RerateDeps extends AdminDeps {
  readonly rerating: Rerating;
}

/** Rates the calls of a period again, or says what that would change. Running it twice changes nothing more. */
export async function rerateCalls(deps: RerateDeps, actor: Actor, { from, to, apply }: RerateWish): Promise<Outcome<Rerated>> {
  if (to - from > MOST_DAYS * DAY_MS) return refused('invalid', 'from', `Rate at most ${MOST_DAYS} days at once.`);
  let calls = 0;
  let changed = 0;
  const totals = new Map<string, CurrencyShift>();
  const differences: ChargeDifference[] = [];
  for await (const step of deps.rerating.steps({ accountId: actor.accountId, from, to, apply, at: deps.clock.now() })) {
    calls += step.calls;
    changed += step.differences.length;
    differences.push(...step.differences.slice(0, SHOWN_DIFFERENCES - differences.length));
    for (const { before, after } of step.differences) {
      shift(totals, before?.currency ?? '', { before: before?.total ?? 0, after: 0 });
      shift(totals, after?.currency ?? '', { before: 0, after: after?.total ?? 0 });
    }
  }
  if (apply && changed > 0) {
    const outcome = await change(deps, actor, async (draft) => {
      const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
      draft.audit({ aggregate: 'call_charge', id: draft.accountId, action: 'rerate-calls', about: { ...span, calls, changed } });
      return done(null);
    });
    if (outcome.kind === 'refused') return outcome;
  }
  return done({ calls, changed, totals, differences });
}

function shift(totals: Map<string, CurrencyShift>, currency: string, by: CurrencyShift): void {
  if (currency === '') return;
  const held = totals.get(currency) ?? { before: 0, after: 0 };
  totals.set(currency, { before: held.before + by.before, after: held.after + by.after });
}
