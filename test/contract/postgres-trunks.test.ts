import { randomBytes } from 'node:crypto';
import t from 'tap';
import type { RoutingRule } from '../../src/domain/trunk/routing-rule.js';
import { createSecretBox } from '../../src/security/secret-box.js';
import { createDirectory } from '../../src/storage/postgres/directory.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { createTrunkSecrets } from '../../src/usecases/trunks/trunk-secrets.js';
import { nodeHash } from '../support/node-digest-hash.js';
import { onEveryPostgres } from '../support/postgres.js';
import { aSite, accountWithSite, anEvent, commit, newId } from '../support/sample-account.js';
import { aGateway, aRoute, aTrunk } from '../support/sample-trunk.js';

const PAGE = { size: 10, after: null };

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const box = createSecretBox(randomBytes(32));
  const stores = createStores(db);
  const directory = createDirectory({ db, secretBox: box, hash: nodeHash, log: postgres.log });
  const work = createUnitOfWork(db, { onCommitted: (events) => directory.apply(events) });

  t.test('a trunk is kept as it is, its password apart', async (t) => {
    const { account, site } = await accountWithSite(work);
    const trunk = aTrunk(account.id, {
      gateways: [aGateway({ sources: ['192.0.2.0/24'] }), aGateway({ transport: 'tls', port: 5061 })], routes: [aRoute(), aRoute({ siteId: site.id, prefix: '+49' })],
      authentication: { kind: 'registration', userName: 'u"s', realm: '', aor: 'sip:u@carrier.example', expiresSeconds: 600 },
      border: { ...aTrunk(account.id).border, numberOut: { kind: 'tech-prefix', prefix: '99' }, passHeaders: ['x-a'] },
    });
    const other = aTrunk(account.id, { routes: [] });
    await stores.trunks.insert(trunk, 'sealed');
    await stores.trunks.insert(other, '');
    t.same(await stores.trunks.get(account.id, trunk.id), trunk);
    t.same(await stores.trunks.byName(account.id, other.name), other);
    t.equal(await stores.trunks.get(newId(), trunk.id), null, 'not for another account');
    await t.rejects(stores.trunks.insert(aTrunk(account.id, { name: trunk.name }), ''), { name: 'UniqueViolation', constraint: 'trunks_name_unique' });
    t.same(await stores.trunks.page(account.id, PAGE), { items: [trunk, other], next: null, total: 2 });
    t.same((await stores.trunks.page(account.id, { size: 1, after: trunk.id })).items, [other]);
    t.same([await stores.trunks.sealedPassword(trunk.id), await stores.trunks.sealedPassword(newId())], ['sealed', '']);
    const changed = { ...trunk, name: 'Changed', routes: [aRoute({ emergency: true })], version: 2 };
    await stores.trunks.update(changed);
    t.same([await stores.trunks.get(account.id, trunk.id), await stores.trunks.sealedPassword(trunk.id)], [changed, 'sealed']);
    await stores.trunks.update(changed, 'again');
    t.equal(await stores.trunks.sealedPassword(trunk.id), 'again');
    await stores.trunks.delete(trunk.id);
    t.equal(await stores.trunks.count(account.id), 1);
  });

  t.test('calls read them from memory: as they were loaded, and as they changed since', async (t) => {
    const { account } = await accountWithSite(work);
    const branch = aSite(account.id, { name: 'Branch', isMain: false });
    const trunk = aTrunk(account.id, { routes: [aRoute(), aRoute({ siteId: branch.id })] });
    const late = aTrunk(account.id);
    const rule = (changes: Partial<RoutingRule>): RoutingRule => ({
      id: newId(), accountId: account.id, siteId: null, name: 'R', numberPattern: '\\+49\\d+', translation: '', trunkId: trunk.id, order: 1, ...changes,
    });
    const [second, first, site] = [rule({ order: 2 }), rule({}), rule({ siteId: branch.id, order: 9 })];
    await commit(work, async (inside) => {
      await inside.sites.insert(branch);
      await inside.trunks.insert(trunk, box.seal('secret', trunk.id));
      for (const each of [second, first, site]) await inside.routingRules.insert(each);
    });
    t.same((await stores.routingRules.all(account.id, null)).map(({ id }) => id), [site.id, first.id, second.id], 'sites, then the account');
    t.same((await stores.routingRules.all(account.id, branch.id)).map(({ id }) => id), [site.id]);
    await directory.load();
    const secrets = createTrunkSecrets({ trunks: () => directory.trunks, box });
    t.same(directory.trunks.trunk(trunk.id), trunk);
    t.same(directory.trunks.rules(account.id).map(({ id }) => id), [first.id, second.id, site.id]);
    t.same([await secrets.password(trunk.id), await secrets.password(late.id)], ['secret', null]);

    await commit(work, async (inside) => {
      await inside.trunks.insert(late, '');
      await inside.trunks.update({ ...trunk, enabled: false }, '');
      await inside.routingRules.update({ ...first, order: 7 });
      for (const [kind, id] of [['trunk', late.id], ['trunk', trunk.id], ['routing_rule', first.id]] as const) await inside.emit(anEvent(account.id, kind, id));
    });
    t.same(directory.trunks.trunks(account.id), [{ ...trunk, enabled: false }, late]);
    t.same(directory.trunks.rules(account.id).map(({ id }) => id), [second.id, first.id, site.id]);
    t.equal(await secrets.password(trunk.id), null, 'the password went with the change');

    await commit(work, async (inside) => {
      await inside.sites.delete(branch.id);
      await inside.emit(anEvent(account.id, 'site', branch.id, 'deleted'));
    });
    t.same([directory.trunks.trunk(trunk.id)?.routes, (await stores.trunks.get(account.id, trunk.id))?.routes].map((routes) => routes?.length), [1, 1], 'a site takes its routes along');
    await commit(work, async (inside) => {
      await inside.trunks.delete(trunk.id);
      await inside.emit(anEvent(account.id, 'trunk', trunk.id, 'deleted'));
    });
    t.same(directory.trunks.rules(account.id).map(({ trunkId }) => trunkId), [null, null], 'rules stay and lead nowhere');
    t.same((await stores.routingRules.all(account.id, null)).map(({ trunkId }) => trunkId), [null, null]);
  });
});
