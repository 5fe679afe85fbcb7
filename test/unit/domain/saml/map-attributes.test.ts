import t from 'tap';
import { mapAttributes, type AttributeRule } from '../../../../src/domain/saml/map-attributes.js';

const attributes = new Map([['groups', ['Staff', 'Sales ', '']], ['ext', ['0']], ['tel', ['+14155550100', '+14155550101']], ['empty', ['', ' ']]]);
const rule = (attribute: string, value: string | null, grants: AttributeRule['grants'], assign: string | null = null): AttributeRule => ({ attribute, value, grants, assign });

const rows: readonly (readonly [string, readonly AttributeRule[], object])[] = [
  ['no rules', [], {}],
  ["the attribute's own value", [rule('ext', null, 'extension_number')], { extension_number: ['0'] }],
  ['a value gives something else, without regard to case', [rule('groups', 'SALES', 'site', 'Berlin')], { site: ['Berlin'] }],
  ['a value that is not there', [rule('groups', 'Board', 'site', 'Berlin')], {}],
  ['an attribute that is not there', [rule('team', null, 'department')], {}],
  ['empty values say nothing', [rule('empty', null, 'department')], {}],
  ['the first of two rules decides', [rule('groups', 'staff', 'site', 'Main'), rule('groups', 'sales', 'site', 'Berlin')], { site: ['Main'] }],
  ['one value of several, where one is wanted', [rule('tel', null, 'department')], { department: ['+14155550100'] }],
  ['several numbers', [rule('tel', null, 'phone_number')], { phone_number: ['+14155550100', '+14155550101'] }],
  ['plans of several rules, each once', [rule('groups', 'staff', 'calling_plan', '200'), rule('groups', 'sales', 'calling_plan', '4000'), rule('ext', null, 'calling_plan', '200')], { calling_plan: ['200', '4000'] }],
  ['one role: that of the first rule', [rule('groups', 'staff', 'role', 'A'), rule('groups', 'sales', 'role', 'B')], { role: ['A'] }],
];
for (const [name, rules, expected] of rows) {
  t.test(name, async (t) => t.same(Object.fromEntries(mapAttributes(rules, attributes)), expected));
}
