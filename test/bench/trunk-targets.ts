import { addCaller } from '../support/product-trunks.js';
import { expectApi, type Phone } from '../support/product-phones.js';
import { freePort } from '../support/product-ports.js';
import type { Product } from '../support/product.js';
import type { BenchPhones, PhoneCounts } from './target.js';

/** What every caller dials. */
export const OUTSIDE_NUMBER = '+12125550199';

/** People with plans and numbers of their own, a trunk to where the carrier answers, and prices: each call is decided, counted, recorded and rated. */
export async function callersOverTrunk(product: Product, counts: PhoneCounts): Promise<BenchPhones & { readonly carrierPort: number }> {
  const carrierPort = await freePort();
  const callers: Phone[] = [];
  for (let at = 0; at < counts.callers; at += 1) callers.push(await addCaller(product, String(3000 + at), `+1212556${String(1000 + at)}`));
  const { id } = await expectApi<{ readonly id: string }>(product, 201, 'POST', '/v2/cordboard/trunks', {
    name: 'Carrier', country: 'US', gateways: [{ host: '127.0.0.1', port: carrierPort }], routes: [{}], probe_seconds: 0, limits: { concurrent_calls: 100_000 },
  });
  const deck = await expectApi<{ readonly id: string }>(product, 201, 'POST', '/v2/cordboard/rate_decks', { name: 'Carrier', trunk_id: id });
  await expectApi(product, 200, 'PUT', `/v2/cordboard/rate_decks/${deck.id}/rates`, 'prefix,currency,rate_per_minute,included_by\n*,USD,0.01,none\n');
  await expectApi(product, 200, 'PATCH', '/v2/cordboard/account/settings', {
    account_concurrent_calls: { value: { enable: true, limit: 10_000 } }, user_concurrent_calls: { value: { enable: true, limit: 10_000 } },
  });
  const [first] = callers;
  if (first === undefined) throw new Error('nobody calls');
  return { phones: [], callers, callee: { ...first, extension: OUTSIDE_NUMBER }, carrierPort };
}

/** How many of the calls so far have a record with an end, and how many a charge; asks until they are as many as wanted, or for so long. */
export async function accountOfCalls(product: Product, wanted: number, patienceMs: number): Promise<string> {
  for (const until = Date.now() + patienceMs; ;) {
    const totals = await expectApi<{ readonly totals: readonly { readonly calls: number; readonly unrated_calls: number }[] }>(product, 200, 'GET', '/v2/cordboard/charges/totals');
    const charged = totals.totals.reduce((sum, { calls, unrated_calls: unrated }) => sum + calls - unrated, 0);
    if (charged >= wanted || Date.now() > until) return `${charged} calls have record and charge`;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
