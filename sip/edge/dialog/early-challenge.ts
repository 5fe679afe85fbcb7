import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { SipRequest } from '../syntax/message.js';
import type { ServerTransaction } from '../transaction/server-transaction.js';
import { answer } from './answer.js';
import { newTag } from './random-ids.js';

/**
 * What an application would challenge every REGISTER without credentials with. It checks the nonces itself, so it says how
 * they are made: `<time>.<random>.<keyed hash over both>`, time in base 36, the hash HMAC-SHA256 cut to 16 bytes, base64url.
 */
export interface PreparedChallenge {
  /** Of each WWW-Authenticate line, in order, what stands before and after the nonce. */
  readonly lines: readonly { readonly before: string; readonly after: string }[];
  readonly nonceKey: Uint8Array;
  /** Users of address-of-records that are challenged otherwise. */
  readonly except: ReadonlySet<string>;
}

/** A To that needs no second look: anything fancier is the application's to read. */
const PLAIN_TO = /^[^<>"]*<sips?:([A-Za-z0-9._+-]+)@[A-Za-z0-9.:[\]-]+>$/;
const HASH_BYTES = 16;

/**
 * Answers REGISTERs without credentials with the very 401 the application would give, which it is spared: half of all
 * registrations' messages. Prepared by whoever starts the edge together with its application; without that it does nothing.
 */
export class EarlyChallenge {
  #prepared: { readonly challenge: PreparedChallenge; readonly key: KeyObject } | null = null;

  prepare(challenge: PreparedChallenge | null): void {
    this.#prepared = challenge === null ? null : { challenge, key: createSecretKey(challenge.nonceKey) };
  }

  /** @returns whether the request is answered; else it is for the application */
  answers(transaction: ServerTransaction): boolean {
    const { request } = transaction;
    if (this.#prepared === null || request.method !== 'REGISTER') return false;
    const { challenge, key } = this.#prepared;
    if (!isPlain(request, challenge.except)) return false;
    // The wall clock, by which the application tells a nonce's age.
    const signed = `${Date.now().toString(36)}.${newTag()}`;
    const nonce = `${signed}.${createHmac('sha256', key).update(signed).digest().subarray(0, HASH_BYTES).toString('base64url')}`;
    answer(transaction, 401, 'Unauthorized', {
      headers: challenge.lines.map(({ before, after }) => ['WWW-Authenticate', `${before}${nonce}${after}`] as const),
    });
    return true;
  }
}

/** Without credentials and without anything the application would refuse before it asks for them (RFC 3261 §10.3 steps 1 to 3). */
function isPlain(request: SipRequest, except: ReadonlySet<string>): boolean {
  if (request.has('authorization') || request.has('require')) return false;
  const user = PLAIN_TO.exec(request.first('to') ?? '')?.[1];
  return user !== undefined && !except.has(user);
}
