import { z } from 'zod';
import { asId, type RoutingRuleId, type SiteId } from '../../domain/ids.js';
import type { RoutingRule } from '../../domain/trunk/routing-rule.js';
import { siteNotFound } from '../../usecases/admin/not-found.js';
import { addRoutingRule, removeRoutingRule, routingRuleNotFound, updateRoutingRule } from '../../usecases/trunks/set-routing-rules.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import { badRequest, fromRefusal } from '../problem.js';
import type { HttpDeps } from '../http-deps.js';
import { route, type Route } from '../route.js';
import { line, requiredLine } from '../schemas/fields.js';
import { trunkNames } from './sip-groups.js';

const TAG = 'Trunks';

const item = z.object({
  routing_rule_id: z.string(), name: z.string(), number_pattern: z.string(), translation: z.string(), order: z.int(), site_id: z.string(),
  routing_path: z.object({ type: z.enum(['sip_group', 'other']), sip_group: z.object({ id: z.string(), name: z.string() }) }),
});

const type = z.enum(['sip_group', 'other']).describe('other = the numbers go by the routes of trunks.');
const fields = {
  name: requiredLine(255),
  number_pattern: requiredLine(200).describe('A regular expression for whole numbers, as ^\\+1(\\d{10})$: digits, \\+, \\d, ., sets, groups, | and repetitions.'),
  translation: line(64).describe('What is dialled instead, with $1 for the first group; "" = the number.'),
  sip_group_id: line(64).describe('The trunk.'),
};

function view({ directory }: HttpDeps, rule: RoutingRule): z.output<typeof item> {
  return {
    routing_rule_id: rule.id, name: rule.name, number_pattern: rule.numberPattern, translation: rule.translation, order: rule.order, site_id: rule.siteId ?? '',
    routing_path: { type: rule.trunkId === null ? 'other' : 'sip_group', sip_group: trunkNames(directory.trunks)(rule.trunkId) },
  };
}

export const routingRuleRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/routing_rules', operationId: 'listRoutingRule', summary: 'List routing rules', tag: TAG, access: 'trunk:read',
    query: z.object({ site_id: line(64).optional().describe('Only those of this site; missing = all.') }),
    answer: { status: 200, description: 'Those of sites, then the account\'s, in the order they are looked at.', schema: z.array(item) },
    async handle({ deps, actor, query }) {
      const siteId = query.site_id === undefined || query.site_id === '' ? null : asId<SiteId>(query.site_id);
      if (siteId !== null && await deps.stores.sites.get(actor.accountId, siteId) === null) return failed(fromRefusal(siteNotFound(siteId)));
      return json((await deps.stores.routingRules.all(actor.accountId, siteId)).map((rule) => view(deps, rule)));
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/routing_rules', operationId: 'addRoutingRule', summary: 'Add a routing rule', tag: TAG, access: 'trunk:write',
    body: z.object({
      ...fields, translation: fields.translation.default(''), sip_group_id: fields.sip_group_id.default(''), type: type.default('sip_group'),
      site_id: line(64).default('').describe('"" = all sites.'),
    }),
    answer: { status: 201, description: 'The new rule, after the others of its place.', schema: z.object({ routing_rule_id: z.string(), name: z.string() }) },
    async handle({ deps, actor, body }) {
      const problem = groupProblem(body.type, body.sip_group_id);
      if (problem !== null) return failed(badRequest('sip_group_id', problem));
      const outcome = await addRoutingRule(deps, actor, {
        name: body.name, numberPattern: body.number_pattern, translation: body.translation, trunkId: body.type === 'other' ? null : body.sip_group_id,
        siteId: body.site_id === '' ? null : body.site_id,
      });
      return answer(outcome, (rule) => created({ routing_rule_id: rule.id, name: rule.name }));
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/routing_rules/{routingRuleId}', operationId: 'getRoutingRule', summary: 'Get a routing rule', tag: TAG, access: 'trunk:read',
    answer: { status: 200, description: 'The rule.', schema: item },
    async handle({ deps, actor, params }) {
      const rule = await deps.stores.routingRules.get(actor.accountId, asId<RoutingRuleId>(params.routingRuleId));
      return rule === null ? failed(fromRefusal(routingRuleNotFound(params.routingRuleId))) : json(view(deps, rule));
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/routing_rules/{routingRuleId}', operationId: 'updateRoutingRule', summary: 'Change a routing rule', tag: TAG, access: 'trunk:write',
    body: z.object({ ...fields, type, order: z.int().min(1).max(1000).describe('Its place among those of its site, or of the account.') }).partial(),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      const group = body.sip_group_id === undefined || body.sip_group_id === '' ? undefined : body.sip_group_id;
      const held = await deps.stores.routingRules.get(actor.accountId, asId<RoutingRuleId>(params.routingRuleId));
      const problem = body.type === undefined ? null : groupProblem(body.type, group ?? held?.trunkId ?? '');
      if (held !== null && problem !== null) return failed(badRequest('sip_group_id', problem));
      const outcome = await updateRoutingRule(deps, actor, params.routingRuleId, {
        name: body.name, numberPattern: body.number_pattern, translation: body.translation, order: body.order, trunkId: body.type === 'other' ? null : group,
      });
      return answer(outcome, () => NO_CONTENT);
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/routing_rules/{routingRuleId}', operationId: 'deleteRoutingRule', summary: 'Remove a routing rule', tag: TAG, access: 'trunk:write',
    answer: { status: 204, description: 'Removed; those behind it move up.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await removeRoutingRule(deps, actor, params.routingRuleId), () => NO_CONTENT);
    },
  }),
];

function groupProblem(wanted: z.output<typeof type>, group: string): string | null {
  return wanted === 'sip_group' && group === '' ? 'Name the SIP group (GET /v2/phone/sip_groups), or choose the type other.' : null;
}
