import { z } from 'zod';
import { asId, type HotDeskSessionId } from '../../domain/ids.js';
import { nameOf } from '../../domain/identity/user.js';
import { allowGuests, changeOwnPin, ownDevices, ownPhone, sessionsAround } from '../../usecases/access/own-things.js';
import { grantsOfUser } from '../../usecases/access/grants.js';
import { updateAccountUser } from '../../usecases/admin/account-users.js';
import { userNotFound } from '../../usecases/admin/not-found.js';
import { chooseCallerId } from '../../usecases/numbers/choose-caller-id.js';
import { signOutAs } from '../../usecases/hotdesk/sign-out-as.js';
import { PERMISSIONS } from '../../usecases/admin/roles.js';
import type { Outcome } from '../../usecases/outcome.js';
import { answer, failed, json, NO_CONTENT, type Answer } from '../answers.js';
import type { Person } from '../exchange.js';
import { fromRefusal, onlyPeople } from '../problem.js';
import { route, type Route } from '../route.js';
import { line, requiredLine, timeZone } from '../schemas/fields.js';
import { sessionFields, sessionView } from '../schemas/hot-desk-fields.js';
import { given } from '../schemas/views.js';

const TAG = 'Own phone';
const common = { tag: TAG, access: 'person' } as const;

const device = z.object({
  id: z.string(), display_name: z.string(), mac_address: z.string(), type: z.string(), hot_desking: z.enum(['on', 'off', 'unsupported']), locked: z.boolean(),
});
const pinCode = z.string().regex(/^\d{1,6}$/, 'A PIN has 1 to 6 digits.');

/** The route table lets nobody else in. */
async function asPerson(person: Person | null, run: (who: Person) => Promise<Answer>): Promise<Answer> {
  return person === null ? failed(onlyPeople()) : run(person);
}

const nothing = (outcome: Outcome<unknown>): Answer => answer(outcome, () => NO_CONTENT);

