import type Srf from 'drachtio-srf';

export interface WatchTimes {
  readonly everyMs: number;
  readonly answerMs: number;
}

export const WATCH_TIMES: WatchTimes = { everyMs: 10_000, answerMs: 5_000 };

/**
 * Finds a connection that is open but dead: drachtio-srf sends pings and does not look for the answers. The probe is a
 * CANCEL of nothing, which both kinds of server refuse at once and which goes nowhere. Returns the end of the watch.
 */
export function watchConnection(srf: Srf, times: WatchTimes, onDead: () => void): () => void {
  let late: NodeJS.Timeout | undefined;
  const timer = setInterval(() => {
    late ??= setTimeout(onDead, times.answerMs);
    try {
      srf.request('sip:placeholder', { method: 'CANCEL', stackTxnId: 'watch' }, () => {
        clearTimeout(late);
        late = undefined;
      });
    } catch {
      // drachtio-srf asserts when its connection is gone: its `close` is on the way.
    }
  }, times.everyMs);
  return () => {
    clearInterval(timer);
    clearTimeout(late);
  };
}
