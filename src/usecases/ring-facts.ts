import { ringPhones, type PhoneInUse, type RingPhones } from '../domain/routing/ring-phones.js';
import type { Account } from '../domain/identity/account.js';
import type { Extension } from '../domain/numbering/extension.js';
import type { UserId } from '../domain/ids.js';
import type { Directory } from '../ports/directory.js';
import { guestOn } from './acting-party.js';

/** The phones that a call to the extension may ring now, from memory. */
export function phonesOf(directory: Directory, account: Account, extension: Extension): RingPhones {
  const userId = extension.owner.kind === 'user' ? extension.owner.id : null;
  const desk = userId === null ? null : deskOf(directory, userId);
  const own = directory.devicesOf(extension.id)
    .map((device) => ({ device, guest: guestOn(directory, device)?.session ?? null }));
  return ringPhones({ userId, own, desk }, account.policy.hotDeskReach);
}

/** The phone at which the user sits as guest; a session that lost its phone, or that another guest followed, is none. */
function deskOf(directory: Directory, userId: UserId): PhoneInUse | null {
  const session = directory.deskOf(userId);
  const device = session === undefined ? undefined : directory.device(session.deviceId);
  const guest = device === undefined ? null : guestOn(directory, device);
  return device === undefined || guest === null || guest.user.id !== userId ? null : { device, guest: guest.session };
}
