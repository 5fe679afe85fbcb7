/** What `npm run storm` can be told. */
export interface StormOptions {
  readonly operations: number;
  readonly seed: number;
}

export const USAGE = `npm run storm -- [--operations 50000] [--seed N]
Random operations of hot desking from three nodes on one PostgreSQL server, one of them a process that is killed again and
again, with Redis emptied in between. Ends with 0 when every rule held.
`;

/** Null = show the usage. */
export function readOptions(args: readonly string[]): StormOptions | null {
  let operations = 50_000;
  let seed = Date.now() % 1_000_000;
  for (let place = 0; place < args.length; place += 2) {
    const value = Number(args[place + 1]);
    if (!Number.isInteger(value) || value < 1) return null;
    if (args[place] === '--operations') operations = value;
    else if (args[place] === '--seed') seed = value;
    else return null;
  }
  return { operations, seed };
}
