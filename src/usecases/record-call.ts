import type { CallLogReader, CallRecordSink, NodeLeases } from '../ports/call-log.js';
import type { Clock, Log } from '../ports/runtime.js';

/** Events folded at once. */
export const FOLD_BATCH = 1000;
export const NODE_LEASE_MS = 15_000;

export interface RecordCalls {
  /**
   * Once at start, before this node takes calls: folds what was left, then closes as `lost` the calls that an earlier
   * run of this node, or a node that lives no more, left open.
   */
  recover(): Promise<void>;
  /** Folds one batch of call events into records; resolves with how many. Throws StorageFault. */
  foldBatch(blockMs: number): Promise<number>;
  /** Says that this node lives. */
  renewLease(): Promise<void>;
  /** Ends the open records of nodes that live no more with cause `lost`. */
  closeLost(): Promise<void>;
  /** Folds what is left, then gives up the lease. */
  finish(): Promise<void>;
}

export interface RecordCallsDeps {
  readonly reader: CallLogReader;
  readonly sink: CallRecordSink;
  readonly leases: NodeLeases;
  readonly nodeId: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Turns the stream of call events into call records: at least once delivered, folded once by the event's stream id. */
export function createRecordCalls(deps: RecordCallsDeps): RecordCalls {
  const foldBatch = async (blockMs: number): Promise<number> => {
    const entries = await deps.reader.read(FOLD_BATCH, blockMs);
    if (entries.length === 0) return 0;
    await deps.sink.fold(entries);
    await deps.reader.acknowledge(entries.map(({ streamId }) => streamId));
    return entries.length;
  };
  const renewLease = (): Promise<void> => deps.leases.renew(deps.nodeId, deps.clock.now(), NODE_LEASE_MS);
  const foldAll = async (): Promise<void> => {
    for (let folded = FOLD_BATCH; folded > 0;) folded = await foldBatch(1);
  };
  const closeCallsOf = async (live: ReadonlySet<string>): Promise<void> => {
    const closed = await deps.sink.closeLost(live, deps.clock.now());
    if (closed > 0) deps.log.warn('lost calls closed', { count: closed });
  };
  return {
    foldBatch,
    renewLease,
    async recover() {
      await foldAll();
      const live = new Set(await deps.leases.live(deps.clock.now()));
      live.delete(deps.nodeId);
      await closeCallsOf(live);
      await renewLease();
    },
    closeLost: async () => closeCallsOf(new Set(await deps.leases.live(deps.clock.now())).add(deps.nodeId)),
    async finish() {
      await foldAll();
      await deps.leases.release(deps.nodeId);
    },
  };
}
