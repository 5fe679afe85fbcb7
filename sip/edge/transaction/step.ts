import type { TimerName } from './timers.js';

/**
 * What a transaction does when it changes state; the drivers perform it. `again-A`, `again-E`, `again-G` start the
 * retransmission timer with its next interval; `again-E-t2` with T2 at once.
 */
export type TransactionEffect =
  | 'send-request' | 'send-ack' | 'send-response'
  | 'pass-response' | 'pass-ack'
  | 'report-timeout' | 'report-transport-error'
  | `start-${TimerName}` | `stop-${TimerName}`
  | 'again-A' | 'again-E' | 'again-E-t2' | 'again-G';

/** The next state, and what is done on the way there, in this order. */
export interface Step<State extends string, Effect extends string = TransactionEffect> {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/**
 * One cell of a transition table. `ignored`: it may come and changes nothing. `impossible`: it cannot come, as its timer
 * does not run then or its sender is not there; should it come all the same, it changes nothing either.
 */
export type Cell<State extends string, Effect extends string = TransactionEffect> = Step<State, Effect> | 'ignored' | 'impossible';

/** Every event in every state has its cell: one that is missing does not compile. */
export type TransitionTable<State extends string, Event extends string, Effect extends string = TransactionEffect> =
  Readonly<Record<State, Readonly<Record<Event, Cell<State, Effect>>>>>;

/** Writes one cell. */
export const to = <State extends string, Effect extends string = TransactionEffect>(state: State, ...effects: Effect[]): Step<State, Effect> =>
  ({ state, effects });

/** @returns the function that walks a table; what is ignored or impossible stays where it is, without effects */
export const walker = <State extends string, Event extends string, Effect extends string>(
  table: TransitionTable<State, Event, Effect>,
) => (state: State, event: Event): Step<State, Effect> => {
  const cell = table[state][event];
  return typeof cell === 'string' ? { state, effects: [] } : cell;
};
