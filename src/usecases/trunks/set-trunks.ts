import { asId, type SiteId, type TrunkGatewayId, type TrunkId, type TrunkRouteId } from '../../domain/ids.js';
import { trunkOddities, trunkProblems } from '../../domain/trunk/trunk-problems.js';
import type { Trunk, TrunkGateway, TrunkRoute } from '../../domain/trunk/trunk.js';
import type { SecretBox } from '../../ports/crypto.js';
import type { TrunkWatch } from '../../ports/trunks.js';
import { accountOf } from '../admin/admin-deps.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { done, refused, type FieldProblem, type Outcome, type Refused } from '../outcome.js';

/** An account's trunks; each is probed and may be looked through for each call. */
const MOST_TRUNKS = 100;

export interface TrunkDeps extends ChangeDeps {
  /** Seals passwords, with the trunk's id as context. */
  readonly trunkBox: SecretBox;
  readonly trunkWatch: TrunkWatch;
}

/** A part that is kept (`id`), or new. */
type Wished<Part extends { readonly id: string }> = Omit<Part, 'id'> & { readonly id?: string | undefined };
export type GatewayWish = Wished<TrunkGateway>;
export type RouteWish = Omit<Wished<TrunkRoute>, 'siteId'> & { readonly siteId: string | null };

export interface TrunkWish extends Omit<Trunk, 'id' | 'accountId' | 'version' | 'country' | 'gateways' | 'routes'> {
  /** Null = the account's. */
  readonly country: string | null;
  readonly gateways: readonly GatewayWish[];
  readonly routes: readonly RouteWish[];
  /** For digest and registration; missing = what is kept. */
  readonly password?: string | undefined;
}
export type TrunkChanges = { readonly [Field in keyof TrunkWish]?: TrunkWish[Field] | undefined };

export interface TrunkWithWarnings {
  readonly trunk: Trunk;
  /** What will hardly work; it is kept all the same. */
  readonly warnings: readonly FieldProblem[];
}

export const trunkNotFound = (id: string, field = 'trunkId'): Refused => refused('not-found', field, 'There is no trunk with this id. GET /v2/cordboard/trunks lists them.', id);

export async function createTrunk(deps: TrunkDeps, actor: Actor, wanted: TrunkWish): Promise<Outcome<TrunkWithWarnings>> {
  const outcome = await change(deps, actor, async (draft): Promise<Outcome<Trunk>> => {
    if (await draft.stores.trunks.count(draft.accountId) >= MOST_TRUNKS) {
      return refused('conflict', 'name', `An account has at most ${MOST_TRUNKS} trunks. Remove one first.`);
    }
    const account = await accountOf(draft);
    if (account.kind === 'refused') return account;
    const { password, ...fields } = wanted;
    const trunk: Trunk = {
      ...fields, id: asId<TrunkId>(draft.newId()), accountId: draft.accountId, country: wanted.country ?? account.account.country, version: 1,
      gateways: wanted.gateways.map((wish) => gatewayOf(draft, wish, [])), routes: wanted.routes.map((wish) => routeOf(draft, wish, [])),
    };
    const problem = await problemOf(draft, trunk) ?? passwordProblem(trunk, password, false);
    if (problem !== null) return problem;
    await draft.stores.trunks.insert(trunk, sealed(deps, trunk, password) ?? '');
    draft.note({ aggregate: 'trunk', id: trunk.id, change: 'created', action: 'create-trunk', before: null, after: trunk });
    return done(trunk);
  });
  return outcome.kind === 'refused' ? outcome : done(await withWarnings(deps, outcome.value));
}

/** Changes what is given. Gateways and routes are replaced as a whole; those named by id, or equal in host, port and transport, keep theirs and their health. */
export async function updateTrunk(deps: TrunkDeps, actor: Actor, id: string, wanted: TrunkChanges): Promise<Outcome<TrunkWithWarnings>> {
  const outcome = await change(deps, actor, async (draft): Promise<Outcome<Trunk>> => {
    const before = await draft.stores.trunks.get(draft.accountId, asId<TrunkId>(id));
    if (before === null) return trunkNotFound(id);
    const kept = await draft.stores.trunks.sealedPassword(before.id);
    const trunk: Trunk = {
      ...before,
      name: wanted.name ?? before.name, enabled: wanted.enabled ?? before.enabled, country: wanted.country ?? before.country,
      authentication: wanted.authentication ?? before.authentication, border: wanted.border ?? before.border, media: wanted.media ?? before.media,
      limits: wanted.limits ?? before.limits, sessionExpiresSeconds: wanted.sessionExpiresSeconds ?? before.sessionExpiresSeconds,
      probeSeconds: wanted.probeSeconds ?? before.probeSeconds, version: before.version + 1,
      gateways: wanted.gateways?.map((wish) => gatewayOf(draft, wish, before.gateways)) ?? before.gateways,
      routes: wanted.routes?.map((wish) => routeOf(draft, wish, before.routes)) ?? before.routes,
    };
    const problem = await problemOf(draft, trunk) ?? passwordProblem(trunk, wanted.password, kept !== '');
    if (problem !== null) return problem;
    await draft.stores.trunks.update(trunk, trunk.authentication.kind === 'address' ? '' : sealed(deps, trunk, wanted.password));
    draft.note({
      aggregate: 'trunk', id: trunk.id, change: 'updated', action: 'update-trunk', before, after: wanted.password === undefined ? trunk : { ...trunk, password: 'new' },
    });
    return done(trunk);
  });
  return outcome.kind === 'refused' ? outcome : done(await withWarnings(deps, outcome.value));
}

