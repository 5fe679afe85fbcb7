import type { Account } from '../../domain/identity/account.js';
import type { Site } from '../../domain/identity/site.js';
import type { SiteId } from '../../domain/ids.js';
import { formClash } from '../../domain/numbering/dialable-forms.js';
import type { Extension } from '../../domain/numbering/extension.js';
import { checkExtension } from '../../domain/numbering/extension-rules.js';
import type { Draft } from '../change.js';
import { refused, type Refused } from '../outcome.js';
import { nameOfHolder } from './extension-number.js';

export interface SitesToBe {
  /** Every site of the account as it is going to be. */
  readonly sites: readonly Site[];
  /** Sites whose code, country or extensions change. */
  readonly changed: ReadonlySet<SiteId>;
  /** Extensions of the first are going to be the second's. */
  readonly moving?: { readonly from: SiteId; readonly to: SiteId };
}

/**
 * Checks every extension on every dialable form again before sites change (call-policy "Numbers and extensions"); null = all may stay.
 * A refusal is about `field` and names the holders.
 */
export async function recheckForms(draft: Draft, account: Account, field: string, { sites, changed, moving }: SitesToBe): Promise<Refused | null> {
  const siteById = new Map(sites.map((site) => [site.id, site]));
  const extensions = (await draft.stores.siteMembers.extensions(draft.accountId))
    .map((extension) => (extension.siteId === moving?.from ? { ...extension, siteId: moving.to } : extension));
  for (const extension of extensions) {
    const site = siteById.get(extension.siteId);
    if (site === undefined || !changed.has(site.id)) continue;
    const verdict = checkExtension(extension.number, {
      siteCode: site.siteCode, country: site.country, featureCodes: account.policy.featureCodes, taken: () => null,
    });
    if (verdict.kind === 'refused') {
      const holder = await nameOfHolder(draft.stores, extension);
      return refused('conflict', field, `Extension ${extension.number} of ${holder} at site ${site.name}: ${verdict.text} Change that extension first.`, extension.number);
    }
  }
  const clash = formClash(extensions.map(({ id, number, siteId }) => ({ id, number, siteId, siteCode: siteById.get(siteId)?.siteCode ?? null })));
  if (clash === null) return null;
  const holders = await Promise.all([clash.one, clash.other].map((id) => holderOf(draft, extensions, id)));
  return refused('conflict', field, `${clash.form} would reach both ${holders.join(' and ')}. Change one of these extensions first.`, clash.form);
}

async function holderOf(draft: Draft, extensions: readonly Extension[], id: string): Promise<string> {
  const extension = extensions.find((one) => one.id === id);
  return extension === undefined ? `extension ${id}` : `${await nameOfHolder(draft.stores, extension)} (extension ${extension.number})`;
}
