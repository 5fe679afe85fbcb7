import { z } from 'zod';
import { asId, type AlertId, type AlertSettingId } from '../../domain/ids.js';
import type { Alert } from '../../domain/alerts/alert.js';
import { ruleName } from '../../usecases/alerts/open-alert.js';
import { refused } from '../../usecases/outcome.js';
import { failed, json } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { day } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { apiTime, readSpan } from '../times.js';

const TAG = 'Alerts';
const DEFAULT_DAYS = 30;

const alert = z.object({
  id: z.string(), alert_setting_id: z.string(), alert_setting_name: z.string(), rule: z.int(), rule_name: z.string(), text: z.string(),
  status: z.enum(['open', 'closed']), opened_at: z.string(), closed_at: z.string().describe('"" while it is open.'),
  subjects: z.array(z.object({ id: z.string(), name: z.string() })).describe('What it is about, the first hundred.'), subject_count: z.int(),
  notified_at: z.string().describe('When mail about it was last written; "" = not yet.'),
});

function view(found: Alert) {
  return {
    id: found.id, alert_setting_id: found.settingId, alert_setting_name: found.settingName, rule: found.rule, rule_name: ruleName(found.rule), text: found.text,
    status: found.closedAt === null ? 'open' : 'closed', opened_at: apiTime(found.openedAt), closed_at: apiTime(found.closedAt),
    subjects: [...found.subjects], subject_count: found.subjectCount, notified_at: apiTime(found.notifiedAt),
  };
}

export const alertRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/alerts', operationId: 'listAlerts', summary: 'List alerts that opened', tag: TAG, access: 'alert:read',
    query: z.object({
      status: z.enum(['open', 'closed']).optional(), alert_setting_id: z.string().max(64).optional(), from: day.optional(), to: day.optional(), ...pageQuery(100),
    }),
    answer: { status: 200, description: 'Alerts of the last 30 days unless a span is given, newest first.', schema: z.object({ ...pageFields, alerts: z.array(alert) }) },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const span = readSpan(query, deps.clock.now(), DEFAULT_DAYS);
      if (span.kind === 'refused') return failed(fromRefusal(span));
      const found = await deps.stores.alerts.page(actor.accountId, {
        from: span.from, to: span.to, ...given({
          open: query.status === undefined ? undefined : query.status === 'open',
          settingId: query.alert_setting_id === undefined ? undefined : asId<AlertSettingId>(query.alert_setting_id),
        }),
      }, page.page);
      return json({ ...paging(found, query), alerts: found.items.map(view) });
    },
  }),
  route({
    method: 'GET', path: '/v2/cordboard/alerts/{alertId}', operationId: 'getAlert', summary: 'Get an alert', tag: TAG, access: 'alert:read',
    answer: { status: 200, description: 'The alert.', schema: alert },
    async handle({ deps, actor, params }) {
      const found = await deps.stores.alerts.get(actor.accountId, asId<AlertId>(params.alertId));
      return found === null ? failed(fromRefusal(refused('not-found', 'alertId', 'There is no alert with this id.', params.alertId))) : json(view(found));
    },
  }),
];
