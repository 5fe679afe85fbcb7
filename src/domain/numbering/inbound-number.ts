import type { ExtensionId } from '../ids.js';
import type { PhoneNumber } from './phone-number.js';

/** Where a call to a number leads, whether a phone of the account dialled it or a trunk brought it. */
export type InboundNumber =
  /** Not of this account. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'unassigned'; readonly number: PhoneNumber }
  /** Switched off for incoming calls, whoever has it. */
  | { readonly kind: 'outgoing-only'; readonly number: PhoneNumber }
  | { readonly kind: 'extension'; readonly number: PhoneNumber; readonly extensionId: ExtensionId };

/** `number` is what the pool holds of the called E.164 number; null = nothing. */
export function inboundNumber(number: PhoneNumber | null): InboundNumber {
  if (number === null) return { kind: 'foreign' };
  if (number.extensionId === null) return { kind: 'unassigned', number };
  if (!number.incoming) return { kind: 'outgoing-only', number };
  return { kind: 'extension', number, extensionId: number.extensionId };
}
