import t from 'tap';
import { planEntitlements, wishText, type EntitlementNames, type HeldEntitlements, type WantedEntitlements } from '../../../../src/domain/entitlements/entitlements.js';
import { givenByGroups, wantedByGroups } from '../../../../src/domain/entitlements/group-entitlements.js';

const PLANS: ReadonlyMap<string, string> = new Map([['metered', '100'], ['unlimited', '200'], ['pro', '3000']]);
const NAMES: EntitlementNames = {
  planCode: (text) => PLANS.get(text) ?? ([...PLANS.values()].includes(text) ? text : null),
  number: (text) => (text.startsWith('+') ? text.replace(/[^+\d]/g, '') : null),
  roleId: (text) => (text === 'Site Admin' || text === 'site' ? 'site' : null),
};
const NOBODY: HeldEntitlements = { phone: null, phoneNumbers: [], callingPlans: [], packagePlans: [], packageName: null, packageId: null, roleId: null };
const ADA: HeldEntitlements = {
  phone: { extensionNumber: '201', siteName: 'Berlin', siteCode: '3', siteIsMain: false }, phoneNumbers: ['+1', '+2'], callingPlans: ['100', '3000'],
  packagePlans: ['3000'], packageName: 'Gold', packageId: 'p1', roleId: 'site',
};

t.test('what is to be done, in its order', (t) => {
  const rows: readonly (readonly [name: string, held: HeldEntitlements, wanted: WantedEntitlements, wishes: readonly string[]])[] = [
    ['nothing is said', ADA, {}, []],
    ['an extension makes a phone user', NOBODY, { extensionNumber: '0' }, ['phone: extension 0 (the next free one)']],
    ['a plan does', NOBODY, { callingPlans: ['metered'] }, ['phone: extension 0 (the next free one)', 'plan: metered']],
    ['a package does', NOBODY, { licencePackage: 'Gold', site: 'Berlin' }, ['phone: extension 0 (the next free one) at site Berlin', 'package: Gold']],
    ['a site alone does not', NOBODY, { site: 'Berlin' }, []],
    ['a number alone does not, and is told', NOBODY, { phoneNumbers: ['+1'] }, ['number: +1']],
    ['0 keeps what there is', ADA, { extensionNumber: '0' }, []], ['the same number', ADA, { extensionNumber: '201', site: 'berlin' }, []],
    ['the site by its code', ADA, { site: '3' }, []], ['another number', ADA, { extensionNumber: '202' }, ['move: extension 202 at site Berlin']],
    ['another site', ADA, { site: 'Paris' }, ['move: extension 201 at site Paris']], ['the main site', ADA, { site: '' }, ['move: extension 201']],
    ['no phone', ADA, { extensionNumber: '', callingPlans: ['metered'], phoneNumbers: ['+3'] }, ['no-phone: no phone']], ['no phone where none is', NOBODY, { extensionNumber: '' }, []],
    ['plans: new before old', ADA, { callingPlans: ['unlimited'] }, ['plan: unlimited', 'no-plan: without 100']],
    ['plans of the package stay', ADA, { callingPlans: [] }, ['no-plan: without 100']], ['by any name', ADA, { callingPlans: ['100', 'pro'] }, []],
    ['numbers: old before new', ADA, { phoneNumbers: ['+2', '+ 3'] }, ['no-number: without +1', 'number: +3']],
    ['a number that is none is told', ADA, { phoneNumbers: ['+1', '+2', '555'] }, ['number: 555']],
    ['the package by name or id', ADA, { licencePackage: 'gold' }, []], ['by id', ADA, { licencePackage: 'p1' }, []],
    ['no package', ADA, { licencePackage: '' }, ['package: no package']], ['none where none is', NOBODY, { licencePackage: '' }, []],
    ['the role that is held', ADA, { role: 'Site Admin' }, []], ['no role', ADA, { role: '' }, ['no-role: without site']],
    ['another role', ADA, { role: 'Other' }, ['role: Other', 'no-role: without site']],
    ['everything, in its order', NOBODY, { template: 'T', role: 'site', phoneNumbers: ['+1'], callingPlans: ['metered'], licencePackage: 'G', extensionNumber: '7' }, [
      'phone: extension 7', 'package: G', 'plan: metered', 'number: +1', 'role: site', 'template: T',
    ]],
  ];
  for (const [name, held, wanted, wishes] of rows) {
    t.same(planEntitlements(held, wanted, NAMES).map(({ wish }) => `${wish.kind}: ${wishText(wish)}`), wishes, name);
  }
  t.end();
});

t.test('what groups give', (t) => {
  const rules = [
    { groupName: 'Sales', entitlements: { callingPlans: ['metered'], licencePackage: 'Gold', extensionNumber: '0' } },
    { groupName: 'Desk', entitlements: { callingPlans: ['metered', 'unlimited'], licencePackage: 'Blue', role: 'site' } },
  ];
  t.same(givenByGroups([], rules), {});
  t.same(givenByGroups(['SALES', 'desk', 'other'], rules), { licencePackage: 'Blue', role: 'site', extensionNumber: '0', callingPlans: ['metered', 'unlimited'] });
  const rows: readonly (readonly [name: string, held: HeldEntitlements, before: WantedEntitlements, after: WantedEntitlements, wanted: WantedEntitlements])[] = [
    ['a phone is made', NOBODY, {}, { callingPlans: ['metered'] }, { extensionNumber: '0', site: '', callingPlans: ['100'] }],
    ['and stays', ADA, { extensionNumber: '0', callingPlans: ['metered'] }, {}, { callingPlans: ['3000'] }],
    ['what was there stays', ADA, {}, { callingPlans: ['unlimited'] }, { callingPlans: ['100', '3000', '200'] }],
    ['what another group gives stays', ADA, { callingPlans: ['100', '200'] }, { callingPlans: ['metered'] }, { callingPlans: ['100', '3000'] }],
    ['nobody is moved', ADA, {}, { site: 'Paris', extensionNumber: '0' }, {}],
    ['the group\'s package goes', ADA, { licencePackage: 'gold' }, {}, { licencePackage: '' }], ['another stays', ADA, { licencePackage: 'Blue' }, {}, {}],
    ['the group\'s role goes', ADA, { role: 'Site Admin' }, {}, { role: '' }], ['another stays', { ...ADA, roleId: 'x' }, { role: 'site' }, {}, {}],
    ['a template for a phone that is made', NOBODY, {}, { extensionNumber: '0', template: 'T', site: 'Paris' }, { extensionNumber: '0', site: 'Paris', template: 'T' }],
  ];
  for (const [name, held, before, after, wanted] of rows) t.same(wantedByGroups(held, before, after, NAMES), wanted, name);
  t.end();
});
