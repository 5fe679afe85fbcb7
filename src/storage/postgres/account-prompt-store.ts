import { endianness } from 'node:os';
import type { ExpressionBuilder } from 'kysely';
import { promptNamed, type AccountPrompt, type PromptName } from '../../domain/prompts/account-prompt.js';
import type { AccountId } from '../../domain/ids.js';
import type { AccountPromptStore } from '../../ports/account-prompts.js';
import { toDate } from './columns.js';
import type { Queries } from './database.js';
import type { Tables } from './tables.js';

const ABOUT = ['account_id', 'language', 'prompt_id', 'duration_ms', 'uploaded_at'] as const;

export function createAccountPromptStore(queries: Queries): AccountPromptStore {
  const prompts = queries.selectFrom('account_prompts');
  return {
    all: async () => known(await prompts.select(ABOUT).orderBy('account_id').orderBy('language').orderBy('prompt_id').execute()),
    ofAccount: async (accountId) => known(
      await prompts.select(ABOUT).where('account_id', '=', accountId).orderBy('language').orderBy('prompt_id').execute(),
    ),
    get: async (accountId, name) => {
      const row = await prompts.select(ABOUT).where((row) => isNamed(row, accountId, name)).executeTakeFirst();
      return row === undefined ? null : promptOf(row, name);
    },
    sound: async (accountId, name) => {
      const row = await prompts.selectAll().where((row) => isNamed(row, accountId, name)).executeTakeFirst();
      return row === undefined ? null : { prompt: promptOf(row, name), samples: samplesOf(row.samples) };
    },
    put: async (prompt, samples) => {
      const columns = { samples: bytesOf(samples), duration_ms: prompt.durationMs, uploaded_at: toDate(prompt.uploadedAt) };
      await queries.insertInto('account_prompts')
        .values({ account_id: prompt.accountId, language: prompt.language, prompt_id: prompt.promptId, ...columns })
        .onConflict((conflict) => conflict.constraint('account_prompts_pk').doUpdateSet(columns)).execute();
    },
    delete: async (accountId, name) => {
      await queries.deleteFrom('account_prompts').where((row) => isNamed(row, accountId, name)).execute();
    },
  };
}

function isNamed(row: ExpressionBuilder<Tables, 'account_prompts'>, accountId: AccountId, { language, promptId }: PromptName) {
  return row.and([row('account_id', '=', accountId), row('language', '=', language), row('prompt_id', '=', promptId)]);
}

interface Row {
  readonly account_id: AccountId;
  readonly language: string;
  readonly prompt_id: string;
  readonly duration_ms: number;
  readonly uploaded_at: number;
}

/** Another version may have had prompts that this one does not say. */
function known(rows: readonly Row[]): readonly AccountPrompt[] {
  return rows.flatMap((row) => {
    const name = promptNamed(`${row.language}/${row.prompt_id}`);
    return name === undefined ? [] : [promptOf(row, name)];
  });
}

function promptOf(row: Row, { language, promptId }: PromptName): AccountPrompt {
  return { accountId: row.account_id, language, promptId, durationMs: row.duration_ms, uploadedAt: row.uploaded_at };
}

/** The column is little-endian on every machine. Copied whole: sample by sample, half a minute would hold calls up. */
function bytesOf(samples: Int16Array): Buffer {
  return littleEndian(Buffer.from(samples.slice().buffer));
}

function samplesOf(bytes: Buffer): Int16Array {
  const samples = new Int16Array(bytes.length / 2);
  const copy = Buffer.from(samples.buffer);
  bytes.copy(copy);
  littleEndian(copy);
  return samples;
}

function littleEndian(bytes: Buffer): Buffer {
  return endianness() === 'LE' ? bytes : bytes.swap16();
}
