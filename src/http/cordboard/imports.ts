import { Readable } from 'node:stream';
import { z } from 'zod';
import { IMPORT_KINDS, IMPORT_STATES, ROW_ACTIONS, WORKING_STATES, type Import, type ImportKind } from '../../domain/exchange/import.js';
import type { CellProblem } from '../../domain/exchange/table-columns.js';
import type { KeptPlan } from '../../ports/import-stores.js';
import { asId, type ImportId } from '../../domain/ids.js';
import type { Permission } from '../../usecases/admin/roles.js';
import { applyImport, discardImport, readImport, replanImport, undoImport } from '../../usecases/exchange/change-imports.js';
import { uploadImport } from '../../usecases/exchange/upload-import.js';
import type { Actor } from '../../usecases/change.js';
import { forbidden, type Outcome } from '../../usecases/outcome.js';
import { answer, failed, json, type Answer } from '../answers.js';
import { readCsvStream } from '../csv-stream.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal, noPermission } from '../problem.js';
import { route, type Call, type Route } from '../route.js';
import { apiTime } from '../times.js';

const TAG = 'Imports and exports';

const problem = z.object({ row: z.int().describe('Of the file, the titles being row 1; 0 = the whole file.'), column: z.string().describe('"" = the whole row.'), message: z.string(), value: z.string() });
const importView = z.object({
  id: z.string(), kind: z.enum(IMPORT_KINDS), state: z.enum(IMPORT_STATES).describe('planned: it can be applied or discarded; applied: it can be undone; failed: nothing of it is there.'),
  site_id: z.string().describe('Where rows belong that name no site.'), copy_from_user: z.string().describe('Id; "" = nobody.'), notify: z.boolean(),
  rows: z.int(), counts: z.object({ add: z.int(), update: z.int(), unchanged: z.int(), error: z.int() }),
  progress: z.int().min(0).max(100).describe('Percent of what it is at: its plan, its applying or its undoing.'), applied_rows: z.int().describe('Rows in force.'),
  faulty_rows: z.enum(['refuse', 'ignore']), planned_version: z.int().describe('Of the configuration that the plan was made from.'),
  problems: z.array(problem).describe('Of the file, or what stood in the way of applying or undoing it.'),
  created_at: z.string(), created_by: z.string(), applied_at: z.string(), ended_at: z.string(),
});
const rowView = z.object({
  row: z.int(), action: z.enum(ROW_ACTIONS), subject: z.string().describe('Whom or what it is about.'),
  changes: z.array(z.object({ column: z.string(), before: z.string(), after: z.string() })), problems: z.array(problem), warnings: z.array(problem),
});

const toProblem = ({ row, column, text: message, value }: CellProblem): z.output<typeof problem> => ({ row, column, message, value });

function progressOf({ state, rows, cursor, counts, appliedRows }: Import): number {
  const changing = counts.add + counts.update;
  const share = (part: number, whole: number): number => (whole === 0 ? 100 : Math.min(99, Math.floor((part * 100) / whole)));
  if (state === 'parsing') return share(cursor === 0 ? 0 : counts.add + counts.update + counts.unchanged + counts.error, Math.max(1, rows));
  if (state === 'applying') return share(appliedRows, changing);
  return state === 'undoing' || state === 'rolling_back' ? share(changing - appliedRows, changing) : 100;
}

function view(one: Import): z.output<typeof importView> {
  return {
    id: one.id, kind: one.kind, state: one.state, site_id: one.siteId ?? '', copy_from_user: one.copyFrom ?? '', notify: one.notify, rows: one.rows, counts: { ...one.counts },
    progress: progressOf(one), applied_rows: one.appliedRows, faulty_rows: one.faultyRows, planned_version: one.plannedVersion, problems: one.problems.map(toProblem),
    created_at: apiTime(one.createdAt), created_by: one.createdBy, applied_at: apiTime(one.appliedAt), ended_at: apiTime(one.endedAt),
  };
}

function rowOf({ row, action, subject, changes, problems, warnings }: KeptPlan): z.output<typeof rowView> {
  return { row, action, subject, changes: changes.map((one) => ({ ...one })), problems: problems.map(toProblem), warnings: warnings.map(toProblem) };
}

