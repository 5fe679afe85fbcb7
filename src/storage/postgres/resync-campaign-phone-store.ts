import { sql } from 'kysely';
import type { RawBuilder, Selectable } from 'kysely';
import { isOpen, type CampaignPhone, type CampaignPhoneFacts, type SelectedPhone } from '../../domain/device/resync-campaign-phone.js';
import type { PhoneSelection } from '../../domain/device/resync-scope.js';
import type { ResyncCampaignStore } from '../../ports/resync-stores.js';
import { instant, toJson } from './columns.js';
import type { Queries } from './database.js';
import { inProvisioningState, inScope } from './device-configuration-store.js';
import { REPLACED } from './device-resync-store.js';
import { rowsToRead, toPage } from './keyset.js';
import type { DevicesTable } from './tables.js';
import type { DeviceConfigurationsTable } from './phone-tables.js';
import type { DeviceResyncsTable } from './hot-desk-tables.js';
import type { ResyncCampaignPhonesTable } from './resync-tables.js';

type PhoneRows = Omit<ResyncCampaignStore, 'get' | 'page' | 'counts' | 'insert' | 'claim' | 'settle' | 'running' | 'forget'>;
type PhoneRow = Selectable<ResyncCampaignPhonesTable>;

/** A phone that has fetched files from here: its first token was used. */
const ENROLLED = sql<boolean>`exists (select from provisioning_tokens t where t.device_id = d.id and t.first_used_at is not null)`;

