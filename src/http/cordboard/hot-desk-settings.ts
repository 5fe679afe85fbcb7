import { z } from 'zod';
import { asId, type DeviceId, type SiteId } from '../../domain/ids.js';
import type { ResolvedSetting } from '../../domain/settings/resolve-setting.js';
import type { HotDeskPlace, ResolvedSessionSettings, WantedSetting } from '../../usecases/hotdesk/session-settings.js';
import { readSettingsAt, setSessionSettings } from '../../usecases/hotdesk/set-session-settings.js';
import { answer, json } from '../answers.js';
import { route, type Route } from '../route.js';

const TAG = 'Hot desking';

const minutes = z.union([z.int(), z.null(), z.literal('inherit')]);
const clockTime = z.union([z.string().max(10), z.null()]);

function wantedOf<Value extends z.ZodType>(value: Value, description: string) {
  return z.strictObject({ value, locked: z.boolean().optional().describe('Whether places further in may not set another value.') })
    .describe(description).optional();
}

const body = z.strictObject({
  session_timeout_minutes: wantedOf(minutes, 'From sign-in to the end: 30, or whole hours from 60 to 1440; null = none, "inherit" = not set here.'),
  idle_timeout_minutes: wantedOf(minutes, 'Without a call on the phone: 1 to 1440; null = none, "inherit" = not set here.'),
  daily_end: wantedOf(clockTime, '"HH:MM" by the clocks of the site; null = none, "inherit" = not set here.'),
});

function resolved<Value extends z.ZodType>(value: Value) {
  return z.object({
    value, origin: z.enum(['account', 'site', 'extension', 'device', 'default']).describe('Where the value is set.'),
    locked_by: z.enum(['', 'account', 'site', 'extension', 'device']).describe('Which place forbids others further in; "" = none.'),
  });
}

const settings = z.object({
  session_timeout_minutes: resolved(z.int().nullable()), idle_timeout_minutes: resolved(z.int().nullable()),
  daily_end: resolved(z.string().nullable()),
});

function shown<T>({ value, origin, lockedBy }: ResolvedSetting<T>) {
  return { value, origin, locked_by: lockedBy ?? '' };
}

function view(found: ResolvedSessionSettings) {
  return {
    session_timeout_minutes: shown(found.timeoutMinutes), idle_timeout_minutes: shown(found.idleMinutes), daily_end: shown(found.dailyEnd),
  };
}

function toWanted(sent: z.output<typeof body>): readonly WantedSetting[] {
  return ([
    ['hot-desk-session-timeout', sent.session_timeout_minutes], ['hot-desk-idle-timeout', sent.idle_timeout_minutes],
    ['hot-desk-daily-end', sent.daily_end],
  ] as const).flatMap(([key, wanted]) => (wanted === undefined ? []
    : [{ key, value: wanted.value, ...(wanted.locked === undefined ? {} : { locked: wanted.locked }) }]));
}

const FIELDS: ReadonlyMap<string, string> = new Map([
  ['hot_desk_session_timeout', 'session_timeout_minutes'], ['hot_desk_idle_timeout', 'idle_timeout_minutes'], ['hot_desk_daily_end', 'daily_end'],
]);

/** Reading and changing at one kind of place. */
function routesOf(
  path: string, noun: 'Account' | 'Site' | 'Device', where: string, place: (params: Readonly<Record<string, string>>) => HotDeskPlace,
): readonly Route[] {
  return [
    route({
      method: 'GET', path, operationId: `get${noun}HotDeskSettings`, summary: `Get what ends sessions by itself ${where}`, tag: TAG, access: 'hot_desk:read',
      answer: { status: 200, description: 'What holds there, and where it comes from.', schema: settings },
      handle: async ({ deps, actor, params }) => answer(await readSettingsAt(deps, actor, place(params)), (found) => json(view(found))),
    }),
    route({
      method: 'PATCH', path, operationId: `set${noun}HotDeskSettings`, summary: `Set what ends sessions by itself ${where}`, tag: TAG, access: 'setting:write',
      body,
      answer: { status: 200, description: 'What holds now; sessions that run there have got their new ends.', schema: settings },
      async handle({ deps, actor, params, body: sent }) {
        const outcome = await setSessionSettings(deps, actor, place(params), toWanted(sent));
        if (outcome.kind === 'done') return json(view(outcome.value));
        const problems = outcome.problems.map((problem) => ({ ...problem, field: FIELDS.get(problem.field) ?? problem.field }));
        return answer({ ...outcome, problems }, () => json({}));
      },
    }),
  ];
}

export const hotDeskSettingRoutes: readonly Route[] = [
  ...routesOf('/v2/cordboard/account/hot_desk_settings', 'Account', 'in the account', () => ({ scope: 'account' })),
  ...routesOf('/v2/cordboard/sites/{siteId}/hot_desk_settings', 'Site', 'at a site', ({ siteId = '' }) => ({ scope: 'site', siteId: asId<SiteId>(siteId) })),
  ...routesOf('/v2/cordboard/devices/{deviceId}/hot_desk_settings', 'Device', 'at a phone',
    ({ deviceId = '' }) => ({ scope: 'device', deviceId: asId<DeviceId>(deviceId) })),
];
