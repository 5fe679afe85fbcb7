import t from 'tap';
import type { CallLogEntry } from '../../../src/ports/call-log.js';
import { StorageFault } from '../../../src/ports/runtime.js';
import { runRecordFolding } from '../../../src/jobs/record-folding.js';
import { createRecordCalls, type RecordCalls } from '../../../src/usecases/record-call.js';
import { createTestLog, testAccount } from '../../support/redis.js';
import { aCall } from '../../support/sample-account.js';

function scene(entries: CallLogEntry[], liveNodes: readonly string[] = []) {
  const happened: string[] = [];
  let sinkAway = false;
  let folded: (() => void) | null = null;
  const recordCalls = createRecordCalls({
    nodeId: 'node-a', clock: { now: () => 1000 }, log: createTestLog(),
    reader: {
      read: async (size, blockMs) => {
        if (entries.length > 0) return entries.slice(0, size);
        await new Promise((resolve) => setTimeout(resolve, Math.min(blockMs, 5)));
        return [];
      },
      acknowledge: async (ids) => {
        happened.push(`ack ${ids.join(' ')}`);
        entries.splice(0, ids.length);
      },
      close: async () => undefined,
    },
    sink: {
      fold: async (batch) => {
        if (sinkAway) throw new StorageFault('postgres', new Error('away'));
        happened.push(`fold ${batch.map(({ streamId }) => streamId).join(' ')}`);
        folded?.();
      },
      closeLost: async (live) => {
        happened.push(`lost but ${[...live].sort().join(' ')}`);
        return 1;
      },
    },
    leases: {
      renew: async (node) => void happened.push(`renew ${node}`),
      live: async () => new Set(liveNodes),
      release: async (node) => void happened.push(`release ${node}`),
    },
  });
  return {
    recordCalls, happened,
    away(is: boolean) {
      sinkAway = is;
    },
    nextFold: () => new Promise<void>((resolve) => {
      folded = resolve;
    }),
  };
}

const entry = (streamId: string): CallLogEntry => ({ streamId, event: aCall(testAccount).attempted });

t.test('events are acknowledged only after they were folded', async (t) => {
  const { recordCalls, happened, away } = scene([entry('1-0'), entry('2-0')]);
  away(true);
  await t.rejects(recordCalls.foldBatch(1), StorageFault);
  t.same(happened, []);
  away(false);
  t.equal(await recordCalls.foldBatch(1), 2);
  t.same(happened, ['fold 1-0 2-0', 'ack 1-0 2-0']);
});

t.test('at start: what is left is folded, then calls of an earlier run of this node are lost', async (t) => {
  const { recordCalls, happened } = scene([entry('1-0')], ['node-a', 'node-b']);
  await recordCalls.recover();
  t.same(happened, ['fold 1-0', 'ack 1-0', 'lost but node-b', 'renew node-a']);
});

t.test('later, calls of this node are its own', async (t) => {
  const { recordCalls, happened } = scene([], ['node-b']);
  await recordCalls.closeLost();
  t.same(happened, ['lost but node-a node-b']);
});

t.test('the loop goes on after a fault, and a stop folds the rest', async (t) => {
  const stage = scene([entry('1-0')]);
  stage.away(true);
  const tried: RecordCalls = { ...stage.recordCalls };
  const loop = runRecordFolding(tried, createTestLog());
  stage.away(false);
  await stage.nextFold();
  await loop.stop();
  t.same(stage.happened.at(-1), 'release node-a');
  t.ok(stage.happened.includes('fold 1-0'));
});
