import type { DeviceId } from '../../domain/ids.js';
import type { Binding } from '../../domain/registration/binding.js';
import { byPreference, type StoredBinding } from './binding-record.js';

/**
 * This node's copy of every binding it heard of: it answers calls while Redis is away and keeps NATs open without asking.
 * Redis stays the truth; each answer of it replaces what is here.
 */
export class BindingMirror {
  readonly #devices = new Map<DeviceId, Map<string, StoredBinding>>();
  /** While a full reading is under way: what ended since it began, and must not come back with an older page. */
  #endedSince: Set<string> | null = null;
  #seen: Set<string> | null = null;

  /** The device's whole set, as Redis just answered it. */
  setDevice(deviceId: DeviceId, stored: readonly StoredBinding[]): void {
    if (stored.length === 0) {
      this.#devices.delete(deviceId);
      return;
    }
    this.#devices.set(deviceId, new Map(stored.map((one) => [one.key, one])));
    for (const one of stored) this.#seen?.add(place(one));
  }

  /** One binding that was added or refreshed. */
  put(stored: StoredBinding): void {
    const { deviceId } = stored.binding;
    const held = this.#devices.get(deviceId);
    if (held) held.set(stored.key, stored);
    else this.#devices.set(deviceId, new Map([[stored.key, stored]]));
    this.#seen?.add(place(stored));
    this.#endedSince?.delete(place(stored));
  }

  /** One binding that ended; a newer one in its place stays. */
  end(stored: StoredBinding): void {
    this.#endedSince?.add(place(stored));
    const held = this.#devices.get(stored.binding.deviceId);
    if (held?.get(stored.key)?.text !== stored.text) return;
    held.delete(stored.key);
    if (held.size === 0) this.#devices.delete(stored.binding.deviceId);
  }

  /** Live bindings of one device at `now` (epoch ms), best q first. */
  bindings(deviceId: DeviceId, now: number): readonly Binding[] {
    const held = this.#devices.get(deviceId);
    if (!held) return [];
    return [...held.values()].map(({ binding }) => binding).filter(({ expiresAt }) => expiresAt > now).sort(byPreference);
  }

  *all(): Generator<StoredBinding> {
    for (const held of this.#devices.values()) yield* held.values();
  }

  /** Forgets what expired before `now`. */
  prune(now: number): void {
    for (const [deviceId, held] of this.#devices) {
      for (const [key, { binding }] of held) if (binding.expiresAt <= now) held.delete(key);
      if (held.size === 0) this.#devices.delete(deviceId);
    }
  }

  get size(): number {
    let size = 0;
    for (const held of this.#devices.values()) size += held.size;
    return size;
  }

  /** A full reading begins: `page` takes what it finds, `finish` drops what it did not find and nobody announced meanwhile. */
  beginReading(): { page(found: readonly StoredBinding[]): void; finish(): void; abandon(): void } {
    const seen = new Set<string>();
    const ended = new Set<string>();
    this.#seen = seen;
    this.#endedSince = ended;
    const stop = (): void => {
      if (this.#seen !== seen) return;
      this.#seen = null;
      this.#endedSince = null;
    };
    return {
      page: (found) => {
        for (const one of found) if (!ended.has(place(one)) && !seen.has(place(one))) this.put(one);
      },
      finish: () => {
        for (const [deviceId, held] of this.#devices) {
          for (const [key, one] of held) if (!seen.has(place(one))) held.delete(key);
          if (held.size === 0) this.#devices.delete(deviceId);
        }
        stop();
      },
      abandon: stop,
    };
  }
}

function place({ binding, key }: StoredBinding): string {
  return `${binding.deviceId} ${key}`;
}
