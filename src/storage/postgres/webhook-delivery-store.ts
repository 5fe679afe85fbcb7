import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { WebhookDelivery } from '../../domain/webhooks/webhook.js';
import type { WebhookDeliveryStore } from '../../ports/webhook-stores.js';
import { instant, toDate } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import type { WebhookDeliveriesTable } from './webhook-tables.js';

export function createWebhookDeliveryStore(queries: Queries): WebhookDeliveryStore {
  const deliveries = queries.selectFrom('webhook_deliveries');
  return {
    insert: async (delivery) => {
      await queries.insertInto('webhook_deliveries').values({
        id: delivery.id,
        account_id: delivery.accountId,
        webhook_id: delivery.webhookId,
        event_id: delivery.eventId,
        type: delivery.type,
        session_id: delivery.sessionId,
        sequence: delivery.sequence,
        body: delivery.body,
        state: delivery.state,
        attempts: delivery.attempts,
        next_at: toDate(delivery.nextAt),
        last_status: delivery.lastStatus,
        last_error: delivery.lastError,
        created_at: toDate(delivery.createdAt),
        delivered_at: null,
      }).onConflict((conflict) => conflict.constraint('webhook_deliveries_event_unique').doNothing()).execute();
    },
    get: async (accountId, webhookId, id) => {
      const row = await deliveries.selectAll().where('account_id', '=', accountId).where('webhook_id', '=', webhookId)
        .where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : deliveryOf(row);
    },
    page: async (accountId, webhookId, { state, eventId }, page) => {
      let matching = deliveries.where('account_id', '=', accountId).where('webhook_id', '=', webhookId);
      if (state !== undefined) matching = matching.where('state', '=', state);
      if (eventId !== undefined) matching = matching.where('event_id', '=', eventId);
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching.selectAll().$if(page.after !== null, (query) => query.where('id', '<', page.after))
        .orderBy('id', 'desc').limit(rowsToRead(page)).execute();
      return toPage(rows, page, total, (row) => row.id, deliveryOf);
    },
    claimDue: async (at, limits) => {
      const { rows } = await sql<Selectable<WebhookDeliveriesTable> & { readonly url: string; readonly sealed_secret: string }>`
        update webhook_deliveries d set attempts = d.attempts + 1, next_at = ${instant(limits.until)}
        from webhooks w
        where w.id = d.webhook_id and d.id in (
          select c.id from webhook_deliveries c
          where c.state = 'pending' and c.next_at <= ${instant(at)} and c.id in (
            select q.id from (
              select p.id, row_number() over (partition by p.webhook_id order by p.next_at, p.sequence) as place
              from webhook_deliveries p join webhooks h on h.id = p.webhook_id
              where p.state = 'pending' and p.next_at <= ${instant(at)} and h.active
                and p.webhook_id <> all(${limits.without}::text[])
                and not exists (select from webhook_deliveries b where b.webhook_id = p.webhook_id and b.session_id = p.session_id
                  and b.sequence < p.sequence and b.state = 'pending')
                and not exists (select from hot_desk_events e where e.session_id = p.session_id
                  and e.sequence < p.sequence and not e.handed_on)
            ) q where q.place <= ${limits.each}
          )
          order by c.next_at, c.sequence limit ${limits.all} for update skip locked
        )
        returning d.*, w.url, w.sealed_secret`.execute(queries);
      return rows.map((row) => ({ delivery: deliveryOf(row), url: row.url, sealedSecret: row.sealed_secret }))
        .sort((a, b) => a.delivery.sequence - b.delivery.sequence);
    },
    settle: async (id, attempts, after, at) => {
      const result = await queries.updateTable('webhook_deliveries').set({
        state: after.state,
        next_at: toDate(after.nextAt),
        last_status: after.lastStatus,
        last_error: after.lastError,
        delivered_at: after.state === 'delivered' ? toDate(at) : null,
      }).where('id', '=', id).where('state', '=', 'pending').where('attempts', '=', attempts).executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    retry: async (id, at) => {
      await queries.updateTable('webhook_deliveries').set({ state: 'pending', attempts: 0, next_at: toDate(at), delivered_at: null })
        .where('id', '=', id).execute();
    },
  };
}

function deliveryOf(row: Selectable<WebhookDeliveriesTable>): WebhookDelivery {
  return {
    id: row.id,
    accountId: row.account_id,
    webhookId: row.webhook_id,
    eventId: row.event_id,
    type: row.type,
    sessionId: row.session_id,
    sequence: row.sequence,
    body: row.body,
    state: row.state,
    attempts: row.attempts,
    nextAt: row.next_at,
    lastStatus: row.last_status,
    lastError: row.last_error,
    createdAt: row.created_at,
    deliveredAt: row.delivered_at,
  };
}
