import type { Extension } from '../numbering/extension.js';
import type { Site } from '../identity/site.js';
import type { SiteId } from '../ids.js';

/** Ways to read digits typed at `enter-extension`: as they are, and behind each site code they begin with. */
export function extensionReadings(digits: string, sites: readonly Site[]): readonly { readonly site: Site | null; readonly number: string }[] {
  const coded = sites.filter((site) => site.siteCode !== null && site.siteCode !== '' && digits.startsWith(site.siteCode))
    .sort((a, b) => (b.siteCode?.length ?? 0) - (a.siteCode?.length ?? 0))
    .map((site) => ({ site, number: digits.slice(site.siteCode?.length) }))
    .filter(({ number }) => number !== '');
  return [{ site: null, number: digits }, ...coded];
}

/**
 * Whose extension was typed at a phone: a short number means the phone's site; others type site code and extension; without
 * site codes the only one with the number. `extensions` are those of all readings. Undefined = nobody's.
 */
export function findTypedExtension(
  digits: string, deskSiteId: SiteId, sites: readonly Site[], extensions: readonly Extension[],
): Extension | undefined {
  const whole = extensions.filter(({ number }) => number === digits);
  const here = whole.find(({ siteId }) => siteId === deskSiteId);
  if (here !== undefined) return here;
  for (const { site, number } of extensionReadings(digits, sites)) {
    const found = site === null ? undefined : extensions.find((one) => one.siteId === site.id && one.number === number);
    if (found !== undefined) return found;
  }
  const uncoded = whole.filter(({ siteId }) => sites.find((site) => site.id === siteId)?.siteCode === null);
  return uncoded.length === 1 ? uncoded[0] : undefined;
}

/** Every form under which an extension can be dialled: short, and behind its site's code. */
export function extensionForms(extension: Extension, site: Pick<Site, 'siteCode'> | undefined): readonly string[] {
  const code = site?.siteCode ?? '';
  return code === '' ? [extension.number] : [extension.number, code + extension.number];
}
