import t from 'tap';
import type { SamlSettings } from '../../src/domain/saml/saml-settings.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { onEveryPostgres } from '../support/postgres.js';
import { aUser, accountWithSite, commit } from '../support/sample-account.js';

const AT = Date.UTC(2026, 2, 2, 9);

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const { samlSettings, samlSignIns } = createStores(db);
  const work = createUnitOfWork(db, { onCommitted: async () => undefined });
  const { account } = await accountWithSite(work);
  const accountId = account.id;

  await t.test('settings are kept whole, replaced and removed', async (t) => {
    const settings: SamlSettings = {
      accountId, active: true, baseUrl: 'https://pbx.example', idpEntityId: 'https://idp.example', ssoUrl: 'https://idp.example/sso', certificates: ['one', 'two'], signed: 'both',
      clockSkewSeconds: 5, emailAttribute: 'mail', provisioning: true, idpInitiated: false, redirectUris: ['https://app.example/back'],
      rules: [{ attribute: 'groups', value: null, grants: 'site', assign: 'Berlin' }], updatedAt: AT,
    };
    t.equal(await samlSettings.get(accountId), null);
    await commit(work, (s) => s.samlSettings.set({ ...settings, active: false }));
    await commit(work, (s) => s.samlSettings.set(settings));
    t.same(await samlSettings.get(accountId), settings);
    await commit(work, (s) => s.samlSettings.delete(accountId));
    t.equal(await samlSettings.get(accountId), null);
  });

  await t.test('a request is taken once, by its account, while it lasts', async (t) => {
    const back = { redirectUri: 'https://app.example/back', state: 's', codeChallenge: 'c' };
    const request = { id: '_1', accountId, back, expiresAt: AT + 1000 };
    await samlSignIns.insertRequest(request, AT);
    await samlSignIns.insertRequest({ ...request, id: '_2', back: null }, AT);
    t.equal(await samlSignIns.takeRequest('other' as typeof accountId, '_1', AT), null);
    const taken = await Promise.all([1, 2, 3].map(() => samlSignIns.takeRequest(accountId, '_1', AT + 999)));
    t.same(taken.filter((one) => one !== null), [request]);
    t.equal(await samlSignIns.takeRequest(accountId, '_2', AT + 1000), null, 'too late');
  });

  await t.test('an assertion is new once', async (t) => {
    const seen = { accountId, id: '_a', until: AT + 1000 };
    const answers = await Promise.all([1, 2, 3].map(() => samlSignIns.rememberAssertion(seen, AT)));
    t.same(answers.filter(Boolean).length, 1);
    t.notOk(await samlSignIns.rememberAssertion(seen, AT + 999));
    t.ok(await samlSignIns.rememberAssertion({ ...seen, id: '_b' }, AT + 2000));
    t.equal((await db.queries.selectFrom('saml_assertions').select('id').execute()).length, 1, 'what has ended goes');
  });

  await t.test('a code is taken once, while it lasts', async (t) => {
    const user = aUser(accountId);
    await commit(work, (s) => s.users.insert(user));
    const code = { codeHash: 'h', accountId, userId: user.id, back: { redirectUri: 'https://app.example/back', codeChallenge: 'c' }, expiresAt: AT + 1000 };
    await samlSignIns.insertCode(code, AT);
    await samlSignIns.insertCode({ ...code, codeHash: 'i', back: null }, AT);
    const taken = await Promise.all([1, 2, 3].map(() => samlSignIns.takeCode('h', AT)));
    t.same(taken.filter((one) => one !== null), [code]);
    t.equal(await samlSignIns.takeCode('i', AT + 1000), null, 'too late');
  });
});
