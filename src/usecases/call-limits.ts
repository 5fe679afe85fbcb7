import type { CallAsk, CallCap, CallCounts, CapScope, TrunkCap } from '../domain/calls/call-limits.js';
import type { AccountId, ExtensionId, SiteId } from '../domain/ids.js';
import { routeCall } from '../domain/routing/route-call.js';
import type { CallDecision } from '../domain/routing/call-decision.js';
import type { CallLimits } from '../domain/routing/call-caps.js';
import type { CallFacts } from '../domain/routing/call-facts.js';
import { judgeGuards } from '../domain/fraud/judge-guards.js';
import type { Trunk } from '../domain/trunk/trunk.js';
import type { CallLeases } from '../ports/call-leases.js';
import type { Directory } from '../ports/directory.js';
import type { TellFraud } from './fraud/tell-fraud.js';
import { guardReadings, readingsOf, watchedBy, type Watched, type WatchCallDeps } from './fraud/watch-call.js';
import type { Clock, IdSource } from '../ports/runtime.js';

/** What counting calls needs. */
export interface CallLimitDeps {
  readonly leases: CallLeases;
  readonly ids: IdSource;
  readonly clock: Clock;
  /** Guards on calls to the telephone network; absent = there are none. */
  readonly guards?: WatchCallDeps;
  readonly tellFraud?: Pick<TellFraud, 'seen'>;
}

/** Whom a call counts for. */
export interface CountedFor {
  readonly accountId: AccountId;
  readonly site: { readonly id: SiteId; readonly name: string } | null;
  readonly caller: { readonly extensionId: ExtensionId; readonly siteId: SiteId; readonly name: string } | null;
}

/** Who counts a call: the caller with site and account; of one that a trunk brings, the called side's site and the account. */
export function countedFor(directory: Directory, { account, source, target, actingSite }: CallFacts): CountedFor {
  if (source.kind === 'trunk') {
    const site = target.kind === 'none' ? undefined : directory.site(target.extension.siteId);
    return { accountId: account.id, site: site ?? null, caller: null };
  }
  const { acting } = source;
  const caller = acting.kind === 'unassigned' ? null : { extensionId: acting.extension.id, siteId: acting.extension.siteId, name: acting.name };
  return { accountId: account.id, site: actingSite ?? source.site, caller };
}

/** Caps that are set for them, from memory. */
export function capsFor(directory: Directory, { accountId, site, caller }: CountedFor): readonly CallCap[] {
  const cap = (scope: CapScope, id: string, name: string, { enable, limit }: { readonly enable: boolean; readonly limit: number }): readonly CallCap[] => (
    enable ? [{ scope, id, name, limit }] : []);
  return [
    ...(caller === null ? [] : cap('user', caller.extensionId, caller.name, directory.setting('user_concurrent_calls', {
      accountId, siteId: caller.siteId, extensionId: caller.extensionId,
    }).value)),
    ...(site === null ? [] : cap('site', site.id, `Site ${site.name}`, directory.setting('site_concurrent_calls', { accountId, siteId: site.id }).value)),
    ...cap('account', accountId, 'The account', directory.setting('account_concurrent_calls', { accountId }).value),
  ];
}

/** Trunks that a call may go by or comes by, each once, in order; none where no limit is set, so that nothing need be asked. */
export function trunkCapsFor({ source }: CallFacts, { outcome }: CallDecision): readonly TrunkCap[] {
  const trunks: readonly Trunk[] = source.kind === 'trunk' ? [source.trunk] : outcome.kind === 'dial-trunk' ? [...new Set(outcome.routes.map(({ trunk }) => trunk))] : [];
  if (!trunks.some(({ limits }) => limits.concurrentCalls > 0 || limits.callsPerSecond > 0)) return [];
  return trunks.map(({ id, limits }) => ({ trunkId: id, ...limits }));
}

/** Whether a call gets as far as being counted: one that is refused before, calls for help, those back to who called for it, and
 * feature codes take no place. */
export function isCounted({ dialled, callBack }: CallFacts, decision: CallDecision): boolean {
  return callBack === undefined && dialled.kind !== 'feature-code' && decision.chain.some(({ rule }) => rule === 'caps');
}

/** The facts about other calls that come of the counts. */
export function limitsOf({ ask: { caps, trunks }, watched }: Asked, counts: CallCounts): CallLimits {
  return {
    caps: caps.map((cap, index) => ({ ...cap, running: counts.caps[index] ?? 0 })),
    fullTrunks: new Set(trunks.flatMap(({ trunkId }, index) => (counts.trunks[index] === false ? [trunkId] : []))),
    ...(watched === null ? {} : { guards: guardReadings(watched, counts.readings) }),
  };
}

/** What a call asks to be counted, and the guards that watch it. */
export interface Asked {
  readonly ask: CallAsk;
  readonly watched: Watched | null;
}

/** What a call is to be counted for, of its facts before anything was asked; null where nothing is limited. `peek`: only to look. */
export function askFor(directory: Directory, { ids, clock, guards }: Pick<CallLimitDeps, 'ids' | 'clock' | 'guards'>, facts: CallFacts, peek = false): Asked | null {
  const at = clock.now();
  const caps = capsFor(directory, countedFor(directory, facts));
  const watched = guards === undefined ? null : watchedBy(guards, facts, at);
  const hasTrunks = facts.source.kind === 'trunk' || facts.trunks.trunks.length > 0;
  if (caps.length === 0 && watched === null && !hasTrunks) return null;
  const decision = routeCall(facts);
  if (!isCounted(facts, decision)) return null;
  const trunks = trunkCapsFor(facts, decision);
  if (caps.length === 0 && trunks.length === 0 && watched === null) return null;
  return { ask: { id: ids.next(), at, caps, trunks, readings: watched === null ? [] : readingsOf(watched), peek }, watched };
}

/** Guards that something was passed of: people are told, and callers held. */
export function tellOf({ tellFraud }: Pick<CallLimitDeps, 'tellFraud'>, { watched }: Asked, facts: CallFacts, decision: CallDecision): void {
  const readings = facts.limits?.guards;
  // A call that a cap refused was not judged by guards.
  if (tellFraud === undefined || watched === null || readings === undefined || !decision.chain.some(({ rule }) => rule === 'fraud-guards')) return;
  const verdicts = judgeGuards(readings);
  if (verdicts.length > 0) tellFraud.seen(facts.account.id, watched, verdicts);
}
