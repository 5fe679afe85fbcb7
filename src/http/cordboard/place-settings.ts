import { z } from 'zod';
import { asId, type ExtensionId, type SiteId } from '../../domain/ids.js';
import type { SettingScope } from '../../domain/settings/resolve-setting.js';
import { SETTING_CATALOGUE, SETTING_KEYS, type SettingKey } from '../../domain/settings/setting-catalogue.js';
import type { SettingSubject } from '../../usecases/admin/setting-places.js';
import { changeSettings, readSettingsOf, type SettingReading, type SettingWish } from '../../usecases/admin/settings.js';
import { answer, json } from '../answers.js';
import { route, type Route } from '../route.js';
import { sentValue, shownValue } from '../schemas/setting-schemas.js';

const TAG = 'Settings';

/** Settings whose change does more than being kept have routes of their own: names with a hyphen, and these. */
const ELSEWHERE: ReadonlySet<SettingKey> = new Set<SettingKey>(['multiple_sites', 'byoc', 'show_device_ip_for_call_log']);
const POLICIES = SETTING_KEYS.filter((key) => !key.includes('-') && !ELSEWHERE.has(key));

function keysAt(scope: SettingScope): readonly SettingKey[] {
  return POLICIES.filter((key) => SETTING_CATALOGUE[key].scopes.includes(scope));
}

const SCOPE_NAMES = z.enum(['account', 'site', 'extension', 'device', 'default']);
const lockedBy = z.enum(['', 'account', 'site', 'extension', 'device']);

function answerOf(keys: readonly SettingKey[]) {
  return z.object(Object.fromEntries(keys.map((key) => [key, z.object({
    value: shownValue(SETTING_CATALOGUE[key].type), origin: SCOPE_NAMES, locked_by: lockedBy, set_here: z.boolean(), effect: z.enum(['live', 'stored']),
  })])));
}

function bodyOf(keys: readonly SettingKey[]) {
  return z.strictObject(Object.fromEntries(keys.map((key) => [key, z.strictObject({
    value: sentValue(SETTING_CATALOGUE[key].type, true).optional().describe('Of a group the fields that change.'),
    locked: z.boolean().optional().describe('Whether levels further in may not set another value.'),
    inherit: z.boolean().optional().describe('True takes it off this level.'),
  }).optional()])));
}

function view(reading: SettingReading, keys: readonly SettingKey[]) {
  return Object.fromEntries(keys.map((key) => {
    const { value, origin, lockedBy: by, setHere } = reading.get(key);
    return [key, { value, origin, locked_by: by ?? '', set_here: setHere, effect: SETTING_CATALOGUE[key].effect }];
  }));
}

function wishesOf(keys: readonly SettingKey[], sent: Readonly<Record<string, unknown>>): readonly SettingWish[] {
  return keys.flatMap((key): readonly SettingWish[] => {
    const wanted = sent[key];
    if (typeof wanted !== 'object' || wanted === null) return [];
    return [{
      key, field: `${key}.value`,
      ...('value' in wanted && wanted.value !== undefined ? { value: wanted.value } : {}),
      ...('locked' in wanted && typeof wanted.locked === 'boolean' ? { locked: wanted.locked } : {}),
      ...('inherit' in wanted && wanted.inherit === true ? { inherit: true } : {}),
    }];
  });
}

function routesOf(
  path: string, noun: string, scope: SettingScope, where: string, subject: (params: Readonly<Record<string, string>>) => SettingSubject,
): readonly Route[] {
  const keys = keysAt(scope);
  return [
    route({
      method: 'GET', path, operationId: `get${noun}Settings`, summary: `Get the settings that hold ${where}, and where each is set`, tag: TAG, access: 'setting:read',
      answer: { status: 200, description: 'effect: whether calls, phones or records obey it (live), or it is kept for a feature to come (stored).', schema: answerOf(keys) },
      handle: async ({ deps, actor, params }) => answer(await readSettingsOf(deps, actor, subject(params), keys), (reading) => json(view(reading, keys))),
    }),
    route({
      method: 'PATCH', path, operationId: `set${noun}Settings`, summary: `Set, lock or take off settings ${where}`, tag: TAG, access: 'setting:write',
      body: bodyOf(keys),
      answer: { status: 200, description: 'What holds now of the settings that were sent.', schema: answerOf(keys).partial() },
      async handle({ deps, actor, params, body }) {
        const wishes = wishesOf(keys, body);
        return answer(await changeSettings(deps, actor, subject(params), wishes), (reading) => json(view(reading, wishes.map(({ key }) => key))));
      },
    }),
  ];
}

export const placeSettingRoutes: readonly Route[] = [
  ...routesOf('/v2/cordboard/account/settings', 'Account', 'account', 'in the account', () => ({ scope: 'account' })),
  ...routesOf('/v2/cordboard/sites/{siteId}/settings', 'Site', 'site', 'at a site', ({ siteId = '' }) => ({ scope: 'site', siteId: asId<SiteId>(siteId) })),
  ...routesOf('/v2/cordboard/extensions/{extensionId}/settings', 'Extension', 'extension', 'for a user or common area, by its extension',
    ({ extensionId = '' }) => ({ scope: 'extension', extensionId: asId<ExtensionId>(extensionId) })),
];
