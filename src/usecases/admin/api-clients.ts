import { asId, type AccountId, type ApiClientId } from '../../domain/ids.js';
import type { ApiClient } from '../../ports/access-stores.js';
import type { Stores } from '../../ports/admin-stores.js';
import { change, type Actor, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import type { AdminDeps } from './admin-deps.js';
import { DEFAULT_ROLES, SUPER_ADMIN, type Permission } from './roles.js';
import { moreThan, sitesNamed } from './giving-roles.js';
import { findRole } from './phone-roles.js';

const CLIENT_ID_LENGTH = 22;
/** 32 of 32 symbols: 160 bits. */
const SECRET_LENGTH = 32;

export interface ClientWithSecret {
  readonly client: ApiClient;
  /** In the clear, for this one answer. */
  readonly secret: string;
}

const clientNotFound = (id: string): Refused => refused('not-found', 'clientId', 'There is no API client with this id.', id);

export async function findApiClient(stores: Pick<Stores, 'apiClients'>, accountId: AccountId, id: string): Promise<Outcome<ApiClient>> {
  const client = await stores.apiClients.get(asId<ApiClientId>(id));
  return client?.accountId === accountId ? done(client) : clientNotFound(id);
}

/** What the audit log and events show of a client. */
function shown({ id, name, role, targets, disabled, generation }: ApiClient) {
  return { id, name, role, targets, disabled, generation };
}

/** The name of a default role, or the id of a custom one; ids of default roles are taken for their names. */
async function roleOf(draft: Draft, wanted: string, may: ReadonlySet<Permission>): Promise<Outcome<string>> {
  const known = DEFAULT_ROLES.find(({ id, name }) => id === wanted || name === wanted);
  const found = await findRole(draft.stores, draft.accountId, known?.id ?? wanted);
  if (found.kind === 'refused') return refused('invalid', 'role', 'There is no such role. GET /v2/phone/roles lists them; give its name or id.', wanted);
  return moreThan(may, found.value.permissions) ?? done(known?.name ?? found.value.id);
}

export async function createApiClient(
  deps: AdminDeps, actor: Actor, wanted: { readonly name: string; readonly role: string; readonly targets: readonly string[] | null }, may: ReadonlySet<Permission>,
): Promise<Outcome<ClientWithSecret>> {
  const secret = deps.random.token(SECRET_LENGTH);
  const secretHash = await deps.hasher.hash(secret);
  return change(deps, actor, async (draft) => {
    const role = await roleOf(draft, wanted.role, may);
    if (role.kind === 'refused') return role;
    const targets = await sitesNamed(draft, wanted.targets);
    if (targets.kind === 'refused') return targets;
    const client: ApiClient = {
      id: asId<ApiClientId>(deps.random.token(CLIENT_ID_LENGTH)), accountId: draft.accountId, name: wanted.name, secretHash, role: role.value,
      targets: targets.value, generation: 1, disabled: false, createdAt: draft.at,
    };
    await draft.stores.apiClients.insert(client);
    draft.note({ aggregate: 'api_client', id: client.id, change: 'created', action: 'add-api-client', before: null, after: shown(client) });
    return done({ client, secret });
  });
}

export interface ClientChanges {
  readonly name?: string;
  readonly role?: string;
  /** Ids of sites; null = wherever the role reaches by itself. */
  readonly targets?: readonly string[] | null;
  readonly disabled?: boolean;
}

/** Changes what is given. Who is disabled gets no token, and tokens they hold count no longer, at once. */
export async function updateApiClient(
  deps: AdminDeps, actor: Actor, id: string, wanted: ClientChanges, may: ReadonlySet<Permission>,
): Promise<Outcome<ApiClient>> {
  return change(deps, actor, async (draft) => {
    const found = await findApiClient(draft.stores, draft.accountId, id);
    if (found.kind === 'refused') return found;
    const before = found.value;
    const role = wanted.role === undefined && wanted.targets === undefined ? done(before.role) : await roleOf(draft, wanted.role ?? before.role, may);
    if (role.kind === 'refused') return role;
    const targets = wanted.targets === undefined ? done(before.targets) : await sitesNamed(draft, wanted.targets);
    if (targets.kind === 'refused') return targets;
    const after: ApiClient = { ...before, name: wanted.name ?? before.name, disabled: wanted.disabled ?? before.disabled, role: role.value, targets: targets.value };
    const last = await lastAdmin(draft, before, after);
    if (last) return last;
    await draft.stores.apiClients.update(before.id, { name: after.name, role: after.role, targets: after.targets, disabled: after.disabled });
    draft.note({ aggregate: 'api_client', id: before.id, change: 'updated', action: 'update-api-client', before: shown(before), after: shown(after) });
    return done(after);
  });
}

export async function deleteApiClient(deps: AdminDeps, actor: Actor, id: string): Promise<Outcome<null>> {
  return change(deps, actor, async (draft) => {
    const found = await findApiClient(draft.stores, draft.accountId, id);
    if (found.kind === 'refused') return found;
    const client = found.value;
    const last = await lastAdmin(draft, client, { ...client, disabled: true });
    if (last) return last;
    await draft.stores.apiClients.delete(client.id);
    draft.note({ aggregate: 'api_client', id: client.id, change: 'deleted', action: 'remove-api-client', before: shown(client), after: null });
    return done(null);
  });
}

/** Gives a new secret. The present one counts for `overlapSeconds` more, so that programs can be changed over; tokens stay. */
export async function rotateClientSecret(
  deps: AdminDeps, actor: Actor, id: string, overlapSeconds: number, may: ReadonlySet<Permission>,
): Promise<Outcome<ClientWithSecret>> {
  const secret = deps.random.token(SECRET_LENGTH);
  const secretHash = await deps.hasher.hash(secret);
  return change(deps, actor, async (draft) => {
    const found = await findApiClient(draft.stores, draft.accountId, id);
    if (found.kind === 'refused') return found;
    const role = await roleOf(draft, found.value.role, may);
    if (role.kind === 'refused') return role;
    const earlierSecret = overlapSeconds === 0 ? null : { hash: found.value.secretHash, until: draft.at + overlapSeconds * 1000 };
    await draft.stores.apiClients.update(found.value.id, { secretHash, earlierSecret });
    draft.audit({ aggregate: 'api_client', id, action: 'rotate-api-client', about: { overlapSeconds } });
    return done({ client: { ...found.value, secretHash, earlierSecret }, secret });
  });
}

/** Ends every token the client holds, at once; it can get new ones. */
export async function revokeClientTokens(deps: AdminDeps, actor: Actor, id: string): Promise<Outcome<null>> {
  return change(deps, actor, async (draft) => {
    const found = await findApiClient(draft.stores, draft.accountId, id);
    if (found.kind === 'refused') return found;
    const after = { ...found.value, generation: found.value.generation + 1 };
    await draft.stores.apiClients.update(after.id, { generation: after.generation });
    draft.note({ aggregate: 'api_client', id, change: 'updated', action: 'revoke-tokens', before: shown(found.value), after: shown(after) });
    return done(null);
  });
}

/** Refuses what would leave nobody who may do everything: no way back would be left but the machine itself. */
async function lastAdmin(draft: Draft, before: ApiClient, after: ApiClient): Promise<Refused | null> {
  const isAdmin = (client: ApiClient): boolean => client.role === SUPER_ADMIN && client.targets === null && !client.disabled;
  if (!isAdmin(before) || isAdmin(after)) return null;
  const others = (await draft.stores.apiClients.all(draft.accountId)).some((client) => client.id !== before.id && isAdmin(client));
  return others ? null : refused('conflict', 'clientId', `This is the last API client with the role ${SUPER_ADMIN}. Add another one first.`, before.id);
}
