import t from 'tap';
import type { JsonObject } from '../../../src/domain/scim/person.js';
import { matches, readFilter } from '../../../src/http/scim/filter.js';
import { applyPatch, readPatch } from '../../../src/http/scim/patch.js';
import { project } from '../../../src/http/scim/projection.js';
import { readResource } from '../../../src/http/scim/read-resource.js';
import { ENTERPRISE_SCHEMA, PHONE_SCHEMA, USER_TYPE } from '../../../src/http/scim/schemas.js';

const ADA: JsonObject = {
  schemas: [], id: '01a', externalId: 'Ext-1', userName: 'Ada@example.com', active: true, name: { givenName: 'Ada', familyName: 'Lovelace' }, title: '',
  emails: [{ value: 'ada@example.com', type: 'work', primary: true }, { value: 'ada@home.example', type: 'home' }],
  [ENTERPRISE_SCHEMA]: { department: 'Engines' }, [PHONE_SCHEMA]: { phoneNumbers: ['+15555550100'] },
  meta: { created: '2026-01-02T03:04:05.000Z' },
};

t.test('filters (RFC 7644 §3.4.2.2)', (t) => {
  const rows: readonly (readonly [string, boolean])[] = [
    ['userName eq "ada@EXAMPLE.com"', true], ['USERNAME Eq "ada@example.com"', true], ['userName ne "ada@example.com"', false],
    ['externalId eq "ext-1"', false], ['externalId eq "Ext-1"', true], ['id eq "01A"', false],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "ada"', true],
    [`${ENTERPRISE_SCHEMA}:department eq "engines"`, true], [`${PHONE_SCHEMA}:phoneNumbers eq "+15555550100"`, true],
    ['emails[type eq "work"].value eq "ada@example.com"', true], ['emails[type eq "work" and value co "@home"]', false],
    ['emails eq "ada@home.example"', true], ['emails.value ew ".example"', true], ['emails ne "ada@home.example"', false], ['emails.type eq "HOME"', true],
    ['active eq true', true], ['active eq "True"', true], ['active eq false', false], ['not (active eq false)', true],
    ['title pr', false], ['name pr', true], ['nickName eq null', true], ['userName eq null', false], ['nickName pr or userName pr', true],
    ['userName eq "x" or active eq true and title pr', false], ['(userName eq "x" or active eq true) and name.familyName co "love"', true],
    ['meta.created ge "2026-01-02T04:04:05+01:00"', true], ['meta.created lt "2026-01-02T03:04:05Z"', false], ['meta.created gt "2025-12-31T00:00:00Z"', true],
    ['userName co "\\u0061da"', true], ['displayName eq "a\\"b\\\\c"', false],
  ];
  for (const [text, wanted] of rows) {
    const read = readFilter(USER_TYPE, text);
    t.equal(read.kind === 'filter' ? matches(read.filter, ADA) : read.problems[0]?.text, wanted, text);
  }
  for (const text of [
    '', 'userName', 'userName eq', 'userName eq ada', 'nothing eq "x"', 'userName is "x"', 'name.nothing eq "x"', 'a.b.c eq "x"', '(userName eq "x"', 'userName eq "x',
    '__proto__ eq "x"', 'constructor pr', `userName eq "${'x'.repeat(3000)}"`, `${'('.repeat(30)}active eq true${')'.repeat(30)}`, `userName eq "${'\n'.repeat(60)}`,
    `${'not '.repeat(300)}active eq true`,
  ]) t.match(readFilter(USER_TYPE, text), { kind: 'refused', scimType: 'invalidFilter' }, text.slice(0, 40));
  t.match(readFilter(USER_TYPE, 'password eq "x"'), { kind: 'refused', scimType: 'sensitive' });
  t.end();
});

