/**
 * What somebody asked for a person's phone, in the asker's own words: missing = nothing was said. Whether it can be had is judged
 * when it is granted.
 */
export interface WantedEntitlements {
  /** '0' = the next free one of the site; '' = no phone at all. */
  readonly extensionNumber?: string;
  /** Code or name; '' = the main site. */
  readonly site?: string;
  /** The whole set. */
  readonly phoneNumbers?: readonly string[];
  /** The whole set, by name or code: calling plans, licences and add-ons. */
  readonly callingPlans?: readonly string[];
  /** Name or id; '' = none. */
  readonly licencePackage?: string;
  /** Name or id; '' = none. */
  readonly role?: string;
  /** Name of a setting template, copied once. */
  readonly template?: string;
}

/** Attributes by which wishes are reported. */
export type EntitlementAttribute = keyof WantedEntitlements;

/** One thing to do for a person. Doing it again changes nothing. */
export type Wish =
  | { readonly kind: 'phone'; readonly extensionNumber: string; readonly site: string }
  | { readonly kind: 'move'; readonly extensionNumber: string; readonly site: string }
  | { readonly kind: 'no-phone' }
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'plan'; readonly plan: string }
  | { readonly kind: 'no-plan'; readonly plan: string }
  | { readonly kind: 'number'; readonly number: string }
  | { readonly kind: 'no-number'; readonly number: string }
  | { readonly kind: 'role'; readonly role: string }
  | { readonly kind: 'no-role'; readonly role: string }
  | { readonly kind: 'template'; readonly name: string }
  /** Something that nothing here can do: reported, never tried. */
  | { readonly kind: 'unknown'; readonly name: string; readonly value: string };

/** What a person has, as far as wishes are judged by it. */
export interface HeldEntitlements {
  /** Null for people without a phone. */
  readonly phone: { readonly extensionNumber: string; readonly siteName: string; readonly siteCode: string | null; readonly siteIsMain: boolean } | null;
  /** E.164. */
  readonly phoneNumbers: readonly string[];
  /** Codes as text. */
  readonly callingPlans: readonly string[];
  /** Codes as text that came with the package: they go with it, and never by themselves. */
  readonly packagePlans: readonly string[];
  readonly packageName: string | null;
  readonly packageId: string | null;
  readonly roleId: string | null;
}

/** Ways to write the same thing, as the account knows them. */
export interface EntitlementNames {
  /** The code of a plan by name or code; null for what is none. */
  readonly planCode: (text: string) => string | null;
  /** E.164; null for what is no number. */
  readonly number: (text: string) => string | null;
  readonly roleId: (text: string) => string | null;
}

/** A wish and the attribute it came in. */
export interface AttributedWish {
  readonly attribute: string;
  readonly wish: Wish;
}

/**
 * What is to be done so that a person has what is wanted, in the order to do it: the phone first, since everything hangs on it;
 * plans before numbers, since plans bring them; what is new before what goes, so that nobody is without a plan in between.
 */
export function planEntitlements(held: HeldEntitlements, wanted: WantedEntitlements, names: EntitlementNames): readonly AttributedWish[] {
  if (wanted.extensionNumber === '') return [...held.phone === null ? [] : [one('extensionNumber', { kind: 'no-phone' })], ...roleWishes(held, wanted, names)];
  return [
    ...phoneWishes(held, wanted), ...packageWishes(held, wanted), ...planWishes(held, wanted, names), ...numberWishes(held, wanted, names),
    ...roleWishes(held, wanted, names), ...(wanted.template ? [one('template', { kind: 'template', name: wanted.template })] : []),
  ];
}

function one(attribute: EntitlementAttribute, wish: Wish): AttributedWish {
  return { attribute, wish };
}