/** What everybody who signed in may do with what is their own, whatever their roles. */
export const meRoutes: readonly Route[] = [
  route({
    ...common, method: 'GET', path: '/v2/cordboard/me', operationId: 'getMe', summary: 'Who you are, and what you may do', subject: 'anyone',
    answer: {
      status: 200, description: 'You; `roles` say what else you may do, and at which sites.',
      schema: z.object({
        id: z.string(), email: z.string(), display_name: z.string(), language: z.string(), time_zone: z.string(),
        phone: z.object({ extension_id: z.string(), extension_number: z.int(), site: z.object({ id: z.string(), name: z.string() }) }).nullable(),
        roles: z.array(z.object({ permissions: z.array(z.enum(PERMISSIONS)), site_ids: z.array(z.string()).nullable().describe('null: the whole account.') })),
      }),
    },
    handle: ({ deps, actor, person }) => asPerson(person, async ({ userId }) => {
      const user = await deps.stores.users.get(actor.accountId, userId);
      if (user === null) return failed(fromRefusal(userNotFound(userId)));
      const phone = await deps.stores.phoneUsers.get(actor.accountId, userId);
      const grants = await grantsOfUser(deps.stores, actor.accountId, userId);
      return json({
        id: user.id, email: user.email, display_name: nameOf(user), language: user.language, time_zone: user.timeZone,
        phone: phone && { extension_id: phone.extension.id, extension_number: Number(phone.extension.number), site: { id: phone.site.id, name: phone.site.name } },
        roles: grants.map(({ permissions, reach }) => ({ permissions: [...permissions], site_ids: reach.account ? null : [...reach.siteIds] })),
      });
    }),
  }),
  route({
    ...common, method: 'PATCH', path: '/v2/cordboard/me', operationId: 'updateMe', summary: 'Set your language and time zone', subject: 'noted',
    body: z.strictObject({ language: line(16), time_zone: timeZone }).partial(),
    answer: { status: 204, description: 'Set.', schema: null },
    handle: ({ deps, actor, person, body }) => asPerson(person, async ({ userId }) => nothing(
      await updateAccountUser(deps, actor, userId, given({ language: body.language, timeZone: body.time_zone }), { phone: null, licencePackage: null }))),
  }),
  route({
    ...common, method: 'GET', path: '/v2/cordboard/me/devices', operationId: 'listMyDevices', summary: 'List your phones', subject: 'anyone',
    answer: { status: 200, description: 'Phones that are assigned to you.', schema: z.object({ total_records: z.int(), devices: z.array(device) }) },
    handle: ({ deps, actor, person }) => asPerson(person, async ({ userId }) => answer(await ownDevices(deps.stores, actor, userId), (devices) => json({
      total_records: devices.length,
      devices: devices.map((one) => ({
        id: one.id, display_name: one.displayName, mac_address: one.macAddress, type: [one.type, one.model].filter(Boolean).join(' '), hot_desking: one.hotDesking,
        locked: one.locked,
      })),
    }))),
  }),
  route({
    ...common, method: 'PUT', path: '/v2/cordboard/me/devices/{deviceId}/hot_desking', operationId: 'setMyHotDesking',
    summary: 'Let guests use your phone, or no longer', body: z.strictObject({ allowed: z.boolean() }),
    answer: { status: 204, description: 'Set; a guest who is there is signed out where it is no longer allowed.', schema: null },
    handle: ({ deps, actor, person, params, body }) => asPerson(person, async ({ userId }) => (
      nothing(await allowGuests(deps, actor, userId, params.deviceId, body.allowed)))),
  }),
  route({
    ...common, method: 'GET', path: '/v2/cordboard/me/hot_desk_sessions', operationId: 'listMyHotDeskSessions', subject: 'anyone',
    summary: 'Where you are guest, and who is guest at your phones',
    answer: { status: 200, description: 'Sessions of now.', schema: z.object({ total_records: z.int(), sessions: z.array(sessionFields) }) },
    handle: ({ deps, actor, person }) => asPerson(person, async ({ userId }) => {
      const sessions = await sessionsAround(deps.stores, actor, userId);
      return json({ total_records: sessions.length, sessions: sessions.map((session) => sessionView(deps, session)) });
    }),
  }),
  route({
    ...common, method: 'POST', path: '/v2/cordboard/me/hot_desk_sessions/{sessionId}/sign_out', operationId: 'endMyHotDeskSession',
    summary: 'End your guest session, or a guest’s at your phone', bodyOptional: true, body: z.strictObject({}),
    answer: { status: 200, description: 'The session: ended, or draining while a call is up. No call is hung up.', schema: sessionFields },
    handle: ({ deps, actor, person, params }) => asPerson(person, async ({ userId }) => {
      const verbs = { stores: deps.stores, signOut: deps.hotDesk.signOut };
      return answer(await signOutAs(verbs, actor, asId<HotDeskSessionId>(params.sessionId), userId), (session) => json(sessionView(deps, session)));
    }),
  }),
  route({
    ...common, method: 'PUT', path: '/v2/cordboard/me/pin_code', operationId: 'changeMyPin', summary: 'Change your PIN', subject: 'noted',
    body: z.strictObject({
      pin_code: pinCode, current_pin_code: pinCode.optional().describe('Needed later than ten minutes after signing in. A wrong one signs you out.'),
    }),
    answer: { status: 204, description: 'Changed; your locked sign-ins at phones open.', schema: null },
    handle: ({ deps, actor, person, body }) => asPerson(person, async ({ userId, sessionId }) => nothing(
      await changeOwnPin(deps, actor, userId, sessionId, { pin: body.pin_code, current: body.current_pin_code ?? null }))),
  }),
  route({
    ...common, method: 'PUT', path: '/v2/cordboard/me/caller_id', operationId: 'chooseMyCallerId', summary: 'Choose the number your calls show', subject: 'noted',
    body: z.strictObject({ number: z.union([z.literal(''), requiredLine(32)]).describe('One you may show, "hidden", or "" for the usual one.') }),
    answer: { status: 204, description: 'Chosen.', schema: null },
    handle: ({ deps, actor, person, body }) => asPerson(person, async ({ userId }) => {
      const phone = await ownPhone(deps.stores, actor, userId);
      if (phone.kind === 'refused') return failed(fromRefusal(phone));
      return nothing(await chooseCallerId(deps, actor, { kind: 'user', id: userId }, body.number));
    }),
  }),
];
