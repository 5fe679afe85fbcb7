import { sql } from 'kysely';
import type { AccountId, CommonAreaId, DeviceId, ExtensionId, HotDeskSessionId, SiteId, UserId } from '../../domain/ids.js';
import type { Account } from '../../domain/identity/account.js';
import type { CommonArea } from '../../domain/identity/common-area.js';
import type { Site } from '../../domain/identity/site.js';
import type { AccountUser, PhoneUser } from '../../domain/identity/user.js';
import type { Extension } from '../../domain/numbering/extension.js';
import type { HotDeskSession } from '../../domain/hotdesk/session.js';
import type { BlockedNumber } from '../../domain/routing/blocked-number.js';
import type { OutboundCountryRule, OutboundException } from '../../domain/routing/outbound-rules.js';
import { accountOf } from './account-store.js';
import { blockedNumberOf } from './blocked-number-store.js';
import { commonAreaOf, commonAreaRows } from './common-area-store.js';
import type { Queries } from './database.js';
import type { SealedDevice } from './device-ha1.js';
import { deviceOf, deviceRows } from './device-store.js';
import { extensionOf } from './extension-store.js';
import { hotDeskSessionOf } from './hot-desk-session-store.js';
import { createNumberReader, type NumberReader } from './number-reader.js';
import { outboundCountryOf, outboundExceptionOf } from './outbound-rule-store.js';
import { phoneUserOf, phoneUserRows } from './phone-user-store.js';
import { CHUNK, picked, type RowPick } from './row-chunks.js';
import { SharedTexts } from './shared-texts.js';
import { siteOf } from './site-store.js';
import { userOf } from './user-store.js';

/** Reads aggregates for the directory, a chunk a statement, with repeated texts kept once. */
export class DirectoryReader {
  readonly queries: Queries;
  readonly #shared = new SharedTexts();
  readonly numbers: NumberReader;

