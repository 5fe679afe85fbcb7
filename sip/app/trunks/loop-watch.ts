/**
 * Numbers that this node is calling by trunks: a call for one of them that a trunk brings meanwhile, from the same caller, is that very
 * call come back. Carriers put new calls in the place of ours, so neither Via nor a header of our own would tell (RFC 5393 in spirit).
 */
export interface LoopWatch {
  /** A call goes out; the function given back ends it, once. */
  goesOut(number: string, caller: string): () => void;
  isOut(number: string, caller: string | null): boolean;
  /** A call that came for `number` is sent on outside, where `caller` is shown. */
  isSentOn(number: string, caller: string): () => void;
  /** Whether so many such calls are on their way that another one for the number, from that caller, is one of them come back. */
  comesBack(number: string, caller: string | null): boolean;
}

/**
 * Callers of one number of a company may be many, and each of their calls may be sent on at the same time. A call that goes round and round
 * comes back for as long as nobody stops it.
 */
const MOST_SENT_ON = 3;
const MOST_ANONYMOUS_SENT_ON = 10;

export function createLoopWatch(): LoopWatch {
  const out = createCounts();
  const sentOn = createCounts();
  return {
    goesOut: (number, caller) => out.add(number, caller),
    isOut: (number, caller) => out.count(number, caller ?? '') > 0,
    isSentOn: (number, caller) => sentOn.add(number, caller),
    comesBack: (number, caller) => sentOn.count(number, caller ?? '') >= (caller === null ? MOST_ANONYMOUS_SENT_ON : MOST_SENT_ON),
  };
}

function createCounts() {
  const counts = new Map<string, number>();
  const keyOf = (number: string, caller: string): string => `${number} ${caller}`;
  return {
    count: (number: string, caller: string): number => counts.get(keyOf(number, caller)) ?? 0,
    add(number: string, caller: string): () => void {
      const key = keyOf(number, caller);
      let open = true;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return () => {
        if (!open) return;
        open = false;
        const left = (counts.get(key) ?? 0) - 1;
        if (left > 0) counts.set(key, left);
        else counts.delete(key);
      };
    },
  };
}
