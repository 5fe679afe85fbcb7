/** RFC 3261 §16.7 step 6: within 4xx, those that tell the caller what to change. */
const TELLING: ReadonlySet<number> = new Set([401, 407, 415, 420, 484]);
/** They only say that nobody answered, or echo our CANCEL. */
const EMPTY: ReadonlySet<number> = new Set([408, 487]);

/**
 * Which final response goes to the caller (RFC 3261 §16.7 step 6): a 6xx if there is one, else the lowest class.
 * @param statuses 300 to 699, one a branch; undefined where a branch has none
 * @returns its position, the first one of several equal; -1 when there is none
 */
export function bestResponse(statuses: readonly (number | undefined)[]): number {
  let best = -1;
  let bestRank = Number.POSITIVE_INFINITY;
  statuses.forEach((status, position) => {
    if (status === undefined || rank(status) >= bestRank) return;
    best = position;
    bestRank = rank(status);
  });
  return best;
}

function rank(status: number): number {
  if (status >= 600) return 0;
  const group = Math.floor(status / 100) * 10;
  if (group !== 40 || TELLING.has(status)) return group;
  return EMPTY.has(status) ? group + 2 : group + 1;
}
