import t from 'tap';
import { concernedDevices, provisioningState, type ConfigurationChange } from '../../../../src/domain/device/configuration-generation.js';
import { deskPhoneProblems } from '../../../support/desk-phone-values.js';

const updated = (aggregate: ConfigurationChange['aggregate'], before: object, after: object, id = 'x'): ConfigurationChange =>
  ({ aggregate, id, change: 'updated', before, after });

t.test('which phones a change concerns', async (t) => {
  const rule = { siteId: 's1', deviceType: 'Yealink', deviceModel: 'T54W', version: '1.2' };
  for (const [what, change, scopes] of [
    ['star codes', updated('account', { featureCodes: { hotDeskSignIn: '*91' } }, { featureCodes: { hotDeskSignIn: '*81' } }), [{ kind: 'account' }]],
    ['how long phones ring', updated('account', { ringSeconds: 1 }, { ringSeconds: 2 }), []],
    ['the clocks of a site', updated('site', { timeZone: null }, { timeZone: 'UTC' }), [{ kind: 'site', siteId: 'x' }]],
    ['the name of a site', updated('site', { name: 'a' }, { name: 'b' }), []],
    ['the name of a person', updated('user', { displayName: 'a' }, { displayName: 'b' }), [{ kind: 'owner', ownerId: 'x' }]],
    ['the cost center of a person', updated('user', { costCenter: 'a' }, { costCenter: 'b' }), []],
    ['plans', updated('phone_user', { callingPlans: [] }, { callingPlans: [200] }), []],
    ['the name of a common area', updated('common_area', { displayName: 'a' }, { displayName: 'b' }), [{ kind: 'owner', ownerId: 'x' }]],
    ['an extension number', updated('extension', { number: '1' }, { number: '2' }), [{ kind: 'extension', extensionId: 'x' }]],
    ['a new phone', { aggregate: 'device', id: 'd', change: 'created', before: null, after: {} }, [{ kind: 'device', deviceId: 'd' }]],
    ['another owner', updated('device', { assignees: ['a'] }, { assignees: ['b'] }), [{ kind: 'device', deviceId: 'x' }]],
    ['the device lock', updated('device', { locked: false }, { locked: true }), []],
    ['a phone that goes', { aggregate: 'device', id: 'd', change: 'deleted', before: {}, after: null }, []],
    ['a guest', { aggregate: 'hot_desk_session', id: 's', change: 'created', before: null, after: { state: 'active', deviceId: 'd' } }, [{ kind: 'device', deviceId: 'd' }]],
    ['a guest who leaves', updated('hot_desk_session', { state: 'active', deviceId: 'd' }, { state: 'ended', deviceId: 'd' }), [{ kind: 'device', deviceId: 'd' }]],
    ['a guest whose call goes on', updated('hot_desk_session', { state: 'active', deviceId: 'd' }, { state: 'draining', deviceId: 'd' }), [{ kind: 'device', deviceId: 'd' }]],
    ['the end of that call', updated('hot_desk_session', { state: 'draining', deviceId: 'd' }, { state: 'ended', deviceId: 'd' }), []],
    ['when a session will end', updated('hot_desk_session', { state: 'active', endsAt: 1 }, { state: 'active', endsAt: 2 }), []],
    ['keys', updated('line_keys', {}, {}), [{ kind: 'extension', extensionId: 'x' }]],
    ['lines of one phone', updated('device_line_keys', {}, {}), [{ kind: 'device', deviceId: 'x' }]],
    ['text of a template', updated('provision_template', { content: 'a' }, { content: 'b' }), [{ kind: 'template', templateId: 'x' }]],
    ['name of a template', updated('provision_template', { name: 'a' }, { name: 'b' }), []],
    ['a firmware rule', { aggregate: 'firmware_rule', id: 'x', change: 'created', before: null, after: rule }, [{ kind: 'model', siteId: 's1', type: 'Yealink', model: 'T54W' }]],
    ['a desk phone setting of the account', updated('setting', { 'desk-phone-time-format': null }, { 'desk-phone-time-format': { value: '24h' } }, 'account:a'), [{ kind: 'account' }]],
    ['of a site', updated('setting', {}, { 'desk-phone-ntp-primary': { value: 'n' } }, 'site:s'), [{ kind: 'site', siteId: 's' }]],
    ['of a phone', updated('setting', {}, { 'desk-phone-ntp-primary': { value: 'n' } }, 'device:d'), [{ kind: 'device', deviceId: 'd' }]],
    ['another setting', updated('setting', {}, { 'hot-desk-idle-timeout': { value: 5 } }, 'account:a'), []],
  ] as const satisfies readonly (readonly [string, ConfigurationChange, unknown])[]) {
    t.same(concernedDevices(change), scopes, what);
  }
});

t.test('how far a phone is', async (t) => {
  const at = (generation: number, requestedGeneration: number, deliveredGeneration: number) =>
    ({ generation, changedAt: 0, requestedGeneration, requestedAt: null, deliveredGeneration, deliveredAt: null, firmwareTold: '' });
  for (const [configuration, provisioned, state] of [
    [at(3, 0, 0), true, 'pending'], [at(3, 2, 2), true, 'pending'], [at(3, 3, 2), true, 'requested'], [at(3, 0, 3), true, 'current'],
    [at(3, 3, 3), true, 'current'], [at(3, 3, 3), false, 'manual'],
  ] as const) {
    t.equal(provisioningState(configuration, provisioned), state, JSON.stringify(configuration));
  }
});

t.test('what settings of desk phones take', async (t) => {
  for (const [key, good, bad] of deskPhoneProblems) {
    for (const value of good.values) t.equal(good.check(value), null, `${key}: ${value}`);
    for (const value of bad) t.ok(good.check(value), `${key}: not ${value}`);
  }
});
