import type { TrunkId } from '../domain/ids.js';

/** Places of calls among those that may be up at once. They end with the call, and 30 s after a node that dies. Nothing here waits or throws. */
export interface CallLeases {
  /** The call goes on: its places are renewed until they are released. */
  keep(id: string): void;
  /** Gives the places back; once is enough, twice does no harm. */
  release(id: string): void;
  /** The call goes by another trunk than the one it holds a place of. */
  moveTo(id: string, trunkId: TrunkId): void;
}
