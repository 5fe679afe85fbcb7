/**
 * Emergency numbers by country (ISO 3166-1 alpha-2), the general one first: what the public must be able to dial there.
 * Countries not named have `OTHERWISE`.
 */
const BY_COUNTRY: Readonly<Record<string, readonly string[]>> = {
  AE: ['999', '998', '997', '112'], AR: ['911', '100', '101', '107'], AT: ['112', '122', '133', '144'],
  AU: ['000', '112', '106'], BE: ['112', '100', '101'], BG: ['112', '150', '160', '166'], BH: ['999'],
  BR: ['190', '192', '193', '112', '911'], CH: ['112', '117', '118', '144'], CL: ['131', '132', '133'],
  CN: ['110', '119', '120', '122', '112'], CO: ['123', '112'], CR: ['911', '112'], CY: ['112', '199'],
  CZ: ['112', '150', '155', '156', '158'], DE: ['112', '110'], DK: ['112'], EE: ['112'], EG: ['122', '123', '180', '112'],
  ES: ['112', '061', '062', '080', '091', '092'], FI: ['112'], FR: ['112', '15', '17', '18', '114', '115', '119', '196'],
  GB: ['999', '112', '18000'], GR: ['112', '100', '108', '166', '199'], HK: ['999', '112', '992'],
  HR: ['112', '192', '193', '194'], HU: ['112', '104', '105', '107'], ID: ['112', '110', '113', '118', '119'],
  IE: ['112', '999'], IL: ['100', '101', '102', '112'], IN: ['112', '100', '101', '102', '108'], IS: ['112'],
  IT: ['112', '113', '115', '118'], JP: ['110', '119', '118'], KE: ['999', '112', '911'], KR: ['112', '119'],
  KW: ['112'], LI: ['112', '117', '118', '144'], LT: ['112'], LU: ['112', '113'], LV: ['112', '110', '113'],
  MO: ['999', '112'], MT: ['112'], MX: ['911'], MY: ['999', '112'], NG: ['112', '199'], NL: ['112'],
  NO: ['112', '110', '113'], NZ: ['111', '112'], PE: ['911', '105', '106', '116'], PH: ['911', '112'],
  PK: ['15', '16', '115', '1122', '112'], PL: ['112', '997', '998', '999'], PT: ['112'], QA: ['999', '112'],
  RO: ['112'], RS: ['112', '192', '193', '194'], RU: ['112', '101', '102', '103'], SA: ['911', '112', '997', '998', '999'],
  SE: ['112'], SG: ['999', '995', '112'], SI: ['112', '113'], SK: ['112', '150', '155', '158'], TH: ['191', '199', '1669', '112'],
  TR: ['112'], TW: ['110', '119', '112'], UA: ['112', '101', '102', '103'], VN: ['113', '114', '115', '112'],
  ZA: ['112', '10111', '10177'],
};

/** Countries and territories of the North American Numbering Plan where 911 alone is the number, and 9911 is dialled by habit. */
const NORTH_AMERICAN: ReadonlySet<string> = new Set([
  'US', 'CA', 'PR', 'VI', 'GU', 'AS', 'MP', 'BM', 'KY', 'BS', 'TC', 'VG', 'AI', 'AG', 'DM', 'GD', 'KN', 'LC', 'MS', 'SX', 'VC', 'DO',
]);
const NORTH_AMERICAN_FORMS: readonly string[] = ['911', '9911'];
const OTHERWISE: readonly string[] = ['112', '911', '999'];

/** Where people dial 9 for an outside line out of habit, as 0 elsewhere: the number must work with it (call-policy rule 1). */
const NINE_FOR_A_LINE: ReadonlySet<string> = new Set(['GB', 'IE', 'GG', 'JE', 'IM', 'HK', 'SG', 'MY']);
const LIKE_BRITAIN: ReadonlySet<string> = new Set(['GG', 'JE', 'IM', 'GI']);

const FORMS = new Map<string, readonly string[]>();

/** Every exact digit string that is an emergency call at a desk in this country, the country's general number first. */
export function emergencyNumbers(country: string): readonly string[] {
  const code = country.toUpperCase();
  const known = FORMS.get(code);
  if (known !== undefined) return known;
  const forms = formsOf(code);
  if (FORMS.size < 300) FORMS.set(code, forms);
  return forms;
}

/** Whether the digits, as a whole, are an emergency call at a desk in this country; separators must be off. */
export function isEmergency(digits: string, country: string): boolean {
  const plain = digits.startsWith('+') ? digits.slice(1) : digits;
  return emergencyNumbers(country).includes(plain);
}

/** What is asked of the network: the number without the line prefix (0, or 9 by habit) that belongs to no emergency number there. */
export function emergencyNumberOut(dialled: string, country: string): string {
  const bare = dialled.slice(1);
  return /^[09]/.test(dialled) && emergencyNumbers(country).includes(bare) ? bare : dialled;
}

/** The number that reads the address back without alarming anybody (US and Canada); null elsewhere. */
export function emergencyTestNumber(country: string): string | null {
  return country.toUpperCase() === 'US' || country.toUpperCase() === 'CA' ? '933' : null;
}

function formsOf(code: string): readonly string[] {
  if (NORTH_AMERICAN.has(code)) return NORTH_AMERICAN_FORMS;
  const numbers = (LIKE_BRITAIN.has(code) ? BY_COUNTRY['GB'] : BY_COUNTRY[code]) ?? OTHERWISE;
  const prefixed = ['0', ...(NINE_FOR_A_LINE.has(code) ? ['9'] : [])].flatMap((prefix) => numbers.map((number) => prefix + number));
  return [...new Set([...numbers, ...prefixed])];
}
