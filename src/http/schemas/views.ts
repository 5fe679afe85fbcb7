import { seatByNameOrCode } from '../../domain/licensing/catalogue.js';
import type { PostalAddress, Site } from '../../domain/identity/site.js';
import { codesOf, type Entitlements } from '../../usecases/admin/seats.js';

export function siteView(site: Pick<Site, 'id' | 'name'>): { readonly id: string; readonly name: string } {
  return { id: site.id, name: site.name };
}

/** Plans and packages somebody holds, in one list as Zoom has it. */
export function heldPlans(held: Entitlements) {
  return codesOf(held).map((code) => ({
    name: seatByNameOrCode(String(code))?.name ?? String(code),
    type: code,
    billing_account_id: '',
    billing_account_name: '',
  }));
}

export function addressView(address: PostalAddress | null) {
  return {
    address_line1: address?.addressLine1 ?? '',
    address_line2: address?.addressLine2 ?? '',
    city: address?.city ?? '',
    country: address?.country ?? '',
    state_code: address?.stateCode ?? '',
    zip: address?.zip ?? '',
  };
}

/** Keeps the entries that were given; `exactOptionalPropertyTypes` wants missing ones missing. */
export function given<T extends object>(fields: T): { readonly [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const kept: { [Key in keyof T]?: Exclude<T[Key], undefined> } = {};
  for (const name in fields) {
    const value = fields[name];
    if (isGiven(value)) kept[name] = value;
  }
  return kept;
}

function isGiven<T>(value: T): value is Exclude<T, undefined> {
  return value !== undefined;
}
