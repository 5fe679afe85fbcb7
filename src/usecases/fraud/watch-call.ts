import type { CallReading } from '../../domain/calls/call-limits.js';
import type { FraudGuard } from '../../domain/fraud/guard.js';
import type { GuardReading } from '../../domain/fraud/judge-guards.js';
import { holdReading, readingOf, watches, type WatchedCall } from '../../domain/fraud/watched-call.js';
import type { CallFacts } from '../../domain/routing/call-facts.js';
import { staysInside } from '../../domain/routing/own-number.js';
import type { Directory } from '../../ports/directory.js';
import type { GuardBook } from './guard-book.js';

export interface WatchCallDeps {
  readonly directory: Pick<Directory, 'site'>;
  readonly guards: Pick<GuardBook, 'of'>;
  /** HH:MM and 1 = Monday … 7 = Sunday in an IANA zone. */
  readonly clockAt: (zone: string, at: number) => WatchedCall['clock'];
}

/** A call to the telephone network, and the guards that watch it. */
export interface Watched {
  readonly call: WatchedCall;
  readonly callerName: string;
  readonly guards: readonly FraudGuard[];
}

/** Guards of a call of a phone to a number outside; null where none watches it. From memory. */
export function watchedBy({ directory, guards, clockAt }: WatchCallDeps, facts: CallFacts, at: number): Watched | null {
  const { source, dialled, account, actingSite } = facts;
  if (source.kind === 'trunk' || dialled.kind !== 'number' || source.acting.kind === 'unassigned') return null;
  const all = guards.of(account.id);
  if (all.length === 0 || staysInside(facts)) return null;
  const { acting } = source;
  const site = directory.site(acting.extension.siteId) ?? actingSite ?? source.site;
  const own = acting.kind === 'common_area' ? acting.commonArea.country : null;
  const call: WatchedCall = {
    extensionId: acting.extension.id, siteId: site.id, home: own ?? site.country, number: dialled.e164, country: dialled.country,
    clock: clockAt(site.timeZone ?? 'UTC', at), day: new Date(at).toISOString().slice(0, 10),
  };
  const watching = all.filter((guard) => watches(guard, call));
  return watching.length === 0 ? null : { call, callerName: acting.name, guards: watching };
}

/** What they want counted: for each guard its metric, then whether it holds the caller. */
export function readingsOf({ guards, call }: Watched): readonly CallReading[] {
  return guards.flatMap((guard) => [readingOf(guard, call), holdReading(guard, call)]);
}

export function guardReadings({ guards }: Watched, values: readonly number[]): readonly GuardReading[] {
  return guards.map((guard, index) => ({ guard, value: values[index * 2] ?? 0, held: (values[index * 2 + 1] ?? 0) > 0 }));
}
