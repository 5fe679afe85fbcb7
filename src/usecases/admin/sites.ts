import { asId, type SiteId } from '../../domain/ids.js';
import type { ExtensionRange, IndiaRegistration, PostalAddress, Site } from '../../domain/identity/site.js';
import { rangeProblem } from '../../domain/numbering/extension-rules.js';
import { change, type Actor, type Draft } from '../change.js';
import { moveEnds } from '../hotdesk/set-session-settings.js';
import { followSiteAddress, postalProblem } from '../emergency/emergency-addresses.js';
import { done, refused, within, type Outcome, type Refused } from '../outcome.js';
import { accountOf, type AdminDeps } from './admin-deps.js';
import { siteNotFound } from './not-found.js';
import { chainOf } from './setting-places.js';
import { changeSettingsIn, readSettings, type SettingWish } from './settings.js';
import { recheckForms } from './site-forms.js';

/** Digits of the longest dialable form inside the account: site code and extension together. */
const LONGEST_FORM = 6;
/** Before the names of its lines. */
const ADDRESS_FIELD = 'default_emergency_address.';

export interface NewSite {
  readonly name: string;
  readonly autoReceptionistName: string;
  readonly siteCode: string | null;
  /** Digits of an extension inside the site, 2–5. */
  readonly shortExtensionLength: number;
  readonly defaultEmergencyAddress: PostalAddress;
  readonly sipZoneId?: string;
  readonly india?: IndiaRegistration | null;
  /** Settings it begins with. */
  readonly settings?: readonly SettingWish[];
}

/** Adds a site; its country is that of its default emergency address. Refused while the account has a single site by setting. */
export async function createSite(deps: AdminDeps, actor: Actor, wanted: NewSite): Promise<Outcome<Site>> {
  return change(deps, actor, async (draft) => {
    const { settings = [], ...fields } = wanted;
    const switches = await sitesSetting(draft);
    if (!switches.enabled) {
      return refused('conflict', 'name', 'The account has a single site. Switch several on with PATCH /v2/phone/settings, multiple_sites.enabled.', wanted.name);
    }
    const problem = await siteProblem(draft, wanted, null, switches.site_code)
      ?? postalProblem(wanted.defaultEmergencyAddress, { name: wanted.name, country: wanted.defaultEmergencyAddress.country }, ADDRESS_FIELD);
    if (problem) return problem;
    const site: Site = {
      id: asId<SiteId>(draft.newId()),
      accountId: draft.accountId,
      shortExtensionRanges: [],
      callerIdName: '',
      sipZoneId: '',
      india: null,
      ...fields,
      isMain: false,
      country: wanted.defaultEmergencyAddress.country,
      timeZone: null,
      promptLanguage: null,
      createdAt: draft.at,
    };
    const clash = site.siteCode === null ? null : await recheck(draft, site);
    if (clash) return clash;
    await draft.stores.sites.insert(site);
    await followSiteAddress(draft, site);
    draft.note({ aggregate: 'site', id: site.id, change: 'created', action: 'create-site', before: null, after: site });
    const unset = await changeSettingsIn(draft, chainOf(draft.accountId, { siteId: site.id }), settings);
    return unset ?? done(site);
  });
}

export interface SiteChanges {
  readonly name?: string;
  /** Null takes the code off. */
  readonly siteCode?: string | null;
  readonly shortExtensionLength?: number;
  readonly shortExtensionRanges?: readonly ExtensionRange[];
  readonly defaultEmergencyAddress?: PostalAddress;
  readonly callerIdName?: string;
  readonly sipZoneId?: string;
  readonly india?: IndiaRegistration | null;
  /** IANA zone; null = the account's. */
  readonly timeZone?: string | null;
  /** ISO 639-1; null = the account's. */
  readonly promptLanguage?: string | null;
}

/**
 * Changes what is given of a site, and settings of it, in one step; the country stays, since numbers were checked against it. With another
 * code every dialable form is checked again. Other clocks move the daily ends of sessions that run there.
 */
