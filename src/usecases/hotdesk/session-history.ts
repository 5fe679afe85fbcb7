import type { AccountId, DeviceId, HotDeskSessionId, UserId } from '../../domain/ids.js';
import type { HotDeskEvent, HotDeskSession } from '../../domain/hotdesk/session.js';
import type { Page, PageRequest } from '../../ports/admin-stores.js';
import type { HotDeskSessionFilter } from '../../ports/hot-desk-stores.js';

/** Reading sessions, those of the past included. */
export interface SessionHistory {
  get(accountId: AccountId, id: HotDeskSessionId): Promise<HotDeskSession | null>;
  /** Newest first. */
  page(accountId: AccountId, filter: HotDeskSessionFilter, page: PageRequest): Promise<Page<HotDeskSession>>;
  /** Who sat at the phone at the instant (epoch ms); null = its owner. */
  whoSatAt(accountId: AccountId, deviceId: DeviceId, at: number): Promise<HotDeskSession | null>;
  /** Which phones the user used as guest between two instants, newest first. */
  desksOf(accountId: AccountId, userId: UserId, from: number, to: number, page: PageRequest): Promise<Page<HotDeskSession>>;
  eventsOf(accountId: AccountId, id: HotDeskSessionId): Promise<readonly HotDeskEvent[]>;
}
