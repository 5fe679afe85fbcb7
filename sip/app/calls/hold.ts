/**
 * Whether a session description puts the other side on hold (RFC 3264 §8.4): its first medium only sends or is inactive,
 * or, in the old way, is connected to 0.0.0.0. Linear in the text's length.
 */
export function putsOnHold(sdp: string): boolean {
  let sessionDirection = '';
  let mediaDirection = '';
  let connection = '';
  let media = 0;
  for (const line of sdp.split(/\r?\n/)) {
    if (line.startsWith('m=')) {
      media += 1;
      if (media > 1) break;
    } else if (line.startsWith('c=')) connection = line;
    else if (line === 'a=sendonly' || line === 'a=inactive' || line === 'a=sendrecv' || line === 'a=recvonly') {
      if (media === 0) sessionDirection = line;
      else mediaDirection = line;
    }
  }
  const direction = mediaDirection || sessionDirection;
  return media > 0 && (direction === 'a=sendonly' || direction === 'a=inactive' || /\s0\.0\.0\.0\s*$/.test(connection));
}

/** How long a call was held, whichever side did it; held by both counts once. */
export interface HoldClock {
  set(side: 'caller' | 'callee', held: boolean, at: number): void;
  readonly held: boolean;
  /** Milliseconds up to `at`. */
  total(at: number): number;
}

export function createHoldClock(): HoldClock {
  const held = { caller: false, callee: false };
  let since: number | null = null;
  let sum = 0;
  return {
    set(side, on, at) {
      held[side] = on;
      const any = held.caller || held.callee;
      if (any && since === null) since = at;
      if (!any && since !== null) {
        sum += at - since;
        since = null;
      }
    },
    get held() {
      return since !== null;
    },
    total: (at) => sum + (since === null ? 0 : at - since),
  };
}
