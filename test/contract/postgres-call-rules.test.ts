import { randomBytes } from 'node:crypto';
import t from 'tap';
import type { BlockedNumberId, OutboundExceptionId } from '../../src/domain/ids.js';
import type { BlockedNumber, CallRulePlace } from '../../src/domain/routing/blocked-number.js';
import type { OutboundException } from '../../src/domain/routing/outbound-rules.js';
import type { AccountId } from '../../src/domain/ids.js';
import { createSecretBox } from '../../src/security/secret-box.js';
import { createDirectory } from '../../src/storage/postgres/directory.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { nodeHash } from '../support/node-digest-hash.js';
import { onEveryPostgres } from '../support/postgres.js';
import { AT, accountWithSite, addPhoneUser, anEvent, commit, newId } from '../support/sample-account.js';

const FIRST = { size: 10, after: null };

function blocked(accountId: AccountId, place: CallRulePlace, number: string, changes: Partial<BlockedNumber> = {}): BlockedNumber {
  return {
    id: newId<BlockedNumberId>(), accountId, ...place, direction: 'inbound', number, match: 'number', type: 'block', country: null,
    comment: '', status: 'active', createdAt: AT, ...changes,
  };
}

function exception(accountId: AccountId, place: CallRulePlace, number: string, changes: Partial<OutboundException> = {}): OutboundException {
  return {
    id: newId<OutboundExceptionId>(), accountId, ...place, country: 'US', number, match: 'prefix', rule: 'block', comment: '', status: 'active',
    createdAt: AT, ...changes,
  };
}

