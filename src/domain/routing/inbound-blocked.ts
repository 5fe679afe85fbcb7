import type { BlockedNumber, CallRuleScope } from './blocked-number.js';

/**
 * Who calls, as blocked lists know callers: somebody inside by the forms of the extension and by own numbers, somebody outside
 * by the number shown.
 */
export type InboundCaller =
  | { readonly kind: 'inside'; readonly forms: readonly string[] }
  /** E.164 with `+`; null = withheld. */
  | { readonly kind: 'outside'; readonly number: string | null };

/** An entry of an inbound list that could matter, with whose list it stands on, in words. */
export interface InboundBlock extends Pick<BlockedNumber, 'number' | 'match'> {
  readonly scope: CallRuleScope;
  readonly holder: string;
}

/** What is looked up in the lists for a caller. */
export function callerForms(caller: InboundCaller): readonly string[] {
  if (caller.kind === 'inside') return caller.forms;
  return caller.number === null ? [] : [caller.number];
}

/**
 * The entry that blocks a caller (call policy rule 9), the account's before the extension's; null = none does. A prefix blocks
 * callers from outside alone: nobody who blocks an area code means the colleagues who have numbers in it.
 */
export function inboundBlocked(caller: InboundCaller, blocks: readonly InboundBlock[]): InboundBlock | null {
  const forms = callerForms(caller);
  const matches = ({ match, number }: InboundBlock): boolean => (match === 'number' ? forms.includes(number)
    : caller.kind === 'outside' && caller.number !== null && caller.number.startsWith(number));
  return blocks.find((block) => block.scope === 'account' && matches(block)) ?? blocks.find(matches) ?? null;
}
