/** What `npm run storm` can be told. */
export interface StormOptions {
  readonly operations: number;
  readonly seed: number;
  /** The other storm: so many calls by a trunk, and a killed program; 0 = that of hot desking. */
  readonly calls: number;
}

export const USAGE = `npm run storm -- [--operations 50000] [--seed N]
npm run storm -- --calls 500
Random operations of hot desking from three nodes on one PostgreSQL server, one of them a process that is killed again and
again, with Redis emptied in between. Ends with 0 when every rule held.
With --calls: the program is killed (-9) under so many standing calls by a trunk, and again while calls come and go; afterwards every count of
calls is that of living ones, and no record is open.
`;

/** Null = show the usage. */
export function readOptions(args: readonly string[]): StormOptions | null {
  let operations = 50_000;
  let seed = Date.now() % 1_000_000;
  let calls = 0;
  for (let place = 0; place < args.length; place += 2) {
    const value = Number(args[place + 1]);
    if (!Number.isInteger(value) || value < 1) return null;
    if (args[place] === '--operations') operations = value;
    else if (args[place] === '--seed') seed = value;
    else if (args[place] === '--calls') calls = value;
    else return null;
  }
  return { operations, seed, calls };
}
