/** An account with a main site, and makers of what lives in it; each test takes its own, so that tests share a database. */
import { NO_DETAILS } from '../../src/domain/identity/user-details.js';
import { ulid } from 'ulid';
import { asId } from '../../src/domain/ids.js';
import type { AccountId, CallRecordId, EventId, ExtensionId } from '../../src/domain/ids.js';
import type { CallEvent, CallParty } from '../../src/domain/calls/call-event.js';
import type { Device } from '../../src/domain/device/device.js';
import type { ResyncCampaign } from '../../src/domain/device/resync-campaign.js';
import type { ConfigEvent } from '../../src/domain/events.js';
import { DEFAULT_ACCOUNT_POLICY } from '../../src/domain/identity/account.js';
import type { Account } from '../../src/domain/identity/account.js';
import type { CommonArea } from '../../src/domain/identity/common-area.js';
import type { Site } from '../../src/domain/identity/site.js';
import type { AccountUser, PhoneUser } from '../../src/domain/identity/user.js';
import type { Extension } from '../../src/domain/numbering/extension.js';
import type { ChangeStores, UnitOfWork } from '../../src/ports/admin-stores.js';

export const AT = Date.UTC(2026, 0, 15, 12, 30, 45, 678);

let lastId = 0;
/** Lower-case ULIDs that sort in the order of making. */
export function newId<Id extends ReturnType<typeof asId>>(): Id {
  lastId += 1;
  return asId<Id>(ulid(AT + lastId).toLowerCase());
}

export function anAccount(changes: Partial<Account> = {}): Account {
  const id = newId<AccountId>();
  return {
    id, name: 'Example', sipDomain: `${id}.example.com`, country: 'US', policy: DEFAULT_ACCOUNT_POLICY, configVersion: 0, createdAt: AT, ...changes,
  };
}

export function aSite(accountId: AccountId, changes: Partial<Site> = {}): Site {
  return {
    id: newId(), accountId, name: 'Main', isMain: true, siteCode: null, shortExtensionLength: 3, country: 'US', timeZone: null,
    promptLanguage: null, autoReceptionistName: 'Reception', defaultEmergencyAddress: null,
    shortExtensionRanges: [], callerIdName: '', sipZoneId: '', india: null, createdAt: AT, ...changes,
  };
}

export function aUser(accountId: AccountId, changes: Partial<AccountUser> = {}): AccountUser {
  const id = newId<AccountUser['id']>();
  return {
    id, accountId, email: `${id}@example.com`, firstName: 'Ada', lastName: 'Lovelace', displayName: '', type: 1, status: 'active',
    department: 'Engines', costCenter: '42', jobTitle: '', location: '', timeZone: 'UTC', language: 'en-US', details: NO_DETAILS, licencePackageId: null, createdAt: AT, ...changes,
  };
}

export function aPhoneUser(user: AccountUser, extension: Extension, changes: Partial<PhoneUser> = {}): PhoneUser {
  return {
    id: user.id, accountId: user.accountId, siteId: extension.siteId, extensionId: extension.id, status: 'active', callingPlans: [],
    packages: [], internationalCalling: false, areaCode: '', hotDeskAllowed: true, createdAt: AT, ...changes,
  };
}

export function aCommonArea(extension: Extension, changes: Partial<CommonArea> = {}): CommonArea {
  return {
    id: newId(), accountId: extension.accountId, siteId: extension.siteId, extensionId: extension.id, displayName: 'Lobby', status: 'active',
    callingPlans: [], packages: [], internationalCalling: false, areaCode: '', country: null, timeZone: null, department: '', costCenter: '', createdAt: AT, ...changes,
  };
}

export function anExtension(site: Site, number: string, owner: Extension['owner']): Extension {
  return { id: newId(), accountId: site.accountId, siteId: site.id, number, owner };
}

