import { z } from 'zod';
import { refused } from '../../usecases/outcome.js';
import { failed, json } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';

const TAG = 'Phone numbers';
const NONE = { next: null, total: 0 } as const;

/** Porting: there is none, and the list says so. */
export const numberSupplyRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/ported_numbers/orders', operationId: 'listPortedNumbers', summary: 'List orders to port numbers',
    tag: TAG, access: 'phone_number:read', query: z.object(pageQuery(100)),
    answer: { status: 200, description: 'None: carriers port numbers.', schema: z.object({ ...pageFields, ported_numbers: z.array(z.object({})) }) },
    handle({ query }) {
      const page = readPage(query);
      return page.kind === 'refused' ? failed(fromRefusal(page)) : json({ ...paging(NONE, query), ported_numbers: [] });
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/ported_numbers/orders/{orderId}', operationId: 'getPortedNumbersDetails', summary: 'Get an order to port numbers',
    tag: TAG, access: 'phone_number:read',
    answer: { status: 200, description: 'The order.', schema: z.object({ order_id: z.string() }) },
    handle: ({ params }) => failed(fromRefusal(refused('not-found', 'orderId', 'There is no such order.', params.orderId))),
  }),
];
