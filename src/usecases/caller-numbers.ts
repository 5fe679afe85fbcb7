import { NO_CALLER_NUMBERS, type CallerNumbers } from '../domain/numbering/caller-id.js';
import type { ActingParty } from '../domain/routing/call-facts.js';
import type { Device } from '../domain/device/device.js';
import type { Extension } from '../domain/numbering/extension.js';
import type { PhoneNumber } from '../domain/numbering/phone-number.js';
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

/**
 * The number at which an emergency centre may call back whoever sits there: the primary one of whose desk it is, else one that everybody at the
 * site, or in the account, may show, else the site's first number, whoever has it: for an hour a call-back rings the desk as well. '' = none.
 */
export function deskNumberOf(directory: Directory, device: Device): string {
  const [owner] = device.assignees;
  const own = owner === undefined ? [] : directory.numbers.of(owner);
  const shared = [...directory.numbers.customized(device.siteId), ...directory.numbers.customized(device.accountId)];
  return (inAndOut(own) ?? inAndOut(shared) ?? directory.numbers.ofSite(device.siteId) ?? [...own, ...shared].find(({ outgoing }) => outgoing))?.number ?? '';
}

function inAndOut(numbers: readonly PhoneNumber[]): PhoneNumber | undefined {
  return numbers.find(({ outgoing, incoming }) => outgoing && incoming);
}
