import t from 'tap';
import type { OutgoingMail } from '../../src/domain/mail/mail.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { onEveryPostgres } from '../support/postgres.js';
import { AT, accountWithSite, newId } from '../support/sample-account.js';

const MINUTE = 60_000;
const SENT = { state: 'sent', nextAt: AT, lastError: '' } as const;

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const stores = createStores(db);
  const others = createStores(await postgres.open(t));
  const { account } = await accountWithSite(createUnitOfWork(db, { onCommitted: async () => undefined }));
  const { mails } = stores;
  const limits = { limit: 10, until: AT + MINUTE };

  const waiting = async (changes: Partial<OutgoingMail> = {}): Promise<OutgoingMail> => {
    const mail: OutgoingMail = {
      id: newId(), accountId: account.id, recipient: 'Ada@example.com', template: 'notice', language: 'de', state: 'pending', attempts: 0,
      nextAt: AT, lastError: '', createdAt: AT, sentAt: null, ...changes,
    };
    await mails.insert(mail, `sealed ${mail.id}`);
    return mail;
  };
  const idsOf = (claimed: readonly { readonly mail: OutgoingMail }[]): readonly string[] => claimed.map(({ mail }) => mail.id);
  const contentOf = async (id: string) => (await db.queries.selectFrom('mails').select('sealed_content').where('id', '=', id).executeTakeFirst())?.sealed_content;

  t.test('what is due is claimed once, in order, with its content', async (t) => {
    const [first, later, second] = [await waiting(), await waiting({ nextAt: AT + 1 }), await waiting()];
    const [here, there] = await Promise.all([mails.claimDue(AT, limits), others.mails.claimDue(AT, limits)]);
    t.same([...idsOf(here), ...idsOf(there)].sort(), [first.id, second.id].sort(), 'two nodes share, none twice');
    const claimed = [...here, ...there].find(({ mail }) => mail.id === first.id);
    t.match(claimed, { sealedContent: `sealed ${first.id}`, mail: { attempts: 1, nextAt: AT + MINUTE, recipient: 'Ada@example.com' } });
    t.same(idsOf(await mails.claimDue(AT + 1, { ...limits, limit: 1 })), [later.id]);
    t.same(idsOf(await mails.claimDue(AT + MINUTE, limits)).length, 3, 'a node that died leaves its mails to others');
  });

  t.test('the content goes with the end, whichever it is', async (t) => {
    const [sent, failed, waits] = [await waiting(), await waiting(), await waiting()];
    await mails.claimDue(AT, limits);
    t.ok(await mails.settle(sent.id, 1, SENT, AT + 5));
    t.ok(await mails.settle(failed.id, 1, { state: 'failed', nextAt: AT, lastError: 'no' }, AT));
    t.ok(await mails.settle(waits.id, 1, { state: 'pending', nextAt: AT + MINUTE, lastError: 'later' }, AT));
    t.equal(await contentOf(sent.id), null);
    t.equal(await contentOf(failed.id), null);
    t.equal(await contentOf(waits.id), `sealed ${waits.id}`);
    t.match(await mails.get(account.id, sent.id), { state: 'sent', sentAt: AT + 5 });
    t.match(await mails.get(account.id, failed.id), { state: 'failed', lastError: 'no', sentAt: null });
    t.notOk(await mails.settle(sent.id, 1, SENT, AT), 'what ended has ended');
    t.notOk(await mails.settle(waits.id, 7, SENT, AT), 'an attempt that was overtaken decides nothing');
    t.equal(await mails.get(newId(), sent.id), null, 'not for another account');
  });

  t.test('listed newest first, by state and recipient; forgotten when old', async (t) => {
    const page = await mails.page(account.id, { recipient: 'ada@EXAMPLE.com' }, { size: 2, after: null });
    t.equal(page.total, 6);
    t.same(page.items.map(({ id }) => id), [...page.items.map(({ id }) => id)].sort().reverse());
    t.equal((await mails.page(account.id, { state: 'failed' }, { size: 9, after: null })).total, 1);
    t.equal((await mails.page(account.id, { recipient: 'bob@example.com' }, { size: 9, after: null })).total, 0);
    t.equal(await mails.forget(AT), 0);
    t.equal(await mails.forget(AT + 1), 2, 'what is pending stays');
  });
});
