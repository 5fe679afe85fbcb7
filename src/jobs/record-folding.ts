import type { Log } from '../ports/runtime.js';
import { FOLD_BATCH, type RecordCalls } from '../usecases/record-call.js';

const WAIT_FOR_EVENTS_MS = 1_000;
const PAUSE_AFTER_FAULT_MS = 1_000;
/** A transaction costs the same for one event as for many: events of so long share one, unless there are more than it takes. */
const GATHER_MS = 500;

export interface RunningLoop {
  /** Ends after the batch in hand, having folded everything left. */
  stop(): Promise<void>;
}

/** Folds call events into records as they come, for as long as the node lives. */
export function runRecordFolding(recordCalls: RecordCalls, log: Log): RunningLoop {
  let stopped = false;
  let wake = (): void => undefined;
  const pause = (ms: number): Promise<void> => new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });

  const loop = async (): Promise<void> => {
    let failing = false;
    while (!stopped) {
      try {
        const folded = await recordCalls.foldBatch(WAIT_FOR_EVENTS_MS);
        if (failing) log.info('call records are written again');
        failing = false;
        if (!stopped && folded < FOLD_BATCH) await pause(GATHER_MS);
      } catch (error) {
        if (stopped) return;
        if (!failing) log.warn('call records cannot be written, events are kept', { err: error });
        failing = true;
        await pause(PAUSE_AFTER_FAULT_MS);
      }
    }
  };
  const ended = loop();

  return {
    async stop() {
      stopped = true;
      wake();
      await ended;
      await recordCalls.finish();
    },
  };
}
