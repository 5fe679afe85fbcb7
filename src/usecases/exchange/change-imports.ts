import { importStep, type Import } from '../../domain/exchange/import.js';
import { asId, type AccountId, type ImportId } from '../../domain/ids.js';
import type { Stores } from '../../ports/admin-stores.js';
import { change, type Actor } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import { LAST_ROW } from './apply-rows.js';
import type { ExchangeDeps } from './exchange-deps.js';
import { unplanned } from './plan-rows.js';

/** An import of the account; refused when there is none. */
export async function readImport({ stores }: { readonly stores: Stores }, accountId: AccountId, id: string): Promise<Outcome<Import>> {
  const found = await stores.imports.get(accountId, asId<ImportId>(id));
  return found === null ? refused('not-found', 'importId', 'There is no import with this id. GET /v2/cordboard/imports lists them.', id) : done(found);
}

/** Puts a plan into force; with faulty rows only where the caller says to leave them out. */
export function applyImport(deps: ExchangeDeps, actor: Actor, id: string, faultyRows: Import['faultyRows']): Promise<Outcome<Import>> {
  return ask(deps, actor, id, 'apply', (wanted) => {
    const { add, update, error } = wanted.counts;
    if (error > 0 && faultyRows === 'refuse') {
      return refused('conflict', 'faulty_rows', `${error} rows are faulty. Correct the file, or apply the others with faulty_rows=ignore. GET …/rows?show=errors names them.`);
    }
    if (add + update === 0) return refused('conflict', 'importId', 'There is no row that changes anything.');
    return { ...wanted, faultyRows, cursor: 0, appliedRows: 0, problems: [] };
  });
}

/** Forgets a plan; nothing of it was done. */
export function discardImport(deps: ExchangeDeps, actor: Actor, id: string): Promise<Outcome<Import>> {
  return ask(deps, actor, id, 'discard', (wanted, at) => ({ ...wanted, cursor: 0, endedAt: at }));
}

/** Takes an applied import back. */
export function undoImport(deps: ExchangeDeps, actor: Actor, id: string): Promise<Outcome<Import>> {
  return ask(deps, actor, id, 'undo', (wanted) => ({ ...wanted, cursor: LAST_ROW, problems: [] }));
}

/** Plans the same file anew, against what is there now. */
export async function replanImport(deps: ExchangeDeps, actor: Actor, id: string): Promise<Outcome<Import>> {
  const outcome = await ask(deps, actor, id, 'plan', (wanted) => (wanted.staged && wanted.rows > 0 ? { ...unplanned(wanted), cursor: 0 }
    : refused('conflict', 'importId', 'The file did not come whole. Send it again.')));
  return outcome;
}

async function ask(
  deps: ExchangeDeps, actor: Actor, id: string, event: 'apply' | 'discard' | 'undo' | 'plan', prepare: (wanted: Import, at: number) => Import | Refused,
): Promise<Outcome<Import>> {
  return change(deps, actor, async (draft) => {
    const found = await readImport(draft, draft.accountId, id);
    if (found.kind === 'refused') return found;
    const state = importStep(found.value.state, event);
    if (state === null) return refused('conflict', 'importId', `This import is ${found.value.state}; that cannot be done with it now.`, id);
    const prepared = prepare(found.value, draft.at);
    if ('why' in prepared) return prepared;
    const after: Import = { ...prepared, state, askedBy: draft.actor };
    if (event === 'plan') await draft.stores.imports.forgetPlan(after.id);
    if (!await draft.stores.imports.settle(found.value, after)) return refused('conflict', 'importId', 'Somebody else has just done something with this import. Look at it again.', id);
    draft.audit({ aggregate: 'account', id: draft.accountId, action: `${event}-import-asked`, about: { import: id, kind: after.kind, rows: after.rows } });
    return done(after);
  });
}
