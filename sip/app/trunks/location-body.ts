import type { SipHeaders } from 'drachtio-srf';
import { pidfLo, type PhoneLocation } from '../../../src/domain/emergency/pidf-lo.js';
import type { Body } from '../syntax/header.js';

/** What an INVITE carries so that the far end knows where the phone is (RFC 6442). */
export interface LocatedBody extends Body {
  readonly headers: SipHeaders;
}

/**
 * The session's description with the phone's location beside it, in one body (RFC 6442 §4.1; RFC 5621 §5 for the multipart), and the headers
 * that point to it. Routing by it is allowed: that is what it is for (RFC 6442 §4.2). A peer that cannot read it may leave it aside
 * (`handling=optional`, RFC 5621 §8.1).
 * @param name unique to the call, of letters and digits: names the part and parts the bodies
 */
export function withLocation(session: Body, location: PhoneLocation, { name, domain }: { readonly name: string; readonly domain: string }): LocatedBody {
  const document = pidfLo(location);
  const boundary = boundaryFor(`${session.body}${document}`, name);
  const contentId = `${name}@${domain}`;
  const body = [
    `--${boundary}`, `Content-Type: ${session.contentType}`, 'Content-Disposition: session', '', session.body.replace(/\r?\n?$/, ''),
    `--${boundary}`, 'Content-Type: application/pidf+xml', `Content-ID: <${contentId}>`, 'Content-Disposition: by-reference;handling=optional', '', document,
    `--${boundary}--`, '',
  ].join('\r\n');
  return {
    body, contentType: `multipart/mixed;boundary=${boundary}`,
    headers: { 'Geolocation': `<cid:${contentId}>`, 'Geolocation-Routing': 'yes', 'MIME-Version': '1.0' },
  };
}

/** RFC 2046 §5.1.1: a boundary occurs in none of the parts. */
function boundaryFor(parts: string, name: string): string {
  let boundary = `part-${name}`;
  while (parts.includes(boundary)) boundary += 'x';
  return boundary;
}

/**
 * Answers that may mean the location and not the call: 424 (RFC 6442 §4.3), a body too long or of a kind not taken, a message not understood.
 * Deviation: RFC 6442 §4.3 would have it corrected; a call for help goes on without it instead.
 */
const MAY_BE_LOCATION: ReadonlySet<number> = new Set([400, 406, 413, 415, 424, 488, 493, 513]);

/** Whether the same gateway is asked once more, with the session alone. */
export function goesOnWithoutLocation(status: number): boolean {
  return MAY_BE_LOCATION.has(status);
}
