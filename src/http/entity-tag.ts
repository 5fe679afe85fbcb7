import { createHash } from 'node:crypto';
import { VersionMoved, versionGuard } from '../usecases/version-guard.js';
import { failed, type Answer } from './answers.js';
import { badRequest, problem } from './problem.js';
import type { CallContext, RawRequest, Route, RouteResult } from './route.js';

/** Tries before a resource that keeps changing is given up. */
const TRIES = 3;

/**
 * By path, the GET of each resource that can be changed or deleted where it stands: the one thing ETags are made of. Lists have
 * none.
 */
export function taggedReads(routes: readonly Route[]): ReadonlyMap<string, Route> {
  const changed = new Set(routes.filter(({ method }) => method !== 'GET' && method !== 'POST').map(({ path }) => path));
  return new Map(routes.filter((route) => route.method === 'GET' && route.etag !== null && changed.has(route.path)).map((route) => [route.path, route]));
}

/** A weak tag (RFC 9110 §8.8.1) of what a GET answers, without what changes by itself; null for what is no JSON. */
export function tagOf(read: Route, answer: Answer): string | null {
  if (answer.kind !== 'json' || answer.status !== 200) return null;
  // Of a part that was asked for, the tag is that of the whole.
  const own = answer.headers?.['etag'];
  if (own !== undefined) return own;
  const ignored = new Set(read.etag?.ignoring ?? []);
  const lasting = Object.entries(answer.body).filter(([name]) => !ignored.has(name));
  return `W/"${createHash('sha256').update(JSON.stringify(lasting)).digest('base64url').slice(0, 22)}"`;
}

/** Whether a list of tags (If-Match, If-None-Match) names this one; weakly compared, as weak tags can only be. */
export function namesTag(header: string, tag: string): boolean {
  return header.trim() === '*' || header.split(',').some((one) => one.trim().replace(/^W\//, '') === tag.replace(/^W\//, ''));
}

/**
 * Runs a change only while the resource is still what the caller's If-Match names (RFC 9110 §13.1.1): compared before, and the
 * account's version once more inside the transaction, so that of two editors one gets 412 however close they come.
 */
export async function ifMatching(
  read: Route | undefined, header: string, route: Route, context: CallContext, params: ReadonlyMap<string, string>, raw: RawRequest,
): Promise<RouteResult> {
  if (!read) {
    return { answer: failed(badRequest('if-match', 'This resource has no ETag. Leave If-Match out.')), ignored: [] };
  }
  const { accountId } = context.actor;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const version = (await context.deps.stores.accounts.get(accountId))?.configVersion ?? 0;
    const { answer } = await read.run(context, params, { query: {}, body: undefined });
    if (answer.kind === 'problem') return { answer, ignored: [] };
    const tag = tagOf(read, answer);
    if (tag === null || !namesTag(header, tag)) break;
    try {
      return await route.run({ ...context, actor: { ...context.actor, onlyAt: versionGuard(version) } }, params, raw);
    } catch (error) {
      // Something of the account changed meanwhile; whether it was this resource, the next look tells.
      if (!(error instanceof VersionMoved)) throw error;
    }
  }
  return {
    answer: failed(problem(412, 412, 'The resource has changed since it was read. Read it again, and send its ETag in If-Match.')), ignored: [],
  };
}
