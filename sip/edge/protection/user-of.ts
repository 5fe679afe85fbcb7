import type { SipRequest } from '../syntax/message.js';

const USER = /(?:sips?|tel):([^@;>:\s]{1,128})/i;

/** The user part of the URI in a From or To value, as written; '' where there is none. */
export function userOf(value: string | undefined): string {
  if (value === undefined) return '';
  // A display name may hold anything, also what looks like a URI.
  const bracket = value.lastIndexOf('<');
  return USER.exec(bracket < 0 ? value : value.slice(bracket))?.[1] ?? '';
}

/** Who a request is counted for: the address-of-record of a REGISTER, else its From. */
export const userOfRequest = (request: SipRequest): string => userOf(request.first(request.method === 'REGISTER' ? 'to' : 'from'));
