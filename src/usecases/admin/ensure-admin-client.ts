import { WHOLE_ACCOUNT } from '../../domain/access/reach.js';
import { asId, type AccountId, type ApiClientId } from '../../domain/ids.js';
import type { ApiClient } from '../../ports/access-stores.js';
import { change } from '../change.js';
import { done } from '../outcome.js';
import type { AdminDeps } from './admin-deps.js';
import { SUPER_ADMIN } from './roles.js';

const CLIENT_ID_LENGTH = 22;
/** 32 of 32 symbols: 160 bits. */
const SECRET_LENGTH = 32;

export interface AdminClientSettings {
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** The account it administers; the first one when missing. */
  readonly accountId?: string;
  /** The id and secret are what an earlier start made up: they count only while nobody else administers the account. */
  readonly remembered?: boolean;
}

export interface AdminClientResult {
  /** Whether the client was added now. */
  readonly created: boolean;
  readonly accountId: AccountId;
  readonly clientId: string;
  /** Only when it was made up now: it is shown once and cannot be read again. */
  readonly clientSecret?: string;
}

/**
 * Makes sure that an API client with the role Phone Super Admin exists. A client id given by settings is added when
 * missing,
 * and a secret given by settings replaces another one (tokens issued before then end). Without settings the present
 * administrator is kept, or one is made up. Throws when the account does not exist.
 */
export async function ensureAdminClient(deps: AdminDeps, wanted: AdminClientSettings): Promise<AdminClientResult> {
  const account = wanted.accountId === undefined
    ? await deps.stores.accounts.first()
    : await deps.stores.accounts.get(asId<AccountId>(wanted.accountId));
  if (!account) {
    throw new Error(`account ${wanted.accountId ?? ''} does not exist: ADMIN_ACCOUNT_ID is fixed at the first start`);
  }
  const clients = await deps.stores.apiClients.all(account.id);
  const anyAdmin = clients.find(({ role, targets, disabled }) => role === SUPER_ADMIN && targets === null && !disabled) ?? null;
  const named = wanted.clientId === undefined ? null : await deps.stores.apiClients.get(asId<ApiClientId>(wanted.clientId));
  const present = wanted.clientId === undefined || (wanted.remembered === true && named === null) ? anyAdmin : named;
  if (present) {
    // A secret that was rotated, or a client that was removed, does not come back with the next start.
    if (wanted.remembered !== true) await keepSecret(deps, present, wanted.clientSecret);
    return { created: false, accountId: account.id, clientId: present.id };
  }
  const clientId = wanted.clientId ?? deps.random.token(CLIENT_ID_LENGTH);
  const clientSecret = wanted.clientSecret ?? deps.random.token(SECRET_LENGTH);
  const client: ApiClient = {
    id: asId<ApiClientId>(clientId),
    accountId: account.id,
    name: 'First administrator',
    secretHash: await deps.hasher.hash(clientSecret),
    role: SUPER_ADMIN,
    targets: null,
    generation: 1,
    disabled: false,
    createdAt: deps.clock.now(),
  };
  await change(deps, systemOf(account.id), async (draft) => {
    await draft.stores.apiClients.insert(client);
    draft.note({
      aggregate: 'api_client', id: client.id, change: 'created', action: 'add-api-client', before: null, after: client,
    });
    return done(client);
  });
  const result = { created: true, accountId: account.id, clientId };
  return wanted.clientSecret === undefined ? { ...result, clientSecret } : result;
}

async function keepSecret(deps: AdminDeps, client: ApiClient, secret: string | undefined): Promise<void> {
  if (secret === undefined || await deps.hasher.verify(secret, client.secretHash)) return;
  const changes = { secretHash: await deps.hasher.hash(secret), generation: client.generation + 1 };
  await change(deps, systemOf(client.accountId), async (draft) => {
    await draft.stores.apiClients.update(client.id, changes);
    draft.note({
      aggregate: 'api_client', id: client.id, change: 'updated', action: 'replace-client-secret', before: client,
      after: { ...client, ...changes },
    });
    return done(client);
  });
}

function systemOf(accountId: AccountId) {
  return { accountId, name: 'system', address: '', requestId: '', reach: WHOLE_ACCOUNT };
}
