import t from 'tap';
import { asId, type AccountId, type ExtensionId, type LineKeyId } from '../../../../src/domain/ids.js';
import { changeLineKeys, wholeLineKeys, type LineKey, type WantedLineKey } from '../../../../src/domain/device/line-keys.js';

const extension = { id: asId<ExtensionId>('ext-own'), accountId: asId<AccountId>('account') };
const other = asId<ExtensionId>('ext-other');
const ids = ['k1', 'k2', 'k3', 'k4'].map((id) => asId<LineKeyId>(id));
const key = (id: string, index: number, more: Partial<LineKey> = {}): LineKey => ({
  id: asId<LineKeyId>(id), accountId: extension.accountId, extensionId: extension.id, index, type: 'speed_dial', alias: '', targetExtensionId: null,
  speedDialNumber: '100', retrievalCode: '', outboundCallerId: '', ...more,
});

t.test('the own line is there at the first free place', async (t) => {
  t.match(wholeLineKeys(extension, []), [{ id: 'ext-own', index: 1, type: 'line' }]);
  t.match(wholeLineKeys(extension, [key('a', 1), key('b', 3)]).map(({ id, index }) => [id, index]), [['a', 1], ['ext-own', 2], ['b', 3]]);
  const moved = [key('ext-own', 5, { type: 'line', speedDialNumber: '' })];
  t.same(wholeLineKeys(extension, moved), moved, 'or where it was put');
});

t.test('what changes of a page', async (t) => {
  const page = wholeLineKeys(extension, [key('a', 2)]);
  for (const [rule, wanted, expected] of [
    ['a new one takes the first free place', [{ type: 'blf', targetExtensionId: other }], [['ext-own', 1], ['a', 2], ['k1', 3]]],
    ['two of them change places', [{ id: 'ext-own', index: 2 }, { id: 'a', index: 1 }], [['a', 1], ['ext-own', 2]]],
    ['another type empties what it does not have', [{ id: 'a', type: 'blf', targetExtensionId: other }], [['ext-own', 1], ['a', 2]]],
  ] as const satisfies readonly (readonly [string, readonly WantedLineKey[], unknown])[]) {
    const result = changeLineKeys(page, extension, wanted, 10, ids);
    t.same(result.kind === 'page' && result.keys.map(({ id, index }) => [id, index]), expected, rule);
  }
  const emptied = changeLineKeys(page, extension, [{ id: 'a', type: 'blf', targetExtensionId: other }], 10, ids);
  t.match(emptied, { kind: 'page', keys: [{}, { speedDialNumber: '', targetExtensionId: 'ext-other' }] });
});

t.test('what is refused, by field', async (t) => {
  const page = wholeLineKeys(extension, [key('a', 2)]);
  for (const [rule, wanted, field] of [
    ['an unknown key', { id: 'nobody' }, 'line_key_id'],
    ['more keys than the phone has', { id: 'a', index: 11 }, 'index'],
    ["another one's place", { id: 'a', index: 1 }, 'index'],
    ['the own line as something else', { id: 'ext-own', type: 'blf', targetExtensionId: other }, 'type'],
    ['a second line', { type: 'line' }, 'type'],
    ['BLF of nobody', { type: 'blf' }, 'key_assignment.extension_id'],
    ['BLF of itself', { type: 'blf', targetExtensionId: extension.id }, 'key_assignment.extension_id'],
    ['a speed dial to nothing', { type: 'speed_dial' }, 'key_assignment.speed_dial_number'],
    ['a speed dial to text', { type: 'speed_dial', speedDialNumber: 'sip:x@y' }, 'key_assignment.speed_dial_number'],
    ['parking without a code', { type: 'call_park' }, 'key_assignment.retrieval_code'],
    ['a caller ID that is no number', { id: 'ext-own', outboundCallerId: '0049' }, 'outbound_caller_id'],
  ] as const satisfies readonly (readonly [string, WantedLineKey, string])[]) {
    t.match(changeLineKeys(page, extension, [wanted], 10, ids), { kind: 'wrong', problems: [{ at: 0, field }] }, rule);
  }
});
