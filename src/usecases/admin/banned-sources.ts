import type { BannedSource, EdgeAdmin, SipProtection } from '../../ports/call-control.js';
import { change, type Actor, type ChangeDeps } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';

export type ProtectionDeps = ChangeDeps & { readonly edge: EdgeAdmin };

const NOT_OURS = 'A drachtio-server listens for phones here: bans and limits are those of its own configuration and of the firewall.';
const notOurs = (field: string): Refused => refused('conflict', field, NOT_OURS);

/** How this node's edge protects itself; refused with a drachtio-server. */
export async function readProtection({ edge }: ProtectionDeps): Promise<Outcome<SipProtection>> {
  const report = await edge.protection();
  return report === 'unsupported' ? notOurs('edge') : done(report);
}

/** Bans in force on this node, by address. */
export async function listBannedSources({ edge }: ProtectionDeps): Promise<Outcome<readonly BannedSource[]>> {
  const banned = await edge.banned();
  return banned === 'unsupported' ? notOurs('edge') : done(banned);
}

export interface BanWish {
  /** IP literal, checked. */
  readonly address: string;
  readonly seconds: number;
  /** Ban although phones are registered from there; their emergency calls and running calls go on. */
  readonly despiteBindings: boolean;
}

/** Bans an address on this node. Addresses that are trusted are never banned, those with live bindings only on demand. */
export async function banSource(deps: ProtectionDeps, actor: Actor, wish: BanWish): Promise<Outcome<BannedSource>> {
  const { address, seconds, despiteBindings } = wish;
  switch (await deps.edge.ban(address, seconds, despiteBindings)) {
    case 'unsupported': return notOurs('address');
    case 'trusted': return refused('conflict', 'address', 'The address is one of TRUSTED_SOURCES. Take it out there first.', address);
    case 'live':
      return refused('conflict', 'address', 'Phones are registered from this address. Set despite_bindings to ban it all the same.', address);
    case 'done': break;
  }
  const banned = await deps.edge.banned();
  const ban = banned === 'unsupported' ? undefined : banned.find((each) => each.address === address);
  if (ban === undefined) return refused('conflict', 'address', 'The ban was lifted in the same moment.', address);
  const noted = await note(deps, actor, 'ban-source', { banned_source: '' }, { banned_source: address, seconds, despite_bindings: despiteBindings });
  return noted.kind === 'refused' ? noted : done(ban);
}

/** Ends a ban on this node; what was counted against the address is forgotten. */
export async function liftBan(deps: ProtectionDeps, actor: Actor, address: string): Promise<Outcome<string>> {
  switch (await deps.edge.lift(address)) {
    case 'unsupported': return notOurs('address');
    case 'unknown': return refused('not-found', 'address', 'This address is not banned.', address);
    case 'done': return note(deps, actor, 'lift-ban', { banned_source: address }, { banned_source: '' }, address);
  }
}

function note(deps: ProtectionDeps, actor: Actor, action: string, before: object, after: object, value = ''): Promise<Outcome<string>> {
  return change(deps, actor, async (draft) => {
    draft.note({ aggregate: 'account', id: actor.accountId, change: 'updated', action, before, after });
    return done(value);
  });
}
