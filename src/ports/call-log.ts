import type { CallEvent } from '../domain/calls/call-event.js';

/** Where the call path writes: never waits for SQL. Events queue in memory (bounded) while Redis is away. */
export interface CallLog {
  append(event: CallEvent): void;
  /** Resolves when everything appended so far is in Redis, or rejects with StorageFault after its time-out. */
  flush(): Promise<void>;
}

export interface CallLogEntry {
  readonly streamId: string;
  readonly event: CallEvent;
}

/** The reading side: batches are handed out again until acknowledged. */
export interface CallLogReader {
  /** Up to `size` entries not yet acknowledged; waits at most `blockMs` for the first. */
  read(size: number, blockMs: number): Promise<readonly CallLogEntry[]>;
  acknowledge(streamIds: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Nodes say that they live; calls of nodes whose lease ran out are closed as `lost`. */
export interface NodeLeases {
  renew(nodeId: string, now: number, ttlMs: number): Promise<void>;
  live(now: number): Promise<ReadonlySet<string>>;
  release(nodeId: string): Promise<void>;
}

/** The records' home in PostgreSQL. Folding is idempotent by stream id. */
export interface CallRecordSink {
  fold(entries: readonly CallLogEntry[]): Promise<void>;
  /** Closes open records of nodes not in `liveNodes` with cause `lost`; returns how many. */
  closeLost(liveNodes: ReadonlySet<string>, at: number): Promise<number>;
}
