import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string): Buffer => createHash('sha256').update(text, 'latin1').digest();

/** Compares in a time that depends neither on content nor on length. */
export function secretMatcher(secret: string): (offered: string) => boolean {
  // The configured text is UTF-8 on the wire; offered text arrives as latin1 of those bytes.
  const expected = digest(Buffer.from(secret, 'utf8').toString('latin1'));
  return (offered) => timingSafeEqual(expected, digest(offered));
}
