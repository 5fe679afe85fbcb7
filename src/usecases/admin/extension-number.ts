import type { Account } from '../../domain/identity/account.js';
import { nameOf } from '../../domain/identity/user.js';
import type { Site } from '../../domain/identity/site.js';
import type { Extension } from '../../domain/numbering/extension.js';
import { checkExtension, nextFreeExtension, type ExtensionVerdict } from '../../domain/numbering/extension-rules.js';
import type { Stores } from '../../ports/admin-stores.js';
import { refused, type Refused } from '../outcome.js';
import { readNumbersOnce, type NumbersInUse } from './numbers-in-use.js';

/** How many free numbers are tried before the site counts as full. */
const TRIES = 200;

export interface NumberContext {
  readonly stores: Stores;
  readonly account: Account;
  readonly site: Site;
  /** The extension that may keep its own number while it changes. */
  readonly except?: Extension;
  /** What was read for an earlier choice of the same transaction. */
  readonly inUse?: NumbersInUse;
}

/**
 * The number a new or changed extension gets: the one wanted when the rules of call-policy "Numbers and extensions"
 * allow
 * it, the site's next free one for '0', '' or null. Every form in which it could be dialled is checked against the
 * others.
 */
export async function chooseNumber(
  context: NumberContext, wanted: string | null,
): Promise<{ kind: 'number'; number: string } | Refused> {
  const inUse = context.inUse ?? readNumbersOnce(context.stores, context.account.id);
  const sites = await inUse.sites();
  if (wanted !== null && wanted !== '' && wanted !== '0') {
    const verdict = await verdictOn(context, sites, wanted);
    if (verdict.kind === 'ok') {
      inUse.take(context.site, wanted);
      return { kind: 'number', number: wanted };
    }
    return refused(verdict.rule === 'taken' ? 'conflict' : 'invalid', 'extension_number', verdict.text, wanted);
  }
  const used = await inUse.at(context.site);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const number = nextFreeExtension(used, { ...rulesOf(context), ...startOf(context.site), ranges: context.site.shortExtensionRanges });
    if (number === null) break;
    // Free in its site, yet perhaps the full form of another site's extension: then look on.
    const verdict = await verdictOn(context, sites, number);
    inUse.take(context.site, number);
    if (verdict.kind === 'ok') return { kind: 'number', number };
  }
  return refused(
    'conflict', 'extension_number',
    `Site ${context.site.name} has no free extension left. Give a number, lengthen its extensions or widen its ranges.`,
  );
}

/** Behind a site code numbers begin at the site's own length: 21, 201, 2001, 20001. */
function startOf({ siteCode, shortExtensionLength }: Site): { readonly from?: string } {
  return siteCode === null ? {} : { from: String(2 * 10 ** (shortExtensionLength - 1) + 1) };
}

function rulesOf({ account, site }: NumberContext) {
  return { siteCode: site.siteCode, featureCodes: account.policy.featureCodes, country: site.country };
}

async function verdictOn(context: NumberContext, sites: readonly Site[], number: string): Promise<ExtensionVerdict> {
  // The pure rule asks for holders of forms it makes itself, so both forms are looked up before.
  const forms = context.site.siteCode === null ? [number] : [number, `${context.site.siteCode}${number}`];
  const holders = new Map<string, string>();
  for (const form of forms) {
    const holder = await holderOf(context, sites, form, form === number);
    if (holder !== null) holders.set(form, holder);
  }
  return checkExtension(number, { ...rulesOf(context), taken: (form) => holders.get(form) ?? null });
}

/**
 * Who is reached by dialling `form`: an extension of the same site by its short form (of any site where `form` reaches
 * beyond one), or any site's extension by site code + number.
 */
async function holderOf(
  context: NumberContext, sites: readonly Site[], form: string, isShort: boolean,
): Promise<string | null> {
  const { account, site, stores, except } = context;
  const reachesAllSites = !isShort || site.siteCode === null;
  const codeless = new Set(sites.filter((other) => other.siteCode === null).map((other) => other.id));
  const candidates = (await stores.extensions.byNumber(account.id, form))
    .filter((extension) => reachesAllSites || extension.siteId === site.id || codeless.has(extension.siteId));
  for (const other of sites) {
    if (other.siteCode === null || !form.startsWith(other.siteCode) || form.length === other.siteCode.length) continue;
    const rest = await stores.extensions.byNumber(account.id, form.slice(other.siteCode.length));
    candidates.push(...rest.filter((extension) => extension.siteId === other.id));
  }
  const holder = candidates.find((extension) => extension.id !== except?.id);
  return holder ? nameOfHolder(stores, holder) : null;
}

/** Who has the extension, as refusals name them. */
export async function nameOfHolder(stores: Stores, extension: Extension): Promise<string> {
  const { owner, accountId } = extension;
  if (owner.kind === 'user') {
    const user = await stores.users.get(accountId, owner.id);
    if (!user) return `user ${owner.id}`;
    const name = nameOf(user);
    return name === user.email ? name : `${name} (${user.email})`;
  }
  const area = await stores.commonAreas.get(accountId, owner.id);
  return area ? `common area ${area.commonArea.displayName}` : `common area ${owner.id}`;
}
