/** First six hex digits of MAC addresses that a maker is known to use; makers buy new ones, so none of them is never wrong. */
export interface MakersPrefixes {
  readonly maker: string;
  /** Lower case. */
  readonly prefixes: readonly string[];
}

export type MacDoubt =
  /** The address is of a range of another maker. */
  | { readonly kind: 'other-maker'; readonly maker: string }
  /** The maker has ranges, and this is none that is known. */
  | { readonly kind: 'unknown-range' }
  /** Set by a program: no factory gives such addresses (IEEE 802, U/L bit). */
  | { readonly kind: 'locally-administered' }
  /** Of a group of receivers: no device has such an address (IEEE 802, I/G bit). */
  | { readonly kind: 'group' };

/**
 * What speaks against a phone of the maker having the address; null = nothing. A reason to look at the label again, never to refuse.
 * @param mac twelve lower-case hex digits
 * @param maker as devices have it, e.g. `Yealink`; one without ranges is never doubted
 */
export function doubtOfMac(mac: string, maker: string, known: readonly MakersPrefixes[]): MacDoubt | null {
  const ranges = known.filter((one) => one.maker === maker).flatMap(({ prefixes }) => prefixes);
  const makes = known.some((one) => one.maker === maker);
  const firstOctet = Number.parseInt(mac.slice(0, 2), 16);
  if (makes && (firstOctet & 0x01) !== 0) return { kind: 'group' };
  const prefix = mac.slice(0, 6);
  if (ranges.includes(prefix)) return null;
  if (!makes) return null;
  const other = known.find(({ prefixes }) => prefixes.includes(prefix));
  if (other !== undefined) return { kind: 'other-maker', maker: other.maker };
  if ((firstOctet & 0x02) !== 0) return { kind: 'locally-administered' };
  return ranges.length > 0 ? { kind: 'unknown-range' } : null;
}

/** One or two sentences that name the doubt and what to do. */
export function macDoubtText(doubt: MacDoubt, maker: string): string {
  switch (doubt.kind) {
    case 'other-maker':
      return `This MAC address is of a range of ${doubt.maker}, not of ${maker}. Compare it with the label of the phone, or correct the maker.`;
    case 'unknown-range':
      return `This MAC address is of no range that ${maker} is known to use. Compare it with the label of the phone.`;
    case 'locally-administered':
      return 'This MAC address was set by a program, not by a factory. Compare it with the label of the phone.';
    case 'group':
      return 'This is an address of a group of receivers, which no phone has. Compare it with the label of the phone.';
  }
}
