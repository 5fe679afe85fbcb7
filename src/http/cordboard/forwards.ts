import { z } from 'zod';
import { asId, type ExtensionId, type PhoneNumberId } from '../../domain/ids.js';
import { LONGEST_RINGING_SECONDS, plainHandling, rulesOf, type NumberForward, type RingTimes } from '../../domain/forwarding/call-handling.js';
import { extensionNotFound } from '../../usecases/admin/not-found.js';
import { PHONES, setRinging } from '../../usecases/forwarding/call-handling.js';
import { noForward, removeNumberForward, setNumberForward } from '../../usecases/forwarding/number-forward.js';
import { answer, failed, json, NO_CONTENT } from '../answers.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { line, requiredLine } from '../schemas/fields.js';
import { given } from '../schemas/views.js';

const TAG = 'Call handling';
const FORWARD = '/v2/cordboard/phone_numbers/{phoneNumberId}/external_forward';
const PLAN = '/v2/cordboard/extensions/{extensionId}/ring_plan';

const period = z.enum(['business_hours', 'closed_hours']).default('business_hours');
const delay = z.int().min(0).max(LONGEST_RINGING_SECONDS).describe('Seconds before it rings, where all ring at once.');
const rings = z.union([z.null(), z.int().min(5).max(LONGEST_RINGING_SECONDS)])
  .describe('Seconds it rings at most, where one rings after the other; null = an equal share of the whole.');
const plan = z.object({
  period: z.string(), ring_mode: z.enum(['simultaneous', 'sequential']),
  rings: z.array(z.object({ id: z.string(), phone_number: z.string(), enable: z.boolean(), delay_seconds: z.int(), ring_seconds: z.union([z.null(), z.int()]) }))
    .describe(`${PHONES}: the extension's own phones.`),
});
const forward = z.object({ phone_number_id: z.string(), phone_number: z.string(), description: z.string(), extension_id: z.string().describe('On whose behalf; they pay.') });

const timesView = ({ delaySeconds, ringSeconds }: RingTimes) => ({ delay_seconds: delaySeconds, ring_seconds: ringSeconds });
const forwardView = ({ id, number, description, extensionId }: NumberForward) => ({ phone_number_id: id, phone_number: number, description, extension_id: extensionId });

export const forwardRoutes: readonly Route[] = [
  route({
    method: 'GET', path: PLAN, operationId: 'getRingPlan', summary: 'Get when what rings for an extension', tag: TAG, access: 'call_handling:read',
    query: z.object({ period }),
    answer: { status: 200, description: 'Phones and numbers with their times; added and switched by the call handling.', schema: plan },
    async handle({ deps, actor, params, query }) {
      const id = asId<ExtensionId>(params.extensionId);
      if (await deps.stores.extensions.get(actor.accountId, id) === null) return failed(fromRefusal(extensionNotFound(id)));
      const { ringMode, phones, numbers } = rulesOf(await deps.stores.callHandlings.get(actor.accountId, id) ?? plainHandling(id, actor.accountId), query.period);
      return json({
        period: query.period, ring_mode: ringMode,
        rings: [{ id: PHONES, phone_number: '', enable: phones.enabled, ...timesView(phones) },
          ...numbers.map((each) => ({ id: each.id, phone_number: each.number, enable: each.enabled, ...timesView(each) }))],
      });
    },
  }),
  route({
    method: 'PATCH', path: PLAN, operationId: 'updateRingPlan', summary: 'Change when what rings for an extension', tag: TAG, access: 'call_handling:write',
    body: z.strictObject({
      period,
      rings: z.array(z.strictObject({ id: requiredLine(64), delay_seconds: delay.optional(), ring_seconds: rings.optional() })).min(1).max(20),
    }),
    answer: { status: 204, description: 'Changed; the next call goes by it.', schema: null },
    async handle({ deps, actor, params, body }) {
      const wishes = body.rings.map(({ id, delay_seconds: delaySeconds, ring_seconds: ringSeconds }) => ({ id, ...given({ delaySeconds, ringSeconds }) }));
      return answer(await setRinging(deps, actor, params.extensionId, body.period, wishes, 'rings'), () => NO_CONTENT);
    },
  }),
  route({
    method: 'GET', path: FORWARD, operationId: 'getExternalForward', summary: 'Get where a number leads outside', tag: TAG, access: 'call_handling:read',
    answer: { status: 200, description: 'The number outside.', schema: forward },
    async handle({ deps, actor, params }) {
      const found = await deps.stores.numberForwards.get(actor.accountId, asId<PhoneNumberId>(params.phoneNumberId));
      return found === null ? failed(fromRefusal(noForward(params.phoneNumberId))) : json(forwardView(found));
    },
  }),
  route({
    method: 'PUT', path: FORWARD, operationId: 'setExternalForward', summary: 'Have a number lead straight outside', tag: TAG, access: 'call_handling:write',
    body: z.strictObject({ phone_number: requiredLine(40).describe('As +12125550100, or as dialled at the site of the number.'), description: line(100).default('') }),
    answer: { status: 200, description: 'Where it leads, on behalf of whoever has the number now.', schema: forward },
    async handle({ deps, actor, params, body }) {
      const outcome = await setNumberForward(deps, actor, params.phoneNumberId, { number: body.phone_number, description: body.description });
      return answer(outcome, (set) => json(forwardView(set)));
    },
  }),
  route({
    method: 'DELETE', path: FORWARD, operationId: 'removeExternalForward', summary: 'Have a number ring inside again', tag: TAG, access: 'call_handling:write',
    answer: { status: 204, description: 'It rings whoever has it.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await removeNumberForward(deps, actor, params.phoneNumberId), () => NO_CONTENT);
    },
  }),
];
