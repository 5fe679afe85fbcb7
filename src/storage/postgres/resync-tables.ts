import type { AccountId, DeviceId, ResyncCampaignId } from '../../domain/ids.js';
import type { CampaignOrigin, CampaignState } from '../../domain/device/resync-campaign.js';
import type { CampaignPhoneReason, CampaignPhoneState } from '../../domain/device/resync-campaign-phone.js';
import type { ResyncScope } from '../../domain/device/resync-scope.js';
import type { Instant, InstantOrNull, Json } from './column-types.js';

export interface DeliveredFilesTable {
  readonly device_id: DeviceId;
  readonly account_id: AccountId;
  readonly file: string;
  readonly etag: string;
  readonly body: string;
  readonly at: Instant;
}

export interface ResyncCampaignsTable {
  readonly id: ResyncCampaignId;
  readonly account_id: AccountId;
  readonly origin: CampaignOrigin;
  readonly scope: Json<ResyncScope>;
  readonly only_pending: boolean;
  readonly restart: boolean;
  readonly batch_size: number;
  readonly pause_ms: number;
  readonly give_up_ms: number;
  readonly state: CampaignState;
  readonly batches: number;
  readonly next_batch_at: InstantOrNull;
  readonly deadline_at: InstantOrNull;
  readonly started_at: Instant;
  readonly started_by: string;
  readonly ended_at: InstantOrNull;
  readonly look_at: InstantOrNull;
}

export interface ResyncCampaignPhonesTable {
  readonly campaign_id: ResyncCampaignId;
  readonly account_id: AccountId;
  readonly device_id: DeviceId;
  readonly position: number;
  readonly batch: number | null;
  readonly state: CampaignPhoneState;
  readonly reason: CampaignPhoneReason;
  readonly enrolled: boolean;
  readonly wanted_generation: number;
  readonly asked_at: InstantOrNull;
  readonly told_at: InstantOrNull;
  readonly delivered_at: InstantOrNull;
  readonly last_status: number | null;
  readonly seen_at: InstantOrNull;
  readonly open: boolean;
}

export interface ResyncTables {
  readonly delivered_files: DeliveredFilesTable;
  readonly resync_campaigns: ResyncCampaignsTable;
  readonly resync_campaign_phones: ResyncCampaignPhonesTable;
}
