/** The base values of RFC 3261 §17.1.1.1 and Table 4, in milliseconds. */
export interface BaseTimers {
  readonly t1: number;
  readonly t2: number;
  readonly t4: number;
}

export const defaultTimers: BaseTimers = { t1: 500, t2: 4_000, t4: 5_000 };

/** Timers of RFC 3261 Table 4 and RFC 6026 (L, M). C belongs to proxies. */
export type TimerName = 'A' | 'B' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'J' | 'K' | 'L' | 'M';

type Delay = (timers: BaseTimers, reliable: boolean) => number | undefined;

const sixtyFourT1: Delay = (timers) => 64 * timers.t1;
const onlyUnreliable = (delay: (timers: BaseTimers) => number, reliable: 'off' | 'at-once'): Delay =>
  (timers, isReliable) => (isReliable ? (reliable === 'off' ? undefined : 0) : delay(timers));

const DELAYS: Readonly<Record<TimerName, Delay>> = {
  // RFC 3261 §17.1.1.2: no request retransmission over reliable transports.
  A: onlyUnreliable((timers) => timers.t1, 'off'),
  B: sixtyFourT1,
  // RFC 3261 §17.1.1.2: at least 32 s on unreliable transports, zero on reliable ones.
  D: onlyUnreliable((timers) => 64 * timers.t1, 'at-once'),
  E: onlyUnreliable((timers) => timers.t1, 'off'),
  F: sixtyFourT1,
  G: onlyUnreliable((timers) => timers.t1, 'off'),
  H: sixtyFourT1,
  I: onlyUnreliable((timers) => timers.t4, 'at-once'),
  J: onlyUnreliable((timers) => 64 * timers.t1, 'at-once'),
  K: onlyUnreliable((timers) => timers.t4, 'at-once'),
  // RFC 6026 §7.1 and §7.2: L and M run on every transport.
  L: sixtyFourT1,
  M: sixtyFourT1,
};

/**
 * @returns milliseconds to the first firing; 0 means at once; undefined means the timer is not used on this transport
 */
export const timerDelay = (name: TimerName, timers: BaseTimers, reliable: boolean): number | undefined =>
  DELAYS[name](timers, reliable);
