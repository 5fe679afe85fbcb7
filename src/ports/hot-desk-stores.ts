import type { AccountId, CommonAreaId, DeviceId, EventId, HotDeskSessionId, SiteId, UserId } from '../domain/ids.js';
import type { HotDeskEvent, HotDeskSession } from '../domain/hotdesk/session.js';
import type { SignInFailure, SignInLock } from '../domain/hotdesk/sign-in-lock.js';
import type { DeviceResync } from '../domain/device/resync-machine.js';
import type { SettingLevel, SettingScope } from '../domain/settings/resolve-setting.js';
import type { Page, PageRequest } from './admin-stores.js';

export interface HotDeskSessionFilter {
  /** Only of these sites, whatever else is asked: as far as the reader's reach goes. */
  readonly within?: readonly SiteId[];
  /** True: active alone; false: those that are not. */
  readonly signedIn?: boolean;
  /** Site of the phone as it is now; sessions of removed phones have none. */
  readonly siteId?: SiteId;
  readonly deviceId?: DeviceId;
  readonly userId?: UserId;
  /** Sessions that held their phone at this instant (epoch ms): begun by then, neither draining nor ended yet. */
  readonly at?: number;
  /** Sessions that began no later than `to` and ended no earlier than `from`. */
  readonly from?: number;
  readonly to?: number;
}

export interface HotDeskEventFilter {
  readonly sessionId?: HotDeskSessionId;
  readonly deviceId?: DeviceId;
  /** Events after this sequence. */
  readonly after?: number;
}

/** Sessions and their events. What writes is used inside a transaction that holds the account's lock. */
export interface HotDeskSessionStore {
  get(accountId: AccountId, id: HotDeskSessionId): Promise<HotDeskSession | null>;
  /** Row-locked for the transaction; null when it is ended or not there. */
  claim(id: HotDeskSessionId): Promise<HotDeskSession | null>;
  activeOn(deviceId: DeviceId): Promise<HotDeskSession | null>;
  activeOf(userId: UserId): Promise<HotDeskSession | null>;
  /** Active ones of the account, of these devices, or of one site's devices. */
  active(accountId: AccountId, of: { readonly deviceIds: readonly DeviceId[] } | { readonly siteId: SiteId } | 'account'): Promise<readonly HotDeskSession[]>;
  /** Waiting for a call's end, the longest first; of one device, or of all. */
  draining(deviceId: DeviceId | null, limit: number): Promise<readonly HotDeskSession[]>;
  /** Active ones whose end, or idle end, has come by `at`, the earliest first. */
  due(at: number, limit: number): Promise<readonly HotDeskSession[]>;
  /** The next of the sequence that all sessions share. */
  nextFence(): Promise<number>;
  insert(session: HotDeskSession, event: HotDeskEvent): Promise<void>;
  /** Writes a step with its event. */
  step(session: HotDeskSession, event: HotDeskEvent): Promise<void>;
  /** Moves the ends of an active session. */
  setEnds(id: HotDeskSessionId, ends: Pick<HotDeskSession, 'endsAt' | 'endsBy' | 'idleEndsAt'>): Promise<void>;
  /** Newest first. */
  page(accountId: AccountId, filter: HotDeskSessionFilter, page: PageRequest): Promise<Page<HotDeskSession>>;
  /** In the order of their sequence. */
  events(accountId: AccountId, filter: HotDeskEventFilter, limit: number): Promise<readonly HotDeskEvent[]>;
  /** Events not handed on yet, in order, row-locked and leaving out what others hold; `handedOn` marks them. */
  eventsToHandOn(limit: number): Promise<readonly HotDeskEvent[]>;
  handedOn(ids: readonly EventId[]): Promise<void>;
}

export type PinHolder =
  | { readonly kind: 'user'; readonly id: UserId }
  | { readonly kind: 'common_area'; readonly id: CommonAreaId };

export interface StoredPin {
  readonly hash: string;
  readonly setAt: number;
}
/** Hashes made by `PinHasher`; digits are never stored. */
export interface PinStore {
  get(holder: PinHolder): Promise<StoredPin | null>;
  set(accountId: AccountId, holder: PinHolder, pin: StoredPin): Promise<void>;
  delete(holder: PinHolder): Promise<void>;
}