/** Calls that are up go on; routing rules that name it stay and lead nowhere. */
export async function removeTrunk(deps: ChangeDeps, actor: Actor, id: string): Promise<Outcome<Trunk>> {
  return change(deps, actor, async (draft) => {
    const trunk = await draft.stores.trunks.get(draft.accountId, asId<TrunkId>(id));
    if (trunk === null) return trunkNotFound(id);
    const rules = (await draft.stores.routingRules.all(draft.accountId, null)).filter(({ trunkId }) => trunkId === trunk.id);
    await draft.stores.trunks.delete(trunk.id);
    draft.note({ aggregate: 'trunk', id: trunk.id, change: 'deleted', action: 'remove-trunk', before: trunk, after: null });
    for (const rule of rules) draft.announce({ aggregate: 'routing_rule', id: rule.id, change: 'updated' });
    return done(trunk);
  });
}

function gatewayOf(draft: Draft, wish: GatewayWish, before: readonly TrunkGateway[]): TrunkGateway {
  const { id, ...fields } = wish;
  const same = before.find((gateway) => (id === undefined
    ? gateway.transport === wish.transport && gateway.port === wish.port && gateway.host.toLowerCase() === wish.host.toLowerCase() : gateway.id === id));
  return { ...fields, id: same?.id ?? asId<TrunkGatewayId>(draft.newId()) };
}

function routeOf(draft: Draft, wish: RouteWish, before: readonly TrunkRoute[]): TrunkRoute {
  const { id, siteId, ...fields } = wish;
  const same = before.find((route) => route.id === id);
  return { ...fields, siteId: siteId === null ? null : asId<SiteId>(siteId), id: same?.id ?? asId<TrunkRouteId>(draft.newId()) };
}

async function problemOf(draft: Draft, trunk: Trunk): Promise<Refused | null> {
  const namesake = await draft.stores.trunks.byName(draft.accountId, trunk.name);
  if (namesake !== null && namesake.id !== trunk.id) return refused('conflict', 'name', 'Another trunk has this name.', trunk.name);
  const sites = new Set((await draft.stores.sites.all(draft.accountId)).map((site) => site.id));
  const problems: FieldProblem[] = [
    ...trunkProblems(trunk),
    ...trunk.routes.flatMap(({ siteId }, index) => (siteId === null || sites.has(siteId) ? []
      : [{ field: `routes[${index}].site_id`, text: 'There is no site with this id. GET /v2/phone/sites lists them.', value: siteId }])),
    ...repeated('gateways', trunk.gateways), ...repeated('routes', trunk.routes),
  ];
  return problems.length === 0 ? null : { kind: 'refused', why: 'invalid', problems };
}

function repeated(field: string, parts: readonly { readonly id: string }[]): readonly FieldProblem[] {
  return parts.flatMap(({ id }, index) => (parts.findIndex((part) => part.id === id) === index ? []
    : [{ field: `${field}[${index}].id`, text: 'This id stands twice. Leave it out for a new one.', value: id }]));
}

function passwordProblem({ authentication }: Trunk, password: string | undefined, kept: boolean): Refused | null {
  const field = 'authentication.password';
  if (authentication.kind === 'address') {
    return password === undefined ? null : refused('invalid', field, 'A trunk that is known by its addresses has no password. Leave it out, or choose digest or registration.');
  }
  return password !== undefined || kept ? null : refused('invalid', field, 'Give the password that the peer asks for.');
}

function sealed({ trunkBox }: TrunkDeps, { id }: Trunk, password: string | undefined): string | undefined {
  return password === undefined ? undefined : trunkBox.seal(password, id);
}

/** Names that lead nowhere are told of, and kept: the DNS may follow. */
async function withWarnings({ trunkWatch }: TrunkDeps, trunk: Trunk): Promise<TrunkWithWarnings> {
  const located = await Promise.all(trunk.gateways.map((gateway) => trunkWatch.locate(gateway)));
  const lost = located.flatMap((found, index) => (found.kind === 'found' ? [] : [{
    field: `gateways[${index}].host`, value: trunk.gateways[index]?.host ?? '', text: `Nothing is reached by this name now: ${found.why}. Check it, or the name servers.`,
  }]));
  return { trunk, warnings: [...trunkOddities(trunk), ...lost] };
}