const extensionPlace = (scopeId: string): CallRulePlace => ({ scope: 'extension', scopeId });

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const stores = createStores(db);
  const silent = createUnitOfWork(db, { onCommitted: async () => undefined });
  const newDirectory = () => createDirectory({ db, secretBox: createSecretBox(randomBytes(32)), hash: nodeHash, log: postgres.log });

  t.test('a blocked list is one place\'s: filters, keyword, the entry for a number', async (t) => {
    const { account } = await accountWithSite(silent);
    const here: CallRulePlace = { scope: 'account', scopeId: account.id };
    const spam = blocked(account.id, here, '+15550001', { comment: 'ÄRGER mit 100%', type: 'threat', country: 'US' });
    const costly = blocked(account.id, here, '+1900', { direction: 'outbound', match: 'prefix', status: 'inactive' });
    const elsewhere = blocked(account.id, extensionPlace('ext'), '+15550001');
    await commit(silent, async (s) => {
      for (const entry of [spam, costly, elsewhere]) await s.blockedNumbers.insert(entry);
    });
    for (const [filter, expected] of [
      [{}, [spam, costly]], [{ direction: 'inbound' }, [spam]], [{ match: 'prefix' }, [costly]], [{ status: 'inactive' }, [costly]], [{ type: 'threat' }, [spam]],
      [{ keyword: 'ärger' }, [spam]], [{ keyword: '0%' }, [spam]], [{ keyword: '+1' }, [spam, costly]], [{ keyword: '_' }, []], [{ keyword: '' }, [spam, costly]],
    ] as const) {
      const page = await stores.blockedNumbers.page(account.id, here, filter, FIRST);
      t.same(page.items, expected, JSON.stringify(filter));
      t.equal(page.total, expected.length);
    }
    t.same(await stores.blockedNumbers.find(account.id, here, spam), spam);
    t.equal(await stores.blockedNumbers.find(account.id, here, { ...spam, direction: 'outbound' }), null);
    const changed = { ...spam, comment: 'fine', number: '+15550002' };
    await commit(silent, (s) => s.blockedNumbers.update(changed));
    t.same(await stores.blockedNumbers.get(account.id, spam.id), changed);
    t.same((await stores.blockedNumbers.page(account.id, here, { keyword: 'ärger' }, FIRST)).items, [], 'the search follows a change');
    await t.rejects(commit(silent, (s) => s.blockedNumbers.insert({ ...changed, id: newId() })), /blocked_numbers_number_unique/);
  });

  t.test('statistics count extensions by number, in pages', async (t) => {
    const { account } = await accountWithSite(silent);
    await commit(silent, async (s) => {
      await s.blockedNumbers.insert(blocked(account.id, extensionPlace('a'), '+15550001', { country: 'US' }));
      await s.blockedNumbers.insert(blocked(account.id, extensionPlace('b'), '+15550001', { type: 'threat' }));
      await s.blockedNumbers.insert(blocked(account.id, extensionPlace('b'), '+1555', { match: 'prefix' }));
      await s.blockedNumbers.insert(blocked(account.id, extensionPlace('b'), '1002'));
      await s.blockedNumbers.insert(blocked(account.id, extensionPlace('b'), '+1900', { direction: 'outbound' }));
      await s.blockedNumbers.insert(blocked(account.id, { scope: 'account', scopeId: account.id }, '+15550009'));
    });
    const all = [
      { number: '+1555', match: 'prefix', country: null, blockCount: 1, threatCount: 0 },
      { number: '+15550001', match: 'number', country: 'US', blockCount: 1, threatCount: 1 },
      { number: '1002', match: 'number', country: null, blockCount: 1, threatCount: 0 },
    ] as const;
    t.same((await stores.blockedNumbers.statistics(account.id, {}, FIRST)).items, all);
    const paged = [];
    for (let after: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof stores.blockedNumbers.statistics>> = await stores.blockedNumbers.statistics(account.id, {}, { size: 1, after });
      t.equal(page.total, 3);
      paged.push(...page.items);
      after = page.next;
      if (after === null) break;
    }
    t.same(paged, all);
    const numbers = async (filter: object) => (await stores.blockedNumbers.statistics(account.id, filter, FIRST)).items.map(({ number }) => number);
    t.same(await numbers({ match: 'prefix' }), ['+1555']);
    t.same(await numbers({ type: 'threat' }), ['+15550001']);
    t.same(await numbers({ type: 'block' }), ['+1555', '1002']);
    t.same(await numbers({ keyword: '0001' }), ['+15550001']);
    t.same((await stores.blockedNumbers.ofExtensions(account.id, { number: '+15550001', match: 'number' })).map(({ scopeId }) => scopeId), ['a', 'b']);
  });

  t.test('outbound rules: countries replaced one by one, exceptions filtered, a place cleared', async (t) => {
    const { account, site } = await accountWithSite(silent);
    const here: CallRulePlace = { scope: 'site', scopeId: site.id };
    const costly = exception(account.id, here, '+1900', { comment: 'Costly' });
    const friend = exception(account.id, here, '+4930123456', { country: 'DE', match: 'number', rule: 'allow', status: 'inactive' });
    await commit(silent, async (s) => {
      await s.outboundCountries.put({ accountId: account.id, ...here, country: 'DE', rule: 'allow' });
      await s.outboundCountries.put({ accountId: account.id, ...here, country: 'DE', rule: 'block' });
      await s.outboundCountries.put({ accountId: account.id, ...here, country: 'FR', rule: 'block' });
      await s.outboundCountries.delete({ accountId: account.id, ...here, country: 'FR' });
      await s.outboundExceptions.insert(costly);
      await s.outboundExceptions.insert(friend);
    });
    t.same(await stores.outboundCountries.of(account.id, [here, extensionPlace('other')]), [{ accountId: account.id, ...here, country: 'DE', rule: 'block' }]);
    t.same(await stores.outboundCountries.of(account.id, []), []);
    for (const [filter, expected] of [
      [{}, [costly, friend]], [{ country: 'DE' }, [friend]], [{ match: 'prefix' }, [costly]], [{ status: 'inactive' }, [friend]], [{ keyword: 'COST' }, [costly]],
    ] as const) {
      const page = await stores.outboundExceptions.page(account.id, here, filter, FIRST);
      t.same(page.items, expected, JSON.stringify(filter));
      t.equal(page.total, expected.length);
    }
    t.same(await stores.outboundExceptions.get(account.id, here, friend.id), friend);
    t.equal(await stores.outboundExceptions.get(account.id, extensionPlace(site.id), friend.id), null, 'not of another place');
    t.same(await stores.outboundExceptions.find(account.id, here, costly), costly);
    t.same(await stores.outboundExceptions.ofCountry(account.id, here, 'US'), [costly]);
    await commit(silent, (s) => s.outboundExceptions.update({ ...costly, rule: 'allow', number: '+1901' }));
    t.match(await stores.outboundExceptions.get(account.id, here, costly.id), { rule: 'allow', number: '+1901' });
    await commit(silent, (s) => s.outboundExceptions.delete(costly.id));
    await commit(silent, (s) => s.callRules.clearPlace(account.id, here));
    t.same(await stores.outboundCountries.of(account.id, [here]), []);
    t.equal((await stores.outboundExceptions.page(account.id, here, {}, FIRST)).total, 0);
  });

  t.test('the directory answers for one number, follows changes, and drops a place with its rules', async (t) => {
    const { account, site } = await accountWithSite(silent);
    const places = { account: { scope: 'account', scopeId: account.id }, site: { scope: 'site', scopeId: site.id } } as const;
    const directory = newDirectory();
    await directory.load();
    const work = createUnitOfWork(db, { onCommitted: (events) => directory.apply(events) });
    const { person, premium } = await commit(work, async (s) => {
      const person = await addPhoneUser(s, site, '801');
      await s.emit(anEvent(account.id, 'phone_user', person.user.id, 'created'));
      const own = extensionPlace(person.extension.id);
      const premium = blocked(account.id, places.account, '+1900', { direction: 'outbound', match: 'prefix' });
      for (const row of [
        premium,
        blocked(account.id, places.site, '+44', { direction: 'outbound', match: 'prefix' }),
        blocked(account.id, own, '+442079460000', { direction: 'outbound' }),
        blocked(account.id, places.account, '+4420', { direction: 'outbound', match: 'prefix', status: 'inactive' }),
        blocked(account.id, places.account, '+4420', { match: 'prefix' }), blocked(account.id, own, '1002'),
      ]) {
        await s.blockedNumbers.insert(row);
        await s.emit(anEvent(account.id, 'blocked_number', row.id, 'created'));
      }
      for (const row of [exception(account.id, places.site, '+44', { country: 'GB' }), exception(account.id, places.site, '+4420', { country: 'GB', rule: 'allow' })]) {
        await s.outboundExceptions.insert(row);
        await s.emit(anEvent(account.id, 'outbound_exception', row.id, 'created'));
      }
      await s.outboundCountries.put({ accountId: account.id, ...own, country: 'GB', rule: 'block' });
      await s.emit(anEvent(account.id, 'outbound_countries', own.scopeId));
      return { person, premium };
    });
    const fresh = newDirectory();
    await fresh.load();
    for (const [name, known] of [['by events', directory], ['by loading', fresh]] as const) {
      const numbers = (e164: string, extensionId: typeof person.extension.id | null = person.extension.id) =>
        known.outboundBlocks(account.id, site.id, extensionId, e164).map(({ scope, number }) => `${scope} ${number}`);
      t.same(numbers('+19005550100'), ['account +1900'], name);
      t.same(numbers('+442079460000'), ['site +44', 'extension +442079460000']);
      t.same(numbers('+442079460001', null), ['site +44']);
      t.same(known.inboundBlocks(account.id, person.extension.id, ['1002', '+442079460000']).map(({ number }) => number), ['+4420', '1002']);
      t.same(known.inboundBlocks(account.id, newId(), ['1002']), []);
      t.match(known.outboundSaying(site.id, '+442079460000', 'GB'), { exception: { number: '+4420', rule: 'allow' }, country: null }, 'the longest exception');
      t.match(known.outboundSaying(site.id, '+447911123456', 'GB'), { exception: { number: '+44', rule: 'block' } });
      t.same(known.outboundSaying(site.id, '+447781123456', 'GG'), { exception: null, country: null }, 'another country behind the same calling code');
      t.same(known.outboundSaying(person.extension.id, '+442079460000', 'GB'), { exception: null, country: 'block' });
      t.same(known.outboundSaying(person.extension.id, '+870773111632', null), { exception: null, country: null });
    }

    await commit(work, async (s) => {
      await s.blockedNumbers.update({ ...premium, status: 'inactive' });
      await s.emit(anEvent(account.id, 'blocked_number', premium.id));
      await s.outboundCountries.delete({ accountId: account.id, ...extensionPlace(person.extension.id), country: 'GB' });
      await s.emit(anEvent(account.id, 'outbound_countries', person.extension.id));
    });
    t.same(directory.outboundBlocks(account.id, site.id, null, '+19005550100'), []);
    t.equal(directory.outboundSaying(person.extension.id, '+442079460000', 'GB').country, null);

    await commit(work, async (s) => {
      await s.callRules.clearPlace(account.id, extensionPlace(person.extension.id));
      await s.phoneUsers.delete(person.user.id);
      await s.extensions.delete(person.extension.id);
      await s.emit(anEvent(account.id, 'phone_user', person.user.id, 'deleted'));
    });
    t.same(directory.inboundBlocks(account.id, person.extension.id, ['1002']), []);
  });
});
