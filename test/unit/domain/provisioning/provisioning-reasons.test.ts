import t from 'tap';
import { asId, type AccountId, type DeviceId } from '../../../../src/domain/ids.js';
import { tokenUse, type ProvisioningFetch, type ProvisioningToken } from '../../../../src/domain/provisioning/provisioning-access.js';
import { provisioningReasons, sameModel, type ProvisioningEvidence } from '../../../../src/domain/provisioning/provisioning-reasons.js';

const NOW = Date.UTC(2026, 10, 22, 9);
const owner = { accountId: asId<AccountId>('a'), deviceId: asId<DeviceId>('d') };
const steady: ProvisioningToken = { ...owner, hash: 's', kind: 'steady', rotation: 1, createdAt: NOW, expiresAt: null, claimedBy: null, firstUsedAt: NOW, credentialsAt: null };
const enrol: ProvisioningToken = { ...owner, hash: 'e', kind: 'enrol', rotation: 0, createdAt: NOW, expiresAt: NOW + 1000, claimedBy: null, firstUsedAt: null, credentialsAt: null };
const last: ProvisioningFetch = {
  ...owner, id: 'f', at: NOW, address: '192.0.2.1', method: 'GET', fileName: 'x.cfg', token: 'steady', outcome: 'served', status: 200, bytes: 1, whole: true,
  userAgent: '', model: '', firmware: '',
};
const well: ProvisioningEvidence = {
  macAddress: '001565a1b2c3', model: 'T54W', known: true, httpsOn: true, state: 'current', delivered: true, tokens: [steady], last, registered: true,
  redirectReason: '', templateProblem: '', transportReason: '', unheardPrompts: false, sipServer: '192.0.2.5:5060',
};

for (const [name, change, codes] of [
  ['all is well', {}, []],
  ['no files for the model', { known: false, httpsOn: false }, ['no-files']],
  ['no HTTPS', { httpsOn: false }, ['https-off']],
  ['never enrolled', { tokens: [], last: null, state: 'pending', delivered: false }, ['not-enrolled']],
  ['a window is open', { tokens: [enrol, { ...steady, firstUsedAt: null }], last: null, state: 'pending', delivered: false }, ['waiting-for-phone']],
  ['the window closed', { tokens: [{ ...enrol, expiresAt: NOW }, { ...steady, firstUsedAt: null }], last: null, state: 'pending', delivered: false }, ['window-closed']],
  ['it came once', { tokens: [{ ...enrol, claimedBy: '192.0.2.1' }, { ...steady, firstUsedAt: null }] }, ['not-back-yet']],
  ['an old address', { last: { ...last, outcome: 'refused-token', status: 404 } }, ['old-address']],
  ["another phone's file", { last: { ...last, outcome: 'not-of-this-phone', status: 404 } }, ['other-phone']],
  ['a file of another make', { last: { ...last, outcome: 'no-such-file', status: 404 } }, ['unknown-file']],
  ['a value that fits no file', { last: { ...last, outcome: 'unrenderable', status: 404 } }, ['unrenderable']],
  ['cut off', { last: { ...last, whole: false } }, ['cut-off']],
  ['another model', { last: { ...last, model: 'T46U' } }, ['other-model']],
  ['a file asked for by habit', { last: { ...last, outcome: 'not-offered', status: 404, model: 'SIP-T54W' } }, []],
  ['a template that does not fit', { templateProblem: 'line 1: x' }, ['template-left-out']],
  ['a change since', { state: 'pending' }, ['configuration-pending']],
  ['told of a change', { state: 'requested' }, ['configuration-pending']],
  ['not registered', { registered: false }, ['not-registered']],
  ['not by TLS', { transportReason: 'SIP goes over UDP' }, ['sip-transport']],
  ['prompts that nobody hears', { unheardPrompts: true }, ['srtp-prompts']],
] as const satisfies readonly (readonly [string, Partial<ProvisioningEvidence>, readonly string[]])[]) {
  t.same(provisioningReasons({ ...well, ...change }, NOW).map(({ code }) => code), codes, name);
}

for (const [seen, entered, same] of [['VVX 450', 'VVX-450', true], ['SIP-T54W', 'T54W', true], ['CP-8841-3PCC', '8841', true], ['D785', 'D735', false], ['', 'T54W', false]] as const) {
  t.equal(sameModel(seen, entered), same, `${seen} and ${entered}`);
}

for (const [name, token, address, expected] of [
  ['until its end', enrol, '192.0.2.1', 'usable'], ['at its end', { ...enrol, expiresAt: NOW }, '192.0.2.1', 'expired'],
  ['its own address', { ...enrol, claimedBy: '192.0.2.1' }, '192.0.2.1', 'usable'], ['another address', { ...enrol, claimedBy: '192.0.2.1' }, '192.0.2.2', 'claimed'],
  ['a steady one is of no address', { ...steady, claimedBy: '192.0.2.1' }, '192.0.2.2', 'usable'],
] as const) t.equal(tokenUse(token, address, NOW), expected, name);