export async function updateSite(
  deps: AdminDeps, actor: Actor, id: string, wanted: SiteChanges, settings: readonly SettingWish[] = [],
): Promise<Outcome<Site>> {
  return change(deps, actor, (draft) => updateSiteIn(deps, draft, id, wanted, settings));
}

/** The same inside a larger change. */
export async function updateSiteIn(
  deps: AdminDeps, draft: Draft, id: string, wanted: SiteChanges, settings: readonly SettingWish[] = [],
): Promise<Outcome<Site>> {
  const before = await draft.stores.sites.get(draft.accountId, asId<SiteId>(id));
  if (!before) return siteNotFound(id);
  const address = wanted.defaultEmergencyAddress;
  if (address && address.country !== before.country) {
    return refused(
      'invalid', 'default_emergency_address.country',
      `The site is in ${before.country}, and its emergency numbers with it. Add another site for ${address.country}.`,
      address.country,
    );
  }
  const after: Site = { ...before, ...wanted };
  const problem = await siteProblem(draft, after, before.id, (await sitesSetting(draft)).site_code)
    ?? rangesProblem(after) ?? (address ? postalProblem(address, before, ADDRESS_FIELD) : null)
    ?? (after.siteCode === before.siteCode ? null : await recheck(draft, after));
  if (problem) return problem;
  await draft.stores.sites.update(before.id, wanted);
  if (address) await followSiteAddress(draft, after);
  draft.note({ aggregate: 'site', id: before.id, change: 'updated', action: 'update-site', before, after });
  const refusal = await changeSettingsIn(draft, chainOf(draft.accountId, { siteId: before.id }), settings);
  if (refusal) return refusal;
  if (after.timeZone !== before.timeZone) await moveEnds(deps, draft, { scope: 'site', siteId: before.id });
  return done(after);
}

/** Whether the account has several sites, and whether they may have codes. */
export async function sitesSetting(draft: Draft): Promise<{ readonly enabled: boolean; readonly site_code: boolean }> {
  return (await readSettings(draft.stores, draft.accountId, chainOf(draft.accountId, {}), ['multiple_sites'])).get('multiple_sites').value;
}

async function recheck(draft: Draft, changed: Site): Promise<Refused | null> {
  const account = await accountOf(draft);
  if (account.kind === 'refused') return account;
  const others = (await draft.stores.sites.all(draft.accountId)).filter((site) => site.id !== changed.id);
  return recheckForms(draft, account.account, 'site_code', { sites: [...others, changed], changed: new Set([changed.id]) });
}

function rangesProblem({ shortExtensionRanges, siteCode }: Site): Refused | null {
  const problem = rangeProblem(shortExtensionRanges, siteCode);
  return problem === null ? null : within('short_extension.', refused('invalid', `ranges[${problem.index}]`, problem.text));
}

async function siteProblem(
  draft: Draft, wanted: Pick<NewSite, 'name' | 'siteCode' | 'shortExtensionLength'>, except: SiteId | null, codesAllowed: boolean,
): Promise<Refused | null> {
  const namesake = await draft.stores.sites.byName(draft.accountId, wanted.name);
  if (namesake && namesake.id !== except) {
    return refused('conflict', 'name', 'Another site has this name.', wanted.name);
  }
  const { siteCode, shortExtensionLength } = wanted;
  if (siteCode === null) return null;
  if (!codesAllowed) {
    return refused('conflict', 'site_code', 'Site codes are off. Switch them on with PATCH /v2/phone/settings, multiple_sites.site_code.enable.', siteCode);
  }
  if (!/^[1-9][0-9]?$/.test(siteCode)) {
    return refused('invalid', 'site_code', 'A site code has one or two digits and no leading zero.', siteCode);
  }
  if (siteCode.length + shortExtensionLength > LONGEST_FORM) {
    return refused(
      'invalid', 'short_extension.length', `Site code and extension have at most ${LONGEST_FORM} digits together.`,
      String(shortExtensionLength),
    );
  }
  const holder = (await draft.stores.sites.all(draft.accountId)).find((site) => site.siteCode === siteCode && site.id !== except);
  return holder ? refused('conflict', 'site_code', `Site ${holder.name} has this code.`, siteCode) : null;
}
