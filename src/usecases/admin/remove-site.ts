import { asId, type SiteId } from '../../domain/ids.js';
import type { Site } from '../../domain/identity/site.js';
import { change, type Actor, type Draft } from '../change.js';
import { moveEnds } from '../hotdesk/set-session-settings.js';
import { done, named, refused, type Outcome, type Refused } from '../outcome.js';
import { accountOf, type AdminDeps } from './admin-deps.js';
import { forgetSettings } from './forget-settings.js';
import { siteNotFound } from './not-found.js';
import { recheckForms } from './site-forms.js';

const FIELD = 'transfer_site_id';

/**
 * Removes a site and moves whatever belongs to it to another one: users, common areas, extensions, devices, phone numbers, emergency addresses
 * and locations, setting templates. An empty site needs none. The main site stays; extensions that would clash or break a rule over there refuse it all, by their holders' names.
 */
export async function removeSite(deps: AdminDeps, actor: Actor, id: string, transferSiteId?: string): Promise<Outcome<Site>> {
  return change(deps, actor, async (draft) => {
    const site = await draft.stores.sites.get(draft.accountId, asId<SiteId>(id));
    if (!site) return siteNotFound(id);
    if (site.isMain) return refused('conflict', 'siteId', 'The main site cannot be removed.', id);
    const target = await targetOf(draft, site, transferSiteId);
    if (target !== null && 'why' in target) return target;
    const refusal = target === null ? await refuseUsed(draft, site) : await moveMembers(deps, draft, site, target);
    if (refusal) return refusal;
    for (const entry of await draft.stores.siteMembers.removeLists(site.id)) {
      draft.announce({ aggregate: 'blocked_number', id: entry, change: 'deleted' });
    }
    await forgetSettings(draft, { scope: 'site', scopeId: site.id });
    await draft.stores.callRules.clearPlace(draft.accountId, { scope: 'site', scopeId: site.id });
    await draft.stores.sites.delete(site.id);
    draft.note({ aggregate: 'site', id: site.id, change: 'deleted', action: 'remove-site', before: site, after: null });
    return done(site);
  });
}

async function targetOf(draft: Draft, site: Site, id: string | undefined): Promise<Site | null | Refused> {
  if (id === undefined || id === '') return null;
  const target = await draft.stores.sites.get(draft.accountId, asId<SiteId>(id));
  if (target === null) return refused('invalid', FIELD, 'There is no site with this id. GET /v2/phone/sites lists them.', id);
  return target.id === site.id ? refused('invalid', FIELD, 'This is the site itself. Name another one.', id) : target;
}

async function refuseUsed(draft: Draft, site: Site): Promise<Refused | null> {
  const usage = await draft.stores.sites.usage(site.id);
  return usage === 0 ? null : refused(
    'conflict', 'siteId', `${usage} users, common areas, devices or phone numbers belong to the site. Name the site they move to as ${FIELD}, or move or remove them first.`, site.id,
  );
}

async function moveMembers(deps: AdminDeps, draft: Draft, from: Site, to: Site): Promise<Refused | null> {
  const account = await accountOf(draft);
  if (account.kind === 'refused') return account;
  const sites = (await draft.stores.sites.all(draft.accountId)).filter((site) => site.id !== from.id);
  const clash = await recheckForms(draft, account.account, FIELD, { sites, changed: new Set([to.id]), moving: { from: from.id, to: to.id } });
  if (clash) return named(FIELD, clash);
  const members = await draft.stores.siteMembers.members(from.id);
  await draft.stores.siteMembers.move(from.id, to.id);
  for (const id of members.users) draft.announce({ aggregate: 'phone_user', id, change: 'updated' });
  for (const id of members.commonAreas) draft.announce({ aggregate: 'common_area', id, change: 'updated' });
  for (const id of members.extensions) draft.announce({ aggregate: 'extension', id, change: 'updated' });
  for (const id of members.devices) draft.announce({ aggregate: 'device', id, change: 'updated' });
  for (const id of members.phoneNumbers) draft.announce({ aggregate: 'phone_number', id, change: 'updated' });
  for (const id of members.emergencyAddresses) draft.announce({ aggregate: 'emergency_address', id, change: 'updated' });
  for (const id of members.emergencyLocations) draft.announce({ aggregate: 'emergency_location', id, change: 'updated' });
  draft.audit({
    aggregate: 'site', id: from.id, action: 'transfer-site',
    about: { to: to.id, users: members.users.length, commonAreas: members.commonAreas.length, devices: members.devices.length },
  });
  // Sessions at phones that moved end by the settings and clocks over there.
  if (members.devices.length > 0) await moveEnds(deps, draft, { scope: 'site', siteId: to.id });
  return null;
}
