import type { SipMessage } from 'drachtio-srf';
import { bodyOf } from './header.js';

/**
 * The session description of a message, also as a part of a multipart body (RFC 5621 §3.1: the first part of that type);
 * null without one.
 */
export function sdpOf(message: SipMessage): string | null {
  const body = bodyOf(message);
  if (body === null) return null;
  if (/^application\/sdp\s*(?:;|$)/i.test(body.contentType)) return body.body;
  const boundary = /^multipart\/.*;\s*boundary\s*=\s*(?:"([^"]{1,70})"|([^\s";]{1,70}))/i.exec(body.contentType);
  const delimiter = boundary?.[1] ?? boundary?.[2];
  if (delimiter === undefined) return null;
  for (const part of body.body.split(`--${delimiter}`).slice(1)) {
    const end = part.indexOf('\r\n\r\n');
    if (end >= 0 && /^content-type\s*:\s*application\/sdp\s*(?:;|$)/im.test(part.slice(0, end))) return part.slice(end + 4);
  }
  return null;
}
