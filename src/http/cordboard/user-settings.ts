import { z } from 'zod';
import { isSettingKey, SETTING_CATALOGUE, SETTING_KEYS, type SettingKey } from '../../domain/settings/setting-catalogue.js';
import { phoneUserNotFound } from '../../usecases/admin/not-found.js';
import { findPhoneUser } from '../../usecases/admin/resolve.js';
import { changeSettings, readSettingsOf, type SettingReading, type SettingWish } from '../../usecases/admin/settings.js';
import { answer, failed, json, NO_CONTENT } from '../answers.js';
import { badRequest, fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';

const TAG = 'Phone users';
/** Every setting that a person may have of their own; international calls are a switch of the phone user itself. */
const KEYS: readonly SettingKey[] = SETTING_KEYS
  .filter((key) => key !== 'international_calling' && SETTING_CATALOGUE[key].scopes.includes('extension'));
const level = z.enum(['account', 'site', 'extension', 'device']);
const anything = z.unknown().describe('As the setting has it: a switch, a number, a text, a list or a group.');

const shown = z.object({
  key: z.string(), value: anything, origin: z.enum(['default', ...level.options]).describe('Where the value comes from.'),
  locked_by: z.enum(['', ...level.options]).describe('The level that forbids another value; "" = none.'),
  set_here: z.boolean().describe('Whether the user has a value of their own.'),
  effect: z.enum(['live', 'stored']).describe('stored: kept and shown, and nothing obeys it yet.'),
});

function view(reading: SettingReading, key: SettingKey) {
  const { value, origin, lockedBy, setHere } = reading.get(key);
  return { key, value, origin, locked_by: lockedBy ?? '', set_here: setHere, effect: SETTING_CATALOGUE[key].effect };
}

/** Every setting of a person by its own name, with where it comes from: account, site, or the person. */
export const userOriginRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/users/{userId}/settings', operationId: 'getUserSettingOrigins',
    summary: "A phone user's settings, and where each comes from", tag: TAG, access: 'phone_user:read', self: true,
    answer: { status: 200, description: 'In the order of the catalogue.', schema: z.object({ settings: z.array(shown) }) },
    async handle({ deps, actor, params }) {
      const person = await findPhoneUser(deps.stores, actor.accountId, params.userId);
      if (person === null) return failed(fromRefusal(phoneUserNotFound(params.userId)));
      const outcome = await readSettingsOf(deps, actor, { scope: 'extension', extensionId: person.extension.id }, KEYS);
      return answer(outcome, (reading) => json({ settings: KEYS.map((key) => view(reading, key)) }));
    },
  }),
  route({
    method: 'PATCH', path: '/v2/cordboard/users/{userId}/settings', operationId: 'setUserSettingValues',
    summary: "Set a phone user's settings, or take them off the user", tag: TAG, access: 'phone_user:write',
    body: z.strictObject({
      settings: z.array(z.strictObject({
        key: z.string().max(100), value: anything.optional(), inherit: z.boolean().default(false).describe('Back to what site and account say.'),
      })).min(1).max(100),
    }),
    answer: { status: 204, description: 'Set, all or none.', schema: null },
    async handle({ deps, actor, params, body }) {
      const person = await findPhoneUser(deps.stores, actor.accountId, params.userId);
      if (person === null) return failed(fromRefusal(phoneUserNotFound(params.userId)));
      const wishes: SettingWish[] = [];
      for (const [index, { key, value, inherit }] of body.settings.entries()) {
        const field = `settings[${index}]`;
        if (!isSettingKey(key)) return failed(badRequest(`${field}.key`, 'There is no such setting. GET lists them.'));
        if (value === undefined && !inherit) return failed(badRequest(`${field}.value`, 'Give a value, or inherit: true.'));
        wishes.push({ key, field: `${field}.value`, inherit, ...(value === undefined ? {} : { value }) });
      }
      return answer(await changeSettings(deps, actor, { scope: 'extension', extensionId: person.extension.id }, wishes), () => NO_CONTENT);
    },
  }),
];
