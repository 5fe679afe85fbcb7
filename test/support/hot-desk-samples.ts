/** Sessions, events, locks and facts of hot desking for table tests. */
import { NO_DETAILS } from '../../src/domain/identity/user-details.js';
import { asId } from '../../src/domain/ids.js';
import type { AccountId, DeviceId, EventId, ExtensionId, HotDeskSessionId, UserId } from '../../src/domain/ids.js';
import type { HotDeskEvent, HotDeskSession } from '../../src/domain/hotdesk/session.js';
import type { SignInFacts, SignInPerson } from '../../src/domain/hotdesk/decide-sign-in.js';
import { DEFAULT_ACCOUNT_POLICY } from '../../src/domain/identity/account.js';
import type { AccountUser } from '../../src/domain/identity/user.js';
import { phone, userParty } from './call-facts-office.js';

const accountId = asId<AccountId>('account');

export function aSession(changes: Partial<HotDeskSession> = {}): HotDeskSession {
  return {
    id: asId<HotDeskSessionId>('session'), accountId, deviceId: asId<DeviceId>('desk'), userId: asId<UserId>('guest'),
    extensionId: asId<ExtensionId>('ext-guest'), state: 'active', fence: 1, startedAt: 1000, endsAt: null, endsBy: null, idleEndsAt: null,
    drainingSince: null, endedAt: null, cause: null, via: 'phone', startedBy: 'device:desk', endedBy: null, ...changes,
  };
}

export function aSessionEvent(sequence: number, kind: HotDeskEvent['kind'], id: string, changes: Partial<HotDeskEvent> = {}): HotDeskEvent {
  return {
    id: asId<EventId>(`event-${sequence}`), accountId, sequence, sessionId: asId<HotDeskSessionId>(id), deviceId: asId<DeviceId>('desk'),
    userId: asId<UserId>('guest'), kind, cause: kind === 'signed_in' ? null : 'user', at: sequence, actor: 'device:desk', ...changes,
  };
}

export function aPerson(changes: Partial<Extract<SignInPerson, { kind: 'user' }>> = {}): SignInPerson {
  const { user } = userParty('guest', '1002');
  const account: AccountUser = {
    id: user.id, accountId, email: 'guest@example.com', firstName: 'Guest', lastName: '', displayName: '', type: 1, status: 'active', department: '',
    costCenter: '', jobTitle: '', location: '', timeZone: '', language: '', details: NO_DETAILS, licencePackageId: null, createdAt: 0,
  };
  return { kind: 'user', user: account, phone: user, ownsDevice: false, ...changes };
}

/** An entitled guest with the right PIN at a free phone that takes guests. */
export function signInFacts(changes: Partial<SignInFacts> = {}): SignInFacts {
  return {
    policy: DEFAULT_ACCOUNT_POLICY, device: { ...phone('desk'), assignees: [asId<ExtensionId>('ext-owner')] }, person: aPerson(),
    pin: { right: true, weakness: null }, lock: null, guestHere: null, sessionElsewhere: null, ...changes,
  };
}
