import { z } from 'zod';
import { asId, type DeviceId, type HotDeskSessionId, type SiteId } from '../../domain/ids.js';
import { placeOf } from '../../usecases/access/place-of.js';
import { phoneUserNotFound } from '../../usecases/admin/not-found.js';
import { findPhoneUser } from '../../usecases/admin/resolve.js';
import { signInPerson } from '../../usecases/hotdesk/sign-in-person.js';
import { signOutAs } from '../../usecases/hotdesk/sign-out-as.js';
import { named, refused } from '../../usecases/outcome.js';
import { answer, created, failed, json } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { badRequest, fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { day, requiredLine } from '../schemas/fields.js';
import { sessionFields, sessionView } from '../schemas/hot-desk-fields.js';
import { given } from '../schemas/views.js';
import { apiTime, readSpan } from '../times.js';

const TAG = 'Hot desking';

const noSession = (id: string) => refused('not-found', 'sessionId', 'There is no hot-desk session with this id.', id);

export const hotDeskSessionRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/hot_desk_sessions', operationId: 'listHotDeskSessions',
    summary: 'List who sits, or sat, at which phone as guest', tag: TAG, access: 'hot_desk:read', subject: 'list',
    query: z.object({
      signed_in: z.boolean().optional().describe('true: only those signed in now; false: only those of the past.'),
      site_id: z.string().max(64).optional().describe('Where the phone stands now.'),
      device_id: z.string().max(64).optional(),
      user_id: z.string().max(128).optional().describe('Id or e-mail address.'),
      at: z.iso.datetime({ offset: true }).optional().describe('Only sessions that had their phone at this instant.'),
      from: day.optional().describe('Only sessions that ran in this span; with neither end, all.'),
      to: day.optional(),
      ...pageQuery(300),
    }),
    answer: {
      status: 200, description: 'Sessions, the latest sign-in first.', schema: z.object({ ...pageFields, sessions: z.array(sessionFields) }),
    },
    async handle({ deps, actor, sites, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const span = query.from === undefined && query.to === undefined ? null
        : readSpan({ ...query, from: query.from ?? new Date(0).toISOString() }, deps.clock.now(), 0);
      if (span?.kind === 'refused') return failed(fromRefusal(span));
      const person = query.user_id === undefined ? null : await findPhoneUser(deps.stores, actor.accountId, query.user_id);
      // A removed user has a history, too, and no e-mail address any more.
      if (query.user_id?.includes('@') && person === null) {
        return failed(fromRefusal(named('user_id', { ...phoneUserNotFound(query.user_id), why: 'invalid' })));
      }
      const found = await deps.hotDesk.history.page(actor.accountId, given({
        within: sites ?? undefined,
        signedIn: query.signed_in,
        siteId: query.site_id === undefined ? undefined : asId<SiteId>(query.site_id),
        deviceId: query.device_id === undefined ? undefined : asId<DeviceId>(query.device_id),
        userId: query.user_id === undefined ? undefined : person?.phone.id ?? asId(query.user_id),
        at: query.at === undefined ? undefined : Date.parse(query.at),
        from: span?.from, to: span?.to,
      }), page.page);
      return json({ ...paging(found, query), sessions: found.items.map((session) => sessionView(deps, session)) });
    },
  }),
  route({
    method: 'GET', path: '/v2/cordboard/hot_desk_sessions/{sessionId}', operationId: 'getHotDeskSession', summary: 'Get a hot-desk session',
    tag: TAG, access: 'hot_desk:read', self: true,
    answer: {
      status: 200, description: 'The session with its steps, in order.',
      schema: sessionFields.extend({
        events: z.array(z.object({
          id: z.string(), event: z.enum(['signed_in', 'draining', 'signed_out']), cause: sessionFields.shape.cause, time: z.string(),
          actor: z.string(), sequence: z.int(),
        })),
      }),
    },
    async handle({ deps, actor, params }) {
      const id = asId<HotDeskSessionId>(params.sessionId);
      const session = await deps.hotDesk.history.get(actor.accountId, id);
      if (session === null) return failed(fromRefusal(noSession(params.sessionId)));
      const events = await deps.hotDesk.history.eventsOf(actor.accountId, id);
      return json({
        ...sessionView(deps, session),
        events: events.map((event) => ({
          id: event.id, event: event.kind, cause: event.cause ?? '', time: apiTime(event.at), actor: event.actor, sequence: event.sequence,
        })),
      });
    },
  }),
  route({
    method: 'POST', path: '/v2/cordboard/hot_desk_sessions/{sessionId}/sign_out', operationId: 'signOutHotDeskSession',
    summary: 'Sign a guest out of a phone', tag: TAG, access: 'hot_desk:write', self: true, bodyOptional: true,
    body: z.strictObject({
      acting_user_id: requiredLine(128).optional().describe(
        "For portals: the user who asks for it, by id or e-mail address. The session's own guest gives the cause user, the phone's owner the "
        + 'cause owner, anybody else is refused (409). Without it the cause is admin.',
      ),
    }),
    answer: { status: 200, description: 'The session: ended, or draining while a call is up. No call is hung up.', schema: sessionFields },
    async handle({ deps, actor, person, params, body }) {
      // A person acts for nobody else: their own session or phone, or else by their role.
      if (person !== null && body.acting_user_id !== undefined) return failed(badRequest('acting_user_id', 'Only programs name whom they act for. Leave it out.'));
      const place = person && await placeOf(deps.stores, actor.accountId, 'hot_desk_session', params.sessionId);
      const acting = place?.owners.find((owner) => owner === person?.userId) ?? body.acting_user_id ?? null;
      const verbs = { stores: deps.stores, signOut: deps.hotDesk.signOut };
      const outcome = await signOutAs(verbs, actor, asId<HotDeskSessionId>(params.sessionId), acting);
      return answer(outcome, (session) => json(sessionView(deps, session)));
    },
  }),
  route({
    method: 'POST', path: '/v2/cordboard/devices/{deviceId}/hot_desk_sign_in', operationId: 'signInAtDevice',
    summary: 'Sign a user in at a phone', tag: TAG, access: 'hot_desk:write',
    body: z.strictObject({
      user_id: requiredLine(128).optional().describe('Id or e-mail address.'),
      extension: z.string().regex(/^\d{1,6}$/, 'An extension has 1 to 6 digits.').optional().describe(
        'Instead of user_id: as it would be typed at the phone, with the site code for users of other sites.',
      ),
    }),
    answer: { status: 201, description: 'The session. No PIN is asked, and no lock after wrong PINs counts.', schema: sessionFields },
    async handle({ deps, actor, params, body }) {
      const { user_id: user, extension } = body;
      if ((user === undefined) === (extension === undefined)) return failed(badRequest('user_id', 'Give either user_id or extension.'));
      const person = user !== undefined ? { user } : { extension: extension ?? '' };
      const outcome = await signInPerson({ stores: deps.stores, signIn: deps.hotDesk.signIn }, actor, params.deviceId, person);
      return answer(outcome, (session) => created(sessionView(deps, session)));
    },
  }),
];
