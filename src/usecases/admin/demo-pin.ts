import type { AccountId, UserId } from '../../domain/ids.js';
import { PIN_MAX_DIGITS, pinWeakness } from '../../domain/hotdesk/pin-weakness.js';
import type { Extension } from '../../domain/numbering/extension.js';
import type { PinHasher } from '../../ports/crypto.js';
import type { Actor } from '../change.js';
import { setPin } from '../hotdesk/set-pin.js';
import type { AdminDeps } from './admin-deps.js';

const MODULUS = 10 ** PIN_MAX_DIGITS;

/** Makes the PIN of a demo user the one that is shown at every start, unless it is already. */
export async function ensureDemoPin(deps: AdminDeps, actor: Actor, id: UserId, extension: Extension): Promise<string> {
  const pin = demoPin(deps.pinHasher, actor.accountId, id, extension.number);
  const stored = await deps.stores.pins.get({ kind: 'user', id });
  if (stored !== null && await deps.pinHasher.verify(actor.accountId, pin, stored.hash)) return pin;
  const outcome = await setPin(deps, actor, { kind: 'user', id }, pin);
  if (outcome.kind === 'done') return pin;
  throw new Error(`the demo cannot be set up: ${outcome.problems.map((problem) => problem.text).join('; ')}`);
}

/** Six digits that only this installation's key gives, the same each time. */
function demoPin(pinHasher: PinHasher, accountId: AccountId, id: UserId, extension: string): string {
  for (let turn = 0; ; turn += 1) {
    let number = 0;
    for (const character of pinHasher.keyOf(accountId, `demo ${id} ${turn}`)) number = (number * 131 + (character.codePointAt(0) ?? 0)) % MODULUS;
    const pin = String(number).padStart(PIN_MAX_DIGITS, '0');
    if (pinWeakness(pin, { extensionForms: [extension], minLength: PIN_MAX_DIGITS }) === null) return pin;
  }
}