/** An extension, a plan or a package makes a phone user; a site or a number alone does not. */
function phoneWishes({ phone }: HeldEntitlements, wanted: WantedEntitlements): readonly AttributedWish[] {
  const { extensionNumber, site } = wanted;
  if (phone === null) {
    const asked = extensionNumber !== undefined || (wanted.callingPlans?.length ?? 0) > 0 || (wanted.licencePackage ?? '') !== '';
    if (!asked) return [];
    return [one('extensionNumber', { kind: 'phone', extensionNumber: extensionNumber ?? '0', site: site ?? '' })];
  }
  // The next free one is what a person with an extension has.
  const number = extensionNumber === undefined || extensionNumber === '0' ? phone.extensionNumber : extensionNumber;
  const there = site === undefined || (site === '' ? phone.siteIsMain : same(site, phone.siteName) || site === phone.siteCode);
  if (there && number === phone.extensionNumber) return [];
  return [one(there ? 'extensionNumber' : 'site', {
    kind: 'move', extensionNumber: extensionNumber ?? phone.extensionNumber, site: there ? phone.siteName : site ?? '',
  })];
}

function packageWishes({ packageName, packageId }: HeldEntitlements, { licencePackage }: WantedEntitlements): readonly AttributedWish[] {
  if (licencePackage === undefined || same(licencePackage, packageName ?? '') || (packageId !== null && licencePackage === packageId)) return [];
  return [one('licencePackage', { kind: 'package', name: licencePackage })];
}

function planWishes(held: HeldEntitlements, { callingPlans }: WantedEntitlements, names: EntitlementNames): readonly AttributedWish[] {
  if (callingPlans === undefined) return [];
  const wanted = new Map(callingPlans.map((text) => [names.planCode(text) ?? text, text]));
  const missing = [...wanted].filter(([code]) => !held.callingPlans.includes(code)).map(([, text]) => text);
  const extra = held.callingPlans.filter((code) => !wanted.has(code) && !held.packagePlans.includes(code));
  return [
    ...missing.map((plan) => one('callingPlans', { kind: 'plan', plan })), ...extra.map((plan) => one('callingPlans', { kind: 'no-plan', plan })),
  ];
}

function numberWishes(held: HeldEntitlements, { phoneNumbers }: WantedEntitlements, names: EntitlementNames): readonly AttributedWish[] {
  if (phoneNumbers === undefined) return [];
  const wanted = new Set(phoneNumbers.map((text) => names.number(text) ?? text));
  const extra = held.phoneNumbers.filter((number) => !wanted.has(number));
  const missing = [...wanted].filter((number) => !held.phoneNumbers.includes(number));
  // What goes first: a plan allows a limited count.
  return [
    ...extra.map((number) => one('phoneNumbers', { kind: 'no-number', number })), ...missing.map((number) => one('phoneNumbers', { kind: 'number', number })),
  ];
}

function roleWishes({ roleId }: HeldEntitlements, { role }: WantedEntitlements, names: EntitlementNames): readonly AttributedWish[] {
  if (role === undefined) return [];
  const wanted = role === '' ? null : names.roleId(role) ?? role;
  if (wanted === roleId) return [];
  return [
    ...(wanted === null ? [] : [one('role', { kind: 'role', role })]),
    ...(roleId === null ? [] : [one('role', { kind: 'no-role', role: roleId })]),
  ];
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** What was asked, in words. */
export function wishText(wish: Wish): string {
  switch (wish.kind) {
    case 'phone': case 'move':
      return `extension ${wish.extensionNumber === '0' ? '0 (the next free one)' : wish.extensionNumber}${wish.site === '' ? '' : ` at site ${wish.site}`}`;
    case 'no-phone': return 'no phone';
    case 'package': return wish.name === '' ? 'no package' : wish.name;
    case 'plan': return wish.plan;
    case 'no-plan': return `without ${wish.plan}`;
    case 'number': return wish.number;
    case 'no-number': return `without ${wish.number}`;
    case 'role': return wish.role;
    case 'no-role': return `without ${wish.role}`;
    case 'template': return wish.name;
    case 'unknown': return wish.value;
  }
}
