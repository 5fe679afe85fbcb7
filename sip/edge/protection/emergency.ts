/** What stands before the number: sip:, sips: or tel:. */
const NUMBER = /^(?:sips?|tel):\+?([^@;:?>]{1,32})/i;
const SERVICE = /^urn:service:sos(?:\.|$)/i;
const SEPARATORS = /[-.()\s]/g;

/**
 * Whether a Request-URI asks for help: `urn:service:sos` (RFC 5031 §4.2), or one of the user parts.
 * @param users exact digits as dialled, e.g. `911`, `112`
 */
export function isEmergencyUri(uri: string, users: ReadonlySet<string>): boolean {
  if (SERVICE.test(uri)) return true;
  const user = NUMBER.exec(uri)?.[1];
  if (user === undefined) return false;
  // RFC 3966 §5.1.1: visual separators are never significant; an escaped digit is the digit.
  const plain = (user.includes('%') ? unescapedDigits(user) : user).replace(SEPARATORS, '').replace(/^\+/, '');
  return users.has(plain);
}

const unescapedDigits = (text: string): string =>
  text.replace(/%([23][0-9A-Fa-f])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
