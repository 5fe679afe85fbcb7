import { z } from 'zod';
import {
  assignCallingPlans, switchCallingPlan, unassignCallingPlan,
} from '../../usecases/admin/assign-calling-plan.js';
import { answer, created, NO_CONTENT } from '../answers.js';
import { route, type Route } from '../route.js';
import { heldPlan, planCode } from '../schemas/fields.js';
import { heldPlans } from '../schemas/views.js';

const TAG = 'Phone users';

export const planList = z.object({ calling_plans: z.array(z.object({ type: planCode })).min(1).max(20) });
export const heldPlanList = z.object({ calling_plans: z.array(heldPlan) });

export const userCallingPlanRoutes: readonly Route[] = [
  route({
    method: 'POST', path: '/v2/phone/users/{userId}/calling_plans', operationId: 'assignCallingPlan',
    summary: 'Assign calling plans to a user', tag: TAG, access: 'phone_user:write',
    body: planList,
    answer: { status: 201, description: 'Every plan that the user holds now.', schema: heldPlanList },
    async handle({ deps, actor, params, body }) {
      const plans = body.calling_plans.map((plan) => String(plan.type));
      const outcome = await assignCallingPlans(deps, actor, { kind: 'user', id: params.userId }, plans);
      return answer(outcome, (held) => created({ calling_plans: heldPlans(held) }));
    },
  }),
  route({
    method: 'PUT', path: '/v2/phone/users/{userId}/calling_plans', operationId: 'updateCallingPlan',
    summary: 'Switch one calling plan for another', tag: TAG, access: 'phone_user:write',
    body: z.object({ source_type: planCode, target_type: planCode }),
    answer: { status: 204, description: 'Switched.', schema: null },
    async handle({ deps, actor, params, body }) {
      const holder = { kind: 'user' as const, id: params.userId };
      const outcome = await switchCallingPlan(deps, actor, holder, String(body.source_type), String(body.target_type));
      return answer(outcome, () => NO_CONTENT);
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/users/{userId}/calling_plans/{planType}', operationId: 'unassignCallingPlan',
    summary: 'Take a calling plan from a user', tag: TAG, access: 'phone_user:write',
    answer: { status: 204, description: 'Taken; its seat is free.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(
        await unassignCallingPlan(deps, actor, { kind: 'user', id: params.userId }, params.planType), () => NO_CONTENT,
      );
    },
  }),
];
