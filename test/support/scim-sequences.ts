/** Requests as identity providers send them, in the shapes of their public documentation, replayed over HTTP with a SCIM token. */
import type { Test } from 'tap';
import type { ApiOffice } from './api-office.js';

export interface ScimStep {
  readonly name: string;
  readonly method: string;
  /** Under /scim2; `{user}` and the like stand for ids that earlier steps kept. */
  readonly path: string;
  readonly body?: unknown;
  readonly status: number;
  readonly answer?: object;
  /** Keeps the id of the answer, or of the only resource found, under this name. */
  readonly keep?: string;
}

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const PHONE = 'urn:ietf:params:scim:schemas:extension:cordboard:phone:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const patchOp = (...Operations: readonly object[]) => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations });
const filter = (text: string) => `filter=${encodeURIComponent(text)}`;
const NOBODY = { schemas: [LIST], totalResults: 0, Resources: [] };

/** Test of the connection, a user made, changed, switched off and on, renamed; a group with members; removal. */
export const ENTRA: readonly ScimStep[] = [
  { name: 'the connection is tried with a name of nobody', method: 'GET', path: `/Users?${filter('userName eq "2cff1a5e-7d51-4a45-9c2f-8f0a3f4f2b11"')}`, status: 200, answer: NOBODY },
  { name: 'is the user there?', method: 'GET', path: `/Users?${filter('userName eq "Test_User_1@contoso.example"')}`, status: 200, answer: NOBODY },
  {
    name: 'the user is made', method: 'POST', path: '/Users', status: 201, keep: 'user',
    body: {
      schemas: [USER, ENTERPRISE, PHONE], externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef', userName: 'Test_User_1@contoso.example', active: true,
      addresses: [{ primary: false, type: 'work', country: 'US', locality: 'Redmond' }], displayName: 'Lena Test', title: 'Tester', preferredLanguage: 'en-US',
      emails: [{ primary: true, type: 'work', value: 'lena@contoso.example' }], meta: { resourceType: 'User' }, roles: [],
      name: { formatted: 'Lena Test', familyName: 'Test', givenName: 'Lena' }, phoneNumbers: [{ primary: true, type: 'work', value: '555-0100' }],
      [ENTERPRISE]: { department: 'Bugs', employeeNumber: '4711' }, [PHONE]: { extensionNumber: '0' },
    },
    answer: { active: true, userName: 'Test_User_1@contoso.example', [PHONE]: { extensionNumber: /^\d+$/, site: 'Main Site' }, meta: { resourceType: 'User' } },
  },
  { name: 'by id', method: 'GET', path: '/Users/{user}', status: 200, answer: { externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef' } },
  {
    name: 'by the address of work', method: 'GET', path: `/Users?${filter('emails[type eq "work"].value eq "lena@contoso.example"')}`, status: 200, answer: { totalResults: 1 },
  },
  {
    name: 'several attributes, op with a capital', method: 'PATCH', path: '/Users/{user}', status: 200,
    body: patchOp(
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'lena.t@contoso.example' }, { op: 'Replace', path: 'name.familyName', value: 'Tester' },
      { op: 'Add', path: 'addresses[type eq "work"].formatted', value: 'Redmond\r\nUS' }, { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+1 555 0199' },
      { op: 'Add', path: `${ENTERPRISE}:manager`, value: '{user}' }, { op: 'Replace', path: `${ENTERPRISE}:department`, value: 'Features' },
    ),
    answer: {
      emails: [{ value: 'lena.t@contoso.example', primary: true }], name: { familyName: 'Tester' }, phoneNumbers: [{ type: 'work' }, { type: 'mobile', value: '+1 555 0199' }],
      [ENTERPRISE]: { department: 'Features', manager: { value: /./ } },
    },
  },
  {
    name: 'no path, dotted keys', method: 'PATCH', path: '/Users/{user}', status: 200,
    body: patchOp({ op: 'Add', value: { 'name.givenName': 'Helena', displayName: 'Helena Tester', [`${ENTERPRISE}:costCenter`]: '9' } }),
    answer: { displayName: 'Helena Tester', name: { givenName: 'Helena', familyName: 'Tester' }, [ENTERPRISE]: { costCenter: '9', department: 'Features' } },
  },
  { name: 'an attribute without a value', method: 'PATCH', path: '/Users/{user}', status: 200, body: patchOp({ op: 'Remove', path: 'title' }), answer: { title: undefined } },
  { name: 'switched off by a text', method: 'PATCH', path: '/Users/{user}', status: 200, body: patchOp({ op: 'Replace', path: 'active', value: 'False' }), answer: { active: false } },
  { name: 'switched on', method: 'PATCH', path: '/Users/{user}', status: 200, body: patchOp({ op: 'Replace', path: 'active', value: 'True' }), answer: { active: true } },
  { name: 'renamed', method: 'PATCH', path: '/Users/{user}', status: 200, body: patchOp({ op: 'Replace', path: 'userName', value: 'helena@contoso.example' }), answer: { userName: 'helena@contoso.example' } },
  { name: 'is the group there?', method: 'GET', path: `/Groups?excludedAttributes=members&${filter('displayName eq "Contoso Phones"')}`, status: 200, answer: NOBODY },
  {
    name: 'the group is made', method: 'POST', path: '/Groups', status: 201, keep: 'group',
    body: { schemas: [GROUP, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'], externalId: '8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159', displayName: 'Contoso Phones', meta: { resourceType: 'Group' } },
    answer: { displayName: 'Contoso Phones' },
  },
  { name: 'the group without its members', method: 'GET', path: '/Groups/{group}?excludedAttributes=members', status: 200, answer: { members: undefined } },
  { name: 'a member comes', method: 'PATCH', path: '/Groups/{group}', status: 200, body: patchOp({ op: 'Add', path: 'members', value: [{ $ref: null, value: '{user}' }] }), answer: { members: [{}] } },
  { name: 'is somebody a member?', method: 'GET', path: `/Groups?${filter('id eq "{group}" and members eq "{user}"')}`, status: 200, answer: { totalResults: 1 } },
  { name: 'a member goes', method: 'PATCH', path: '/Groups/{group}', status: 200, body: patchOp({ op: 'Remove', path: 'members', value: [{ $ref: null, value: '{user}' }] }), answer: { members: [] } },
  { name: 'a new name', method: 'PATCH', path: '/Groups/{group}', status: 200, body: patchOp({ op: 'Replace', path: 'displayName', value: 'Phones' }), answer: { displayName: 'Phones' } },
  { name: 'the group goes', method: 'DELETE', path: '/Groups/{group}', status: 204 },
  { name: 'the user goes for good', method: 'DELETE', path: '/Users/{user}', status: 204 },
  { name: 'and is gone', method: 'GET', path: '/Users/{user}', status: 404, answer: { status: '404' } },
];

/** Test of the connection, a user found or made, the whole user replaced, switched off; a group pushed. */
export const OKTA: readonly ScimStep[] = [
  { name: 'two users', method: 'GET', path: '/Users?startIndex=1&count=2', status: 200, answer: { startIndex: 1, itemsPerPage: 2 } },
  { name: 'a hundred groups', method: 'GET', path: '/Groups?startIndex=1&count=100', status: 200, answer: { startIndex: 1 } },
  { name: 'is the user there?', method: 'GET', path: `/Users?${filter('userName eq "test.user@okta.local"')}&startIndex=1&count=100`, status: 200, answer: NOBODY },
  {
    name: 'the user is made', method: 'POST', path: '/Users', status: 201, keep: 'user',
    body: {
      schemas: [USER], userName: 'test.user@okta.local', name: { givenName: 'Test', familyName: 'User' }, emails: [{ primary: true, value: 'test.user@okta.local', type: 'work' }],
      displayName: 'Test User', locale: 'en-US', externalId: '00ujl29u0le5T6Aj10h7', groups: [], password: '1mz050nq', active: true,
    },
    answer: { userName: 'test.user@okta.local', active: true, password: undefined, locale: 'en-US' },
  },
  { name: 'by id', method: 'GET', path: '/Users/{user}', status: 200, answer: { id: /./, emails: [{ type: 'work' }] } },
  {
    name: 'the whole user', method: 'PUT', path: '/Users/{user}', status: 200,
    body: {
      schemas: [USER, PHONE], id: '{user}', userName: 'test.user@okta.local', name: { givenName: 'Another', middleName: 'Excited', familyName: 'User' },
      emails: [{ primary: true, value: 'test.user@okta.local', type: 'work', display: 'test.user@okta.local' }], active: true, groups: [],
      meta: { resourceType: 'User' }, [PHONE]: { extensionNumber: '0', callingPlans: ['US/CA Metered Calling Plan'] },
    },
    answer: { name: { givenName: 'Another', middleName: 'Excited' }, displayName: undefined, [PHONE]: { extensionNumber: /./, callingPlans: ['US/CA Metered Calling Plan'] } },
  },
  { name: 'switched off', method: 'PATCH', path: '/Users/{user}', status: 200, body: patchOp({ op: 'replace', value: { active: false } }), answer: { active: false } },
  {
    name: 'switched on as a whole', method: 'PUT', path: '/Users/{user}', status: 200,
    body: { schemas: [USER], id: '{user}', userName: 'test.user@okta.local', name: { givenName: 'Another', familyName: 'User' }, emails: [{ primary: true, value: 'test.user@okta.local', type: 'work' }], active: true },
    answer: { active: true, [PHONE]: { extensionNumber: /./ } },
  },
  { name: 'a group is pushed', method: 'POST', path: '/Groups', status: 201, keep: 'group', body: { schemas: [GROUP], displayName: 'Test SCIMv2', members: [] }, answer: { members: [] } },
  {
    name: 'the whole group', method: 'PUT', path: '/Groups/{group}', status: 200,
    body: { schemas: [GROUP], id: '{group}', displayName: 'RenamedTestSCIMv2', members: [{ value: '{user}', display: 'test.user@okta.local' }] }, answer: { members: [{}] },
  },
  {
    name: 'a renaming that says its id', method: 'PATCH', path: '/Groups/{group}', status: 200, body: patchOp({ op: 'replace', value: { id: '{group}', displayName: 'Test SCIMv2' } }),
    answer: { displayName: 'Test SCIMv2' },
  },
  {
    name: 'a member by a filter, and another', method: 'PATCH', path: '/Groups/{group}', status: 200,
    body: patchOp({ op: 'remove', path: 'members[value eq "{user}"]' }, { op: 'add', path: 'members', value: [{ value: '{user}', display: 'test.user@okta.local' }] }), answer: { members: [{}] },
  },
  { name: 'the group goes', method: 'DELETE', path: '/Groups/{group}', status: 204 },
];

/** Sends one step after the other with a SCIM token of its own, and holds every answer against what is expected. */
export async function replay(t: Test, office: ApiOffice, steps: readonly ScimStep[]): Promise<void> {
  const { json } = await office.expect(201, 'POST', `/v2/cordboard/api_clients/${office.clientId}/scim_tokens`, { name: 'replay' });
  const ids = new Map<string, string>();
  const filled = (text: string): string => text.replace(/\{(user|group)\}|%7B(user|group)%7D/g, (whole, plain: string | undefined, encoded: string | undefined) => ids.get(plain ?? encoded ?? '') ?? whole);
  for (const { name, method, path, body, status, answer, keep } of steps) {
    const reply = await office.call(method, `/scim2${filled(path)}`, undefined, {
      token: json.token, ...(body === undefined ? {} : { raw: filled(JSON.stringify(body)), headers: { 'content-type': 'application/scim+json; charset=utf-8' } }),
    });
    t.equal(reply.status, status, name, { body: reply.text.slice(0, 1000) });
    if (answer !== undefined) t.match(reply.json, answer, `${name}: the answer`);
    if (keep !== undefined) ids.set(keep, reply.json?.id ?? '');
  }
}
