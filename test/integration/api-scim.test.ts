import t from 'tap';
import { startApiOffice } from '../support/api-office.js';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const scim = { headers: { 'content-type': 'application/scim+json' } };

t.test('SCIM', async (t) => {
  const office = await startApiOffice(t);
  const { expect, call } = office;
  const patch = (id: string, Operations: unknown, more = {}) => call('PATCH', `/scim2/Users/${id}`, { schemas: [PATCH], Operations }, { headers: { ...scim.headers, ...more } });
  const find = async (filter: string, more = '') => (await expect(200, 'GET', `/scim2/Users?filter=${encodeURIComponent(filter)}${more}`)).json;
  const ada = {
    schemas: [USER, ENTERPRISE], userName: 'ada@example.com', externalId: 'ext-1', active: true, displayName: 'Ada Lovelace',
    name: { givenName: 'Ada', familyName: 'Lovelace', middleName: 'K.' }, emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
    title: 'Countess', [ENTERPRISE]: { department: 'Engines', costCenter: '42', employeeNumber: '7' },
  };
  const made = await expect(201, 'POST', '/scim2/Users', ada, scim);
  const { id } = made.json;

  await t.test('a person is added, read, found, changed, replaced and removed', async (t) => {
    t.match(made.headers.get('content-type'), /^application\/scim\+json/);
    t.equal(made.headers.get('location'), `${office.url}/scim2/Users/${id}`);
    t.equal(made.headers.get('etag'), made.json.meta.version);
    t.match(made.json, { ...ada, meta: { resourceType: 'User', location: made.headers.get('location') } });
    t.match((await expect(200, 'GET', `/v2/users/${id}`)).json, { email: 'ada@example.com', dept: 'Engines', cost_center: '42', job_title: 'Countess', employee_unique_id: '7' });
    const again = await expect(409, 'POST', '/scim2/Users', { ...ada, userName: 'ADA@example.com' }, scim);
    t.match(again.json, { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '409', scimType: 'uniqueness' });
    t.equal((await find('userName eq "ADA@EXAMPLE.com"')).totalResults, 1);
    t.equal((await find('externalId eq "EXT-1"')).totalResults, 0, 'ids are exact');
    const renamed = await patch(id, [{ op: 'Replace', path: 'name.familyName', value: 'King' }, { op: 'Add', value: { title: 'Analyst' } }]);
    t.match(renamed, { status: 200, json: { name: { familyName: 'King', givenName: 'Ada', middleName: 'K.' }, title: 'Analyst' } });
    t.not(renamed.json.meta.version, made.json.meta.version);
    const replaced = await expect(200, 'PUT', `/scim2/Users/${id}`, { schemas: [USER], userName: 'ada@example.com', name: { givenName: 'Ada' } }, scim);
    t.equal(replaced.json.title, undefined, 'what PUT leaves out is gone');
    t.equal(replaced.json[ENTERPRISE], undefined);
  });
  await t.test('ETags', async (t) => {
    const { headers } = await expect(200, 'GET', `/scim2/Users/${id}?attributes=userName`);
    const etag = headers.get('etag') ?? '';
    t.equal((await call('GET', `/scim2/Users/${id}`, undefined, { headers: { 'if-none-match': etag } })).status, 304);
    t.equal((await patch(id, [{ op: 'replace', path: 'title', value: 'A' }], { 'if-match': etag })).status, 200);
    t.match(await patch(id, [{ op: 'replace', path: 'title', value: 'B' }], { 'if-match': etag }), { status: 412, json: { status: '412' } });
  });
});
