import { randomBytes } from 'node:crypto';
import t from 'tap';
import { PromptStore } from '../../sip/media/prompts/prompt-store.js';
import type { AccountPrompt } from '../../src/domain/prompts/account-prompt.js';
import { createSecretBox } from '../../src/security/secret-box.js';
import { createDirectory } from '../../src/storage/postgres/directory.js';
import { createRetention } from '../../src/storage/postgres/retention.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { createAccountPromptFollower } from '../../src/usecases/prompts/follow-account-prompts.js';
import { nodeHash } from '../support/node-digest-hash.js';
import { onEveryPostgres } from '../support/postgres.js';
import { AT, accountWithSite, anEvent, commit } from '../support/sample-account.js';

const EXTREMES = Int16Array.from([0, 1, -1, 32_767, -32_768, 12_345]);
const PIN = { language: 'de', promptId: 'enter-pin' } as const;

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const stores = createStores(db);
  const silent = createUnitOfWork(db, { onCommitted: async () => undefined });

  t.test('put, read, replaced, listed, deleted; sample by sample, account by account', async (t) => {
    const { account } = await accountWithSite(silent);
    const { account: other } = await accountWithSite(silent);
    const prompt: AccountPrompt = { ...PIN, accountId: account.id, durationMs: 1, uploadedAt: AT };
    t.equal(await stores.accountPrompts.get(account.id, PIN), null);
    t.equal(await stores.accountPrompts.sound(account.id, PIN), null);
    await stores.accountPrompts.put(prompt, EXTREMES);
    t.same(await stores.accountPrompts.get(account.id, PIN), prompt);
    t.same(await stores.accountPrompts.sound(account.id, PIN), { prompt, samples: EXTREMES });
    const later = { ...prompt, durationMs: 30_000, uploadedAt: AT + 1 };
    const longest = Int16Array.from({ length: 240_000 }, (_, at) => (at * 37) % 32_768);
    await stores.accountPrompts.put(later, longest);
    t.same((await stores.accountPrompts.sound(account.id, PIN))?.samples, longest, 'half a minute');
    const english = { ...prompt, language: 'en' } as const;
    await stores.accountPrompts.put(english, EXTREMES);
    t.same(await stores.accountPrompts.ofAccount(account.id), [later, english]);
    t.same(await stores.accountPrompts.ofAccount(other.id), []);
    t.same((await stores.accountPrompts.all()).filter(({ accountId }) => accountId === account.id), [later, english]);
    await stores.accountPrompts.delete(other.id, PIN);
    t.same(await stores.accountPrompts.get(account.id, PIN), later);
    await stores.accountPrompts.delete(account.id, PIN);
    t.same(await stores.accountPrompts.ofAccount(account.id), [english]);
  });

  t.test('each node has in memory what the database has: at its start, after its own change, after another node\'s', async (t) => {
    const { account } = await accountWithSite(silent);
    const before: AccountPrompt = { language: 'fr', promptId: 'goodbye', accountId: account.id, durationMs: 1, uploadedAt: AT };
    await stores.accountPrompts.put(before, EXTREMES);
    const node = async () => {
      const directory = createDirectory({ db, secretBox: createSecretBox(randomBytes(32)), hash: nodeHash, log: postgres.log });
      await directory.load();
      const sounds = new PromptStore('en');
      await directory.follow(createAccountPromptFollower({ stores, sounds }));
      const work = createUnitOfWork(db, { onCommitted: (events) => directory.apply(events) });
      const length = (id: string, language: string) => sounds.own(account.id, id, language)?.ulaw.byteLength ?? null;
      return { directory, work, length };
    };
    const [here, there] = [await node(), await node()];
    t.equal(here.length('goodbye', 'fr'), 6, 'at its start');
    const put = (uploadedAt: number, samples: Int16Array) => commit(there.work, async (s) => {
      await s.accountPrompts.put({ ...PIN, accountId: account.id, durationMs: 1, uploadedAt }, samples);
      await s.emit(anEvent(account.id, 'prompt', 'de/enter-pin'));
    });
    await put(AT, EXTREMES);
    t.same([here.length('enter-pin', 'de'), there.length('enter-pin', 'de')], [null, 6], 'its own change at once');
    await here.directory.catchUp();
    t.equal(here.length('enter-pin', 'de'), 6, "another node's");

    await put(AT + 1, new Int16Array(16));
    await commit(there.work, async (s) => {
      await s.accountPrompts.delete(account.id, before);
      await s.emit(anEvent(account.id, 'prompt', 'fr/goodbye', 'deleted'));
    });
    t.equal(there.length('goodbye', 'fr'), null);
    await createRetention(db).purge({ outbox: Date.now() + 60_000, callEvents: 0 });
    await here.directory.catchUp();
    t.same([here.length('enter-pin', 'de'), here.length('goodbye', 'fr')], [16, null], 'also where the outbox has forgotten');
  });
});
