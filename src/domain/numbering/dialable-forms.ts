import type { ExtensionId, SiteId } from '../ids.js';

/** An extension with the site code it is dialled behind. */
export interface PlacedExtension {
  readonly id: ExtensionId;
  readonly number: string;
  readonly siteId: SiteId;
  /** Null while its site has none. */
  readonly siteCode: string | null;
}

export interface FormClash {
  /** Digits that would reach two. */
  readonly form: string;
  readonly one: ExtensionId;
  readonly other: ExtensionId;
}

/** From where a form reaches: from everywhere, or inside one site. */
type Reach = SiteId | 'everywhere';

/**
 * The first digits that two of the extensions would be dialled by; null = none. The short form of a site with a code reaches inside that
 * site alone, so two such sites may repeat it; a site's full form, and a number at a site without a code, reach from everywhere.
 */
export function formClash(extensions: readonly PlacedExtension[]): FormClash | null {
  const held = new Map<string, { readonly id: ExtensionId; readonly reach: Reach }[]>();
  for (const extension of extensions) {
    for (const { form, reach } of formsOf(extension)) {
      const holders = held.get(form) ?? [];
      const other = holders.find((one) => one.id !== extension.id && meet(one.reach, reach));
      if (other !== undefined) return { form, one: other.id, other: extension.id };
      holders.push({ id: extension.id, reach });
      held.set(form, holders);
    }
  }
  return null;
}

function formsOf({ number, siteId, siteCode }: PlacedExtension): readonly { readonly form: string; readonly reach: Reach }[] {
  if (siteCode === null) return [{ form: number, reach: 'everywhere' }];
  return [{ form: number, reach: siteId }, { form: siteCode + number, reach: 'everywhere' }];
}

function meet(one: Reach, other: Reach): boolean {
  return one === 'everywhere' || other === 'everywhere' || one === other;
}
