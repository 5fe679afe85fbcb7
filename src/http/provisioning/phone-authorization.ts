import { parseAuthorization } from '../../domain/auth/digest.js';
import type { PhoneAuthorization } from '../../domain/provisioning/http-credentials.js';

const LONGEST = 2048;

/** Reads an Authorization header; never throws. */
export function readPhoneAuthorization(value: string | undefined): PhoneAuthorization {
  if (value === undefined || value.trim() === '') return { kind: 'none' };
  if (value.length > LONGEST) return { kind: 'unreadable' };
  const [, encoded] = /^\s*Basic +([A-Za-z0-9+/]+={0,2})\s*$/i.exec(value) ?? [];
  if (encoded !== undefined) {
    // RFC 7617 §2: the first colon ends the name.
    const [, userName, password] = /^([^:]*):([\s\S]*)$/.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
    return userName === undefined || password === undefined ? { kind: 'unreadable' } : { kind: 'basic', userName, password };
  }
  const digest = parseAuthorization(value);
  return digest.kind === 'digest' ? digest : { kind: 'unreadable' };
}
