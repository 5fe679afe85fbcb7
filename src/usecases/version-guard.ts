/** The account was changed between what the caller read and what the caller wants to write. */
export class VersionMoved extends Error {
  constructor() {
    super('the configuration has changed since it was read');
    this.name = 'VersionMoved';
  }
}

/** Lets the first change of a request begin only at the version given; later changes of the same request follow from it. */
export interface VersionGuard {
  /** Throws VersionMoved. */
  check(version: number): void;
}

export function versionGuard(expected: number): VersionGuard {
  let first = true;
  return {
    check(version) {
      if (first && version !== expected) throw new VersionMoved();
      first = false;
    },
  };
}
