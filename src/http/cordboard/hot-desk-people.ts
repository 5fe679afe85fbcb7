import { z } from 'zod';
import { asId, type CommonAreaId, type SiteId } from '../../domain/ids.js';
import { PROMPT_LANGUAGES } from '../../domain/prompts/account-prompt.js';
import { phoneUserNotFound, siteNotFound } from '../../usecases/admin/not-found.js';
import { findPhoneUser } from '../../usecases/admin/resolve.js';
import { updateSite } from '../../usecases/admin/sites.js';
import { updatePhoneUser } from '../../usecases/admin/update-phone-user.js';
import { resetUserPin } from '../../usecases/mail/reset-user-pin.js';
import { resetPin } from '../../usecases/hotdesk/set-pin.js';
import { answer, failed, json, NO_CONTENT } from '../answers.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { timeZone } from '../schemas/fields.js';
import { guestFields, guestView } from '../schemas/hot-desk-fields.js';
import { given } from '../schemas/views.js';

const TAG = 'Hot desking';
const freshPin = z.object({ pin_code: z.string().describe('Six digits, shown now and never again.') });
const siteFields = {
  time_zone: z.string().describe('IANA zone of daily ends; "" = UTC.'),
  prompt_language: z.enum(['', ...PROMPT_LANGUAGES]).describe("First language of spoken prompts at the site's phones; \"\" = the account's."),
};

/** People, common areas and sites, as far as only hot desking asks for it. */
export const hotDeskPeopleRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/users/{userId}/hot_desk', operationId: 'getUserHotDesk', summary: 'Where a user sits as guest, and whether they may',
    tag: TAG, access: 'hot_desk:read', self: true,
    answer: {
      status: 200, description: 'Now.',
      schema: z.object({ allowed: z.boolean(), has_pin: z.boolean(), device_id: z.string().describe('"" = signed in nowhere.'), session: guestFields.nullable() }),
    },
    async handle({ deps, actor, params }) {
      const view = await findPhoneUser(deps.stores, actor.accountId, params.userId);
      if (view === null) return failed(fromRefusal(phoneUserNotFound(params.userId)));
      const session = deps.directory.deskOf(view.phone.id);
      const pin = await deps.stores.pins.get({ kind: 'user', id: view.phone.id });
      return json({
        allowed: view.phone.hotDeskAllowed, has_pin: pin !== null, device_id: session?.deviceId ?? '',
        session: session === undefined ? null : guestView(deps, session),
      });
    },
  }),
  route({
    method: 'PATCH', path: '/v2/cordboard/users/{userId}/hot_desk', operationId: 'setUserHotDesk', summary: 'Allow or forbid a user to use phones of others',
    tag: TAG, access: 'phone_user:write',
    body: z.strictObject({ allowed: z.boolean() }),
    answer: { status: 204, description: 'Set; forbidding ends the session.', schema: null },
    async handle({ deps, actor, params, body }) {
      return answer(await updatePhoneUser(deps, actor, params.userId, { hotDeskAllowed: body.allowed }), () => NO_CONTENT);
    },
  }),
  route({
    method: 'POST', path: '/v2/cordboard/users/{userId}/reset_pin_code', operationId: 'resetUserPin', summary: 'Give a user a new random PIN',
    tag: TAG, access: 'phone_user:write', bodyOptional: true,
    body: z.strictObject({ notify: z.boolean().default(true).describe('Write to the user where mail is configured; then nobody else sees the PIN.') }),
    answer: {
      status: 200, description: "The PIN; the user's locked sign-ins open.",
      schema: z.object({ pin_code: freshPin.shape.pin_code.optional(), mailed: z.boolean() }),
    },
    async handle({ deps, actor, params, body }) {
      const view = await findPhoneUser(deps.stores, actor.accountId, params.userId);
      if (view === null) return failed(fromRefusal(phoneUserNotFound(params.userId)));
      const outcome = await resetUserPin(deps, actor, view.phone.id, body.notify);
      return answer(outcome, ({ pin }) => json(pin === null ? { mailed: true } : { pin_code: pin, mailed: false }));
    },
  }),
  route({
    method: 'POST', path: '/v2/cordboard/common_areas/{commonAreaId}/reset_pin_code', operationId: 'resetCommonAreaPin',
    summary: 'Give a common area a new random PIN', tag: TAG, access: 'common_area:write', bodyOptional: true, body: z.strictObject({}),
    answer: { status: 200, description: 'The PIN, which unlocks its phones.', schema: freshPin },
    async handle({ deps, actor, params }) {
      const outcome = await resetPin(deps, actor, { kind: 'common_area', id: asId<CommonAreaId>(params.commonAreaId) });
      return answer(outcome, ({ pin }) => json({ pin_code: pin }));
    },
  }),
  route({
    method: 'GET', path: '/v2/cordboard/sites/{siteId}', operationId: 'getSiteLocale', summary: 'Get clocks and prompt language of a site',
    tag: TAG, access: 'site:read',
    answer: { status: 200, description: 'As set at the site itself.', schema: z.object(siteFields) },
    async handle({ deps, actor, params }) {
      const site = await deps.stores.sites.get(actor.accountId, asId<SiteId>(params.siteId));
      if (site === null) return failed(fromRefusal(siteNotFound(params.siteId)));
      return json({ time_zone: site.timeZone ?? '', prompt_language: site.promptLanguage ?? '' });
    },
  }),
  route({
    method: 'PATCH', path: '/v2/cordboard/sites/{siteId}', operationId: 'setSiteLocale', summary: 'Set clocks and prompt language of a site',
    tag: TAG, access: 'site:write',
    body: z.strictObject({ time_zone: timeZone, prompt_language: siteFields.prompt_language }).partial(),
    answer: { status: 204, description: 'Set; other clocks move the daily ends of sessions that run there.', schema: null },
    async handle({ deps, actor, params, body }) {
      const wanted = given({
        timeZone: body.time_zone === undefined ? undefined : body.time_zone || null,
        promptLanguage: body.prompt_language === undefined ? undefined : body.prompt_language || null,
      });
      return answer(await updateSite(deps, actor, params.siteId, wanted), () => NO_CONTENT);
    },
  }),
];
