import t from 'tap';
import type { LineKey } from '../../../../src/domain/device/line-keys.js';
import { asId, type AccountId, type ExtensionId, type LineKeyId } from '../../../../src/domain/ids.js';
import { wantedKeys } from '../../../../src/domain/provisioning/wanted-keys.js';

const KEY: LineKey = {
  id: asId<LineKeyId>('k'), accountId: asId<AccountId>('a'), extensionId: asId<ExtensionId>('e'), index: 1, type: 'line', alias: '',
  targetExtensionId: null, speedDialNumber: '', retrievalCode: '', outboundCallerId: '',
};

t.test('keys as kept become keys of a phone', async (t) => {
  for (const [name, key, expected] of [
    ['own line', {}, [{ slot: 1, kind: 'line', number: '', label: '' }]],
    ['speed dial', { index: 4, type: 'speed_dial', speedDialNumber: '+4930', alias: 'Berlin' }, [{ slot: 4, kind: 'speed-dial', number: '+4930', label: 'Berlin' }]],
    ['call park dials its code', { type: 'call_park', retrievalCode: '801' }, [{ slot: 1, kind: 'speed-dial', number: '801', label: '' }]],
    ['group pickup dials its code', { type: 'group_call_pickup', retrievalCode: '*8' }, [{ slot: 1, kind: 'speed-dial', number: '*8', label: '' }]],
    ['busy lamp, named by its extension', { type: 'blf', targetExtensionId: asId<ExtensionId>('x') }, [{ slot: 1, kind: 'blf', number: '1002', label: 'Ana' }]],
    ['busy lamp with a name of its own', { type: 'blf', targetExtensionId: asId<ExtensionId>('x'), alias: 'Boss' }, [{ slot: 1, kind: 'blf', number: '1002', label: 'Boss' }]],
    ['busy lamp of nobody', { type: 'blf', targetExtensionId: null }, []],
  ] as readonly (readonly [string, Partial<LineKey>, readonly object[]])[]) {
    t.same(wantedKeys([{ ...KEY, ...key }], ({ targetExtensionId }) => (targetExtensionId === null ? null : { number: '1002', name: 'Ana' })), expected, name);
  }
});
