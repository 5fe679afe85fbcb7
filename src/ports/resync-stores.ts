import type { AccountId, DeviceId, ResyncCampaignId } from '../domain/ids.js';
import type { CampaignState, ResyncCampaign } from '../domain/device/resync-campaign.js';
import type { CampaignPhone, CampaignPhoneFacts, CampaignPhoneState, SelectedPhone } from '../domain/device/resync-campaign-phone.js';
import type { Device } from '../domain/device/device.js';
import type { PhoneSelection } from '../domain/device/resync-scope.js';
import type { Page, PageRequest } from './admin-stores.js';

/** How many phones are in each state; states without any are missing. */
export type CampaignCounts = ReadonlyMap<CampaignPhoneState, number>;

/** A phone of a campaign with what it is called; null once it was removed. */
export interface CampaignPhoneView {
  readonly phone: CampaignPhone;
  readonly device: Pick<Device, 'displayName' | 'macAddress' | 'type' | 'model'> | null;
}

/** Campaigns of re-syncs. What writes several rows is used inside a transaction. */
export interface ResyncCampaignStore {
  get(accountId: AccountId, id: ResyncCampaignId): Promise<ResyncCampaign | null>;
  /** Newest first. */
  page(accountId: AccountId, state: CampaignState | null, page: PageRequest): Promise<Page<ResyncCampaign>>;
  counts(ids: readonly ResyncCampaignId[]): Promise<ReadonlyMap<ResyncCampaignId, CampaignCounts>>;
  /** In the order in which they are asked. */
  phones(campaignId: ResyncCampaignId, state: CampaignPhoneState | null, page: PageRequest): Promise<Page<CampaignPhoneView>>;
  /** The phones of a selection, by id, before a campaign begins. */
  select(accountId: AccountId, selection: PhoneSelection): Promise<readonly SelectedPhone[]>;
  insert(campaign: ResyncCampaign): Promise<void>;
  /** Makes a row for each phone of the selection in an order that spreads them, those to be skipped last; returns how many wait. */
  addPhones(campaign: ResyncCampaign, selection: PhoneSelection): Promise<number>;
  /** Phones whose batch has not begun. */
  waiting(campaignId: ResyncCampaignId): Promise<readonly DeviceId[]>;
  /** Takes phones out that wait. */
  skip(campaignId: ResyncCampaignId, deviceIds: readonly DeviceId[], reason: CampaignPhone['reason']): Promise<void>;
  /** The batch after those begun: makes wishes for its phones, due at `at`; phones that came by themselves are delivered. Returns how many wait still. */
  beginBatch(campaign: ResyncCampaign, at: number): Promise<number>;
  /** Running ones whose time to look has come, theirs until `until`, the longest waiting first. */
  claim(at: number, until: number, limit: number): Promise<readonly ResyncCampaign[]>;
  /** Writes a step; false when another writer was faster. `lookAt` counts while it runs. */
  settle(before: ResyncCampaign, after: ResyncCampaign, lookAt: number): Promise<boolean>;
  /** Open phones about which there is something new, with it. */
  news(campaignId: ResyncCampaignId, limit: number): Promise<readonly { readonly phone: CampaignPhone; readonly facts: CampaignPhoneFacts }[]>;
  setPhones(phones: readonly CampaignPhone[]): Promise<void>;
  /** Phones whose batch has not begun, and those that are waited for. */
  left(campaignId: ResyncCampaignId): Promise<{ readonly waiting: number; readonly open: number }>;
  /** Nothing of it is sent any more that is not on its way; its phones that were not asked are cancelled. */
  withdraw(campaignId: ResyncCampaignId, at: number): Promise<void>;
  running(accountId: AccountId): Promise<number>;
  /** Deletes those that ended before; returns how many. */
  forget(before: number): Promise<number>;
}

/** A file as a phone fetched it last, secrets masked. */
export interface DeliveredFile {
  readonly deviceId: DeviceId;
  /** As in the family's manifest. */
  readonly file: string;
  /** Of what it fetched, secrets and all. */
  readonly etag: string;
  readonly body: string;
  /** When it fetched this text first; epoch ms. */
  readonly at: number;
}

export interface DeliveredFileStore {
  /** Of the file that is kept; null = none. */
  etag(deviceId: DeviceId, file: string): Promise<string | null>;
  /** Takes the place of the one before. */
  keep(accountId: AccountId, file: DeliveredFile): Promise<void>;
  of(deviceIds: readonly DeviceId[]): Promise<ReadonlyMap<DeviceId, readonly DeliveredFile[]>>;
}

export interface ResyncStores {
  readonly resyncCampaigns: ResyncCampaignStore;
  readonly deliveredFiles: DeliveredFileStore;
}
