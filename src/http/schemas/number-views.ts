import type { ExtensionId } from '../../domain/ids.js';
import type { HttpDeps } from '../http-deps.js';

type Numbers = Pick<HttpDeps, 'directory'>;

/** The direct numbers of an extension as people and places show them, primary first; from memory, so lists may ask for each row. */
export function heldNumbers({ directory }: Numbers, extensionId: ExtensionId) {
  return directory.numbers.of(extensionId).map(({ id, number }) => ({ id, number }));
}

/** The same with what common areas show besides. */
export function heldNumbersInFull({ directory }: Numbers, extensionId: ExtensionId) {
  return directory.numbers.of(extensionId).map(({ id, number, displayName, source }) => ({ id, number, display_name: displayName, source }));
}
