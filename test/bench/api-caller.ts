import type { Product } from '../support/product.js';

/** Milliseconds of each request, by what it does. */
export interface ApiTimes {
  readonly list: readonly number[];
  readonly get: readonly number[];
  readonly change: readonly number[];
}

export interface ApiCaller {
  /** Ends it, after the requests under way. */
  stop(): Promise<{ readonly times: ApiTimes; readonly failed: number }>;
}

const KINDS = ['list', 'get', 'change'] as const;

/** Sends list, get and change in turn, `rate` a second in all, whether or not earlier ones were answered, as a crowd of scripts would. */
export function startApiCaller(product: Product, people: readonly string[], rate: number): ApiCaller {
  const times: Record<(typeof KINDS)[number], number[]> = { list: [], get: [], change: [] };
  const open = new Set<Promise<void>>();
  let failed = 0;
  let next = 0;
  const send = async (turn: number): Promise<void> => {
    const kind = KINDS[turn % KINDS.length] ?? 'list';
    const person = people[turn % people.length] ?? '';
    const began = performance.now();
    const { status } = kind === 'list' ? await product.api('GET', '/v2/phone/users?page_size=100')
      : kind === 'get' ? await product.api('GET', `/v2/phone/users/${person}`)
        : await product.api('PATCH', `/v2/phone/users/${person}`, { cost_center: `C${turn}` });
    if (status >= 300) failed += 1;
    else times[kind].push(performance.now() - began);
  };
  const timer = setInterval(() => {
    const sent = send(next++).catch(() => void (failed += 1)).finally(() => open.delete(sent));
    open.add(sent);
  }, 1000 / rate);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      return { times, failed };
    },
  };
}
