import { asId, type DeviceId } from '../../domain/ids.js';
import type { HotDeskSession } from '../../domain/hotdesk/session.js';
import type { Stores } from '../../ports/admin-stores.js';
import { deviceNotFound, phoneUserNotFound } from '../admin/not-found.js';
import { findPhoneUser } from '../admin/resolve.js';
import type { Actor } from '../change.js';
import { named, refused, type Outcome } from '../outcome.js';
import { typedExtension } from './read-sign-in.js';
import type { SignIn } from './sign-in.js';

/** Who signs in: a user by id or e-mail address, or an extension as it would be typed at the phone. */
export type NamedPerson = { readonly user: string } | { readonly extension: string };

/** Signs somebody in at a phone by API. */
export async function signInPerson(
  deps: { readonly stores: Stores; readonly signIn: SignIn }, actor: Actor, deviceId: string, person: NamedPerson,
): Promise<Outcome<HotDeskSession>> {
  const { stores } = deps;
  const device = await stores.devices.get(actor.accountId, asId<DeviceId>(deviceId));
  if (device === null) return deviceNotFound(deviceId);
  if ('user' in person) {
    const view = await findPhoneUser(stores, actor.accountId, person.user);
    return view === null ? named('user_id', { ...phoneUserNotFound(person.user), why: 'invalid' }) : deps.signIn.byApi(actor, device.id, view.phone.id);
  }
  const sites = await stores.sites.all(actor.accountId);
  const extension = await typedExtension(stores, { device, sites }, person.extension);
  if (extension?.owner.kind === 'user') return deps.signIn.byApi(actor, device.id, extension.owner.id);
  return refused('invalid', 'extension', 'No user has this extension at the site of the phone. Give site code and extension, or user_id.', person.extension);
}
