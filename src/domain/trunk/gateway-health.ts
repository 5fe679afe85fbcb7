/** `unknown`: not asked yet; it counts as up. */
export type GatewayState = 'up' | 'down' | 'unknown';

/** Why a gateway is as it is; instants are epoch ms. */
export interface GatewayHealth {
  readonly state: GatewayState;
  /** Of the last change of state. */
  readonly since: number;
  /** Answers (while down) or misses (while not) in a row that speak against the state. */
  readonly streak: number;
  /** Not to be tried before (Retry-After of a 503, or a failure of a gateway that nobody probes); null = at once. */
  readonly restsUntil: number | null;
  /** What was seen last, in words a person can act on. */
  readonly lastSeen: string;
  readonly roundTripMs: number | null;
}

/** What a probe or a call's attempt came to. */
export interface GatewaySighting {
  /**
   * `answered`: any response that shows a working peer, 404 and 401 included; `refused`: 503, or another answer that says it takes no calls
   * now; `silent`: no answer in time; `unreachable`: the network said so at once.
   */
  readonly kind: 'answered' | 'silent' | 'refused' | 'unreachable';
  /** Status of the response; 0 = none came. */
  readonly status: number;
  /** Of a 503 (RFC 3261 §21.5.4); null without. */
  readonly retryAfterMs: number | null;
  readonly roundTripMs?: number;
  /** More than the status tells: what the network or the DNS said. */
  readonly why?: string;
}

export const MISSES_TO_DOWN = 2;
export const ANSWERS_TO_UP = 3;
/** A peer that asks for more is believed so far only: a wrong value must not switch a carrier off for a day. */
const LONGEST_REST_MS = 600_000;
/** A gateway without probes has no other way back than the next call. */
const UNPROBED_REST_MS = 30_000;

export function newGateway(at: number): GatewayHealth {
  return { state: 'unknown', since: at, streak: 0, restsUntil: null, lastSeen: 'Not asked yet.', roundTripMs: null };
}

/** Whether calls may try it now; for emergency calls the others come last instead. */
export function mayBeTried(health: Pick<GatewayHealth, 'state' | 'restsUntil'>, at: number): boolean {
  return health.state !== 'down' && (health.restsUntil === null || health.restsUntil <= at);
}

/**
 * Down after two misses in a row, or one where the network itself refuses; up again after three answers in a row, or the first one of a
 * gateway that was never asked. A 503 with Retry-After is no miss: the peer is there, and rests. Where nothing probes the gateway
 * (`probed` false) it never goes down, it rests for half a minute instead.
 */
export function afterSighting(before: GatewayHealth, seen: GatewaySighting, at: number, probed: boolean): GatewayHealth {
  const known = { ...before, lastSeen: words(seen), roundTripMs: seen.roundTripMs ?? before.roundTripMs };
  const resting = seen.kind === 'refused' && seen.retryAfterMs !== null;
  if (resting) return { ...known, restsUntil: at + Math.min(seen.retryAfterMs ?? 0, LONGEST_REST_MS) };
  if (seen.kind === 'answered') return answered(known, at);
  return probed ? missed(known, seen.kind === 'unreachable', at) : { ...known, restsUntil: at + UNPROBED_REST_MS };
}

function answered(health: GatewayHealth, at: number): GatewayHealth {
  const awake = health.restsUntil !== null && health.restsUntil <= at ? { ...health, restsUntil: null } : health;
  switch (health.state) {
    case 'up': return { ...awake, streak: 0 };
    case 'unknown': return { ...awake, state: 'up', since: at, streak: 0 };
    case 'down': return health.streak + 1 < ANSWERS_TO_UP ? { ...awake, streak: health.streak + 1 } : { ...awake, state: 'up', since: at, streak: 0 };
  }
}

function missed(health: GatewayHealth, atOnce: boolean, at: number): GatewayHealth {
  if (health.state === 'down') return { ...health, streak: 0 };
  const streak = health.streak + 1;
  return atOnce || streak >= MISSES_TO_DOWN ? { ...health, state: 'down', since: at, streak: 0 } : { ...health, streak };
}

function words({ kind, status, retryAfterMs, roundTripMs, why }: GatewaySighting): string {
  const more = why === undefined || why === '' ? '' : ` ${why}`;
  const took = roundTripMs === undefined ? '' : ` after ${Math.round(roundTripMs)} ms`;
  switch (kind) {
    case 'answered': return `Answered ${status}${took}.${more}`;
    case 'refused': return `Answered ${status}${took}: it takes no calls now${retryAfterMs === null ? '' : `, for ${Math.ceil(retryAfterMs / 1000)} s`}.${more}`;
    case 'silent': return `No answer in time.${more}`;
    case 'unreachable': return `It cannot be reached.${more}`;
  }
}
