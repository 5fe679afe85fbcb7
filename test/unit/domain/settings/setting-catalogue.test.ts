import fc from 'fast-check';
import t from 'tap';
import { isSettingKey, resolveKept, SETTING_CATALOGUE, SETTING_KEYS, type KeptSetting } from '../../../../src/domain/settings/setting-catalogue.js';
import { completed, FLAG, group, listOf, merged, oneOf, orNull, text, valueProblem, whole } from '../../../../src/domain/settings/setting-value.js';

t.test('every row is whole: its default is a value of it, and its scopes are in order', async (t) => {
  const order = ['account', 'site', 'extension', 'device'];
  for (const key of SETTING_KEYS) {
    const row = SETTING_CATALOGUE[key];
    t.equal(row.problem(row.default), null, key);
    t.same(row.read(row.default), { value: row.default }, `${key} is read as it was written`);
    t.same([...row.scopes].sort((a, b) => order.indexOf(a) - order.indexOf(b)), row.scopes, `${key}: outermost first`);
    t.ok(isSettingKey(key));
  }
  t.notOk(isSettingKey('toString'));
});

const POLICY = group({ enable: FLAG, level: oneOf(1, 2), names: listOf(text(3), 2), beep: group({ volume: whole(0, 10) }), until: orNull(text(5)) });
const WHOLE = { enable: true, level: 1, names: ['a'], beep: { volume: 3 }, until: null };

t.test('values are checked by their type, and problems name the place', async (t) => {
  for (const [name, value, path] of [
    ['a whole value', WHOLE, null],
    ['a flag is no text', { ...WHOLE, enable: 'yes' }, '.enable'],
    ['only the values there are', { ...WHOLE, level: 3 }, '.level'],
    ['lists have an end', { ...WHOLE, names: ['a', 'b', 'c'] }, '.names'],
    ['entries of lists', { ...WHOLE, names: ['a', 'long'] }, '.names[1]'],
    ['no control characters', { ...WHOLE, names: ['\u0007'] }, '.names[0]'],
    ['numbers have bounds', { ...WHOLE, beep: { volume: 11 } }, '.beep.volume'],
    ['whole numbers', { ...WHOLE, beep: { volume: 1.5 } }, '.beep.volume'],
    ['unknown fields', { ...WHOLE, more: 1 }, '.more'],
    ['inherited names are no fields', { ...WHOLE, constructor: 1 }, '.constructor'],
    ['a list is no group', [], ''],
  ] as const) t.equal(valueProblem(POLICY.type, value)?.path ?? null, path, name);
});

t.test('a stored value of before a field was known is completed', async (t) => {
  t.same(completed(POLICY, { enable: false, beep: { volume: 99 } }, WHOLE as never), { ...WHOLE, enable: false });
  t.same(completed(POLICY, 'nonsense', WHOLE as never), WHOLE);
});

t.test('a change of a group keeps the fields it does not name', async (t) => {
  t.same(merged(POLICY.type, WHOLE, { level: 2, beep: {} }), { ...WHOLE, level: 2 });
  t.same(merged(POLICY.type, WHOLE, { names: [] }), { ...WHOLE, names: [] }, 'lists are replaced');
});

t.test('nothing stored breaks a reading', async () => {
  fc.assert(fc.property(fc.constantFrom(...SETTING_KEYS), fc.anything(), fc.constantFrom('account', 'site', 'extension', 'device'), (key, value, scope) => {
    const { value: found } = resolveKept(key, [{ scope, key, value, locked: false } satisfies KeptSetting]);
    return SETTING_CATALOGUE[key].problem(found) === null;
  }), { numRuns: 2000 });
});

t.test('the nearest level holds, unless an outer one is locked; levels that do not count are passed over', async (t) => {
  const at = (scope: KeptSetting['scope'], value: unknown, locked = false, key = 'hot-desk-idle-timeout'): KeptSetting => ({ scope, key, value, locked });
  for (const [name, kept, expected] of [
    ['nothing set', [], { value: null, origin: 'default', lockedBy: null }],
    ['nearest', [at('device', 5), at('account', 9)], { value: 5, origin: 'device', lockedBy: null }],
    ['locked', [at('device', 5), at('site', 7, true), at('account', 9)], { value: 7, origin: 'site', lockedBy: 'site' }],
    ['a level of another setting', [at('extension', 5), at('account', 9)], { value: 9, origin: 'account', lockedBy: null }],
    ['no value of the setting', [at('device', 'soon'), at('account', 9)], { value: 9, origin: 'account', lockedBy: null }],
    ['another key', [at('device', '18:00', false, 'hot-desk-daily-end')], { value: null, origin: 'default', lockedBy: null }],
  ] as const) t.same(resolveKept('hot-desk-idle-timeout', kept), expected, name);
});
