import { z } from 'zod';
import { asId, type TrunkId } from '../../domain/ids.js';
import { createTrunk, removeTrunk, trunkNotFound, updateTrunk } from '../../usecases/trunks/set-trunks.js';
import { refused } from '../../usecases/outcome.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { NO_BORDER, newTrunk, readTrunkChanges, trunkChanges } from '../schemas/trunk-fields.js';
import { testStep, trunkView, viewStep, viewTrunk } from '../schemas/trunk-views.js';
import { warning, warningsView } from '../schemas/warnings.js';

const TAG = 'Trunks';
const withWarnings = trunkView.extend({ warnings: z.array(warning).describe('What will hardly work; it is kept all the same.') });

export const trunkRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/trunks', operationId: 'listTrunks', summary: 'List trunks', tag: TAG, access: 'trunk:read', query: z.object(pageQuery(100)),
    answer: { status: 200, description: 'Trunks with their status, oldest first.', schema: z.object({ ...pageFields, trunks: z.array(trunkView) }) },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const found = await deps.stores.trunks.page(actor.accountId, page.page);
      const now = deps.clock.now();
      return json({ ...paging(found, query), trunks: found.items.map((trunk) => viewTrunk(trunk, deps.trunkWatch, now)) });
    },
  }),
  route({
    method: 'POST', path: '/v2/cordboard/trunks', operationId: 'createTrunk', summary: 'Add a trunk', tag: TAG, access: 'trunk:write', body: newTrunk,
    answer: { status: 201, description: 'The trunk. Calls go out by it as soon as a route leads there.', schema: withWarnings },
    async handle({ deps, actor, body }) {
      const wanted = readTrunkChanges(body, NO_BORDER);
      const outcome = await createTrunk(deps, actor, {
        name: body.name, enabled: body.enabled, country: body.country ?? null, authentication: wanted.authentication ?? { kind: 'address' }, password: wanted.password,
        gateways: body.gateways, routes: wanted.routes ?? [], border: wanted.border ?? NO_BORDER.border, media: wanted.media ?? NO_BORDER.media,
        limits: wanted.limits ?? { concurrentCalls: 0, callsPerSecond: 0 }, sessionExpiresSeconds: body.session_expires_seconds, probeSeconds: body.probe_seconds,
      });
      return answer(outcome, ({ trunk, warnings }) => created({ ...viewTrunk(trunk, deps.trunkWatch, deps.clock.now()), warnings: warningsView(warnings) }));
    },
  }),
  route({
    method: 'GET', path: '/v2/cordboard/trunks/{trunkId}', operationId: 'getTrunk', summary: 'Get a trunk', tag: TAG, access: 'trunk:read', etag: { ignoring: ['status'] },
    answer: { status: 200, description: 'The trunk, as this node sees it.', schema: trunkView },
    async handle({ deps, actor, params }) {
      const found = await deps.stores.trunks.get(actor.accountId, asId<TrunkId>(params.trunkId));
      return found === null ? failed(fromRefusal(trunkNotFound(params.trunkId))) : json(viewTrunk(found, deps.trunkWatch, deps.clock.now()));
    },
  }),
  route({
    method: 'PATCH', path: '/v2/cordboard/trunks/{trunkId}', operationId: 'updateTrunk', summary: 'Change a trunk', tag: TAG, access: 'trunk:write', body: trunkChanges,
    answer: { status: 200, description: 'The trunk as it is now. Lists, authentication and number_format are replaced as a whole; a password stays unless one is given.', schema: withWarnings },
    async handle({ deps, actor, params, body }) {
      const held = await deps.stores.trunks.get(actor.accountId, asId<TrunkId>(params.trunkId));
      if (held === null) return failed(fromRefusal(trunkNotFound(params.trunkId)));
      const outcome = await updateTrunk(deps, actor, params.trunkId, readTrunkChanges(body, held));
      return answer(outcome, ({ trunk, warnings }) => json({ ...viewTrunk(trunk, deps.trunkWatch, deps.clock.now()), warnings: warningsView(warnings) }));
    },
  }),
  route({
    method: 'DELETE', path: '/v2/cordboard/trunks/{trunkId}', operationId: 'deleteTrunk', summary: 'Remove a trunk', tag: TAG, access: 'trunk:write',
    answer: { status: 204, description: 'Removed; calls that are up go on.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await removeTrunk(deps, actor, params.trunkId), () => NO_CONTENT);
    },
  }),
  route({
    method: 'POST', path: '/v2/cordboard/trunks/{trunkId}/test', operationId: 'testTrunk', summary: 'Test a trunk now', tag: TAG, access: 'trunk:write', load: 'heavy', bodyOptional: true,
    body: z.strictObject({
      number: z.string().trim().regex(/^\+[1-9][0-9]{6,14}$/, 'Give a whole number in international form, e.g. +12125550100.').optional()
        .describe('A call to it is begun, and cancelled when it rings or after 10 s. It may ring for a moment, and cost.'),
    }),
    answer: {
      status: 200, description: 'What each step saw, and what to do.', schema: z.object({ passed: z.boolean(), steps: z.array(testStep) }),
    },
    async handle({ deps, actor, params, body }) {
      const trunk = await deps.stores.trunks.get(actor.accountId, asId<TrunkId>(params.trunkId));
      if (trunk === null) return failed(fromRefusal(trunkNotFound(params.trunkId)));
      const steps = await deps.trunkWatch.test(trunk, body.number ?? null);
      if (steps === 'busy') {
        return failed(fromRefusal(refused('conflict', 'trunkId', 'A test of this trunk is under way. Wait for its end, at most a minute.', trunk.id)));
      }
      return json({ passed: steps.every(({ passed }) => passed), steps: steps.map(viewStep) });
    },
  }),
];
