import type { Device } from '../domain/device/device.js';
import type { Entry, EntryOf, OwnSettings } from '../domain/exchange/entry.js';
import type { CellChange, Import, ImportKind, ImportState, RowAction, RowCells } from '../domain/exchange/import.js';
import type { CellProblem } from '../domain/exchange/table-columns.js';
import type { OuterSetting } from '../domain/exchange/holder-facts.js';
import type { AccountId, CommonAreaId, DeviceId, ExtensionId, ImportId, PhoneNumberId, UserId } from '../domain/ids.js';
import type { CommonArea } from '../domain/identity/common-area.js';
import type { AccountUser, PhoneUser } from '../domain/identity/user.js';
import type { Extension } from '../domain/numbering/extension.js';
import type { CallerIdChoice, PhoneNumber } from '../domain/numbering/phone-number.js';
import type { Page, PageRequest } from './admin-stores.js';

export interface StagedRow {
  readonly row: number;
  readonly cells: RowCells;
}

/** A row's plan as it is kept and shown. */
export interface KeptPlan {
  readonly row: number;
  readonly action: RowAction;
  readonly subject: string;
  readonly changes: readonly CellChange[];
  readonly problems: readonly CellProblem[];
  readonly warnings: readonly CellProblem[];
  /** Cells that the plan filled in. */
  readonly chosen: RowCells;
}

export interface RowToApply extends StagedRow {
  readonly changes: readonly CellChange[];
}

/** What a row in force has written. */
export interface JournalRow {
  readonly row: number;
  readonly entries: readonly Entry[];
}

/** Files of changes. What writes a slice is used inside its transaction. */
export interface ImportStore {
  get(accountId: AccountId, id: ImportId): Promise<Import | null>;
  /** Newest first. */
  page(accountId: AccountId, filter: { readonly kind?: ImportKind | undefined; readonly state?: ImportState | undefined }, page: PageRequest): Promise<Page<Import>>;
  insert(wanted: Import): Promise<void>;
  /** Writes a step; false when another writer was faster. */
  settle(before: Import, after: Import): Promise<boolean>;
  /** Work that nobody does, or the import named if nobody does it: the caller's until `until`. */
  claim(at: number, until: number, id: ImportId | null): Promise<Import | null>;
  /** The caller's for longer, or (`until` in the past) anybody's. */
  hold(id: ImportId, until: number): Promise<void>;
  stage(id: ImportId, rows: readonly StagedRow[]): Promise<void>;
  /** Staged rows after `row`, in their order. */
  staged(id: ImportId, after: number, limit: number): Promise<readonly StagedRow[]>;
  /** Digits that stand in a column of any row. */
  texts(id: ImportId, column: string): Promise<readonly string[]>;
  plan(id: ImportId, rows: readonly KeptPlan[]): Promise<void>;
  forgetPlan(id: ImportId): Promise<void>;
  /** Gives each key to the first row that asks; returns those that another row has, with that row. */
  claimKeys(id: ImportId, wanted: readonly { readonly key: string; readonly row: number }[]): Promise<ReadonlyMap<string, number>>;
  rows(id: ImportId, show: 'all' | 'changes' | 'errors', page: PageRequest): Promise<Page<KeptPlan>>;
  /** Rows that change something, after `row`, in their order. */
  toApply(id: ImportId, after: number, limit: number): Promise<readonly RowToApply[]>;
  /** Rows in force before `row`, the last first. */
  journal(id: ImportId, before: number, limit: number): Promise<readonly JournalRow[]>;
  keepJournal(id: ImportId, rows: readonly JournalRow[]): Promise<void>;
  dropJournal(id: ImportId, rows: readonly number[]): Promise<void>;
  /** Deletes those that were made before and are not on their way; returns how many. */
  forget(before: number): Promise<number>;
}

/** Many things at once, whatever their order; those that are not there are missing. */
export interface ExchangeReader {
  usersByEmail(accountId: AccountId, emails: readonly string[]): Promise<readonly AccountUser[]>;
  users(accountId: AccountId, ids: readonly UserId[]): Promise<readonly AccountUser[]>;
  phoneUsers(accountId: AccountId, ids: readonly UserId[]): Promise<readonly PhoneUser[]>;
  commonAreas(accountId: AccountId, ids: readonly CommonAreaId[]): Promise<readonly CommonArea[]>;
  extensions(accountId: AccountId, ids: readonly ExtensionId[]): Promise<readonly Extension[]>;
  extensionsNumbered(accountId: AccountId, numbers: readonly string[]): Promise<readonly Extension[]>;
  numbersOf(extensionIds: readonly ExtensionId[]): Promise<readonly PhoneNumber[]>;
  numbers(accountId: AccountId, ids: readonly PhoneNumberId[]): Promise<readonly PhoneNumber[]>;
  callerIds(extensionIds: readonly ExtensionId[]): Promise<readonly CallerIdChoice[]>;
  devices(accountId: AccountId, ids: readonly DeviceId[]): Promise<readonly Device[]>;
  devicesByMac(accountId: AccountId, macs: readonly string[]): Promise<readonly Device[]>;
  devicesOf(accountId: AccountId, extensionIds: readonly ExtensionId[]): Promise<readonly Device[]>;
  /** What extensions themselves set. */
  settingsOf(accountId: AccountId, extensionIds: readonly ExtensionId[]): Promise<readonly OwnSettings[]>;
  outerSettings(accountId: AccountId, keys: readonly string[]): Promise<readonly OuterSetting[]>;
  /** Numbers permitted as caller ID, by the place that may show them. */
  shown(accountId: AccountId, scopeIds: readonly string[]): Promise<readonly { readonly scopeId: string; readonly number: PhoneNumber }[]>;
  provisionTemplates(accountId: AccountId): Promise<readonly { readonly id: string; readonly name: string }[]>;
}

/** Writes entries that were planned, many in a statement. */
export interface ExchangeWriter {
  addUsers(users: readonly AccountUser[]): Promise<void>;
  addExtensions(extensions: readonly Extension[]): Promise<void>;
  addPhoneUsers(phones: readonly PhoneUser[]): Promise<void>;
  addCommonAreas(areas: readonly CommonArea[]): Promise<void>;
  addDevices(devices: readonly { readonly device: Device; readonly sealedPassword: string }[]): Promise<void>;
  /** Free first, then as they shall be: no two hold one place for a moment. */
  setNumbers(entries: readonly EntryOf<'phone_number'>[]): Promise<void>;
  /** Replaces what extensions themselves set. */
  setSettings(accountId: AccountId, places: readonly OwnSettings[]): Promise<void>;
}

export interface ImportStores {
  readonly imports: ImportStore;
  readonly exchange: ExchangeReader & ExchangeWriter;
}
