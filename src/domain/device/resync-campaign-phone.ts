import type { DeviceId, ResyncCampaignId } from '../ids.js';
import type { DeviceConfiguration, ProvisioningState } from './configuration-generation.js';
import type { DeviceResync } from './resync-machine.js';

/**
 * `waiting`: its batch has not begun. `asked`: the NOTIFY is due or on its way. `unreachable`: not registered. `told`: it took the
 * NOTIFY, which says nothing of a fetch. `unanswered`, `refused`: it did not. `delivered`: it has fetched what it should have.
 */
export type CampaignPhoneState = 'waiting' | 'asked' | 'unreachable' | 'told' | 'unanswered' | 'refused' | 'delivered' | 'skipped' | 'cancelled';
export const CAMPAIGN_PHONE_STATES: readonly CampaignPhoneState[] = [
  'waiting', 'asked', 'unreachable', 'told', 'unanswered', 'refused', 'delivered', 'skipped', 'cancelled',
];

/** Why a phone is in its state, and what a person can do. */
export const CAMPAIGN_PHONE_REASONS = {
  'batch-not-begun': 'Its batch has not begun.',
  'due': 'It is asked within seconds.',
  'in-call': 'It is in a call, and is asked when that is over.',
  'on-its-way': 'The NOTIFY is on its way.',
  'retrying': 'It did not take the NOTIFY, and is asked again within two minutes.',
  'not-registered': 'It is not registered, so nothing reaches it; it is asked as soon as it is. Check its power and network.',
  'no-answer': 'It answered none of four NOTIFYs although it is registered. Restart it by hand.',
  'refused-notify': 'It refused the NOTIFY. Allow re-sync by NOTIFY (check-sync) in the phone, or restart it by hand.',
  'not-fetched': 'It took the NOTIFY and has not fetched its configuration yet. GET /v2/cordboard/devices/{deviceId}/provisioning says what may be in the way.',
  'not-enrolled': 'It took the NOTIFY, but never fetched anything from here, so it reads its settings elsewhere. POST …/provisioning/enrol opens a window for it.',
  'fetched': 'It has what it should have.',
  'came-by-itself': 'It had fetched its configuration before its batch began.',
  'set-up-by-hand': 'Phones of this make read nothing from here.',
  'up-to-date': 'It has fetched what it should have, and only phones that have not were asked for.',
  'outside-share': 'It is not in the share of phones that the firmware rule reaches.',
  'no-event': 'Nothing is known of this make of phone that makes it read its configuration. Set type and model, or restart it by hand.',
  'removed': 'The phone was removed.',
  'cancelled': 'The campaign was cancelled before it was asked.',
} as const;
export type CampaignPhoneReason = keyof typeof CAMPAIGN_PHONE_REASONS;

/** One phone of a campaign. Instants are epoch ms. */
export interface CampaignPhone {
  readonly campaignId: ResyncCampaignId;
  readonly deviceId: DeviceId;
  /** Order in which phones are asked, from 1. */
  readonly position: number;
  /** From 1; null = not begun. */
  readonly batch: number | null;
  readonly state: CampaignPhoneState;
  readonly reason: CampaignPhoneReason;
  /** It has fetched files from here, so that it will again. */
  readonly enrolled: boolean;
  /** What it must fetch at least; of the moment it was asked. */
  readonly wantedGeneration: number;
  readonly askedAt: number | null;
  readonly toldAt: number | null;
  readonly deliveredAt: number | null;
  /** SIP status of its last answer; 408 = none came. */
  readonly lastStatus: number | null;
  /** Of the re-sync it was last judged by. */
  readonly seenAt: number | null;
}

/** A phone as a campaign finds it when it begins. */
export interface SelectedPhone {
  readonly deviceId: DeviceId;
  readonly provisioning: ProvisioningState;
  /** It has fetched files from here. */
  readonly enrolled: boolean;
}

/** Why a campaign would leave the phone out; null = it would ask it. Campaigns themselves decide so in one statement for all their phones. */
export function skipReason(
  { provisioning, deviceId }: SelectedPhone, { onlyPending, inShare }: { readonly onlyPending: boolean; readonly inShare: (deviceId: DeviceId) => boolean },
): CampaignPhoneReason | null {
  if (provisioning === 'manual') return 'set-up-by-hand';
  if (onlyPending && provisioning === 'current') return 'up-to-date';
  return inShare(deviceId) ? null : 'outside-share';
}

/** What there is to judge a phone by. */
export interface CampaignPhoneFacts {
  /** Null: the phone was removed. */
  readonly resync: Pick<DeviceResync, 'state' | 'waitsFor' | 'lastStatus' | 'at'> | null;
  readonly configuration: Pick<DeviceConfiguration, 'deliveredGeneration' | 'deliveredAt' | 'requestedGeneration' | 'requestedAt'> | null;
  readonly there: boolean;
}

/** Whether the campaign still waits for what becomes of the phone. */
export function isOpen({ state, enrolled }: Pick<CampaignPhone, 'state' | 'enrolled'>): boolean {
  return state === 'asked' || state === 'unreachable' || state === 'unanswered' || state === 'refused' || (state === 'told' && enrolled);
}

/** Where the phone is now. Only a fetch delivers; a phone that took the NOTIFY stays told until it comes. */
export function campaignPhoneStep(phone: CampaignPhone, { resync, configuration, there }: CampaignPhoneFacts): CampaignPhone {
  if (!isOpen(phone)) return phone;
  if (!there) return { ...phone, state: 'skipped', reason: 'removed' };
  const seen = { ...phone, seenAt: resync?.at ?? phone.seenAt };
  if (configuration !== null && since(configuration.deliveredGeneration, configuration.deliveredAt, phone)) {
    return { ...seen, state: 'delivered', reason: 'fetched', deliveredAt: configuration.deliveredAt };
  }
  if (phone.state === 'told') return seen;
  // A later wish of somebody else may have taken the place of ours after the phone's answer.
  if (configuration !== null && since(configuration.requestedGeneration, configuration.requestedAt, phone)) return told(seen, configuration.requestedAt);
  return resync === null ? seen : byResync({ ...seen, lastStatus: resync.lastStatus }, resync);
}

function byResync(phone: CampaignPhone, { state, waitsFor, lastStatus, at }: NonNullable<CampaignPhoneFacts['resync']>): CampaignPhone {
  const asked = (reason: CampaignPhoneReason): CampaignPhone => ({ ...phone, state: 'asked', reason });
  switch (state) {
    case 'pending':
      if (waitsFor === 'registration') return { ...phone, state: 'unreachable', reason: 'not-registered' };
      return asked(waitsFor === 'call-end' ? 'in-call' : waitsFor === 'retry' ? 'retrying' : 'due');
    case 'sent':
      return asked('on-its-way');
    case 'confirmed':
      return told(phone, at);
    case 'failed':
      return lastStatus === null || lastStatus === 408 ? { ...phone, state: 'unanswered', reason: 'no-answer' } : { ...phone, state: 'refused', reason: 'refused-notify' };
    case 'not-needed':
      return { ...phone, state: 'skipped', reason: 'no-event' };
  }
}

function told(phone: CampaignPhone, toldAt: number | null): CampaignPhone {
  return { ...phone, state: 'told', reason: phone.enrolled ? 'not-fetched' : 'not-enrolled', toldAt };
}

/** Whether the generation, reached at the instant, is what the phone was asked for, and came of it. */
function since(generation: number, at: number | null, { wantedGeneration, askedAt }: CampaignPhone): boolean {
  return at !== null && generation > 0 && generation >= wantedGeneration && at >= (askedAt ?? 0);
}