/** What somebody must be allowed besides imports, for what a file holds. */
export const NEEDED: Readonly<Record<ImportKind, { readonly read: Permission; readonly write: Permission }>> = {
  users: { read: 'phone_user:read', write: 'phone_user:write' }, common_areas: { read: 'common_area:read', write: 'common_area:write' },
  devices: { read: 'device:read', write: 'device:write' }, phone_numbers: { read: 'phone_number:read', write: 'phone_number:write' },
};

/** Files reach over sites: who reaches only some of them gets none. */
export function beyondReach({ reach }: Pick<Actor, 'reach'>): Answer | null {
  return reach.account ? null : failed(fromRefusal(forbidden('Imports and exports are of the whole account, and your role reaches only part of it.')));
}

type ImportCall = Pick<Call<{ readonly importId: string }, unknown, unknown>, 'deps' | 'actor' | 'permissions' | 'params'>;

/** Runs a verb on an import whose kind the caller may change, and the first step of what follows: small files are done with the answer. */
async function withImport({ deps, actor, permissions, params }: ImportCall, verb: () => Promise<Outcome<Import>>): Promise<Answer> {
  const found = await readImport(deps, actor.accountId, params.importId);
  if (found.kind === 'refused') return failed(fromRefusal(found));
  const needed = NEEDED[found.value.kind].write;
  if (!permissions.has(needed)) return failed(noPermission(needed));
  const outcome = await verb();
  return outcome.kind === 'refused' ? failed(fromRefusal(outcome)) : json(view(await firstStep(deps, outcome.value)), 202);
}

/** A look at what would stand in the way, and a slice. */
const OWN_STEPS = 2;
const TRIES = 20;
const PAUSE_MS = 50;

async function firstStep(deps: ImportCall['deps'], wanted: Import): Promise<Import> {
  let now = wanted;
  for (let tries = 0, own = 0; tries < TRIES && own < OWN_STEPS && WORKING_STATES.includes(now.state); tries += 1) {
    const after = await deps.importWork.advance(wanted.id);
    // The job, or another node, is at it.
    if (after === null) await deps.pause(PAUSE_MS);
    else own += 1;
    now = after ?? await deps.stores.imports.get(wanted.accountId, wanted.id) ?? now;
  }
  return now;
}

const csvFile = z.instanceof(Readable).meta({ type: 'string', contentMediaType: 'text/csv', description: 'UTF-8; comma, semicolon or tab. An empty cell keeps what is, - clears it.' });
const PATH = '/v2/cordboard/imports/{importId}';

