import { z } from 'zod';
import type { AccountId } from '../../domain/ids.js';
import { SEATS } from '../../domain/licensing/catalogue.js';
import { NUMBER_KINDS, numberKind } from '../../domain/numbering/number-kinds.js';
import { json } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { route, type Route } from '../route.js';

const TAG = 'Phone plans';

const seatRow = z.object({
  name: z.string(), type: z.int(), subscribed: z.int(), assigned: z.int(), available: z.int(),
});

/** Every plan, package and add-on with its seats, in the catalogue's order. */
async function seatRows({ stores }: HttpDeps, accountId: AccountId) {
  const counts = new Map((await stores.seats.all(accountId)).map((count) => [count.code, count]));
  return SEATS.map(({ code, name }) => {
    const { subscribed, assigned } = counts.get(code) ?? { subscribed: 0, assigned: 0 };
    return { name, type: code, subscribed, assigned, available: Math.max(0, subscribed - assigned) };
  });
}

/** Every kind of number with how many the account has of it. */
async function numberRows({ stores }: HttpDeps, accountId: AccountId) {
  const counts = await stores.phoneNumbers.counts(accountId);
  return NUMBER_KINDS.map(({ code, name }) => {
    const ofKind = counts.filter((count) => numberKind(count).code === code);
    const subscribed = ofKind.reduce((sum, { total }) => sum + total, 0);
    const assigned = ofKind.reduce((sum, count) => sum + count.assigned, 0);
    return { name, type: code, subscribed, assigned, available: subscribed - assigned };
  });
}

export const planRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/calling_plans', operationId: 'listCallingPlans',
    summary: 'List calling plans and their seats', tag: TAG,
    access: 'plan:read', subject: 'anyone',
    answer: {
      status: 200, description: 'Plans, packages and add-ons.',
      schema: z.object({
        calling_plans: z.array(seatRow.extend({ billing_account_id: z.string(), billing_account_name: z.string() })),
      }),
    },
    async handle({ deps, actor }) {
      const rows = await seatRows(deps, actor.accountId);
      return json({ calling_plans: rows.map((row) => ({ ...row, billing_account_id: '', billing_account_name: '' })) });
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/plans', operationId: 'listPhonePlans', summary: 'List seats and numbers', tag: TAG,
    access: 'plan:read', subject: 'anyone',
    answer: {
      status: 200, description: 'Plans, packages and add-ons; numbers.',
      schema: z.object({ calling_plans: z.array(seatRow), phone_numbers: z.array(seatRow) }),
    },
    async handle({ deps, actor }) {
      return json({ calling_plans: await seatRows(deps, actor.accountId), phone_numbers: await numberRows(deps, actor.accountId) });
    },
  }),
];
