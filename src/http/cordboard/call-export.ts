import { z } from 'zod';
import { failed } from '../answers.js';
import { csvAnswer } from '../csv.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { call } from '../schemas/call-fields.js';
import { readSpan } from '../times.js';
import { HISTORY_DAYS, historyFilter, historyFilters } from '../zoom-phone/call-query.js';
import { callItem } from '../zoom-phone/call-view.js';

export const callExportRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/call_history/export', operationId: 'exportCallHistory', summary: "Export the account's calls",
    tag: 'Call history', access: 'call_history:read', load: 'heavy', query: z.object(historyFilters),
    answer: { status: 200, description: 'CSV with the columns of the call history, newest first.', schema: null, contentType: 'text/csv' },
    async handle({ deps, actor, query }) {
      const span = readSpan(query, deps.clock.now(), HISTORY_DAYS);
      if (span.kind === 'refused') return failed(fromRefusal(span));
      const filter = historyFilter(query, span);
      return csvAnswer('call-history.csv', Object.keys(call.shape), async (page) => (
        filter === null ? { items: [], next: null, total: 0 } : deps.stores.callRecords.rows(actor.accountId, filter, page)
      ), (record) => callItem(deps, record, null));
    },
  }),
];
