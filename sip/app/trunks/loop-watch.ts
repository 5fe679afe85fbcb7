/**
 * Numbers that this node is calling by trunks: a call for one of them that a trunk brings meanwhile, from the same caller, is that very
 * call come back. Carriers put new calls in the place of ours, so neither Via nor a header of our own would tell (RFC 5393 in spirit).
 */
export interface LoopWatch {
  /** A call goes out; the function given back ends it, once. */
  goesOut(number: string, caller: string): () => void;
  isOut(number: string, caller: string | null): boolean;
}

export function createLoopWatch(): LoopWatch {
  const out = new Map<string, number>();
  const keyOf = (number: string, caller: string): string => `${number} ${caller}`;
  return {
    goesOut(number, caller) {
      const key = keyOf(number, caller);
      let open = true;
      out.set(key, (out.get(key) ?? 0) + 1);
      return () => {
        if (!open) return;
        open = false;
        const left = (out.get(key) ?? 0) - 1;
        if (left > 0) out.set(key, left);
        else out.delete(key);
      };
    },
    isOut: (number, caller) => out.has(keyOf(number, caller ?? '')),
  };
}
