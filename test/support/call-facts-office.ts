import type {
  AccountId, CommonAreaId, DeviceId, ExtensionId, SiteId, UserId,
} from '../../src/domain/ids.js';
import { asId } from '../../src/domain/ids.js';
import type { Account } from '../../src/domain/identity/account.js';
import { DEFAULT_ACCOUNT_POLICY } from '../../src/domain/identity/account.js';
import type { CommonArea } from '../../src/domain/identity/common-area.js';
import type { Site } from '../../src/domain/identity/site.js';
import type { PhoneUser } from '../../src/domain/identity/user.js';
import type { Device } from '../../src/domain/device/device.js';
import { NO_CALLER_NUMBERS } from '../../src/domain/numbering/caller-id.js';
import type { PhoneNumber } from '../../src/domain/numbering/phone-number.js';
import type { Extension } from '../../src/domain/numbering/extension.js';
import type { Binding } from '../../src/domain/registration/binding.js';
import type { ActingParty, CallTarget, DeviceCallFacts, HeldBlock, RingCandidate } from '../../src/domain/routing/call-facts.js';
import type { SilentPhone } from '../../src/domain/routing/ring-phones.js';
import { aRoute, aTrunk } from './sample-trunk.js';
import { trunkFacts } from './trunk-facts.js';

/** A small office as call facts: one account, a US and a German site, makers of people and phones. */
const accountId = asId<AccountId>('account');

export const ACCOUNT: Account = {
  id: accountId, name: 'Office', sipDomain: 'office.example', country: 'US', policy: DEFAULT_ACCOUNT_POLICY, configVersion: 1, createdAt: 0,
};

export const SITE: Site = {
  id: asId<SiteId>('site-us'), accountId, name: 'Main', isMain: true, siteCode: null, shortExtensionLength: 4, country: 'US', timeZone: null,
  promptLanguage: null, autoReceptionistName: '', defaultEmergencyAddress: null,
  shortExtensionRanges: [], callerIdName: '', sipZoneId: '', india: null, createdAt: 0,
};
export const BERLIN: Site = { ...SITE, id: asId<SiteId>('site-de'), name: 'Berlin', isMain: false, country: 'DE' };

/** Takes every number and every emergency call. */
export const TRUNK = aTrunk(accountId, { name: 'Carrier', routes: [aRoute(), aRoute({ emergency: true })] });

export function extensionOf(id: string, number: string, siteId: SiteId = SITE.id): Extension {
  return { id: asId<ExtensionId>(`ext-${id}`), accountId, siteId, number, owner: { kind: 'user', id: asId<UserId>(id) } };
}

export function userParty(id: string, number: string, changes: Partial<PhoneUser> = {}): Extract<ActingParty, { kind: 'user' }> {
  const siteId = changes.siteId ?? SITE.id;
  const extension = extensionOf(id, number, siteId);
  const user: PhoneUser = {
    id: asId<UserId>(id), accountId, siteId, extensionId: extension.id, status: 'active', callingPlans: [], packages: [], internationalCalling: false,
    areaCode: '', hotDeskAllowed: true, createdAt: 0, ...changes,
  };
  return { kind: 'user', user, extension, name: id[0]?.toUpperCase() + id.slice(1), session: null };
}

export function areaParty(id: string, number: string, changes: Partial<CommonArea> = {}): Extract<ActingParty, { kind: 'common_area' }> {
  const commonAreaId = asId<CommonAreaId>(id);
  const extension: Extension = { ...extensionOf(id, number), owner: { kind: 'common_area', id: commonAreaId } };
  const commonArea: CommonArea = {
    id: commonAreaId, accountId, siteId: SITE.id, extensionId: extension.id, displayName: id, status: 'active', callingPlans: [], packages: [],
    internationalCalling: false, areaCode: '', country: null, timeZone: null, department: '', costCenter: '', createdAt: 0, ...changes,
  };
  return { kind: 'common_area', commonArea, extension, name: id };
}

export function phone(id: string): Device {
  return {
    id: asId<DeviceId>(id), accountId, siteId: SITE.id, displayName: `Desk ${id}`, macAddress: '000000000001', type: 'yealink', model: 't54w', userName: `u-${id}`,
    assignees: [], hotDesking: 'on', locked: false, digestAlgorithms: null, provisionTemplateId: null, createdAt: 0,
  };
}

export function candidate(device: Device, registered = true): RingCandidate {
  const binding: Binding = {
    deviceId: device.id, contactUri: `sip:${device.userName}@192.0.2.1`, contactParams: '', q: 1000, expiresAt: 1, callId: 'c', cseq: 1,
    flow: { transport: 'udp', address: '192.0.2.1', port: 5060 }, behindNat: false, userAgent: '', registeredAt: 0,
  };
  return { device, bindings: registered ? [binding] : [], session: null };
}

export function targetOf(party: Extract<ActingParty, { kind: 'user' | 'common_area' }>, candidates: readonly RingCandidate[], silent: readonly SilentPhone[] = []): CallTarget {
  return { kind: 'extension', extension: party.extension, party, candidates, silent };
}

/** A number of the account; assigned to nobody unless `changes` say so. */
export function poolNumber(number: string, changes: Partial<PhoneNumber> = {}): PhoneNumber {
  return {
    id: asId<PhoneNumber['id']>(number), accountId, number, country: 'US', numberType: 'toll', source: 'external', status: 'available', siteId: SITE.id,
    extensionId: null, assignedOrder: changes.extensionId ? 1 : null, incoming: true, outgoing: true, carrier: '', displayName: '',
    emergencyAddressId: null, emergencyAddressStatus: 0, sipGroupId: '', createdAt: 0, ...changes,
  };
}

/** An entry of a blocked list. */
export function blockOf(prefix: string, scope: HeldBlock['scope'] = 'account', holder: string = scope): HeldBlock {
  return { prefix, scope, holder };
}

/** Ann at desk a, no plan, dials an extension that nobody has; `changes` replace whole facts. */
export function callFacts(changes: Partial<DeviceCallFacts> & { readonly acting?: ActingParty } = {}): DeviceCallFacts {
  const { acting = userParty('ann', '1001'), ...facts } = changes;
  return {
    account: ACCOUNT, source: { kind: 'device', device: phone('a'), site: SITE, acting },
    dialled: { kind: 'extension', digits: '1002', siteCode: null, number: '1002' }, target: { kind: 'none' }, outboundBlocks: [], outboundChains: [], inboundBlocks: [],
    inboundCaller: { kind: 'inside', forms: acting.kind === 'unassigned' ? [] : [acting.extension.number] }, desk: null,
    calledNumber: null, callerNumbers: NO_CALLER_NUMBERS, deskNumber: '',
    trunks: trunkFacts(TRUNK), hopsLeft: 70, ...facts,
  };
}
