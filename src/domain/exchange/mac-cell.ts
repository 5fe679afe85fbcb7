/** Twelve lower-case hex digits of a MAC address in any usual notation; null for anything else. */
export function macIn(text: string): string | null {
  const digits = text.replace(/[:.\-\s]/g, '').toLowerCase();
  return /^[0-9a-f]{12}$/.test(digits) ? digits : null;
}

/** As an export writes it: with dashes, so that no spreadsheet makes a number of it. */
export function macText(mac: string): string {
  return mac.replace(/(..)(?=.)/g, '$1-');
}

/** What is wrong with a text that is no MAC address. */
export function macProblem(text: string): string {
  return /e\+/i.test(text) ? 'A spreadsheet has made a number of this MAC address. Write it with dashes, e.g. 80-5e-c0-00-00-01.'
    : 'A MAC address has twelve hex digits, e.g. 80-5e-c0-00-00-01.';
}
