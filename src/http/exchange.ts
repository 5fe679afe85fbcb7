import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { UserId, UserSessionId } from '../domain/ids.js';
import type { Grant } from '../usecases/access/grants.js';
import type { Actor } from '../usecases/change.js';
import type { Permission } from '../usecases/admin/roles.js';
import type { Route } from './route.js';

/** A person, and the sign-in by which they ask. */
export interface Person {
  readonly userId: UserId;
  readonly sessionId: UserSessionId;
}

/** What the steps before have found out about a request. */
export interface ExchangeState {
  readonly requestId: string;
  readonly startedAt: number;
  route?: Route;
  params?: ReadonlyMap<string, string>;
  actor?: Actor;
  grants?: readonly Grant[];
  /** What the caller may do besides, wherever this request leads. */
  permissions?: ReadonlySet<Permission>;
  /** Who holds the token, as limits and repeated requests count them; missing on public routes. */
  callerId?: string;
  /** The person who signed in; missing for programs. */
  person?: Person;
}

type Locals = Record<'exchange', ExchangeState>;

type Params = Record<string, string>;
type Query = Readonly<Record<string, string | string[]>>;

export type Step = RequestHandler<Params, unknown, unknown, Query, Locals>;
export type ErrorStep = ErrorRequestHandler<Params, unknown, unknown, Query, Locals>;
export type Reply = Response<unknown, Locals>;
