import type { PinHolder } from '../../ports/hot-desk-stores.js';
import type { Actor } from '../change.js';
import type { Outcome } from '../outcome.js';
import type { HotDeskDeps } from './hot-desk-deps.js';

/**
 * Sets the PIN of a user or a common area: one to six digits, not a weak one while the account refuses those. The holder's
 * locked pairs open. Refusals never hold the digits.
 */
export type SetPin = (deps: HotDeskDeps, actor: Actor, holder: PinHolder, pin: string) => Promise<Outcome<null>>;
/** The same with random digits, which the answer alone ever holds. */
export type ResetPin = (deps: HotDeskDeps, actor: Actor, holder: PinHolder) => Promise<Outcome<{ readonly pin: string }>>;