let lastMac = 0;
export function aDevice(site: Site, assignees: readonly ExtensionId[], changes: Partial<Device> = {}): Device {
  const id = newId<Device['id']>();
  lastMac += 1;
  return {
    id, accountId: site.accountId, siteId: site.id, displayName: 'Desk', macAddress: lastMac.toString(16).padStart(12, '0'), type: 'Yealink',
    model: 'T54W', userName: `d${id}`, assignees, hotDesking: 'off', locked: false, digestAlgorithms: null, provisionTemplateId: null, createdAt: AT, ...changes,
  };
}

export function aCampaign(accountId: AccountId, changes: Partial<ResyncCampaign> = {}): ResyncCampaign {
  return {
    id: newId(), accountId, origin: 'by-hand', scope: { kind: 'account' }, onlyPending: true, restart: false, batchSize: 2, pauseMs: 60_000, giveUpMs: 600_000,
    state: 'running', batches: 0, nextBatchAt: AT, deadlineAt: null, startedAt: AT, startedBy: 'client:one', endedAt: null, ...changes,
  };
}

export function anEvent(
  accountId: AccountId, aggregate: ConfigEvent['aggregate'], aggregateId: string, change: ConfigEvent['change'] = 'updated',
): Omit<ConfigEvent, 'version'> {
  return { id: newId<EventId>(), accountId, aggregate, aggregateId, change, at: AT };
}

/** Commits what `fn` did. */
export function commit<T>(work: UnitOfWork, fn: (stores: ChangeStores) => Promise<T>): Promise<T> {
  return work.run(async (stores) => ({ end: 'commit', value: await fn(stores) }));
}

/** An account with its main site, committed without events. */
export async function accountWithSite(work: UnitOfWork): Promise<{ readonly account: Account; readonly site: Site }> {
  const account = anAccount();
  const site = aSite(account.id);
  await commit(work, async (stores) => {
    await stores.accounts.insert(account);
    await stores.sites.insert(site);
  });
  return { account, site };
}

/** Adds a person with extension `number`, without events. */
export async function addPhoneUser(
  stores: ChangeStores, site: Site, number: string, changes: Partial<AccountUser> = {}, phoneChanges: Partial<PhoneUser> = {},
): Promise<{ readonly user: AccountUser; readonly phone: PhoneUser; readonly extension: Extension }> {
  const user = aUser(site.accountId, changes);
  const extension = anExtension(site, number, { kind: 'user', id: user.id });
  const phone = aPhoneUser(user, extension, phoneChanges);
  await stores.users.insert(user);
  await stores.phoneUsers.insert(phone);
  await stores.extensions.insert(extension);
  return { user, phone, extension };
}

export function aParty(changes: Partial<CallParty> = {}): CallParty {
  return { extensionId: null, extensionNumber: '', userId: null, deviceId: null, siteId: null, name: '', number: '', hotDeskSessionId: null, ...changes };
}

type Attempted = Extract<CallEvent, { readonly kind: 'attempted' }>;
type Ended = Extract<CallEvent, { readonly kind: 'ended' }>;

/** The events of one answered call. */
export function aCall(accountId: AccountId, changes: Partial<Attempted> = {}): {
  readonly id: CallRecordId; readonly attempted: Attempted; readonly answered: CallEvent; readonly ended: Ended;
} {
  const callId = newId<CallRecordId>();
  const base = { callId, accountId };
  const at = changes.at ?? AT;
  return {
    id: callId,
    attempted: {
      ...base, kind: 'attempted', at, nodeId: 'node-1', sipCallId: `${callId}@phone`, direction: 'internal', dialled: '802',
      caller: aParty({ name: 'Ada', extensionNumber: '801' }), callee: aParty({ name: 'Grace', extensionNumber: '802' }), emergency: false,
      ...changes,
    },
    answered: { ...base, kind: 'answered', at: at + 4000, legDeviceId: null },
    ended: { ...base, kind: 'ended', at: at + 64_000, cause: 'caller-hangup', reason: null, status: 200, legs: [], holdMs: 0 },
  };
}
