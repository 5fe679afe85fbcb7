import type { ExtensionId, PhoneNumberId } from '../../domain/ids.js';
import type { CallHandling, NumberForward } from '../../domain/forwarding/call-handling.js';
import type { ForwardDirectory } from '../../ports/forward-stores.js';

/** The maps behind `ForwardDirectory`; put and remove as in the directory's own index. */
export class ForwardIndex implements ForwardDirectory {
  readonly #handlings = new Map<ExtensionId, CallHandling>();
  readonly #numbers = new Map<PhoneNumberId, NumberForward>();

  handling(id: ExtensionId): CallHandling | undefined {
    return this.#handlings.get(id);
  }
  number(id: PhoneNumberId): NumberForward | undefined {
    return this.#numbers.get(id);
  }

  putHandling(handling: CallHandling): void {
    this.#handlings.set(handling.id, handling);
  }
  removeHandling(id: ExtensionId): void {
    this.#handlings.delete(id);
  }
  putNumber(forward: NumberForward): void {
    this.#numbers.set(forward.id, forward);
  }
  removeNumber(id: PhoneNumberId): void {
    this.#numbers.delete(id);
  }
}
