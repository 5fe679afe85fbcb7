import type { Import } from '../../domain/exchange/import.js';
import { WORKING_STATES } from '../../domain/exchange/import.js';
import type { ImportId } from '../../domain/ids.js';
import type { ExchangeDeps } from './exchange-deps.js';
import { applyRows } from './apply-rows.js';
import { planRows, type PlanMemory } from './plan-rows.js';
import { undoRows } from './undo-rows.js';

/** Work whose process died is another node's after this; a step is far shorter, and only one of two could be committed. */
const CLAIM_MS = 10_000;
/** An upload that stands still so long has lost its sender. */
export const UPLOAD_MS = 60_000;
/** Between two slices the database is everybody's for as long as a slice took, and this at least. */
const LEAST_PAUSE_MS = 20;

export interface ImportWork {
  /** One step of one import, if nobody else is at it; null = nobody needs to. */
  advance(id: ImportId): Promise<Import | null>;
  /** Carries on everything that is on its way, to its end. Returns how many imports. */
  run(): Promise<number>;
}

/** Plans, applies and undoes files a few rows at a time, on whichever node comes first; after a crash from where it was. */
export function createImportWork(deps: ExchangeDeps): ImportWork {
  const memories = new Map<ImportId, PlanMemory>();

  async function step(claimed: Import): Promise<Import> {
    const { state, staged } = claimed;
    if (state === 'parsing' && !staged) return abandoned(deps, claimed);
    if (state === 'parsing') {
      const memory = memories.get(claimed.id) ?? { free: null };
      memories.set(claimed.id, memory);
      const after = await planRows(deps, claimed, memory);
      if (after.state !== 'parsing') memories.delete(claimed.id);
      return after;
    }
    return state === 'applying' ? applyRows(deps, claimed) : undoRows(deps, claimed);
  }

  /** One step under a claim, which ends with it. */
  async function claimAndStep(id: ImportId | null): Promise<Import | null> {
    const at = deps.clock.now();
    const claimed = await deps.stores.imports.claim(at, at + CLAIM_MS, id);
    if (claimed === null) return null;
    try {
      return await step(claimed);
    } finally {
      await deps.stores.imports.hold(claimed.id, deps.clock.now()).catch(() => undefined);
    }
  }

  return {
    advance: (id) => claimAndStep(id),
    async run() {
      const seen = new Set<ImportId>();
      for (;;) {
        const began = performance.now();
        const after = await claimAndStep(null);
        if (after === null) return seen.size;
        seen.add(after.id);
        if (!WORKING_STATES.includes(after.state)) deps.log.info('import', { import: after.id, kind: after.kind, state: after.state, rows: after.rows });
        await deps.pause(Math.max(LEAST_PAUSE_MS, performance.now() - began));
      }
    },
  };
}

/** Nobody sends the rest of the file any more. */
async function abandoned({ stores }: ExchangeDeps, wanted: Import): Promise<Import> {
  const after: Import = {
    ...wanted, state: 'failed', problems: [{ row: 0, column: '', text: 'The file did not come to its end. Send it again.', value: '' }],
  };
  return await stores.imports.settle(wanted, after) ? after : wanted;
}
