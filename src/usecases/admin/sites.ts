import { asId, type SiteId } from '../../domain/ids.js';
import type { PostalAddress, Site } from '../../domain/identity/site.js';
import { change, type Actor, type Draft } from '../change.js';
import { moveEnds } from '../hotdesk/set-session-settings.js';
import { forgetPermissions } from '../numbers/release-numbers.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import type { AdminDeps } from './admin-deps.js';
import { siteNotFound } from './not-found.js';

/** Digits of the longest dialable form inside the account: site code and extension together. */
const LONGEST_FORM = 6;

export interface NewSite {
  readonly name: string;
  readonly autoReceptionistName: string;
  readonly siteCode: string | null;
  /** Digits of an extension inside the site, 2–5. */
  readonly shortExtensionLength: number;
  readonly defaultEmergencyAddress: PostalAddress;
}

/** Adds a site; its country is that of its default emergency address. */
export async function createSite(deps: AdminDeps, actor: Actor, wanted: NewSite): Promise<Outcome<Site>> {
  return change(deps, actor, async (draft) => {
    const problem = await siteProblem(draft, wanted, null);
    if (problem) return problem;
    const site: Site = {
      id: asId<SiteId>(draft.newId()),
      accountId: draft.accountId,
      ...wanted,
      isMain: false,
      country: wanted.defaultEmergencyAddress.country,
      timeZone: null,
      promptLanguage: null,
      createdAt: draft.at,
    };
    await draft.stores.sites.insert(site);
    draft.note({ aggregate: 'site', id: site.id, change: 'created', action: 'create-site', before: null, after: site });
    return done(site);
  });
}

export interface SiteChanges {
  readonly name?: string;
  readonly defaultEmergencyAddress?: PostalAddress;
  /** IANA zone; null = the account's. */
  readonly timeZone?: string | null;
  /** ISO 639-1; null = the account's. */
  readonly promptLanguage?: string | null;
}

/**
 * Changes what is given of a site; the country stays, since numbers were checked against it. Other clocks move the daily ends of
 * sessions that run there.
 */
export async function updateSite(deps: AdminDeps, actor: Actor, id: string, wanted: SiteChanges): Promise<Outcome<Site>> {
  return change(deps, actor, async (draft) => {
    const before = await draft.stores.sites.get(draft.accountId, asId<SiteId>(id));
    if (!before) return siteNotFound(id);
    const address = wanted.defaultEmergencyAddress;
    const changes = { ...wanted };
    if (address && address.country !== before.country) {
      return refused(
        'invalid', 'default_emergency_address.country',
        `The site is in ${before.country}, and its emergency numbers with it. Add another site for ${address.country}.`,
        address.country,
      );
    }
    const problem = await siteProblem(draft, { ...before, ...changes, siteCode: null }, before.id);
    if (problem) return problem;
    await draft.stores.sites.update(before.id, changes);
    const after = { ...before, ...changes };
    draft.note({ aggregate: 'site', id: before.id, change: 'updated', action: 'update-site', before, after });
    if (after.timeZone !== before.timeZone) await moveEnds(deps, draft, { scope: 'site', siteId: before.id });
    return done(after);
  });
}

/** Removes an empty site; the main site, and one that anything belongs to, stay. */
export async function removeSite(deps: AdminDeps, actor: Actor, id: string): Promise<Outcome<Site>> {
  return change(deps, actor, async (draft) => {
    const site = await draft.stores.sites.get(draft.accountId, asId<SiteId>(id));
    if (!site) return siteNotFound(id);
    if (site.isMain) return refused('conflict', 'siteId', 'The main site cannot be removed.', id);
    const usage = await draft.stores.sites.usage(site.id);
    if (usage > 0) {
      return refused(
        'conflict', 'siteId', `${usage} users, common areas, devices or phone numbers belong to the site. Move or remove them first.`,
        id,
      );
    }
    await draft.stores.settings.clearPlace(draft.accountId, { scope: 'site', scopeId: site.id });
    await forgetPermissions(draft, site.id);
    await draft.stores.callRules.clearPlace(draft.accountId, { scope: 'site', scopeId: site.id });
    await draft.stores.sites.delete(site.id);
    draft.note({ aggregate: 'site', id: site.id, change: 'deleted', action: 'remove-site', before: site, after: null });
    return done(site);
  });
}

async function siteProblem(
  draft: Draft, wanted: Pick<NewSite, 'name' | 'siteCode' | 'shortExtensionLength'>, except: SiteId | null,
): Promise<Refused | null> {
  const namesake = await draft.stores.sites.byName(draft.accountId, wanted.name);
  if (namesake && namesake.id !== except) {
    return refused('conflict', 'name', 'Another site has this name.', wanted.name);
  }
  const { siteCode, shortExtensionLength } = wanted;
  if (siteCode === null) return null;
  if (!/^[1-9][0-9]?$/.test(siteCode)) {
    return refused('invalid', 'site_code', 'A site code has one or two digits and no leading zero.', siteCode);
  }
  if (siteCode.length + shortExtensionLength > LONGEST_FORM) {
    return refused(
      'invalid', 'short_extension.length', `Site code and extension have at most ${LONGEST_FORM} digits together.`,
      String(shortExtensionLength),
    );
  }
  const holder = (await draft.stores.sites.all(draft.accountId)).find((site) => site.siteCode === siteCode);
  return holder && holder.id !== except ? refused(
    'conflict', 'site_code', `Site ${holder.name} has this code.`, siteCode,
  ) : null;
}
