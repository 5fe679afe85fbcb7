import type { Body } from './header.js';

/**
 * The session's description in a body: the body itself, or the first `application/sdp` of a multipart (RFC 5621 §3.1). A multipart without one,
 * and a body that cannot be read as its type says, are handed back as they came.
 */
export function sessionPart(body: Body): Body {
  if (!/^multipart\//i.test(body.contentType)) return body;
  const boundary = /;\s*boundary\s*=\s*(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))/i.exec(body.contentType);
  const delimiter = `--${boundary?.[1] ?? boundary?.[2] ?? ''}`;
  if (delimiter === '--') return body;
  const parts = `\r\n${body.body}`.split(`\n${delimiter}`).slice(1);
  for (const part of parts) {
    const blank = /\r?\n\r?\n/.exec(part);
    if (blank === null) continue;
    const type = /^content-type\s*:\s*([^\r\n]*)/im.exec(part.slice(0, blank.index))?.[1]?.trim() ?? '';
    if (/^application\/sdp\s*(?:;|$)/i.test(type)) return { body: `${part.slice(blank.index + blank[0].length).replace(/[\r\n]+$/, '')}\r\n`, contentType: 'application/sdp' };
  }
  return body;
}
