import type { PostalAddress } from '../identity/site.js';

/** Elements of a civic address (RFC 5139 §3.1) with their text, in the order of its schema; none is empty. */
export type CivicElement = readonly [name: 'country' | 'A1' | 'A3' | 'RD' | 'HNO' | 'HNS' | 'LOC' | 'NAM' | 'PC', text: string];

export interface CivicPlace {
  readonly address: PostalAddress;
  /** Where in the building; '' = unknown. */
  readonly inside: string;
  /** Who occupies it. */
  readonly occupant: string;
}

/** Where house numbers stand before the street; elsewhere they stand behind it. */
const NUMBER_FIRST: ReadonlySet<string> = new Set([
  'US', 'CA', 'PR', 'VI', 'GU', 'AS', 'MP', 'GB', 'IE', 'AU', 'NZ', 'FR', 'LU', 'IN', 'ZA', 'SG', 'HK', 'MY', 'PH', 'TH', 'GG', 'JE', 'IM',
]);
const LEADING = /^(\d{1,6})([A-Za-z]|\s?[-/]\s?\d{1,6}[A-Za-z]?|\s\d\/\d)?\s*,?\s+(\S.*)$/;
const TRAILING = /^(.*\S)\s+(\d{1,6})(\s?[A-Za-z]|\s?[-/]\s?\d{1,6}\s?[A-Za-z]?)?$/;

/**
 * A postal address by its civic elements. Street and house number are told apart where the country writes them so (HNO is digits alone,
 * RFC 5139 §3.3); a line that does not look like that is the street as a whole, so that nothing is lost.
 */
export function civicAddress({ address, inside, occupant }: CivicPlace): readonly CivicElement[] {
  const { road, number, suffix } = streetOf(address);
  const elements: readonly CivicElement[] = [
    ['country', address.country.toUpperCase()], ['A1', address.stateCode], ['A3', address.city], ['RD', road], ['HNO', number], ['HNS', suffix],
    ['LOC', [address.addressLine2, inside].map((part) => part.trim()).filter((part) => part !== '').join(', ')], ['NAM', occupant], ['PC', address.zip],
  ];
  return elements.map(([name, text]) => [name, text.trim()] as const).filter(([, text]) => text !== '');
}

function streetOf({ addressLine1, country }: PostalAddress): { readonly road: string; readonly number: string; readonly suffix: string } {
  const line = addressLine1.trim().replace(/\s+/g, ' ');
  const found = NUMBER_FIRST.has(country.toUpperCase()) ? reorder(LEADING.exec(line)) : TRAILING.exec(line);
  const [, road = line, number = '', suffix = ''] = found ?? [];
  return { road, number, suffix: suffix.trim() };
}

function reorder(found: RegExpExecArray | null): readonly (string | undefined)[] | null {
  return found === null ? null : [found[0], found[3], found[1], found[2]];
}
