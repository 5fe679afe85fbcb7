import { createHash } from 'node:crypto';
import { asId, type ApiClientId } from '../domain/ids.js';
import type { Answer } from './answers.js';
import type { ExchangeState } from './exchange.js';
import type { HttpDeps } from './http-deps.js';
import { badRequest, problem } from './problem.js';
import type { RouteResult } from './route.js';
import { failed } from './answers.js';

/** Printable ASCII, as a header carries it. */
const KEY = /^[\x21-\x7e]{1,255}$/;
const KEPT_MS = 24 * 3_600_000;
/** Longer than any request may take: then whoever ran it is gone, and the next one may. */
const RUNNING_MS = 60_000;

interface Request {
  readonly key: string | undefined;
  /** What makes two requests the same: method, path, query and body. */
  readonly identity: readonly unknown[];
}

type Deps = Pick<HttpDeps, 'stores' | 'clock' | 'idempotencyBox'>;

export interface Replay extends RouteResult {
  /** The answer is that of an earlier request. */
  readonly replayed: boolean;
}

/**
 * Runs a POST with an `Idempotency-Key` once: the same request under the same key gets the same answer for a day, secrets in it
 * included (kept sealed), and changes nothing again. A refused request changed nothing and is not kept.
 */
export async function onceOnly(deps: Deps, exchange: ExchangeState, request: Request, run: () => Promise<RouteResult>): Promise<Replay> {
  const { actor, callerId, route } = exchange;
  const { key } = request;
  if (key === undefined || route?.method !== 'POST' || !actor || callerId === undefined) return { ...await run(), replayed: false };
  if (!KEY.test(key)) return refusal(failed(badRequest('idempotency-key', 'A key has 1 to 255 printable ASCII characters.')));
  const clientId = asId<ApiClientId>(callerId);
  const requestHash = createHash('sha256').update(JSON.stringify(request.identity)).digest('base64url');
  const now = deps.clock.now();
  const store = deps.stores.idempotentRequests;
  const known = await store.take(
    { accountId: actor.accountId, clientId, key, requestHash }, { now, runningUntil: now + RUNNING_MS, keptSince: now - KEPT_MS },
  );
  if (known !== null) {
    if (known.requestHash !== requestHash) {
      return refusal(failed(problem(409, 409, 'Another request has used this Idempotency-Key. Choose a new one for each request.')));
    }
    if (known.sealedAnswer === null) {
      return refusal(failed(problem(409, 409, 'The request with this Idempotency-Key is still running. Ask again shortly.', { headers: { 'retry-after': '1' } })));
    }
    return { ...JSON.parse(deps.idempotencyBox.open(known.sealedAnswer, contextOf(clientId, key))) as RouteResult, replayed: true };
  }
  let kept = false;
  try {
    const result = await run();
    const { kind } = result.answer;
    if (kind === 'json' || kind === 'empty') {
      await store.keep(clientId, key, deps.idempotencyBox.seal(JSON.stringify(result), contextOf(clientId, key)));
      kept = true;
    }
    return { ...result, replayed: false };
  } finally {
    if (!kept) await store.release(clientId, key);
  }
}

function contextOf(clientId: ApiClientId, key: string): string {
  return `${clientId} ${key}`;
}

function refusal(answer: Answer): Replay {
  return { answer, ignored: [], replayed: false };
}
