import { sipUri } from '../dialog/next-hop.js';
import { parameter } from '../syntax/lists.js';
import type { SipResponse } from '../syntax/message.js';
import { parseContacts } from '../syntax/name-addr.js';
import { copied } from '../syntax/text.js';

/**
 * Where a 3xx sends its caller (RFC 3261 §16.5): the SIP URIs of its Contacts without their headers, the highest q first
 * and in the order given where that is equal.
 */
export function redirectTargets(response: SipResponse): readonly string[] {
  if (response.status < 300 || response.status > 399) return [];
  const contacts = parseContacts(response.all('contact'));
  if (contacts?.kind !== 'list') return [];
  return contacts.contacts
    .filter((contact) => sipUri(contact.uri) !== undefined)
    .map((contact) => {
      const q = Number(parameter(contact.parameters, 'q') ?? 1);
      return { uri: copied(contact.uri.split('?', 1)[0] ?? ''), q: q >= 0 && q <= 1 ? q : 0 };
    })
    .sort((one, other) => other.q - one.q)
    .map((contact) => contact.uri);
}
