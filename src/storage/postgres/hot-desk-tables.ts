import type { Generated } from 'kysely';
import type { AccountId, DeviceId, EventId, ExtensionId, HotDeskSessionId, ResyncCampaignId, UserId } from '../../domain/ids.js';
import type { HotDeskEventKind, HotDeskSession, SessionEnd, SessionState } from '../../domain/hotdesk/session.js';
import type { SignInLock } from '../../domain/hotdesk/sign-in-lock.js';
import type { DeviceResync } from '../../domain/device/resync-machine.js';
import type { PinHolder } from '../../ports/hot-desk-stores.js';
import type { Instant, InstantOrNull } from './column-types.js';

export interface HotDeskSessionsTable {
  readonly id: HotDeskSessionId;
  readonly account_id: AccountId;
  readonly device_id: DeviceId;
  readonly user_id: UserId;
  readonly extension_id: ExtensionId;
  readonly state: SessionState;
  readonly fence: number;
  readonly started_at: Instant;
  readonly ends_at: InstantOrNull;
  readonly ends_by: HotDeskSession['endsBy'];
  readonly idle_ends_at: InstantOrNull;
  readonly draining_since: InstantOrNull;
  readonly ended_at: InstantOrNull;
  readonly cause: SessionEnd | null;
  readonly via: HotDeskSession['via'];
  readonly started_by: string;
  readonly ended_by: string | null;
}

export interface HotDeskEventsTable {
  readonly id: EventId;
  readonly account_id: AccountId;
  readonly sequence: number;
  readonly session_id: HotDeskSessionId;
  readonly device_id: DeviceId;
  readonly user_id: UserId;
  readonly kind: HotDeskEventKind;
  readonly cause: SessionEnd | null;
  readonly at: Instant;
  readonly actor: string;
  readonly handed_on: Generated<boolean>;
}

export interface PinsTable {
  readonly account_id: AccountId;
  readonly holder_kind: PinHolder['kind'];
  readonly holder_id: PinHolder['id'];
  readonly hash: string;
  readonly set_at: Instant;
}

export interface SignInFailuresTable {
  readonly id: string;
  readonly account_id: AccountId;
  readonly device_id: DeviceId;
  readonly extension_key: string;
  readonly at: Instant;
}

export interface SignInLocksTable {
  readonly account_id: AccountId;
  readonly scope: SignInLock['scope'];
  readonly device_id: DeviceId;
  /** '' with scope `device`. */
  readonly extension_key: string;
  readonly until: Instant;
  readonly level: number;
  readonly at: Instant;
}

export interface DeviceResyncsTable {
  readonly device_id: DeviceId;
  readonly account_id: AccountId;
  readonly fence: number;
  readonly by_person: boolean;
  readonly restart: boolean;
  readonly campaign_id: ResyncCampaignId | null;
  readonly state: DeviceResync['state'];
  readonly waits_for: DeviceResync['waitsFor'];
  readonly attempts: number;
  readonly next_at: InstantOrNull;
  readonly last_status: number | null;
  readonly at: Instant;
}
