import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { SecretBox } from '../ports/crypto.js';

/** A sealed secret was made with another key, for another owner, or was changed. */
export class SealBroken extends Error {
  constructor() {
    super('a sealed secret cannot be opened: it was sealed with another SECRET_KEY or was changed');
    this.name = 'SealBroken';
  }
}

const FORMAT = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM with a random IV; the context is authenticated, so that a sealed text cannot move to another owner. */
export function createSecretBox(key: Buffer): SecretBox {
  return {
    seal(clear, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
      return `${FORMAT}.${Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64url')}`;
    },
    open(sealed, context) {
      const [format, text] = sealed.split('.');
      const bytes = Buffer.from(text ?? '', 'base64url');
      if (format !== FORMAT || bytes.length < IV_BYTES + TAG_BYTES) throw new SealBroken();
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES))
          .setAAD(Buffer.from(context))
          .setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
        const body = bytes.subarray(IV_BYTES, bytes.length - TAG_BYTES);
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
      } catch {
        throw new SealBroken();
      }
    },
  };
}
