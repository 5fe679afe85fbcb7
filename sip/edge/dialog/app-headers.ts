import { displayName } from '../syntax/header-names.js';
import { parseNameAddr } from '../syntax/name-addr.js';
import { parseUri } from '../syntax/uri.js';
import type { AppHeader } from './app-text.js';

export type WireHeader = readonly [name: string, value: string];

/** drachtio wire protocol §6.2: these belong to the edge; what an application gives is left out. */
const OWN_HEADERS = new Set(['via', 'route', 'record-route', 'rseq', 'content-length']);
/** drachtio wire protocol §6.4: where `@localhost` stands for our own address. */
const WITH_LOCALHOST = new Set(['from', 'to', 'contact', 'p-asserted-identity']);

const LOCALHOST = /@localhost(?::\d+)?(?=[;>?,\s]|$)/gi;

/** @param hostPort our address as the peer sees it, e.g. `192.0.2.1:5060` */
export const withOwnAddress = (value: string, hostPort: string): string =>
  (value.includes('@localhost') ? value.replace(LOCALHOST, `@${hostPort}`) : value);

/**
 * An application's headers as they go on the wire.
 * @param except canonical names the caller writes itself
 */
export function wireHeaders(headers: readonly AppHeader[], except: ReadonlySet<string>, hostPort: string): WireHeader[] {
  const wire: WireHeader[] = [];
  for (const { name, rawName, value } of headers) {
    if (OWN_HEADERS.has(name) || except.has(name)) continue;
    let text = WITH_LOCALHOST.has(name) ? withOwnAddress(value, hostPort) : value;
    if (name === 'contact') text = bracketed(text);
    wire.push([displayName(rawName), text]);
  }
  return wire;
}

/** The addr-spec form with brackets, so that parameters behind it are header parameters for everyone (RFC 3261 §20.10). */
export function bracketed(value: string): string {
  if (value.includes('<') || value.includes(',') || value === '*') return value;
  const parsed = parseNameAddr(value);
  if (parsed === undefined) return parseUri(value) === undefined ? value : `<${value}>`;
  return `<${parsed.uri}>${value.trim().slice(parsed.uri.length)}`;
}

/** RFC 3261 §7.3.1: whether one of the comma-separated option tags is `option`. */
export const hasOption = (value: string | undefined, option: string): boolean =>
  value !== undefined && value.split(',').some((tag) => tag.trim().toLowerCase() === option);
