import { startDrachtio } from '../support/product-drachtio.js';
import { addPhone, addUnassignedPhone } from '../support/product-phones.js';
import { descendants } from '../support/product-process.js';
import { startProduct, type Product } from '../support/product.js';
import { openInspector, type NodeInspector } from './node-inspector.js';
import type { Watched } from './process-usage.js';
import { accountOfCalls, callersOverTrunk } from './trunk-targets.js';
import { CALLED_EXTENSION, type BenchPhones, type PhoneCounts, type Target } from './target.js';

/** Four at a time: quick enough, and nothing else is measured then. */
async function many<T>(count: number, make: (at: number) => Promise<T>): Promise<readonly T[]> {
  const made: T[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (let at = next++; at < count; at = next++) made[at] = await make(at);
  }));
  return made;
}

/** Unassigned phones that register, phones of people that call, and one that is called. */
export async function makePhones(product: Product, counts: PhoneCounts): Promise<BenchPhones> {
  const phones = await many(counts.phones, () => addUnassignedPhone(product));
  const callers = await many(counts.callers, (at) => addPhone(product, String(3000 + at)));
  return { phones, callers, callee: await addPhone(product, CALLED_EXTENSION) };
}

/** The program itself first. */
export function processesOf(product: Product): readonly Watched[] {
  const redis = descendants(product.pid).filter(({ command }) => command.includes('redis-server'));
  return [{ name: 'cordboard', pids: [product.pid] }, { name: 'redis-server', pids: redis.map(({ pid }) => pid) }];
}

/** The inspector is asked for by a signal only, so the program runs as always until then. */
const INSPECTABLE = { NODE_OPTIONS: '--inspect-port=0' };

/** The product; on a drachtio-server where its program is given. */
export async function startProductTarget(root: string, counts: PhoneCounts, drachtioBin: string | null, trunks = false): Promise<Target> {
  const drachtio = drachtioBin === null ? null : await startDrachtio(drachtioBin);
  let product: Product | undefined;
  const stop = async (): Promise<void> => {
    await product?.close();
    await drachtio?.stop();
  };
  try {
    const started = await startProduct({
      root,
      ...(drachtio === null ? { env: INSPECTABLE } : {
        sipPort: drachtio.sipPort, env: { ...INSPECTABLE, DRACHTIO_URL: drachtio.control, DRACHTIO_SECRET: drachtio.secret },
      }),
    });
    product = started;
    let inspector: Promise<NodeInspector> | undefined;
    return {
      name: drachtio === null ? 'cordboard' : 'cordboard-on-drachtio', sip: product.sip,
      ...(trunks ? { ...await callersOverTrunk(product, counts), account: (calls: number) => accountOfCalls(started, calls, 15_000) } : await makePhones(product, counts)),
      processes: [...processesOf(product), ...(drachtio === null ? [] : [{ name: 'drachtio-server', pids: [drachtio.pid] }])],
      inspect: async () => [await (inspector ??= openInspector(started))],
      async stop() {
        (await inspector)?.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
