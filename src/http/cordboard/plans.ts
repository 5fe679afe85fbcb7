import { z } from 'zod';
import { setSubscribedSeats } from '../../usecases/admin/seats.js';
import { answer, NO_CONTENT } from '../answers.js';
import { route, type Route } from '../route.js';

export const seatRoutes: readonly Route[] = [
  route({
    method: 'PATCH', path: '/v2/cordboard/plans/{type}', operationId: 'setSubscribedSeats',
    summary: 'Set the subscribed seats of a plan or package', tag: 'Phone plans', access: 'plan:write',
    body: z.strictObject({ subscribed: z.int().min(0).max(1_000_000) }),
    answer: { status: 204, description: 'Set. Fewer than are assigned is refused (409).', schema: null },
    async handle({ deps, actor, params, body }) {
      return answer(await setSubscribedSeats(deps, actor, params.type, body.subscribed), () => NO_CONTENT);
    },
  }),
];
