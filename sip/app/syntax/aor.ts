import type { SipMessage } from 'drachtio-srf';
import { parseSipUri, unescapeUri } from '../../../src/domain/addressing/sip-uri.js';
import { headerOf } from './header.js';
import { parseNameAddr, paramOf } from './name-addr.js';

/** Who a From or To header names; `tag` is '' without one. */
export interface AddressOfRecord {
  /** Unescaped; '' when absent. */
  readonly user: string;
  /** Lower case. */
  readonly host: string;
  readonly tag: string;
}

/** Reads From or To; null when the header is missing or names no SIP URI. */
export function aorOf(message: SipMessage, header: 'from' | 'to'): AddressOfRecord | null {
  const value = headerOf(message, header);
  const address = value === undefined ? null : parseNameAddr(value);
  const uri = address === null ? null : parseSipUri(address.uri);
  if (address === null || uri === null) return null;
  return { user: unescapeUri(uri.user ?? ''), host: uri.host, tag: paramOf(address, 'tag') ?? '' };
}

/** Whether the To header carries a tag: the request belongs to a dialog (RFC 3261 §12.2). */
export function hasToTag(message: SipMessage): boolean {
  const value = headerOf(message, 'to');
  const address = value === undefined ? null : parseNameAddr(value);
  return address !== null && paramOf(address, 'tag') !== undefined;
}
