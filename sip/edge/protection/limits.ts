/** What the edge protects itself by; 0 switches a limit off. */
export interface ProtectionLimits {
  /** Messages a second of one address without a live binding; twice that in one burst. */
  readonly sourceMessagesPerSecond: number;
  /** New requests a second of one user name at one address; four times that in one burst. */
  readonly userRequestsPerSecond: number;
  /** So many distinct unknown user names within `unknownUserWindowMs` ban an address without a live binding. */
  readonly unknownUsers: number;
  readonly unknownUserWindowMs: number;
  /** The first ban of an address; each further one within a day lasts twice as long, up to `longestBanSeconds`. */
  readonly banSeconds: number;
  readonly longestBanSeconds: number;
  /** Overload begins where the event loop is late by this (90th percentile, ms) … */
  readonly loopDelayMs: number;
  /** … or the application takes this long to answer (ms) … */
  readonly answerMs: number;
  /** … or so many requests other than INVITE wait for it. */
  readonly pendingRequests: number;
}

export const defaultProtectionLimits: ProtectionLimits = {
  sourceMessagesPerSecond: 1_000,
  userRequestsPerSecond: 50,
  unknownUsers: 30,
  unknownUserWindowMs: 300_000,
  banSeconds: 60,
  longestBanSeconds: 86_400,
  loopDelayMs: 250,
  answerMs: 1_000,
  pendingRequests: 5_000,
};
