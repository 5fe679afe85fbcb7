import type { Settings } from '../config/settings.js';
import type { KeyedHash, PinHasher, SecretBox } from '../ports/crypto.js';
import type { MailPost } from '../ports/mailer.js';
import type { Clock, IdSource, Log } from '../ports/runtime.js';
import { deriveKey, keyedHash } from '../security/key-material.js';
import { createPinHasher } from '../security/pin-hasher.js';
import { createSecretBox } from '../security/secret-box.js';
import { createIdSource } from '../security/random.js';
import { createTokenIssuer } from '../security/token-issuer.js';
import type { TokenIssuer } from '../ports/crypto.js';
import { secretKeyOf, type DataDir } from './data-dir.js';

/** What every part shares: time, ids, keys, the log, and the way to end the process when a part dies. */
export interface Core {
  readonly settings: Settings;
  readonly dataDir: DataDir;
  readonly log: Log;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly secretBox: SecretBox;
  readonly pinHasher: PinHasher;
  /** Seals secrets of webhooks. */
  readonly webhookBox: SecretBox;
  /** Seals passwords that trunks' peers ask for. */
  readonly trunkBox: SecretBox;
  /** Seals answers of the API kept for repeated requests. */
  readonly idempotencyBox: SecretBox;
  /** Seals mail on its way. */
  readonly mail: MailPost;
  /** Makes tokens of phones and the hashes that are kept of them. */
  readonly provisioningMac: KeyedHash;
  readonly nonceKey: Uint8Array;
  readonly nonceMac: KeyedHash;
  readonly tokens: TokenIssuer;
  /** A part died by itself: the process ends with this message, never half alive. */
  readonly onDeath: (why: string) => void;
}

export const systemClock: Clock = { now: () => Date.now() };

export function createCore(settings: Settings, dataDir: DataDir, log: Log, onDeath: (why: string) => void): Core {
  const secretKey = secretKeyOf(dataDir, settings.secretKey);
  const nonceKey = deriveKey(secretKey, 'nonce');
  return {
    settings, dataDir, log, onDeath, nonceKey,
    clock: systemClock,
    ids: createIdSource(systemClock),
    secretBox: createSecretBox(deriveKey(secretKey, 'device-password')),
    pinHasher: createPinHasher(deriveKey(secretKey, 'pin')),
    webhookBox: createSecretBox(deriveKey(secretKey, 'webhook-secret')),
    trunkBox: createSecretBox(deriveKey(secretKey, 'trunk-password')),
    idempotencyBox: createSecretBox(deriveKey(secretKey, 'kept-answer')),
    mail: { enabled: settings.smtpUrl !== undefined, box: createSecretBox(deriveKey(secretKey, 'mail')) },
    provisioningMac: keyedHash(deriveKey(secretKey, 'provisioning')),
    nonceMac: keyedHash(nonceKey),
    tokens: createTokenIssuer(deriveKey(secretKey, 'token'), systemClock),
  };
}
