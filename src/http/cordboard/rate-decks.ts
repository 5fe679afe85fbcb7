import { z } from 'zod';
import type { RateDeck } from '../../domain/charges/rate.js';
import { RATE_COLUMNS, rateRow } from '../../domain/charges/rate-row.js';
import { asId, type RateDeckId, type TrunkId } from '../../domain/ids.js';
import { importRates, MOST_RATES } from '../../usecases/charges/import-rates.js';
import { addRateDeck, deckNotFound, removeRateDeck, updateRateDeck } from '../../usecases/charges/rate-decks.js';
import type { Actor } from '../../usecases/change.js';
import { done, type Outcome } from '../../usecases/outcome.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import { csvAnswer } from '../csv.js';
import { readCsvTable } from '../csv-table.js';
import type { HttpDeps } from '../http-deps.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { line, requiredLine } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { apiTime } from '../times.js';

const TAG = 'Charges';

const trunkId = line(64).describe('Id of a trunk; "" = every trunk without a deck of its own.');
const deckFields = z.object({
  id: z.string(), name: z.string(), direction: z.enum(['outbound', 'inbound']), trunk_id: z.string(), rates: z.int(), created_at: z.string(),
});
const rateFields = z.object(Object.fromEntries(RATE_COLUMNS.map((name) => [name, z.string()])));
const table = z.string().describe(`CSV with the columns ${RATE_COLUMNS.join(', ')}; prefix, currency and rate_per_minute must be there. One row a prefix and effective_from.`);
const importQuery = z.object({ dry_run: z.boolean().default(false).describe('Only say what would change.') });
const imported = z.object({
  applied: z.boolean(), rates: z.int().describe('In the deck afterwards.'), added: z.int(), changed: z.int(), removed: z.int(), unchanged: z.int(),
});

function deckView({ id, name, direction, trunkId: trunk, createdAt }: RateDeck, rates: number) {
  return { id, name, direction, trunk_id: trunk ?? '', rates, created_at: apiTime(createdAt) };
}

const trunkOf = (text: string): TrunkId | null => (text === '' ? null : asId<TrunkId>(text));

async function findDeck({ stores }: HttpDeps, actor: Actor, id: string): Promise<Outcome<RateDeck>> {
  const deck = await stores.rateDecks.get(actor.accountId, asId<RateDeckId>(id));
  return deck === null ? deckNotFound(id) : done(deck);
}

/** Both ways of importing: `PUT` is the whole deck, `POST` puts rows among the others. */
function importRoute(method: 'PUT' | 'POST', operationId: string, summary: string): Route {
  return route({
    method, path: '/v2/cordboard/rate_decks/{deckId}/rates', operationId, summary, tag: TAG, access: 'rate_deck:write', load: 'heavy', query: importQuery,
    bodyType: 'csv', body: table,
    answer: { status: 200, description: 'What changed, or would. With one wrong cell nothing does: every one is named by line and column (400).', schema: imported },
    async handle({ deps, actor, params, query, body }) {
      const rows = await readCsvTable(body, { columns: RATE_COLUMNS, required: ['prefix', 'currency', 'rate_per_minute'], mostRows: MOST_RATES });
      if (rows.kind === 'refused') return failed(fromRefusal(rows));
      const outcome = await importRates(deps, actor, { deckId: params.deckId, rows: rows.value, replace: method === 'PUT', dryRun: query.dry_run });
      return answer(outcome, json);
    },
  });
}

