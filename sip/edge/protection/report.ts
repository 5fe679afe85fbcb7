import type { BanReason } from './bans.js';
import type { ProtectionLimits } from './limits.js';
import type { LoadSample, OverloadLevel } from './overload.js';
import type { Protection } from './protection.js';

/** How the edge fares, for an administrator. */
export interface ProtectionReport {
  readonly level: OverloadLevel;
  /** 0 to 1, of new work. */
  readonly refusedShare: number;
  readonly load: LoadSample;
  readonly limits: ProtectionLimits;
  readonly trustedSources: readonly string[];
  readonly emergencyUsers: readonly string[];
  /** Addresses with a live binding, and addresses banned now. */
  readonly liveSources: number;
  readonly bannedSources: number;
  /** Since the start, by name. */
  readonly counters: Readonly<Record<string, number>>;
}

/** A ban in force; instants are epoch ms. */
export interface BanReport {
  readonly address: string;
  readonly reason: BanReason;
  readonly since: number;
  readonly until: number;
  readonly times: number;
}

const COUNTED = /^(?:shed|bans|spammers|overload-levels|banned-requests|limited-requests)(?: |$)/;

/** @param counters of the whole edge */
export function protectionReport(protection: Protection, counters: ReadonlyMap<string, number>): ProtectionReport {
  const { overload, load, limits, trustedSources, emergencyUsers, live } = protection;
  return {
    level: overload.level, refusedShare: overload.share, load, limits, trustedSources, emergencyUsers: [...emergencyUsers],
    liveSources: live.sources, bannedSources: protection.banned().length,
    counters: { ...Object.fromEntries([...counters].filter(([name]) => COUNTED.test(name))), ...gateFigures(protection) },
  };
}

/** @param epochOffset what turns the protection's clock into ms since 1970 */
export function banReports(protection: Protection, epochOffset: number): readonly BanReport[] {
  return protection.banned().map((ban) => ({
    ...ban, since: Math.round(ban.since + epochOffset), until: Math.round(ban.until + epochOffset),
  }));
}

const LEVEL: Readonly<Record<OverloadLevel, number>> = { 'normal': 0, 'refuse-new': 1, 'refreshes-only': 2 };

/** For /metrics. */
export function protectionFigures(protection: Protection): Readonly<Record<string, number>> {
  const { overload, load } = protection;
  return {
    'overload-level': LEVEL[overload.level],
    'overload-refused-share': overload.share,
    'event-loop-delay-ms': Math.round(load.loopDelayMs * 10) / 10,
    'application-answer-ms': Math.round(load.answerMs),
    'application-pending': load.pending,
    'live-sources': protection.live.sources,
    'banned-sources': protection.banned().length,
    ...gateFigures(protection),
  };
}

function gateFigures({ gate }: Protection): Readonly<Record<string, number>> {
  return {
    'dropped-messages banned': gate.droppedBanned, 'dropped-messages flood': gate.droppedFlood, 'closed-connections banned': gate.closedBanned,
  };
}
