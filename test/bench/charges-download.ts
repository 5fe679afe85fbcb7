import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallParty, CallRecord } from '../../src/domain/calls/call-event.js';
import { asId, type AccountId, type CallRecordId, type ExtensionId, type SiteId, type UserId } from '../../src/domain/ids.js';
import { callRecordRow } from '../../src/storage/postgres/call-record-store.js';
import { putCharges } from '../../src/storage/postgres/charge-rows.js';
import { chargesOf } from '../../src/storage/postgres/charging.js';
import { createDatabase } from '../../src/storage/postgres/database.js';
import { startEmbeddedPostgres } from '../../src/storage/postgres/embedded.js';
import { NO_PARTY } from '../support/past-calls.js';
import { ApiClient } from '../support/product-api.js';
import { expectApi } from '../support/product-phones.js';
import { startProduct, type Product } from '../support/product.js';
import { createTestLog } from '../support/redis.js';
import { newId } from '../support/sample-account.js';
import { besideRegisters, sceneOf, type Phase } from './beside-registers.js';
import type { Loads } from './loads.js';

/** A whole CSV as its reader saw it. */
export interface ChargesDownload {
  readonly phase: Phase;
  /** From the request to the first byte of the table. */
  readonly firstByteMs: number;
  readonly bytes: number;
}

/** Rows of one transaction; a statement holds at most 65,535 parameters. */
const BATCH = 500;
/** Calls are spread over so long before now, so that reports of any day hold them. */
const SPREAD_MS = 20 * 3_600_000;

/** Writes answered calls and what each costs, as the call path would, and downloads them beside registering phones. */
export async function chargesDownload(root: string, loads: Loads, { charges, registerRate }: { readonly charges: number; readonly registerRate: number }): Promise<ChargesDownload> {
  const product = await startProduct({ root, env: { API_RATE_LIMIT_LIGHT: '0', API_RATE_LIMIT_HEAVY: '0' } });
  try {
    const scene = await sceneOf(product, loads, registerRate);
    const deck = await expectApi<{ readonly id: string }>(product, 201, 'POST', '/v2/cordboard/rate_decks', { name: 'Carrier' });
    await expectApi(product, 200, 'PUT', `/v2/cordboard/rate_decks/${deck.id}/rates`, 'prefix,currency,rate_per_minute,included_by\n*,USD,0.01,none\n');
    const caller = await callerOf(product);
    await product.stop();
    await writeCharges(product, caller, charges);
    await product.startAgain();
    let [firstByteMs, bytes] = [0, 0];
    const phase = await besideRegisters(scene, 'charges as CSV', async () => {
      const began = performance.now();
      const { body } = await new ApiClient(product.httpUrl, product.admin).open('/v2/cordboard/reports/call_charges/export');
      let rows = -1;
      for await (const part of body) {
        if (bytes === 0) firstByteMs = performance.now() - began;
        bytes += part.length;
        for (const byte of part) if (byte === 10) rows += 1;
      }
      return rows;
    });
    return { phase, firstByteMs, bytes };
  } finally {
    await product.close();
  }
}

async function callerOf(product: Product): Promise<CallParty> {
  const { users } = await expectApi<{ readonly users: readonly { readonly id: string; readonly extension_id: string; readonly extension_number: number; readonly site: { readonly id: string } }[] }>(
    product, 200, 'GET', '/v2/phone/users?page_size=1');
  const [one] = users;
  if (one === undefined) throw new Error('the account has no phone user');
  return {
    ...NO_PARTY, userId: asId<UserId>(one.id), extensionId: asId<ExtensionId>(one.extension_id), extensionNumber: String(one.extension_number), siteId: asId<SiteId>(one.site.id), name: 'Caller',
  };
}

/** Into the files of the database, while the program does not run. */
async function writeCharges(product: Product, caller: CallParty, count: number): Promise<void> {
  const log = createTestLog();
  const socketDir = mkdtempSync(join(tmpdir(), 'cordboard-bench-'));
  const embedded = await startEmbeddedPostgres({ dataDir: join(product.dataDir, 'postgres'), socketDir, log, onFailure: (error) => { throw error; } });
  const database = createDatabase({ connection: embedded.connection, embedded: true, log });
  const now = Date.now();
  try {
    for (let from = 0; from < count; from += BATCH) {
      const records = Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => (
        pastCall(asId<AccountId>(product.admin.accountId), caller, from + at, now - Math.round(SPREAD_MS * (1 - (from + at) / count)))));
      await database.queries.transaction().execute(async (queries) => {
        await queries.insertInto('call_records').values(records.map((record) => callRecordRow(record))).execute();
        await putCharges(queries, await chargesOf(queries, records, now));
      });
      if ((from + BATCH) % 10_000 === 0) process.stderr.write(`bench: ${from + BATCH} of ${count} charges\n`);
    }
  } finally {
    await database.close();
    await embedded.stop();
    rmSync(socketDir, { recursive: true, force: true });
  }
}

function pastCall(accountId: AccountId, caller: CallParty, at: number, startedAt: number): CallRecord {
  const number = `+1212555${String(at % 10_000).padStart(4, '0')}`;
  return {
    id: newId<CallRecordId>(), accountId, nodeId: 'bench', sipCallId: `bench-${at}`, direction: 'outbound', dialled: number, caller,
    callee: { ...NO_PARTY, number, e164: number }, emergency: false, startedAt, answeredAt: startedAt + 3000, endedAt: startedAt + 3000 + (at % 600) * 1000,
    cause: 'caller-hangup', reason: null, status: 200, answeredBy: null, legs: [], holdMs: 0,
  };
}
