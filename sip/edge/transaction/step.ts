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

/** One cell of a transition table. */
export interface Step<State extends string> {
  readonly state: State;
  readonly effects: readonly TransactionEffect[];
}

/** Every event in every state has its cell: what cannot happen stays where it is and does nothing. */
export type TransitionTable<State extends string, Event extends string> =
  Readonly<Record<State, Readonly<Record<Event, Step<State>>>>>;

/** Writes one cell. */
export const to = <State extends string>(state: State, ...effects: TransactionEffect[]): Step<State> =>
  ({ state, effects });
