import { NO_CALLER_NUMBERS, type CallerNumbers } from '../domain/numbering/caller-id.js';
import type { ActingParty } from '../domain/routing/call-facts.js';
import type { Device } from '../domain/device/device.js';
import type { Extension } from '../domain/numbering/extension.js';
import type { Directory } from '../ports/directory.js';

/** What the party may show to the network, from memory; a guest's numbers are the guest's, not the desk's. */
export function callerNumbersOf(directory: Directory, acting: ActingParty): CallerNumbers {
  return acting.kind === 'unassigned' ? NO_CALLER_NUMBERS : extensionNumbers(directory, acting.extension);
}

/** The same for an extension away from any phone. */
export function extensionNumbers(directory: Directory, { id, siteId, accountId }: Pick<Extension, 'id' | 'siteId' | 'accountId'>): CallerNumbers {
  const { numbers } = directory;
  return {
    own: numbers.of(id), extension: numbers.customized(id), site: numbers.customized(siteId), account: numbers.customized(accountId),
    choice: numbers.choice(id) ?? null,
  };
}

/** The primary number of whose desk it is, which an emergency centre may call back whoever sits there; '' = none. */
export function deskNumberOf(directory: Directory, device: Device): string {
  const [owner] = device.assignees;
  if (owner === undefined) return '';
  const numbers = directory.numbers.of(owner);
  return (numbers.find(({ outgoing, incoming }) => outgoing && incoming) ?? numbers.find(({ outgoing }) => outgoing))?.number ?? '';
}
