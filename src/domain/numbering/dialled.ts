/** What the product does itself when its code is dialled. */
export type Feature = 'hot-desk-sign-in' | 'hot-desk-sign-out' | 'device-lock' | 'phone-activation';

/** What a caller asked for, read from the Request-URI by the product's own parse (call-policy rule 4). */
export type Dialled =
  | { readonly kind: 'emergency'; readonly number: string; readonly test: boolean }
  | { readonly kind: 'feature-code'; readonly feature: Feature; readonly argument: string }
  | { readonly kind: 'extension'; readonly digits: string; readonly siteCode: string | null; readonly number: string }
  | { readonly kind: 'number'; readonly e164: string; readonly digits: string; readonly country: string | null }
  | { readonly kind: 'unknown'; readonly digits: string };
