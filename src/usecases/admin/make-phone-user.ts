import { asId, type ExtensionId } from '../../domain/ids.js';
import type { Account } from '../../domain/identity/account.js';
import type { Site } from '../../domain/identity/site.js';
import type { AccountUser, PhoneUser } from '../../domain/identity/user.js';
import { extensionForms } from '../../domain/hotdesk/sign-in-extension.js';
import type { Extension } from '../../domain/numbering/extension.js';
import { storeFirstPin, type FreshPin } from '../hotdesk/fresh-pins.js';
import { queuePinNotice } from '../mail/phone-user-notice.js';
import type { Draft } from '../change.js';
import { done, refused, type Outcome } from '../outcome.js';
import type { AdminDeps } from './admin-deps.js';
import { chooseNumber } from './extension-number.js';
import { startsInternational } from './international-switch.js';
import type { NumbersInUse } from './numbers-in-use.js';
import { takeSeats, type Entitlements } from './seats.js';

export interface AddedPhoneUser {
  readonly user: AccountUser;
  readonly phone: PhoneUser;
  readonly extension: Extension;
  /** The PIN made for the new phone user: shown once, kept nowhere. */
  readonly pinCode: string;
  /** Whether a mail brings it, so that nobody else needs to see it. */
  readonly pinMailed: boolean;
}

/** Gives an account user an extension, plans and packages inside a larger change. */
export async function makePhoneUser(
  deps: Pick<AdminDeps, 'random' | 'pinHasher' | 'mail'>, draft: Draft, account: Account, user: AccountUser,
  wanted: {
    readonly site: Site; readonly number: string | null; readonly entitlements: Entitlements;
    /** Made before the transaction. */
    readonly pin: FreshPin;
    /** False: nobody is written to, and the PIN is handed back. */
    readonly notify?: boolean;
    /** What an earlier phone user of the same transaction had read. */
    readonly inUse?: NumbersInUse;
  },
): Promise<Outcome<AddedPhoneUser>> {
  const { site, entitlements, inUse } = wanted;
  if (await draft.stores.phoneUsers.get(draft.accountId, user.id)) {
    return refused('conflict', 'email', 'This user is a phone user already.', user.email);
  }
  const number = await chooseNumber({ stores: draft.stores, account, site, ...(inUse === undefined ? {} : { inUse }) }, wanted.number);
  if (number.kind === 'refused') return number;
  const seats = await takeSeats(draft, [...entitlements.callingPlans, ...entitlements.packages], 'calling_plans');
  if (seats) return seats;
  const extension: Extension = {
    id: asId<ExtensionId>(draft.newId()),
    accountId: draft.accountId,
    siteId: site.id,
    number: number.number,
    owner: { kind: 'user', id: user.id },
  };
  const phone: PhoneUser = {
    id: user.id,
    accountId: draft.accountId,
    siteId: site.id,
    extensionId: extension.id,
    status: user.status === 'active' ? 'active' : 'deactivated',
    ...entitlements,
    internationalCalling: await startsInternational(draft, site.id),
    areaCode: '',
    hotDeskAllowed: true,
    createdAt: draft.at,
  };
  await draft.stores.extensions.insert(extension);
  await draft.stores.phoneUsers.insert(phone);
  draft.note({
    aggregate: 'extension', id: extension.id, change: 'created', action: 'add-extension', before: null,
    after: extension,
  });
  draft.note({
    aggregate: 'phone_user', id: phone.id, change: 'created', action: 'add-phone-user', before: null, after: phone,
  });
  const forms = extensionForms(extension, site);
  const pinCode = await storeFirstPin(deps, draft, { kind: 'user', id: user.id }, wanted.pin, forms);
  const pinMailed = wanted.notify !== false && await queuePinNotice(deps, draft, 'phone-user-notice', { account, site, user, extension, pinCode });
  return done({ user, phone, extension, pinCode, pinMailed });
}
