import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { ApiClientId } from '../domain/ids.js';
import type { Actor } from '../usecases/change.js';
import type { Permission } from '../usecases/admin/roles.js';
import type { Route } from './route.js';

/** What the steps before have found out about a request. */
export interface ExchangeState {
  readonly requestId: string;
  readonly startedAt: number;
  route?: Route;
  params?: ReadonlyMap<string, string>;
  actor?: Actor;
  permissions?: ReadonlySet<Permission>;
  /** Who holds the token; missing on public routes. */
  clientId?: ApiClientId;
}

type Locals = Record<'exchange', ExchangeState>;

type Params = Record<string, string>;
type Query = Readonly<Record<string, string | string[]>>;

export type Step = RequestHandler<Params, unknown, unknown, Query, Locals>;
export type ErrorStep = ErrorRequestHandler<Params, unknown, unknown, Query, Locals>;
export type Reply = Response<unknown, Locals>;
