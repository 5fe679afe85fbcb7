import type { DeviceId } from '../../../src/domain/ids.js';
import type { DeviceNotifier } from '../../../src/ports/call-control.js';
import type { Log } from '../../../src/ports/runtime.js';

/** Phones whose labels changed in a call: each is told once, with its newest session, when the call is over. */
export class LabelChanges {
  readonly #notifier: DeviceNotifier;
  readonly #log: Log;
  readonly #fences = new Map<DeviceId, number>();
  #over = false;

  constructor(notifier: DeviceNotifier, log: Log) {
    this.#notifier = notifier;
    this.#log = log;
  }

  /** After the end too: a verb may still be at work when the caller hangs up. */
  add(deviceId: DeviceId, fence: number): void {
    this.#fences.set(deviceId, Math.max(fence, this.#fences.get(deviceId) ?? 0));
    // The sessions of one verb come together.
    if (this.#over) queueMicrotask(() => this.#tell());
  }

  callOver(): void {
    this.#over = true;
    this.#tell();
  }

  #tell(): void {
    const changed = [...this.#fences];
    this.#fences.clear();
    for (const [deviceId, fence] of changed) {
      this.#notifier.resync(deviceId, fence).catch((error: unknown) => {
        this.#log.warn('label resync failed', { deviceId, err: error });
      });
    }
  }
}
