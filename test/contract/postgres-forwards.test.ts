import { randomBytes } from 'node:crypto';
import t from 'tap';
import { asId, type ExtensionId, type PhoneNumberId } from '../../src/domain/ids.js';
import { plainHandling, type CallHandling, type NumberForward } from '../../src/domain/forwarding/call-handling.js';
import { createSecretBox } from '../../src/security/secret-box.js';
import { createDirectory } from '../../src/storage/postgres/directory.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { nodeHash } from '../support/node-digest-hash.js';
import { onEveryPostgres } from '../support/postgres.js';
import { poolNumber } from '../support/call-facts-office.js';
import { accountWithSite, anEvent, anExtension, commit, newId } from '../support/sample-account.js';

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const stores = createStores(db);
  const directory = createDirectory({ db, secretBox: createSecretBox(randomBytes(32)), hash: nodeHash, log: postgres.log });
  const work = createUnitOfWork(db, { onCommitted: (events) => directory.apply(events) });

  t.test('call handling and numbers that lead outside: kept, read from memory, gone with what they belong to', async (t) => {
    const { account, site } = await accountWithSite(work);
    const [ben, cleo] = ['102', '103'].map((number) => anExtension(site, number, { kind: 'user', id: newId() }));
    if (ben === undefined || cleo === undefined) return t.fail();
    const number = poolNumber('+12125550123', { id: newId(), accountId: account.id, siteId: site.id, extensionId: ben.id });
    const plain = plainHandling(ben.id, account.id);
    const handling: CallHandling = {
      ...plain, hours: { kind: 'custom', days: [{ weekday: 'mon', from: '09:00', to: '17:00' }] },
      business: {
        ...plain.business, ringMode: 'sequential', ringSeconds: 40, unanswered: { kind: 'number', number: '+442079460000', description: 'Mobile' },
        numbers: [{ id: newId(), number: '+442079460001', description: '', enabled: true, delaySeconds: 5, ringSeconds: null }],
      },
      closed: { ...plain.closed, busy: { kind: 'extension', extensionId: cleo.id } },
    };
    const forward: NumberForward = { id: number.id, accountId: account.id, extensionId: ben.id, number: '+442079460002', description: 'Agency' };
    await commit(work, async (inside) => {
      for (const extension of [ben, cleo]) await inside.extensions.insert(extension);
      await inside.phoneNumbers.insert([number]);
      await inside.callHandlings.put(plain);
      await inside.callHandlings.put(handling);
    });
    await directory.load();
    t.same([directory.forwards.handling(ben.id), directory.forwards.handling(cleo.id)], [handling, undefined]);
    t.same([await stores.callHandlings.get(account.id, ben.id), await stores.callHandlings.get(newId(), ben.id)], [handling, null], 'not for another account');
    t.same([await stores.callHandlings.leadingTo(account.id, cleo.id), await stores.callHandlings.leadingTo(account.id, ben.id)], [[handling], []]);

    await commit(work, async (inside) => {
      await inside.numberForwards.put({ ...forward, description: '' });
      await inside.numberForwards.put(forward);
      await inside.callHandlings.put({ ...handling, hours: { kind: 'always' } });
      await inside.emit(anEvent(account.id, 'number_forward', number.id));
      await inside.emit(anEvent(account.id, 'call_handling', ben.id));
    });
    t.same([directory.forwards.number(number.id), await stores.numberForwards.get(account.id, number.id)], [forward, forward]);
    t.equal(directory.forwards.handling(ben.id)?.hours.kind, 'always');

    await commit(work, async (inside) => {
      await inside.phoneNumbers.update(number.id, { extensionId: null, assignedOrder: null });
      await inside.phoneNumbers.delete([number.id]);
      await inside.extensions.delete(ben.id);
      await inside.emit(anEvent(account.id, 'phone_number', number.id, 'deleted'));
      await inside.emit(anEvent(account.id, 'extension', ben.id, 'deleted'));
    });
    t.same([directory.forwards.number(asId<PhoneNumberId>(number.id)), directory.forwards.handling(asId<ExtensionId>(ben.id))], [undefined, undefined]);
    t.same([await stores.numberForwards.get(account.id, number.id), await stores.callHandlings.get(account.id, ben.id)], [null, null]);
  });
});
