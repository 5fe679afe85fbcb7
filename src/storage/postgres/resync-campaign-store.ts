import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { CampaignPhoneState } from '../../domain/device/resync-campaign-phone.js';
import type { ResyncCampaign } from '../../domain/device/resync-campaign.js';
import type { ResyncCampaignId } from '../../domain/ids.js';
import type { ResyncCampaignStore } from '../../ports/resync-stores.js';
import { instant, toDate, toDateOrNull, toJson } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import type { ResyncCampaignsTable } from './resync-tables.js';

type CampaignRows = Pick<ResyncCampaignStore, 'get' | 'page' | 'counts' | 'insert' | 'claim' | 'settle' | 'running' | 'forget'>;

/** The campaigns themselves; their phones are kept by `createResyncCampaignPhoneStore`. */
export function createResyncCampaignStore(queries: Queries): CampaignRows {
  const campaigns = queries.selectFrom('resync_campaigns');
  return {
    get: async (accountId, id) => {
      const row = await campaigns.selectAll().where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : campaignOf(row);
    },
    page: async (accountId, state, page) => {
      const matching = campaigns.where('account_id', '=', accountId).$if(state !== null, (query) => query.where('state', '=', state ?? 'running'));
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching.selectAll().$if(page.after !== null, (query) => query.where('id', '<', page.after as ResyncCampaignId))
        .orderBy('id', 'desc').limit(rowsToRead(page)).execute();
      return toPage(rows, page, total, ({ id }) => id, campaignOf);
    },
    counts: async (ids) => {
      const found = new Map<ResyncCampaignId, Map<CampaignPhoneState, number>>(ids.map((id) => [id, new Map()]));
      if (ids.length === 0) return found;
      const rows = await queries.selectFrom('resync_campaign_phones').select(['campaign_id', 'state', ({ fn }) => fn.countAll<number>().as('phones')])
        .where(sql<boolean>`campaign_id = any(${ids}::text[])`).groupBy(['campaign_id', 'state']).execute();
      for (const { campaign_id: id, state, phones } of rows) found.get(id)?.set(state, phones);
      return found;
    },
    insert: async (campaign) => {
      await queries.insertInto('resync_campaigns').values({
        id: campaign.id,
        account_id: campaign.accountId,
        origin: campaign.origin,
        scope: toJson(campaign.scope),
        only_pending: campaign.onlyPending,
        restart: campaign.restart,
        batch_size: campaign.batchSize,
        pause_ms: campaign.pauseMs,
        give_up_ms: campaign.giveUpMs,
        started_at: toDate(campaign.startedAt),
        started_by: campaign.startedBy,
        ...stepOf(campaign, campaign.startedAt),
      }).execute();
    },
    claim: async (at, until, limit) => {
      const { rows } = await sql<Selectable<ResyncCampaignsTable>>`
        update resync_campaigns set look_at = ${instant(until)} where id in (
          select id from resync_campaigns where look_at <= ${instant(at)} order by look_at, id limit ${limit} for update skip locked
        ) returning *`.execute(queries);
      return rows.map(campaignOf);
    },
    settle: async (before, after, lookAt) => {
      const { numUpdatedRows } = await queries.updateTable('resync_campaigns').set({ ...stepOf(after, lookAt), batch_size: after.batchSize })
        .where('id', '=', before.id).where('state', '=', before.state).where('batches', '=', before.batches).executeTakeFirst();
      return numUpdatedRows === 1n;
    },
    running: async (accountId) => {
      const { total } = await campaigns.where('account_id', '=', accountId).where('state', '=', 'running')
        .select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      return total;
    },
    forget: async (before) => {
      const { numAffectedRows } = await sql`delete from resync_campaigns where ended_at < ${instant(before)}`.execute(queries);
      return Number(numAffectedRows ?? 0n);
    },
  };
}

/** Columns that steps change. */
function stepOf({ state, batches, nextBatchAt, deadlineAt, endedAt }: ResyncCampaign, lookAt: number) {
  return {
    state, batches, next_batch_at: toDateOrNull(nextBatchAt), deadline_at: toDateOrNull(deadlineAt), ended_at: toDateOrNull(endedAt),
    look_at: state === 'running' ? toDate(lookAt) : null,
  };
}

function campaignOf(row: Selectable<ResyncCampaignsTable>): ResyncCampaign {
  return {
    id: row.id,
    accountId: row.account_id,
    origin: row.origin,
    scope: row.scope,
    onlyPending: row.only_pending,
    restart: row.restart,
    batchSize: row.batch_size,
    pauseMs: row.pause_ms,
    giveUpMs: row.give_up_ms,
    state: row.state,
    batches: row.batches,
    nextBatchAt: row.next_batch_at,
    deadlineAt: row.deadline_at,
    startedAt: row.started_at,
    startedBy: row.started_by,
    endedAt: row.ended_at,
  };
}
