/** Instants are epoch milliseconds; tests move their own clock. */
export interface Clock {
  now(): number;
}

/** Lower-case ULIDs, sortable by time of making. */
export interface IdSource {
  next(): string;
}

/** Structured log. Never given a secret, a PIN or a whole SIP message above `debug`. */
export interface Log {
  debug(event: string, fields?: Readonly<Record<string, unknown>>): void;
  info(event: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(event: string, fields?: Readonly<Record<string, unknown>>): void;
  error(event: string, fields?: Readonly<Record<string, unknown>>): void;
  /** A log that adds `fields` to each record. */
  child(fields: Readonly<Record<string, unknown>>): Log;
}

/** A part that the system cannot do without is away; rims answer 503 with Retry-After. */
export class StorageFault extends Error {
  constructor(readonly part: 'postgres' | 'redis', cause: unknown) {
    super(`${part} is not available`, { cause });
    this.name = 'StorageFault';
  }
}

/** Resolves after `ms` milliseconds; tests resolve it by their own clock. */
export type Pause = (ms: number) => Promise<void>;

/** What the wall clock of a place shows. */
export interface LocalClock {
  /** HH:MM:SS in the IANA zone; an unknown zone counts as UTC. */
  timeAt(zone: string, at: number): string;
}

/** The wall clocks of places. */
export interface LocalTime {
  /**
   * The first instant after `after` (epoch ms) at which clocks in the IANA zone show `time` ('HH:MM'). Where a change of clocks
   * leaves the time out, the instant at which it would have come; an unknown zone counts as UTC.
   */
  nextAt(zone: string, time: string, after: number): number;
}