t.test('patches as identity providers write them (RFC 7644 §3.5.2)', (t) => {
  const rows: readonly (readonly [name: string, operations: readonly JsonObject[], wanted: object])[] = [
    ['op in any case', [{ op: 'Replace', path: 'title', value: 'A' }], { title: 'A' }],
    ['names in any case, with a schema in front', [{ op: 'replace', path: 'URN:ietf:params:scim:schemas:core:2.0:user:NAME.familyname', value: 'King' }], { name: { familyName: 'King', givenName: 'Ada' } }],
    ['no path, dotted keys', [{ op: 'Add', value: { 'name.givenName': 'Augusta', displayName: 'A' } }], { name: { givenName: 'Augusta', familyName: 'Lovelace' }, displayName: 'A' }],
    ['no path, a key of an extension', [{ op: 'replace', value: { [`${ENTERPRISE_SCHEMA}:department`]: 'Sums' } }], { [ENTERPRISE_SCHEMA]: { department: 'Sums' } }],
    ['no path, an extension as an object', [{ op: 'add', value: { [ENTERPRISE_SCHEMA]: { costCenter: '4' } } }], { [ENTERPRISE_SCHEMA]: { department: 'Engines', costCenter: '4' } }],
    ['a value by its type', [{ op: 'Replace', path: 'emails[type eq "work"].value', value: 'b@example.com' }], { emails: [{ value: 'b@example.com', type: 'work', primary: true }, { type: 'home' }] }],
    ['a value by its type, whatever the case', [{ op: 'Replace', path: 'emails[Type eq "work"].Value', value: 'b@example.com' }], { emails: [{ value: 'b@example.com' }, {}] }],
    ['a value that is not there is added', [{ op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+1' }], { phoneNumbers: [{ type: 'mobile', value: '+1' }] }],
    ['replaced, too', [{ op: 'Replace', path: 'addresses[type eq "work"].locality', value: 'London' }], { addresses: [{ type: 'work', locality: 'London' }] }],
    ['by two equalities', [{ op: 'add', path: 'ims[type eq "a" and primary eq true].value', value: 'x' }], { ims: [{ type: 'a', primary: true, value: 'x' }] }],
    ['a list is added to', [{ op: 'add', path: 'emails', value: [{ value: 'c@example.com' }] }], { emails: [{}, {}, { value: 'c@example.com' }] }],
    ['one value for a list', [{ op: 'add', path: 'emails', value: { value: 'c@example.com' } }], { emails: [{}, {}, { value: 'c@example.com' }] }],
    ['an attribute goes', [{ op: 'Remove', path: 'name.familyName' }], { name: { givenName: 'Ada' } }],
    ['null says no value', [{ op: 'replace', path: 'name.familyName', value: null }], { name: { givenName: 'Ada' } }],
    ['a value goes by its filter', [{ op: 'remove', path: 'emails[type eq "home"]' }], { emails: [{ type: 'work' }] }],
    ['a value goes by itself (erratum 5690)', [{ op: 'Remove', path: 'emails', value: [{ value: 'ada@home.example' }] }], { emails: [{ type: 'work' }] }],
    ['what is gone already', [{ op: 'remove', path: 'phoneNumbers[type eq "fax"].value' }], { title: '' }],
    ['a number of the phone extension', [{ op: 'add', path: `${PHONE_SCHEMA}:phoneNumbers`, value: ['+15555550101'] }], { [PHONE_SCHEMA]: { phoneNumbers: ['+15555550100', '+15555550101'] } }],
    ['a manager as its bare id', [{ op: 'Add', path: `${ENTERPRISE_SCHEMA}:manager`, value: '01b' }], { [ENTERPRISE_SCHEMA]: { manager: '01b' } }],
    ['one after the other', [{ op: 'replace', path: 'title', value: 'A' }, { op: 'remove', path: 'title' }, { op: 'add', path: 'nickName', value: 'N' }], { nickName: 'N' }],
    ['what nobody may write, among others', [{ op: 'replace', value: { id: 'other', title: 'A' } }], { id: '01a', title: 'A' }],
  ];
  const before = JSON.stringify(ADA);
  for (const [name, Operations, wanted] of rows) {
    const read = readPatch(USER_TYPE, { schemas: [], Operations });
    const after = read.kind === 'patch' ? applyPatch(ADA, read.operations) : read;
    t.match(after.kind === 'patched' ? after.resource : after, wanted, name);
  }
  t.equal(JSON.stringify(ADA), before, 'nothing is written into what was given');
  const unknown = readPatch(USER_TYPE, { Operations: [{ op: 'add', value: { shoeSize: '38', title: 'A' } }, { op: 'add', path: 'urn:x:y:User:z', value: 1 }] });
  t.match(unknown, { kind: 'patch', operations: [{ op: 'add' }], unknown: [{ name: 'shoeSize', value: '38' }, { name: 'urn:x:y:User:z' }] });
  const bad: readonly (readonly [JsonObject, string])[] = [
    [{}, 'invalidSyntax'], [{ Operations: [] }, 'invalidSyntax'], [{ Operations: ['x'] }, 'invalidSyntax'], [{ Operations: [{ op: 'move' }] }, 'invalidSyntax'],
    [{ Operations: [{ op: 'remove' }] }, 'noTarget'], [{ Operations: [{ op: 'add', path: 'nothing', value: 1 }] }, 'invalidPath'],
    [{ Operations: [{ op: 'add', path: 'emails[type', value: 1 }] }, 'invalidPath'], [{ Operations: [{ op: 'add', path: 'emails[type eq "work"]x', value: 1 }] }, 'invalidPath'],
    [{ Operations: [{ op: 'add', path: '__proto__.polluted', value: 1 }] }, 'invalidPath'], [{ Operations: [{ op: 'add', path: 'constructor.prototype', value: 1 }] }, 'invalidPath'],
    [{ Operations: [{ op: 'replace', path: 'id', value: 'x' }] }, 'mutability'], [{ Operations: [{ op: 'add', path: 'groups', value: [] }] }, 'mutability'],
    [{ Operations: [{ op: 'add', path: 7, value: 1 }] }, 'invalidPath'], [{ Operations: [{ op: 'add', path: 'title' }] }, 'invalidValue'],
    [{ Operations: [{ op: 'add', value: 'x' }] }, 'invalidValue'], [{ Operations: Array.from({ length: 1001 }, () => ({ op: 'remove', path: 'title' })) }, 'tooMany'],
  ];
  for (const [body, scimType] of bad) t.match(readPatch(USER_TYPE, body), { kind: 'refused', scimType }, JSON.stringify(body).slice(0, 80));
  const none = readPatch(USER_TYPE, { Operations: [{ op: 'replace', path: 'emails[type sw "x"].value', value: 'x' }] });
  t.match(none.kind === 'patch' && applyPatch(ADA, none.operations), { kind: 'refused', scimType: 'noTarget' });
  t.equal(Object.getOwnPropertyDescriptor(Object.prototype, 'polluted'), undefined);
  t.end();
});

t.test('bodies are read by the schemas', (t) => {
  const read = readResource(USER_TYPE, {
    USERNAME: ' ada ', Active: 'False', Emails: { Value: 'a@example.com', Primary: 'True' }, Name: null, id: 'mine', groups: [{ value: 'x' }], shoeSize: 38,
    [ENTERPRISE_SCHEMA.toUpperCase()]: { Department: 'D', Manager: '01b', floor: 2 }, [PHONE_SCHEMA]: { extensionNumber: 0, phoneNumbers: null },
  });
  t.match(read, {
    kind: 'read', unknown: [{ name: 'shoeSize' }, { name: `${ENTERPRISE_SCHEMA}:floor` }],
    resource: {
      userName: 'ada', active: false, emails: [{ value: 'a@example.com', primary: true }], name: null, id: undefined, groups: undefined,
      [ENTERPRISE_SCHEMA]: { department: 'D', manager: { value: '01b' } }, [PHONE_SCHEMA]: { extensionNumber: '0', phoneNumbers: [] },
    },
  });
  const two = readResource(USER_TYPE, { emails: [{ value: 'a', primary: true }, { value: 'b', primary: true }] });
  t.match(two, { resource: { emails: [{ primary: false }, { primary: true }] } }, 'RFC 7643 §2.4: one primary value');
  for (const body of [
    { active: 'perhaps' }, { userName: ['a'] }, { name: 'Ada' }, { title: 'a\u0007b' }, { title: 'x'.repeat(129) }, { [PHONE_SCHEMA]: 'x' }, { emails: ['a', {}, 7, []] },
    { phoneNumbers: Array.from({ length: 101 }, (_, at) => ({ value: String(at) })) },
  ] as readonly JsonObject[]) t.equal(readResource(USER_TYPE, body).kind, 'refused', JSON.stringify(body).slice(0, 60));
  t.end();
});

t.test('parts that are asked for (RFC 7644 §3.9)', (t) => {
  const of = (projection: Parameters<typeof project>[2]) => Object.keys(project(USER_TYPE, ADA, projection)).sort();
  t.same(of({ attributes: 'userName' }), ['id', 'schemas', 'userName']);
  t.same(project(USER_TYPE, ADA, { attributes: 'NAME.familyName,emails.value' }), {
    schemas: [], id: '01a', name: { familyName: 'Lovelace' }, emails: [{ value: 'ada@example.com' }, { value: 'ada@home.example' }],
  });
  t.same(of({ attributes: ENTERPRISE_SCHEMA }), ['id', 'schemas', ENTERPRISE_SCHEMA].sort());
  t.notOk('emails' in project(USER_TYPE, ADA, { excludedAttributes: ['emails', 'id'] }));
  t.ok('id' in project(USER_TYPE, ADA, { excludedAttributes: ['emails', 'id'] }), 'id is always there');
  t.same(project(USER_TYPE, ADA, { excludedAttributes: 'name.givenName' })['name'], { familyName: 'Lovelace' });
  t.same(of({ attributes: 'nothing' }), ['id', 'schemas']);
  t.end();
});
