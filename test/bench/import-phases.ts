import { setTimeout as pause } from 'node:timers/promises';
import { expectApi } from '../support/product-phones.js';
import { startProduct } from '../support/product.js';
import { besideRegisters, sceneOf, type Phase } from './beside-registers.js';
import type { Loads } from './loads.js';

export interface ImportSize {
  readonly rows: number;
  /** REGISTERs a second. */
  readonly registerRate: number;
  /** Length of the phase without an import. */
  readonly seconds: number;
  /** Longest plan and longest apply; what is done by then is what is measured. */
  readonly planSeconds: number;
  readonly applySeconds: number;
}

interface ImportView {
  readonly id: string;
  readonly state: string;
  readonly applied_rows: number;
  readonly counts: { readonly add: number; readonly update: number; readonly unchanged: number; readonly error: number };
  readonly problems: readonly unknown[];
}

const POLL_MS = 1000;
const FIRST_EXTENSION = 200_000;

/** People with names, a department and an extension of their own. */
export function peopleFile(rows: number): string {
  const lines = Array.from({ length: rows }, (_, at) => `person${at}@bench.example,Person${at},Bench,Department ${at % 50},${FIRST_EXTENSION + at}`);
  return `Email,First Name,Last Name,Department,Extension Number\n${lines.join('\n')}\n`;
}

const plannedRows = ({ counts }: ImportView): number => counts.add + counts.update + counts.unchanged + counts.error;

/** A file of people uploaded, planned and applied on a program of its own while phones register. */
export async function importPhases(root: string, loads: Loads, size: ImportSize): Promise<readonly Phase[]> {
  const product = await startProduct({ root, env: { API_RATE_LIMIT_LIGHT: '0', API_RATE_LIMIT_HEAVY: '0' } });
  try {
    const scene = await sceneOf(product, loads, size.registerRate);
    let now: ImportView | null = null;
    const here = (): ImportView => {
      if (now === null) throw new Error('there is no import yet');
      return now;
    };
    /** Asks until the import has left the state or time is up. */
    const during = async (state: string, seconds: number): Promise<void> => {
      for (const until = Date.now() + seconds * 1000; here().state === state && Date.now() < until;) {
        await pause(POLL_MS);
        now = await expectApi<ImportView>(product, 200, 'GET', `/v2/cordboard/imports/${here().id}`);
      }
    };
    const whole = (state: string, done: number): boolean => {
      if (here().state !== state) process.stderr.write(`bench: not ${state} in time, ${done} of ${size.rows} rows: ${here().state} ${JSON.stringify(here().problems)}\n`);
      return here().state === state;
    };
    const phases = [await besideRegisters(scene, 'no import', () => pause(size.seconds * 1000, 0))];
    const file = peopleFile(size.rows);
    phases.push(await besideRegisters(scene, 'upload', async () => {
      now = await expectApi<ImportView>(product, 201, 'POST', '/v2/cordboard/imports?kind=users', file);
      return size.rows;
    }));
    // Planning goes on by itself meanwhile: the rows counted are those of the phase.
    phases.push(await besideRegisters(scene, 'plan', async () => {
      now = await expectApi<ImportView>(product, 200, 'GET', `/v2/cordboard/imports/${here().id}`);
      const before = plannedRows(now);
      await during('parsing', size.planSeconds);
      return plannedRows(here()) - before;
    }));
    if (!whole('planned', plannedRows(here())) || size.applySeconds === 0) return phases;
    phases.push(await besideRegisters(scene, 'apply', async () => {
      now = await expectApi<ImportView>(product, 202, 'POST', `/v2/cordboard/imports/${here().id}/apply`, { faulty_rows: 'refuse' });
      await during('applying', size.applySeconds);
      return here().applied_rows;
    }));
    whole('applied', here().applied_rows);
    return phases;
  } finally {
    await product.close();
  }
}
