import { z } from 'zod';
import type { OutboundException } from '../../domain/routing/outbound-rules.js';
import {
  addOutboundException, removeOutboundException, updateOutboundException, type OutboundExceptionFields,
} from '../../usecases/admin/outbound-exceptions.js';
import { outboundPlaces } from '../../usecases/admin/outbound-places.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { matchNumber, matchType, matchView, ruleStatus } from '../schemas/call-rule-fields.js';
import { country, line, requiredLine } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { numberOfRule, OUTBOUND_TAG, ruleNumber, ruleOfNumber, type OutboundLevelRoutes } from './outbound-level.js';

const exceptionItem = z.object({
  id: z.string(), match_type: matchType, prefix_number: z.string(), rule: ruleNumber.describe('1 = allowed, 2 = not allowed.'),
  comment: z.string(), status: ruleStatus, country: z.string().describe('ISO 3166-1 code.'),
});

const exceptionBody = z.object({
  exception_rule: z.object({
    match_type: matchType,
    prefix_number: requiredLine(50).describe('International, beginning with the calling code, or national to the country.'),
    comment: line(255).default(''),
    status: ruleStatus,
    country,
    rule: ruleNumber.optional().describe('1 allows, 2 blocks; missing: the opposite of what holds for the country.'),
  }),
});

function view({ id, match, number, rule, comment, status, country: iso }: OutboundException) {
  return { id, match_type: matchView(match), prefix_number: number, rule: numberOfRule(rule), comment, status, country: iso };
}

function fieldsOf({ exception_rule: rule }: z.output<typeof exceptionBody>): OutboundExceptionFields {
  return {
    match: matchNumber(rule.match_type), number: rule.prefix_number, country: rule.country.toUpperCase(), comment: rule.comment,
    status: rule.status, rule: rule.rule === undefined ? null : ruleOfNumber(rule.rule),
  };
}

/** Exception rules of one level; what it inherits is not listed. */
export function outboundExceptionRoutes({ path, whose, subject, operations }: OutboundLevelRoutes): readonly Route[] {
  return [
    route({
      method: 'GET', path: `${path}/exception_rules`, operationId: operations.listExceptions,
      summary: `List exceptions to the rules for countries: ${whose}`, tag: OUTBOUND_TAG, access: 'outbound_calling:read',
      query: z.object({
        ...pageQuery(300), country: country.optional(), keyword: line(255).optional().describe('Found anywhere in number or comment.'),
        match_type: matchType.optional(), status: ruleStatus.optional(),
      }),
      answer: {
        status: 200, description: 'Exceptions of this level, oldest first.',
        schema: z.object({ ...pageFields, exception_rules: z.array(exceptionItem) }),
      },
      async handle({ deps, actor, params, query }) {
        const page = readPage(query);
        if (page.kind === 'refused') return failed(fromRefusal(page));
        const places = await outboundPlaces(deps.stores, actor.accountId, subject(params));
        if (places.kind === 'refused') return failed(fromRefusal(places));
        const filter = given({
          country: query.country?.toUpperCase(), keyword: query.keyword, status: query.status,
          match: query.match_type === undefined ? undefined : matchNumber(query.match_type),
        });
        const found = await deps.stores.outboundExceptions.page(actor.accountId, places.value.own, filter, page.page);
        return json({ ...paging(found, query), exception_rules: found.items.map(view) });
      },
    }),
    route({
      method: 'POST', path: `${path}/exception_rules`, operationId: operations.addException,
      summary: `Add an exception to the rule for a country: ${whose}`, tag: OUTBOUND_TAG, access: 'outbound_calling:write',
      body: exceptionBody,
      answer: { status: 201, description: 'The new exception.', schema: z.object({ exception_rule_id: z.string() }) },
      async handle({ deps, actor, params, body }) {
        const outcome = await addOutboundException(deps, actor, subject(params), fieldsOf(body));
        return answer(outcome, ({ id }) => created({ exception_rule_id: id }));
      },
    }),
    route({
      method: 'PATCH', path: `${path}/exception_rules/{exceptionRuleId}`, operationId: operations.updateException,
      summary: `Change an exception: ${whose}`, tag: OUTBOUND_TAG, access: 'outbound_calling:write',
      body: exceptionBody,
      answer: { status: 204, description: 'Changed.', schema: null },
      async handle({ deps, actor, params, body }) {
        const id = exceptionIdIn(params);
        return answer(await updateOutboundException(deps, actor, subject(params), id, fieldsOf(body)), () => NO_CONTENT);
      },
    }),
    route({
      method: 'DELETE', path: `${path}/exception_rules/{exceptionRuleId}`, operationId: operations.removeException,
      summary: `Remove an exception: ${whose}`, tag: OUTBOUND_TAG, access: 'outbound_calling:write',
      answer: { status: 204, description: 'Removed.', schema: null },
      async handle({ deps, actor, params }) {
        return answer(await removeOutboundException(deps, actor, subject(params), exceptionIdIn(params)), () => NO_CONTENT);
      },
    }),
  ];
}

function exceptionIdIn({ exceptionRuleId = '' }: Readonly<Record<string, string>>): string {
  return exceptionRuleId;
}
