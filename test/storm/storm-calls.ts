import { scenario, sippRow } from '../interop/scenario.js';
import { furnishNetworkOffice, OUTSIDE, type Counted, type NetworkOffice } from '../support/network-office.js';
import { freePort } from '../support/product-ports.js';
import { startProduct, type Product } from '../support/product.js';
import { startSharedServers } from '../support/shared-servers.js';
import { startSipp, type Sipp } from '../support/sipp.js';

const PEOPLE = 20;
/** New calls a second. */
const RATE = 40;
const NOBODY: Counted = { users: 0, site: 0, account: 0, trunk: 0 };
/** A lease that nobody renews is over after 30 s. */
const LEASE_OVER_MS = 31_000;

/** Kills the program under standing calls, and under calls that come and go; resolves with the exit code. */
export async function stormCalls(calls: number): Promise<number> {
  const ends: (() => unknown)[] = [];
  const teardown = (end: () => unknown): void => void ends.push(end);
  try {
    const servers = await startSharedServers({ teardown });
    const product = await startProduct({ env: { ...servers.env, NODE_ID: 'only' } });
    teardown(() => product.close());
    const [carrierPort, callerPort] = [await freePort(), await freePort()];
    const office = await furnishNetworkOffice({ teardown }, product, servers, {
      people: PEOPLE, carrierPort, userCalls: calls, siteCalls: calls, accountCalls: calls, trunkCalls: calls,
    });
    const run = { product, office, calls, carrierPort, callerPort };
    const figures = { calls, standing: await killUnderStandingCalls(run), churn: await killUnderChurn(run) };
    process.stdout.write(`${JSON.stringify(figures)}\n`);
    return figures.standing.exact && figures.churn.exact ? 0 : 1;
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

interface Run {
  readonly product: Product;
  readonly office: NetworkOffice;
  readonly calls: number;
  readonly carrierPort: number;
  readonly callerPort: number;
}

/** All calls stand; the program is killed, started again, and gets as many again. */
async function killUnderStandingCalls(run: Run) {
  const { product, office, calls } = run;
  const all: Counted = { users: calls, site: calls, account: calls, trunk: calls };
  const first = await callers(run, 600_000);
  const before = await office.countedWhen(all, patienceFor(calls));
  if (!same(before, all)) throw new Error(`${JSON.stringify(before)} of ${calls} calls stand: ${(await first.end()).map(({ report }) => report.slice(0, 1_500)).join('\n')}\n${product.log.tail(10)}`);
  const open = await office.keptWhen((kept) => kept.filter(({ answered }) => answered).length >= calls, 30_000);
  await product.kill9();
  const killedAt = performance.now();
  await first.end();
  await product.startAgain();
  const readyMs = Math.round(performance.now() - killedAt);
  const after = await office.counted();
  const closed = await office.keptWhen((kept) => kept.every(({ cause }) => cause !== null), 60_000);
  const again = await callers(run, 600_000);
  const back = await office.countedWhen(all, patienceFor(calls));
  await pause(LEASE_OVER_MS);
  const later = await office.counted();
  const live = await liveCalls(product);
  await product.kill9();
  await again.end();
  await product.startAgain();
  const exact = same(before, all) && same(after, NOBODY) && same(back, all) && same(later, all) && live === calls;
  return { exact, open: open.length, readyMs, countedAfter: after, lost: closed.filter(({ cause }) => cause === 'lost').length, back, later, live, end: await office.counted() };
}

/** Calls of two seconds come and go all along; the program is killed and started again among them. */
async function killUnderChurn(run: Run) {
  const { product, office } = run;
  const crowd = await callers(run, 2_000);
  await pause(4_000);
  await product.kill9();
  await product.startAgain();
  const samples: { readonly counted: number; readonly live: number }[] = [];
  for (let n = 0; n < 5; n += 1) {
    await pause(500);
    samples.push({ live: await liveCalls(product), counted: (await office.counted()).trunk });
  }
  const { succeeded, failed } = await crowd.done();
  const left = await office.countedWhen(NOBODY, 10_000);
  const live = await liveCalls(product);
  const kept = await office.keptWhen((all) => all.every(({ cause }) => cause !== null), 60_000);
  await crowd.end();
  return { exact: same(left, NOBODY) && live === 0, succeeded, failed, samples, left, live, records: kept.length };
}

/** A crowd that calls, and the carrier that answers. */
async function callers({ product, office, calls, carrierPort, callerPort }: Run, talkMs: number) {
  const carrier = await startSipp({ scenario: scenario('answer'), port: carrierPort, open: calls * 4 });
  const domain = office.people[0]?.account.domain ?? '';
  const crowd = await startSipp({
    scenario: scenario('call'), target: product.sip, port: callerPort, rate: RATE, calls, open: calls, authUri: `${OUTSIDE}@${domain}`,
    rows: office.people.map(({ account }) => sippRow(account, OUTSIDE)), extra: ['-d', String(talkMs), '-recv_timeout', String(talkMs + 20_000)],
  });
  const end = (one: Sipp) => one.stop(100);
  return { done: () => crowd.ended, end: () => Promise.all([end(crowd), end(carrier)]) };
}

async function liveCalls(product: Product): Promise<number> {
  const { body } = await product.api<{ readonly calls: readonly unknown[] }>('GET', '/v2/cordboard/calls');
  return body.calls.length;
}

const patienceFor = (calls: number): number => (calls / RATE) * 1000 + 30_000;
const same = (one: Counted, other: Counted): boolean => JSON.stringify(one) === JSON.stringify(other);
const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));
