import { z } from 'zod';
import { asId, type SiteId } from '../../domain/ids.js';
import { readSettingsAt, setSessionSettings } from '../../usecases/hotdesk/set-session-settings.js';
import { named } from '../../usecases/outcome.js';
import { answer, failed, json, NO_CONTENT, type Answer } from '../answers.js';
import { badRequest } from '../problem.js';
import { route, type Route } from '../route.js';

const TAG = 'Sites';
const HOUR_MINUTES = 60;
const FIELD = 'desk_phone.hot_desking_session_timeout';

/** Of the setting types of the published shape, desk phones are the one that exists here. */
function otherType(settingType: string): Answer | null {
  return settingType === 'desk_phone' ? null : failed(badRequest('settingType', 'Only desk_phone is there.'));
}

const timeout = z.object({
  number: z.int().describe('30 with minutes, 1 to 24 with hours; 0 = no time-out.'),
  unit: z.enum(['minutes', 'hours']).default('hours'),
});

export const siteSettingRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/sites/{siteId}/settings/{settingType}', operationId: 'getSiteSettingForType',
    summary: "Get a site's settings (settingType desk_phone)", tag: TAG, access: 'site:read',
    answer: {
      status: 200, description: 'What holds at the site, wherever it is set; /v2/cordboard/sites/{siteId}/hot_desk_settings tells where.',
      schema: z.object({ desk_phone: z.object({ hot_desking_session_timeout: timeout }) }),
    },
    async handle({ deps, actor, params }) {
      const other = otherType(params.settingType);
      if (other) return other;
      const outcome = await readSettingsAt(deps, actor, { scope: 'site', siteId: asId<SiteId>(params.siteId) });
      return answer(outcome, ({ timeoutMinutes: { value } }) => json({ desk_phone: { hot_desking_session_timeout: inUnits(value ?? 0) } }));
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/sites/{siteId}/settings/{settingType}', operationId: 'updateSiteSetting',
    summary: "Set the time-out of hot desking at a site's phones (settingType desk_phone)", tag: TAG, access: 'site:write',
    body: z.object({ desk_phone: z.object({ hot_desking_session_timeout: timeout.optional() }).optional() }),
    answer: { status: 204, description: 'Set; sessions that run there have got their new ends.', schema: null },
    async handle({ deps, actor, params, body }) {
      const other = otherType(params.settingType);
      if (other) return other;
      const wanted = body.desk_phone?.hot_desking_session_timeout;
      const place = { scope: 'site', siteId: asId<SiteId>(params.siteId) } as const;
      const outcome = await setSessionSettings(deps, actor, place, wanted === undefined ? [] : [{
        key: 'hot-desk-session-timeout', value: wanted.number === 0 ? null : wanted.unit === 'hours' ? wanted.number * HOUR_MINUTES : wanted.number,
      }]);
      return answer(outcome.kind === 'refused' && outcome.why !== 'not-found' ? named(FIELD, outcome) : outcome, () => NO_CONTENT);
    },
  }),
];

function inUnits(minutes: number): z.output<typeof timeout> {
  return minutes % HOUR_MINUTES === 0 ? { number: minutes / HOUR_MINUTES, unit: 'hours' } : { number: minutes, unit: 'minutes' };
}