export function createResyncCampaignPhoneStore(queries: Queries): PhoneRows {
  const phones = queries.selectFrom('resync_campaign_phones');
  return {
    phones: async (campaignId, state, page) => {
      const matching = phones.where('campaign_id', '=', campaignId).$if(state !== null, (query) => query.where('state', '=', state ?? 'waiting'));
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching.leftJoin('devices', 'devices.id', 'resync_campaign_phones.device_id').selectAll('resync_campaign_phones')
        .select(['devices.display_name', 'devices.mac_address', 'devices.type', 'devices.model'])
        .$if(page.after !== null, (query) => query.where('position', '>', positionOf(page.after)))
        .orderBy('position').limit(rowsToRead(page)).execute();
      return toPage(rows, page, total, ({ position }) => String(position), (row) => ({ phone: phoneOf(row), device: namesOf(row) }));
    },
    select: async (accountId, selection) => {
      const { rows } = await sql<SelectedPhone>`
        select d.id as "deviceId", ${inProvisioningState('d')} as provisioning, ${ENROLLED} as enrolled from devices d
        where d.account_id = ${accountId} and ${selected(selection)} order by d.id`.execute(queries);
      return rows;
    },
    addPhones: async ({ id, accountId, onlyPending }, selection) => {
      const { numAffectedRows } = await sql`
        insert into resync_campaign_phones (campaign_id, account_id, device_id, position, state, reason, enrolled, wanted_generation, open)
        select ${id}::text, s.account_id, s.id, row_number() over (order by s.skip <> '', md5(s.id || ${id}::text)),
          case when s.skip = '' then 'waiting' else 'skipped' end, case when s.skip = '' then 'batch-not-begun' else s.skip end, s.enrolled, 0, false
        from (
          select d.id, d.account_id, ${ENROLLED} as enrolled,
            case ${inProvisioningState('d')} when 'manual' then 'set-up-by-hand' when 'current' then case when ${onlyPending} then 'up-to-date' else '' end else '' end as skip
          from devices d where d.account_id = ${accountId} and ${selected(selection)}
        ) s`.execute(queries);
      return Number(numAffectedRows ?? 0n);
    },
    waiting: async (campaignId) => {
      const rows = await phones.select('device_id').where('campaign_id', '=', campaignId).where('state', '=', 'waiting').orderBy('position').execute();
      return rows.map((row) => row.device_id);
    },
    skip: async (campaignId, deviceIds, reason) => {
      await sql`update resync_campaign_phones set state = 'skipped', reason = ${reason}
        where campaign_id = ${campaignId} and state = 'waiting' and device_id = any(${deviceIds}::text[])`.execute(queries);
    },
    beginBatch: async ({ id, batches, batchSize, onlyPending, restart, startedAt }, at) => {
      await sql`update resync_campaign_phones p set state = 'skipped', reason = 'removed'
        where p.campaign_id = ${id} and p.state = 'waiting' and not exists (select from devices d where d.id = p.device_id)`.execute(queries);
      if (onlyPending) {
        await sql`update resync_campaign_phones p set state = 'delivered', reason = 'came-by-itself', delivered_at = c.delivered_at from device_configurations c
          where p.campaign_id = ${id} and p.state = 'waiting' and c.device_id = p.device_id and c.delivered_generation >= c.generation
            and c.delivered_at >= ${instant(startedAt)}`.execute(queries);
      }
      await sql`
        with batch as (
          update resync_campaign_phones p set state = 'asked', reason = 'due', open = true, batch = ${batches + 1}, asked_at = ${instant(at)},
            wanted_generation = coalesce((select c.generation from device_configurations c where c.device_id = p.device_id), 0)
          where p.campaign_id = ${id} and p.device_id in (
            select w.device_id from resync_campaign_phones w where w.campaign_id = ${id} and w.state = 'waiting' order by w.position limit ${batchSize})
          returning p.device_id
        )
        insert into device_resyncs as r (device_id, account_id, fence, by_person, restart, campaign_id, state, attempts, next_at, at)
        select d.id, d.account_id,
          greatest(coalesce(k.fence, 0), coalesce((select max(e.sequence) from hot_desk_events e where e.device_id = d.id), 0)),
          true, ${restart}, ${id}, 'pending', 0, ${instant(at)}, ${instant(at)}
        from devices d join batch b on b.device_id = d.id left join device_resyncs k on k.device_id = d.id
        on conflict on constraint device_resyncs_pk do update set ${REPLACED}
        where r.fence <= excluded.fence`.execute(queries);
      return (await leftOf(queries, id)).waiting;
    },
    news: async (campaignId, limit) => {
      const { rows } = await sql<NewsRow>`
        select p.*, d.id is not null as there, r.state as r_state, r.waits_for, r.last_status as r_last_status, r.at as r_at,
          c.delivered_generation, c.delivered_at as c_delivered_at, c.requested_generation, c.requested_at
        from resync_campaign_phones p left join devices d on d.id = p.device_id
          left join device_resyncs r on r.device_id = p.device_id left join device_configurations c on c.device_id = p.device_id
        where p.campaign_id = ${campaignId} and p.open and (
          d.id is null or r.at is distinct from p.seen_at
          or (c.delivered_generation > 0 and c.delivered_generation >= p.wanted_generation and c.delivered_at >= p.asked_at)
          or (p.state <> 'told' and c.requested_generation > 0 and c.requested_generation >= p.wanted_generation and c.requested_at >= p.asked_at))
        order by p.position limit ${limit}`.execute(queries);
      return rows.map((row) => ({ phone: phoneOf(row), facts: factsOf(row) }));
    },
    setPhones: async (changed) => {
      const rows = changed.map((phone) => ({
        campaign_id: phone.campaignId, device_id: phone.deviceId, state: phone.state, reason: phone.reason, told_at: iso(phone.toldAt),
        delivered_at: iso(phone.deliveredAt), last_status: phone.lastStatus, seen_at: iso(phone.seenAt), open: isOpen(phone),
      }));
      await sql`update resync_campaign_phones p set state = n.state, reason = n.reason, told_at = n.told_at, delivered_at = n.delivered_at,
          last_status = n.last_status, seen_at = n.seen_at, open = n.open
        from jsonb_to_recordset(${toJson(rows)}::jsonb) as n (campaign_id text, device_id text, state text, reason text, told_at timestamptz,
          delivered_at timestamptz, last_status integer, seen_at timestamptz, open boolean)
        where p.campaign_id = n.campaign_id and p.device_id = n.device_id and p.open`.execute(queries);
    },
    left: (campaignId) => leftOf(queries, campaignId),
    withdraw: async (campaignId, at) => {
      await sql`update device_resyncs set state = 'not-needed', waits_for = null, next_at = null, at = ${instant(at)}
        where campaign_id = ${campaignId} and state = 'pending'`.execute(queries);
      await sql`update resync_campaign_phones p set state = 'cancelled', reason = 'cancelled', open = false where p.campaign_id = ${campaignId} and (
        p.state = 'waiting' or (p.state in ('asked', 'unreachable') and not exists (
          select from device_resyncs r where r.device_id = p.device_id and r.campaign_id = ${campaignId} and r.state <> 'not-needed')))`.execute(queries);
    },
  };
}

