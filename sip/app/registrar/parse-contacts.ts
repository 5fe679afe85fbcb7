import type { SipMessage } from 'drachtio-srf';
import type { ContactRequest, RegisterContacts } from '../../../src/domain/registration/binding.js';
import { parseSipUri } from '../../../src/domain/addressing/sip-uri.js';
import { headerOf } from '../syntax/header.js';
import { parseNameAddr, paramOf, splitList, type NameAddr } from '../syntax/name-addr.js';

export type ContactsParse =
  | { readonly kind: 'parsed'; readonly contacts: RegisterContacts }
  /** Phrase of the 400. */
  | { readonly kind: 'malformed'; readonly reason: string };

/** 2**32-1, the largest interval there is (RFC 3261 §20.19). */
const MAX_SECONDS = 4_294_967_295;
/** RFC 3261 §10.2.1.1: a malformed interval counts as an hour. */
const MALFORMED_MEANS = 3600;
/** A URI as long as the control protocol's route field takes, with room for the rest of the line. */
const MAX_URI_LENGTH = 400;
/** Headers of the answer have to fit in one message to the edge. */
const MAX_PARAMS_LENGTH = 600;
const MAX_CONTACTS = 32;
const TOKEN = /^[\w\-.!%*+`'~]+$/;
const PRINTABLE = /^[\x20-\x7e]*$/;

/** What a REGISTER asks of its AOR's bindings: nothing, all removed, or a list (RFC 3261 §10.3 steps 6 and 7). */
export function parseContacts(message: SipMessage): ContactsParse {
  const header = headerOf(message, 'contact');
  if (header === undefined || header === '') return { kind: 'parsed', contacts: { kind: 'query' } };
  const expires = intervalOf(headerOf(message, 'expires'));
  const elements = splitList(header);
  if (elements.includes('*')) {
    // RFC 3261 §10.3 step 6: `*` stands alone and with Expires 0, or the request is invalid.
    if (elements.length > 1) return malformed('Contact * Must Stand Alone');
    if (expires !== 0) return malformed('Contact * Needs Expires 0');
    return { kind: 'parsed', contacts: { kind: 'remove-all' } };
  }
  if (elements.length > MAX_CONTACTS) return malformed('Too Many Contacts In One Request');

  const contacts = new Map<string, ContactRequest>();
  for (const element of elements) {
    const address = parseNameAddr(element);
    const problem = address === null ? 'Malformed Contact' : problemWith(address);
    if (address === null || problem !== null) return malformed(problem ?? 'Malformed Contact');
    const own = paramOf(address, 'expires');
    const q = qualityOf(paramOf(address, 'q'));
    if (q === null) return malformed('Malformed Contact q');
    const seconds = own === undefined ? expires : intervalOf(own);
    contacts.set(address.uri, { uri: address.uri, params: paramsKept(address), q, seconds });
  }
  return { kind: 'parsed', contacts: { kind: 'contacts', contacts: [...contacts.values()] } };
}

function problemWith(address: NameAddr): string | null {
  // A binding is where calls are sent: only a SIP URI can be called.
  if (parseSipUri(address.uri) === null) return 'Contact Is No SIP URI';
  if (address.uri.length > MAX_URI_LENGTH) return 'Contact URI Too Long';
  // Not ASCII: it could not be sent back byte for byte.
  if (!/^[\x21-\x7e]+$/.test(address.uri)) return 'Malformed Contact URI';
  return null;
}

/** Seconds of an expires parameter or Expires header; null when absent. */
function intervalOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  return /^\d+$/.test(text) ? Math.min(Number(text), MAX_SECONDS) : MALFORMED_MEANS;
}

/** q × 1000 (RFC 3261 §25.1, qvalue); 1000 when absent, null when malformed. */
function qualityOf(text: string | undefined): number | null {
  if (text === undefined) return 1000;
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Math.round(Number(text) * 1000) : null;
}

/** The contact's other parameters, given back in answers as they came. */
function paramsKept(address: NameAddr): string {
  const kept = address.params
    .filter(([name, value]) => name !== 'expires' && name !== 'q' && TOKEN.test(name) && PRINTABLE.test(value ?? ''))
    .map(([name, value]) => (value === null ? `;${name}` : `;${name}=${value}`))
    .join('');
  return kept.length > MAX_PARAMS_LENGTH ? '' : kept;
}

function malformed(reason: string): ContactsParse {
  return { kind: 'malformed', reason };
}