export interface SignInLockStore {
  /** Failures at the device after `since`, of every extension, oldest first. */
  failures(deviceId: DeviceId, since: number): Promise<readonly SignInFailure[]>;
  /** How many failures after `since` name the extension, or happened at a site's devices: for alarms alone. */
  countOf(of: { readonly extensionKey: string } | { readonly siteId: SiteId }, since: number): Promise<number>;
  addFailure(id: EventId, accountId: AccountId, failure: SignInFailure): Promise<void>;
  /** The device's lock and those of its pairs, those that ran out included: they decide the next level. */
  locks(deviceId: DeviceId): Promise<readonly SignInLock[]>;
  /** Those that hold at the instant, of the whole account. */
  holding(accountId: AccountId, at: number): Promise<readonly SignInLock[]>;
  setLock(lock: SignInLock): Promise<void>;
  /** Removes locks and failures of a pair, a device with its pairs, or an extension everywhere; returns how many locks went. */
  clear(accountId: AccountId, what: { readonly deviceId?: DeviceId; readonly extensionKey?: string }): Promise<number>;
  /** Removes failures and locks that decide nothing any more. */
  forget(before: number): Promise<number>;
}

export interface SettingKey {
  readonly scope: SettingScope;
  readonly scopeId: string;
  readonly key: string;
}
export interface StoredSetting extends SettingKey, SettingLevel<unknown> {}
/** Values of every kind of setting; who reads them checks their shape. */
export interface SettingStore {
  /** What is set of these keys at these places, in no order. */
  read(accountId: AccountId, keys: readonly string[], places: readonly Pick<SettingKey, 'scope' | 'scopeId'>[]): Promise<readonly StoredSetting[]>;
  set(accountId: AccountId, setting: StoredSetting): Promise<void>;
  /** Back to what further out decides. */
  clear(accountId: AccountId, key: SettingKey): Promise<void>;
  /** Everything set at a place that is going. */
  clearPlace(accountId: AccountId, place: Pick<SettingKey, 'scope' | 'scopeId'>): Promise<void>;
}

/** What call records say of the use of phones. */
export interface DeviceUse {
  /**
   * Which of the devices have an open call on another node than `nodeId`, as caller or as the one that answered; calls to
   * feature codes do not count.
   */
  inCallElsewhere(deviceIds: readonly DeviceId[], nodeId: string): Promise<ReadonlySet<DeviceId>>;
  /** When the device last made or answered a call: its end, or its start while it is open; epoch ms, null = never. */
  lastActivity(deviceId: DeviceId): Promise<number | null>;
}

/** The newest wish for each phone to read its configuration again; gone with the phone. */
export interface DeviceResyncStore {
  get(deviceId: DeviceId): Promise<DeviceResync | null>;
  /**
   * Keeps a wish; false when one of the same or a higher fence is kept already (of a higher one where a person asks). A person's
   * wish that is not at its end lives on in the one that replaces it.
   */
  want(resync: DeviceResync): Promise<boolean>;
  /** Writes a step; false when another writer was faster, and nothing is written. */
  step(before: DeviceResync, after: DeviceResync): Promise<boolean>;
  /** Those whose time has come by `at`, the earliest first. */
  due(at: number, limit: number): Promise<readonly DeviceResync[]>;
  /**
   * Makes wishes, due at `at`, of session steps after `since` that are newer than their phone's wish; steps made at the phone
   * itself only until `atPhoneUntil`, since their prompt call tells. Returns how many.
   */
  adopt(times: { readonly at: number; readonly since: number; readonly atPhoneUntil: number }): Promise<number>;
  /** Of the phone's newest session step; 0 = none. */
  newestFence(deviceId: DeviceId): Promise<number>;
  /** When that was, epoch ms; 0 = never. */
  newestStepAt(deviceId: DeviceId): Promise<number>;
}

export interface HotDeskStores {
  readonly hotDeskSessions: HotDeskSessionStore;
  readonly pins: PinStore;
  readonly signInLocks: SignInLockStore;
  readonly settings: SettingStore;
  readonly deviceResyncs: DeviceResyncStore;
}

