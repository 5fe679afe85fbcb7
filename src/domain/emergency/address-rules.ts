import type { PostalAddress } from '../identity/site.js';

/** One field of an address that is missing or wrong, by its name in the API, and what to do. */
export interface AddressProblem {
  readonly field: 'address_line1' | 'city' | 'state_code' | 'zip';
  readonly text: string;
}

interface CountryRule {
  /** How a state or province is written; absent = none is asked for. */
  readonly state?: { readonly form: RegExp; readonly text: string };
  readonly zip?: { readonly form: RegExp; readonly text: string };
}

const US: CountryRule = {
  state: { form: /^[A-Z]{2}$/i, text: 'Give the state by its two letters, e.g. NY.' },
  zip: { form: /^\d{5}(?:-\d{4})?$/, text: 'A ZIP code has five digits, or five and four: 10001 or 10001-1234.' },
};
const digits = (count: number, example: string): CountryRule => ({
  zip: { form: new RegExp(`^\\d{${count}}$`), text: `A postal code has ${count} digits here, e.g. ${example}.` },
});

/** What services that send help ask for, by country; others get a line and a town. */
const RULES: Readonly<Record<string, CountryRule>> = {
  US, PR: US, VI: US, GU: US, AS: US, MP: US,
  CA: {
    state: { form: /^[A-Z]{2}$/i, text: 'Give the province by its two letters, e.g. ON.' },
    zip: { form: /^[A-Z]\d[A-Z] ?\d[A-Z]\d$/i, text: 'A postal code looks like K1A 0B1.' },
  },
  AU: {
    state: { form: /^(?:ACT|NSW|NT|QLD|SA|TAS|VIC|WA)$/i, text: 'Give the state by its letters, e.g. NSW.' },
    ...digits(4, '2000'),
  },
  GB: { zip: { form: /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i, text: 'A postcode looks like SW1A 1AA.' } },
  NL: { zip: { form: /^\d{4} ?[A-Z]{2}$/i, text: 'A postal code looks like 1012 AB.' } },
  JP: { zip: { form: /^\d{3}-?\d{4}$/, text: 'A postal code looks like 100-0001.' } },
  PL: { zip: { form: /^\d{2}-?\d{3}$/, text: 'A postal code looks like 00-001.' } },
  SE: { zip: { form: /^\d{3} ?\d{2}$/, text: 'A postal code looks like 111 22.' } },
  DE: digits(5, '10115'), FR: digits(5, '75001'), ES: digits(5, '28001'), IT: digits(5, '00118'), FI: digits(5, '00100'), AT: digits(4, '1010'),
  CH: digits(4, '8001'), BE: digits(4, '1000'), DK: digits(4, '1050'), NO: digits(4, '0150'), NZ: digits(4, '6011'), LU: digits(4, '1009'),
};

/** Everything about an address that would keep help from coming; empty = nothing. */
export function addressProblems(address: PostalAddress): readonly AddressProblem[] {
  const rule = RULES[address.country.toUpperCase()] ?? {};
  const problems: AddressProblem[] = [];
  if (address.addressLine1.trim() === '') problems.push({ field: 'address_line1', text: 'Give street and number.' });
  if (address.city.trim() === '') problems.push({ field: 'city', text: 'Give the town.' });
  if (rule.state && !rule.state.form.test(address.stateCode)) problems.push({ field: 'state_code', text: rule.state.text });
  if (rule.zip && !rule.zip.form.test(address.zip)) problems.push({ field: 'zip', text: rule.zip.text });
  return problems;
}
