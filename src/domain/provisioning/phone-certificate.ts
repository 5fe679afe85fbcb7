import type { PhoneBrand } from '../device/phone-models.js';

/** A certificate that a phone showed, with a chain to an authority that somebody trusts. */
export interface PhoneCertificate {
  /** Values of the subject by their short names: `CN`, `OU`, `ST`, `serialNumber`, …; several of a name with line ends between. */
  readonly subject: Readonly<Record<string, string>>;
  /** As `DNS:…, URI:…`; '' = none. */
  readonly altNames: string;
  /** SHA-256 of it and of everything above it, upper-case hex with colons. */
  readonly fingerprints: readonly string[];
}

/** Where makers write the MAC address: Cisco in the state or behind `MAC:` in the common name, the others in the common name. */
const FIELDS: Readonly<Partial<Record<PhoneBrand, readonly string[]>>> = { Cisco: ['CN', 'ST', 'serialNumber'] };
const USUAL: readonly string[] = ['CN', 'serialNumber'];

/** Whether the certificate is of the phone with this MAC address (twelve lower-case hex digits), in its subject or its alternative names. */
export function isCertificateOf({ subject, altNames }: PhoneCertificate, vendor: PhoneBrand, macAddress: string): boolean {
  const texts = [...(FIELDS[vendor] ?? USUAL).map((name) => (Object.hasOwn(subject, name) ? subject[name] ?? '' : '')), altNames];
  return texts.some((text) => macsIn(text).includes(macAddress));
}

/** Twelve hex digits alone, or in pairs with one kind of sign between; never a part of a longer number. */
function macsIn(text: string): readonly string[] {
  return [...text.matchAll(/(?<![0-9A-Za-z])[0-9A-Fa-f]{2}(?:([:.-]?)[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}(?![0-9A-Za-z])/g)]
    .map(([found]) => found.replace(/[:.-]/g, '').toLowerCase());
}