  constructor(queries: Queries) {
    this.numbers = createNumberReader(queries, this.#shared);
    this.queries = queries;
  }

  async accounts(pick: RowPick<AccountId>): Promise<readonly Account[]> {
    return (await this.queries.selectFrom('accounts').selectAll().where(picked(pick)).orderBy('id').limit(CHUNK).execute()).map(accountOf);
  }

  async sites(pick: RowPick<SiteId>): Promise<readonly Site[]> {
    const rows = await this.queries.selectFrom('sites').selectAll().where(picked(pick)).orderBy('id').limit(CHUNK).execute();
    return rows.map(siteOf).map((site) => ({ ...site, accountId: this.#shared.text(site.accountId) }));
  }

  async users(pick: RowPick<UserId>): Promise<readonly AccountUser[]> {
    const shared = this.#shared;
    const rows = await this.queries.selectFrom('users').selectAll().where(picked(pick)).orderBy('id').limit(CHUNK).execute();
    return rows.map(userOf).map((user) => ({
      ...user,
      accountId: shared.text(user.accountId),
      status: shared.text(user.status),
      department: shared.text(user.department),
      costCenter: shared.text(user.costCenter),
      jobTitle: shared.text(user.jobTitle),
      location: shared.text(user.location),
      timeZone: shared.text(user.timeZone),
      language: shared.text(user.language),
    }));
  }

  async phoneUsers(pick: RowPick<UserId>): Promise<readonly PhoneUser[]> {
    const rows = await phoneUserRows(this.queries).where(picked(pick)).orderBy('id').limit(CHUNK).execute();
    return rows.map(phoneUserOf).map((phone) => this.#holder(phone));
  }

  async commonAreas(pick: RowPick<CommonAreaId>): Promise<readonly CommonArea[]> {
    const rows = await commonAreaRows(this.queries).where(picked(pick)).orderBy('id').limit(CHUNK).execute();
    return rows.map(commonAreaOf).map((area) => this.#holder(area));
  }

  async extensions(pick: RowPick<ExtensionId>): Promise<readonly Extension[]> {
    const rows = await this.queries.selectFrom('extensions').selectAll().where(picked(pick)).orderBy('id').limit(CHUNK).execute();
    return rows.map(extensionOf).map((extension) => ({
      ...extension, accountId: this.#shared.text(extension.accountId), siteId: this.#shared.text(extension.siteId),
    }));
  }

  async devices(pick: RowPick<DeviceId>): Promise<readonly SealedDevice[]> {
    const shared = this.#shared;
    const rows = await deviceRows(this.queries).where(picked(pick)).orderBy('id').limit(CHUNK).execute();
    return rows.map((row) => ({ device: deviceOf(row), sealedPassword: row.sealed_password })).map(({ device, sealedPassword }) => ({
      id: device.id,
      sealedPassword,
      device: {
        ...device,
        accountId: shared.text(device.accountId),
        siteId: shared.text(device.siteId),
        type: shared.text(device.type),
        model: shared.text(device.model),
        hotDesking: shared.text(device.hotDesking),
        digestAlgorithms: device.digestAlgorithms === null ? null : shared.list(device.digestAlgorithms),
      },
    }));
  }

  async blockedNumbers(pick: RowPick<BlockedNumber['id']>): Promise<readonly BlockedNumber[]> {
    const rows = await this.queries.selectFrom('blocked_numbers').selectAll().where(picked(pick)).orderBy('id').limit(CHUNK).execute();
    return rows.map(blockedNumberOf);
  }

  async outboundExceptions(pick: RowPick<OutboundException['id']>): Promise<readonly OutboundException[]> {
    const rows = await this.queries.selectFrom('outbound_exceptions').selectAll().where(picked(pick)).orderBy('id').limit(CHUNK).execute();
    return rows.map(outboundExceptionOf);
  }

  /** Everything of the places named, or of all: a few hundred rows a place at most, and few places say anything. */
  async outboundCountries(placeIds: readonly string[] | null): Promise<readonly OutboundCountryRule[]> {
    const rows = await this.queries.selectFrom('outbound_country_rules').selectAll()
      .$if(placeIds !== null, (query) => query.where(sql<boolean>`scope_id = any(${placeIds}::text[])`)).execute();
    return rows.map(outboundCountryOf);
  }

  /** Those that are not ended. */
  async hotDeskSessions(pick: RowPick<HotDeskSessionId>): Promise<readonly HotDeskSession[]> {
    const rows = await this.queries.selectFrom('hot_desk_sessions').selectAll().where('state', '<>', 'ended').where(picked(pick))
      .orderBy('id').limit(CHUNK).execute();
    return rows.map(hotDeskSessionOf);
  }

  /** Devices whose list of assignees names one of the extensions. */
  async devicesAssignedTo(ids: readonly ExtensionId[]): Promise<readonly DeviceId[]> {
    if (ids.length === 0) return [];
    const rows = await this.queries.selectFrom('device_assignees').select('device_id').distinct()
      .where(sql<boolean>`extension_id = any(${ids}::text[])`).execute();
    return rows.map((row) => row.device_id);
  }

  async devicesOfAccount(id: AccountId): Promise<readonly DeviceId[]> {
    const rows = await this.queries.selectFrom('devices').select('id').where('account_id', '=', id).execute();
    return rows.map((row) => row.id);
  }

  async configVersions(): Promise<ReadonlyMap<AccountId, number>> {
    const rows = await this.queries.selectFrom('accounts').select(['id', 'config_version']).execute();
    return new Map(rows.map((row) => [row.id, row.config_version]));
  }

  #holder<T extends PhoneUser | CommonArea>(holder: T): T {
    return {
      ...holder,
      accountId: this.#shared.text(holder.accountId),
      siteId: this.#shared.text(holder.siteId),
      status: this.#shared.text(holder.status),
      areaCode: this.#shared.text(holder.areaCode),
      callingPlans: this.#shared.list(holder.callingPlans),
      packages: this.#shared.list(holder.packages),
    };
  }
}
