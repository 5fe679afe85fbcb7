import type { AccountId, CallRecordId, ExtensionId, RateDeckId, SiteId, TrunkId, UserId } from '../ids.js';
import type { CallParty, CallRecord } from '../calls/call-event.js';
import type { SeatCode } from '../licensing/plans.js';
import type { Price } from './rate-call.js';

/** What a record says of money: who pays, for which number, over which trunk. */
export interface ChargeableCall {
  readonly callId: CallRecordId;
  readonly accountId: AccountId;
  readonly direction: 'outbound' | 'inbound';
  readonly trunkId: TrunkId | null;
  /** Who pays: the caller of a call that went out, the called side of one that came in. */
  readonly extensionId: ExtensionId | null;
  readonly userId: UserId | null;
  readonly siteId: SiteId | null;
  /** E.164 with `+`, by which the rate is found: the number called, of either direction. */
  readonly number: string;
  /** The account's own number that is billed; '' where none was shown. */
  readonly billingNumber: string;
  /** The own number that sent the call on; '' = none did. */
  readonly forwardBillingNumber: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly durationMs: number;
}

/** A rated call as it is kept. */
export interface CallCharge extends ChargeableCall, Price {
  readonly deckId: RateDeckId | null;
  /** What the price rested on besides the deck, so that it can be made again. */
  readonly home: string;
  readonly country: string | null;
  readonly plans: readonly SeatCode[];
  readonly ratedAt: number;
}

/**
 * What of a record is to be rated; null for calls that cost nothing by their nature: inside the account, never answered, for help, not over
 * yet, or `lost`, whose true end nobody knows.
 */
export function chargeableCall(record: CallRecord): ChargeableCall | null {
  const { id, accountId, direction, emergency, caller, callee, startedAt, answeredAt, endedAt, cause } = record;
  if (direction === 'internal' || emergency || answeredAt === null || endedAt === null || cause === 'lost') return null;
  const outbound = direction === 'outbound';
  const [own, other] = outbound ? [caller, callee] : [callee, caller];
  return {
    callId: id, accountId, direction, trunkId: trunkOf(other) ?? trunkOf(own), extensionId: own.extensionId, userId: own.userId, siteId: own.siteId,
    number: outbound ? callee.e164 ?? callee.number : own.number, billingNumber: own.number, forwardBillingNumber: record.forwarded?.number ?? '', startedAt, endedAt,
    durationMs: Math.max(0, endedAt - answeredAt),
  };
}


function trunkOf(party: CallParty): TrunkId | null {
  return party.trunkId ?? null;
}
