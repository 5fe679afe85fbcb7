import { z } from 'zod';
import { assignNumbers, makePrimary, unassignNumber } from '../../usecases/numbers/assign-numbers.js';
import type { HolderRef } from '../../usecases/numbers/number-holder.js';
import { answer, created, NO_CONTENT } from '../answers.js';
import { route, type Route } from '../route.js';
import { heldNumber, requiredLine } from '../schemas/fields.js';

const TAG = 'Phone numbers';

const wantedNumbers = z.object({
  phone_numbers: z.array(z.object({ id: requiredLine(64).optional(), number: requiredLine(64).optional() }))
    .min(1, 'Name at least one number.').max(20).describe('Each by id or number; the first one that somebody gets is the primary one.'),
});
const assigned = z.object({ phone_numbers: z.array(heldNumber) });

const user = (id: string): HolderRef => ({ kind: 'user', id });
const commonArea = (id: string): HolderRef => ({ kind: 'common_area', id });

export const heldNumberRoutes: readonly Route[] = [
  route({
    method: 'POST', path: '/v2/phone/users/{userId}/phone_numbers', operationId: 'assignPhoneNumber', summary: 'Assign numbers to a user, all or none', tag: TAG,
    access: 'phone_number:write', body: wantedNumbers,
    answer: { status: 201, description: 'The numbers assigned now.', schema: assigned },
    async handle({ deps, actor, params, body }) {
      const outcome = await assignNumbers(deps, actor, user(params.userId), body.phone_numbers);
      return answer(outcome, (numbers) => created({ phone_numbers: numbers.map(({ id, number }) => ({ id, number })) }));
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/users/{userId}/phone_numbers/{phoneNumberId}', operationId: 'UnassignPhoneNumber',
    summary: 'Take a number from a user', tag: TAG, access: 'phone_number:write',
    answer: { status: 204, description: 'Taken; it is free.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await unassignNumber(deps, actor, user(params.userId), params.phoneNumberId), () => NO_CONTENT);
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/common_areas/{commonAreaId}/phone_numbers', operationId: 'assignPhoneNumbersToCommonArea',
    summary: 'Assign numbers to a common area, all or none', tag: TAG, access: 'phone_number:write', body: wantedNumbers,
    answer: { status: 201, description: 'The numbers assigned now.', schema: assigned },
    async handle({ deps, actor, params, body }) {
      const outcome = await assignNumbers(deps, actor, commonArea(params.commonAreaId), body.phone_numbers);
      return answer(outcome, (numbers) => created({ phone_numbers: numbers.map(({ id, number }) => ({ id, number })) }));
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/common_areas/{commonAreaId}/phone_numbers/{phoneNumberId}',
    operationId: 'unassignPhoneNumbersFromCommonArea', summary: 'Take a number from a common area', tag: TAG, access: 'phone_number:write',
    answer: { status: 204, description: 'Taken; it is free.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await unassignNumber(deps, actor, commonArea(params.commonAreaId), params.phoneNumberId), () => NO_CONTENT);
    },
  }),
  route({
    method: 'PATCH', path: '/v2/cordboard/users/{userId}/primary_number', operationId: 'setPrimaryNumberOfUser',
    summary: "Choose which of a user's numbers is the primary one", tag: TAG, access: 'phone_number:write',
    body: z.strictObject({ number: requiredLine(64).describe('Id, or the number as +12125550100.') }),
    answer: { status: 204, description: 'It stands first, and is shown first.', schema: null },
    async handle({ deps, actor, params, body }) {
      return answer(await makePrimary(deps, actor, user(params.userId), body.number), () => NO_CONTENT);
    },
  }),
  route({
    method: 'PATCH', path: '/v2/cordboard/common_areas/{commonAreaId}/primary_number', operationId: 'setPrimaryNumberOfCommonArea',
    summary: "Choose which of a common area's numbers is the primary one", tag: TAG, access: 'phone_number:write',
    body: z.strictObject({ number: requiredLine(64).describe('Id, or the number as +12125550100.') }),
    answer: { status: 204, description: 'It stands first, and is shown first.', schema: null },
    async handle({ deps, actor, params, body }) {
      return answer(await makePrimary(deps, actor, commonArea(params.commonAreaId), body.number), () => NO_CONTENT);
    },
  }),
];
