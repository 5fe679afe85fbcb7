/** What one sweep did. */
export interface SweepFigures {
  /** Sessions ended, or set draining, by time-out, daily end or idle time. */
  readonly ended: number;
  /** Sessions whose idle end moved on since the phone was used. */
  readonly prolonged: number;
}

/**
 * Ends the sessions whose time has come: to be called each second on every node. It looks at what is due by the clock, not at
 * what happened since the last call, so that a restart or a jump of the clock loses none.
 */
export type SweepSessions = () => Promise<SweepFigures>;
