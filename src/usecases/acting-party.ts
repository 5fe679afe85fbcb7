import { nameOf } from '../domain/identity/user.js';
import type { ActingParty } from '../domain/routing/call-facts.js';
import type { CommonArea } from '../domain/identity/common-area.js';
import type { Device } from '../domain/device/device.js';
import type { Extension } from '../domain/numbering/extension.js';
import type { HotDeskSession } from '../domain/hotdesk/session.js';
import type { Directory } from '../ports/directory.js';
import { withInternationalCalling } from './international-calling.js';

type Guest = Extract<ActingParty, { readonly kind: 'user' }> & { readonly session: HotDeskSession };

/** Who acts on a device (call policy rule 3): its guest, else its owner or common area. Asked anew at every call. */
export function actingOn(directory: Directory, device: Device): ActingParty {
  const guest = guestOn(directory, device);
  if (guest !== null) return guest;
  const extension = ownerOf(directory, device);
  return extension === undefined ? { kind: 'unassigned' } : partyOf(directory, extension);
}

/** The guest of a device. A session whose user has no extension any more holds nothing: the phone is its owner's. */
export function guestOn(directory: Directory, device: Pick<Device, 'id'>): Guest | null {
  const session = directory.guestOf(device.id);
  if (session === undefined) return null;
  const user = directory.phoneUser(session.userId);
  const extension = user === undefined ? undefined : directory.extension(user.extensionId);
  const party = extension === undefined ? undefined : partyOf(directory, extension);
  return party?.kind === 'user' ? { ...party, session } : null;
}

/** Whether somebody acts at a phone of another. */
export function isGuest(acting: ActingParty): boolean {
  return acting.kind === 'user' && acting.session !== null;
}

/** The common area whose phone the device is; null for a user's phone and an unassigned one. */
export function commonAreaOf(
  directory: Directory, device: Device,
): { readonly area: CommonArea; readonly extension: Extension } | null {
  const extension = ownerOf(directory, device);
  if (extension?.owner.kind !== 'common_area') return null;
  const area = directory.commonArea(extension.owner.id);
  return area === undefined ? null : { area: withInternationalCalling(directory, area), extension };
}

/** Whoever holds the extension, away from any device. */
export function partyOf(directory: Directory, extension: Extension): ActingParty {
  if (extension.owner.kind === 'user') {
    const user = directory.phoneUser(extension.owner.id);
    const person = directory.user(extension.owner.id);
    if (user === undefined || person === undefined) return { kind: 'unassigned' };
    return { kind: 'user', user: withInternationalCalling(directory, user), extension, name: nameOf(person), session: null };
  }
  const commonArea = directory.commonArea(extension.owner.id);
  if (commonArea === undefined) return { kind: 'unassigned' };
  return { kind: 'common_area', commonArea: withInternationalCalling(directory, commonArea), extension, name: commonArea.displayName };
}

function ownerOf(directory: Directory, device: Device): Extension | undefined {
  const [owner] = device.assignees;
  return owner === undefined ? undefined : directory.extension(owner);
}