interface NewsRow extends PhoneRow {
  readonly there: boolean;
  readonly r_state: Selectable<DeviceResyncsTable>['state'] | null;
  readonly waits_for: Selectable<DeviceResyncsTable>['waits_for'];
  readonly r_last_status: number | null;
  readonly r_at: number | null;
  readonly delivered_generation: Selectable<DeviceConfigurationsTable>['delivered_generation'] | null;
  readonly c_delivered_at: number | null;
  readonly requested_generation: number | null;
  readonly requested_at: number | null;
}

function factsOf(row: NewsRow): CampaignPhoneFacts {
  return {
    there: row.there,
    resync: row.r_state === null || row.r_at === null ? null : { state: row.r_state, waitsFor: row.waits_for, lastStatus: row.r_last_status, at: row.r_at },
    configuration: row.delivered_generation === null ? null : {
      deliveredGeneration: row.delivered_generation, deliveredAt: row.c_delivered_at, requestedGeneration: row.requested_generation ?? 0, requestedAt: row.requested_at,
    },
  };
}

async function leftOf(queries: Queries, campaignId: CampaignPhone['campaignId']): Promise<{ readonly waiting: number; readonly open: number }> {
  const { rows: [counted] } = await sql<{ readonly waiting: number; readonly open: number }>`
    select (select count(*) from resync_campaign_phones where campaign_id = ${campaignId} and state = 'waiting') as waiting,
      (select count(*) from resync_campaign_phones where campaign_id = ${campaignId} and open) as open`.execute(queries);
  return counted ?? { waiting: 0, open: 0 };
}

/** Devices `d` of a selection. */
function selected(selection: PhoneSelection): RawBuilder<boolean> {
  switch (selection.kind) {
    case 'devices':
      return sql<boolean>`d.id = any(${selection.deviceIds}::text[])`;
    case 'types':
      return sql<boolean>`(lower(d.type) = any(${selection.types}::text[]) and (${selection.models}::text[] is null or lower(d.model) = any(${selection.models}::text[]))
        and (${selection.siteId}::text is null or d.site_id = ${selection.siteId}))`;
    default:
      return sql<boolean>`(${inScope(selection)})`;
  }
}

function namesOf(row: { readonly [Key in 'display_name' | 'mac_address' | 'type' | 'model']: Selectable<DevicesTable>[Key] | null }) {
  return row.type === null ? null : { displayName: row.display_name ?? '', macAddress: row.mac_address ?? '', type: row.type, model: row.model ?? '' };
}

function phoneOf(row: PhoneRow): CampaignPhone {
  return {
    campaignId: row.campaign_id, deviceId: row.device_id, position: row.position, batch: row.batch, state: row.state, reason: row.reason, enrolled: row.enrolled,
    wantedGeneration: row.wanted_generation, askedAt: row.asked_at, toldAt: row.told_at, deliveredAt: row.delivered_at, lastStatus: row.last_status, seenAt: row.seen_at,
  };
}

/** Tokens of pages are positions; another text begins anew. */
function positionOf(after: string | null): number {
  const position = Number(after);
  return Number.isSafeInteger(position) && position > 0 && position < 2 ** 31 ? position : 0;
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
