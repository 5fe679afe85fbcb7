import type { AccountId } from '../../domain/ids.js';
import type { PinRules } from '../../domain/hotdesk/pin-weakness.js';
import { PIN_MAX_DIGITS, pinWeakness } from '../../domain/hotdesk/pin-weakness.js';
import type { RandomSource } from '../../ports/crypto.js';
import type { PinHolder } from '../../ports/hot-desk-stores.js';
import type { Draft } from '../change.js';
import type { HotDeskDeps } from './hot-desk-deps.js';

/** A random PIN with its hash, made before the transaction that uses it: hashing is slow on purpose. */
export interface FreshPin {
  /** Shown once, kept nowhere. */
  readonly clear: string;
  readonly hash: string;
}

type PinDeps = Pick<HotDeskDeps, 'random' | 'pinHasher'>;

/** Six random digits that are easy to guess for nobody who knows the rules. */
export function randomPin(random: RandomSource, extensionForms: readonly string[]): string {
  for (;;) {
    const pin = Array.from({ length: PIN_MAX_DIGITS }, () => randomDigit(random)).join('');
    if (pinWeakness(pin, { extensionForms, minLength: PIN_MAX_DIGITS }) === null) return pin;
  }
}

export async function freshPin(deps: PinDeps, accountId: AccountId, extensionForms: readonly string[] = []): Promise<FreshPin> {
  const clear = randomPin(deps.random, extensionForms);
  return { clear, hash: await deps.pinHasher.hash(accountId, clear) };
}

/** Gives a holder its first PIN inside a larger change; returns the digits. */
export async function storeFirstPin(
  deps: PinDeps, draft: Draft, holder: PinHolder, fresh: FreshPin, extensionForms: PinRules['extensionForms'],
): Promise<string> {
  // One in a million is the extension: then another is made, though the transaction waits for it.
  const { clear, hash } = extensionForms.includes(fresh.clear) ? await freshPin(deps, draft.accountId, extensionForms) : fresh;
  await draft.stores.pins.set(draft.accountId, holder, { hash, setAt: draft.at });
  draft.note({ aggregate: 'pin', id: holder.id, change: 'created', action: 'create-pin', before: null, after: { holder: holder.kind } });
  return clear;
}

/** Each of the ten alike: bytes from 250 on are drawn again. */
function randomDigit(random: RandomSource): number {
  for (;;) {
    const [byte = 255] = random.bytes(1);
    if (byte < 250) return byte % 10;
  }
}