export const rateDeckRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/rate_decks', operationId: 'listRateDecks', summary: 'List rate decks', tag: TAG, access: 'rate_deck:read',
    answer: { status: 200, description: 'In the order they were made.', schema: z.object({ rate_decks: z.array(deckFields) }) },
    async handle({ deps, actor }) {
      const decks = await deps.stores.rateDecks.all(actor.accountId);
      const counts = await deps.stores.rateDecks.counts(decks.map(({ rateSet }) => rateSet));
      return json({ rate_decks: decks.map((deck) => deckView(deck, counts.get(deck.rateSet) ?? 0)) });
    },
  }),
  route({
    method: 'POST', path: '/v2/cordboard/rate_decks', operationId: 'addRateDeck', summary: 'Add a rate deck', tag: TAG, access: 'rate_deck:write',
    body: z.strictObject({ name: requiredLine(100), direction: z.enum(['outbound', 'inbound']).default('outbound'), trunk_id: trunkId.default('') }),
    answer: { status: 201, description: 'Empty: put rates in.', schema: deckFields },
    async handle({ deps, actor, body }) {
      const outcome = await addRateDeck(deps, actor, { name: body.name, direction: body.direction, trunkId: trunkOf(body.trunk_id) });
      return answer(outcome, (deck) => created(deckView(deck, 0)));
    },
  }),
  route({
    method: 'GET', path: '/v2/cordboard/rate_decks/sample', operationId: 'sampleRateDeck', summary: 'Get a sample of a rate table', tag: TAG, access: 'rate_deck:read',
    answer: { status: 200, description: 'CSV with every column.', schema: null, contentType: 'text/csv' },
    handle: () => csvAnswer('rates-sample.csv', RATE_COLUMNS, async () => ({ items: SAMPLE, next: null, total: SAMPLE.length }), (row) => row),
  }),
  route({
    method: 'PATCH', path: '/v2/cordboard/rate_decks/{deckId}', operationId: 'updateRateDeck', summary: 'Rename a rate deck, or give it to another trunk', tag: TAG,
    access: 'rate_deck:write', body: z.strictObject({ name: requiredLine(100), trunk_id: trunkId }).partial(),
    answer: { status: 204, description: 'Changed; calls rated before keep their charges.', schema: null },
    async handle({ deps, actor, params, body }) {
      const wanted = given({ name: body.name, trunkId: body.trunk_id === undefined ? undefined : trunkOf(body.trunk_id) });
      return answer(await updateRateDeck(deps, actor, params.deckId, wanted), () => NO_CONTENT);
    },
  }),
  route({
    method: 'DELETE', path: '/v2/cordboard/rate_decks/{deckId}', operationId: 'removeRateDeck', summary: 'Remove a rate deck', tag: TAG, access: 'rate_deck:write',
    answer: { status: 204, description: 'Removed with its rates; charges made by it stay.', schema: null },
    handle: async ({ deps, actor, params }) => answer(await removeRateDeck(deps, actor, params.deckId), () => NO_CONTENT),
  }),
  route({
    method: 'GET', path: '/v2/cordboard/rate_decks/{deckId}/rates', operationId: 'listRates', summary: 'List the rates of a deck', tag: TAG, access: 'rate_deck:read',
    query: z.object(pageQuery(300)),
    answer: { status: 200, description: 'By prefix, as a table has them.', schema: z.object({ ...pageFields, rates: z.array(rateFields) }) },
    async handle({ deps, actor, params, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const deck = await findDeck(deps, actor, params.deckId);
      if (deck.kind === 'refused') return failed(fromRefusal(deck));
      const found = await deps.stores.rates.page(deck.value.rateSet, page.page);
      return json({ ...paging(found, query), rates: found.items.map(rateRow) });
    },
  }),
  route({
    method: 'GET', path: '/v2/cordboard/rate_decks/{deckId}/rates/export', operationId: 'exportRates', summary: 'Export the rates of a deck', tag: TAG,
    access: 'rate_deck:read', load: 'heavy',
    answer: { status: 200, description: 'CSV; importing it again changes nothing.', schema: null, contentType: 'text/csv' },
    async handle({ deps, actor, params }) {
      const deck = await findDeck(deps, actor, params.deckId);
      if (deck.kind === 'refused') return failed(fromRefusal(deck));
      const { rateSet } = deck.value;
      return csvAnswer('rates.csv', RATE_COLUMNS, (page) => deps.stores.rates.rows(rateSet, page), rateRow);
    },
  }),
  importRoute('PUT', 'replaceRates', 'Replace the rates of a deck by a table'),
  importRoute('POST', 'mergeRates', 'Put rows of a table into a deck'),
];

const SAMPLE: readonly Readonly<Record<(typeof RATE_COLUMNS)[number], string>>[] = [
  {
    prefix: '+1', destination: 'United States and Canada', currency: 'USD', rate_per_minute: '0.0065', connect_fee: '0', first_increment_seconds: '6',
    next_increment_seconds: '6', included_by: 'unlimited', effective_from: '',
  },
  {
    prefix: '+4420', destination: 'United Kingdom, London', currency: 'USD', rate_per_minute: '0.012', connect_fee: '0', first_increment_seconds: '60',
    next_increment_seconds: '60', included_by: 'unlimited;4000', effective_from: '2026-01-01',
  },
  {
    prefix: '+1900', destination: 'Premium', currency: 'USD', rate_per_minute: '2.50', connect_fee: '1.00', first_increment_seconds: '60',
    next_increment_seconds: '60', included_by: 'none', effective_from: '',
  },
];
