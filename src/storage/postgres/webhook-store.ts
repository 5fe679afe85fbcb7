import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { WebhookId } from '../../domain/ids.js';
import type { Webhook } from '../../domain/webhooks/webhook.js';
import type { WebhookStore } from '../../ports/webhook-stores.js';
import { changed, hasChanges, toDate, toDateOrNull } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import type { WebhooksTable } from './webhook-tables.js';

export function createWebhookStore(queries: Queries): WebhookStore {
  const webhooks = queries.selectFrom('webhooks');
  const count: WebhookStore['count'] = async (accountId) => {
    const counted = webhooks.select(({ fn }) => fn.countAll<number>().as('n')).where('account_id', '=', accountId);
    return (await counted.executeTakeFirstOrThrow()).n;
  };
  return {
    count,
    get: async (accountId, id) => {
      const row = await webhooks.selectAll().where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : webhookOf(row);
    },
    page: async (accountId, page) => {
      const rows = await webhooks.selectAll().where('account_id', '=', accountId)
        .$if(page.after !== null, (query) => query.where('id', '>', page.after as WebhookId))
        .orderBy('id').limit(rowsToRead(page)).execute();
      return toPage(rows, page, await count(accountId), (row) => row.id, webhookOf);
    },
    wanting: async (accountId, type) => {
      const rows = await webhooks.selectAll().where('account_id', '=', accountId).where('active', '=', true)
        .where(sql<boolean>`${type} = any(events)`).orderBy('id').execute();
      return rows.map(webhookOf);
    },
    insert: async (webhook, sealedSecret) => {
      await queries.insertInto('webhooks').values({
        id: webhook.id,
        account_id: webhook.accountId,
        url: webhook.url,
        sealed_secret: sealedSecret,
        events: webhook.events,
        active: webhook.active,
        verified_at: toDateOrNull(webhook.verifiedAt),
        created_at: toDate(webhook.createdAt),
      }).execute();
    },
    update: async (id, changes, sealedSecret) => {
      const columns = {
        url: changes.url,
        events: changes.events,
        active: changes.active,
        verified_at: changed(changes.verifiedAt, toDateOrNull),
        sealed_secret: sealedSecret,
      };
      if (hasChanges(columns)) await queries.updateTable('webhooks').set(columns).where('id', '=', id).execute();
    },
    sealedSecret: async (id) => {
      const row = await webhooks.select('sealed_secret').where('id', '=', id).executeTakeFirst();
      return row?.sealed_secret ?? null;
    },
    delete: async (id) => {
      await queries.deleteFrom('webhooks').where('id', '=', id).execute();
    },
  };
}

function webhookOf(row: Selectable<WebhooksTable>): Webhook {
  return {
    id: row.id,
    accountId: row.account_id,
    url: row.url,
    events: row.events,
    active: row.active,
    verifiedAt: row.verified_at,
    createdAt: row.created_at,
  };
}