export const importRoutes: readonly Route[] = [
  route({
    method: 'POST', path: '/v2/cordboard/imports', operationId: 'uploadImport', summary: 'Upload a CSV file, to be planned', tag: TAG, access: 'import:write', load: 'heavy',
    bodyType: 'csv-stream', body: csvFile,
    query: z.object({
      kind: z.enum(IMPORT_KINDS), site_id: z.string().max(64).optional().describe('Where rows belong that name no site; the main site without it.'),
      copy_from_user: z.string().max(254).optional().describe('Id or e-mail address of a phone user whose settings every person or common area of the file gets first.'),
      notify: z.enum(['true', 'false']).default('false').describe('true = people who are added get a PIN, by mail.'),
    }),
    answer: { status: 201, description: 'The file is there, and nothing is changed yet; GET it until it is planned. Refused as a whole where it is no such table.', schema: importView },
    async handle({ deps, actor, permissions, query, body }) {
      const needed = NEEDED[query.kind].write;
      if (!permissions.has(needed)) return failed(noPermission(needed));
      const wanted = { kind: query.kind, siteId: query.site_id, copyFromUser: query.copy_from_user, notify: query.notify === 'true' };
      const outcome = await uploadImport(deps, actor, wanted, readCsvStream(body.iterator({ destroyOnReturn: false })));
      return outcome.kind === 'refused' ? failed(fromRefusal(outcome)) : json(view(await firstStep(deps, outcome.value)), 201);
    },
  }),
  route({
    method: 'GET', path: '/v2/cordboard/imports', operationId: 'listImports', summary: 'List imports', tag: TAG, access: 'import:read',
    query: z.object({ kind: z.enum(IMPORT_KINDS).optional(), state: z.enum(IMPORT_STATES).optional(), ...pageQuery(100) }),
    answer: { status: 200, description: 'Newest first; they are kept for 30 days.', schema: z.object({ ...pageFields, imports: z.array(importView) }) },
    async handle({ deps, actor, query }) {
      const beyond = beyondReach(actor);
      if (beyond !== null) return beyond;
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const found = await deps.stores.imports.page(actor.accountId, query, page.page);
      return json({ ...paging(found, query), imports: found.items.map(view) });
    },
  }),
  route({
    method: 'GET', path: PATH, operationId: 'getImport', summary: 'How far an import is', tag: TAG, access: 'import:read',
    etag: { ignoring: ['progress'] },
    answer: { status: 200, description: 'The import.', schema: importView },
    handle: async ({ deps, actor, params }) => beyondReach(actor) ?? answer(await readImport(deps, actor.accountId, params.importId), (found) => json(view(found))),
  }),
  route({
    method: 'GET', path: `${PATH}/rows`, operationId: 'listImportRows', summary: 'What each row of an import changes, and what is wrong with it', tag: TAG, access: 'import:read',
    query: z.object({ show: z.enum(['all', 'changes', 'errors']).default('all'), ...pageQuery(300) }),
    answer: { status: 200, description: 'In the order of the file.', schema: z.object({ ...pageFields, rows: z.array(rowView) }) },
    async handle({ deps, actor, permissions, params, query }) {
      const beyond = beyondReach(actor);
      if (beyond !== null) return beyond;
      const found = await readImport(deps, actor.accountId, params.importId);
      if (found.kind === 'refused') return failed(fromRefusal(found));
      const needed = NEEDED[found.value.kind].read;
      if (!permissions.has(needed)) return failed(noPermission(needed));
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const rows = await deps.stores.imports.rows(asId<ImportId>(params.importId), query.show, page.page);
      return json({ ...paging(rows, query), rows: rows.items.map(rowOf) });
    },
  }),
  route({
    method: 'POST', path: `${PATH}/apply`, operationId: 'applyImport', summary: 'Put a plan into force', tag: TAG, access: 'import:write', load: 'heavy', bodyOptional: true,
    body: z.strictObject({ faulty_rows: z.enum(['refuse', 'ignore']).default('refuse').describe('ignore = leave them out and apply the others.') }),
    answer: { status: 202, description: 'All of it is applied, or nothing; GET it until it is applied or failed.', schema: importView },
    handle: (call) => withImport(call, () => applyImport(call.deps, call.actor, call.params.importId, call.body.faulty_rows)),
  }),
  route({
    method: 'POST', path: `${PATH}/discard`, operationId: 'discardImport', summary: 'Discard a plan', tag: TAG, access: 'import:write', bodyOptional: true, body: z.strictObject({}),
    answer: { status: 202, description: 'Nothing of it was done, and nothing will be.', schema: importView },
    handle: (call) => withImport(call, () => discardImport(call.deps, call.actor, call.params.importId)),
  }),
  route({
    method: 'POST', path: `${PATH}/undo`, operationId: 'undoImport', summary: 'Undo an applied import', tag: TAG, access: 'import:write', load: 'heavy', bodyOptional: true, body: z.strictObject({}),
    answer: { status: 202, description: 'Everything is as before; where later changes stand in the way it stays applied, and they are named.', schema: importView },
    handle: (call) => withImport(call, () => undoImport(call.deps, call.actor, call.params.importId)),
  }),
  route({
    method: 'POST', path: `${PATH}/plan`, operationId: 'replanImport', summary: 'Plan a file again', tag: TAG, access: 'import:write', load: 'heavy', bodyOptional: true, body: z.strictObject({}),
    answer: { status: 202, description: 'The same file against what is there now.', schema: importView },
    handle: (call) => withImport(call, () => replanImport(call.deps, call.actor, call.params.importId)),
  }),
];
