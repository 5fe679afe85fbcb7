import type { DeviceId, HotDeskSessionId, UserId } from '../../domain/ids.js';
import type { HotDeskSession } from '../../domain/hotdesk/session.js';
import { GroupIndex } from './group-index.js';

/** Sessions that are not ended, by phone and by user. Sessions read in one go may come in any order: the later fence wins a place. */
export class GuestIndex {
  readonly #sessions = new Map<HotDeskSessionId, HotDeskSession>();
  readonly #byDevice = new Map<DeviceId, HotDeskSession>();
  readonly #byUser = new Map<UserId, HotDeskSession>();
  readonly #draining = new GroupIndex<HotDeskSession>();

  guestOf(deviceId: DeviceId): HotDeskSession | undefined {
    return this.#byDevice.get(deviceId);
  }
  deskOf(userId: UserId): HotDeskSession | undefined {
    return this.#byUser.get(userId);
  }
  drainingOn(deviceId: DeviceId): readonly HotDeskSession[] {
    return this.#draining.get(deviceId);
  }

  put(session: HotDeskSession): void {
    this.remove(session.id);
    if (session.state === 'ended') return;
    this.#sessions.set(session.id, session);
    if (session.state === 'draining') {
      this.#draining.add(session.deviceId, session);
      return;
    }
    takePlace(this.#byDevice, session.deviceId, session);
    takePlace(this.#byUser, session.userId, session);
  }

  remove(id: HotDeskSessionId): void {
    const old = this.#sessions.get(id);
    if (old === undefined) return;
    this.#sessions.delete(id);
    this.#draining.remove(old.deviceId, id);
    if (this.#byDevice.get(old.deviceId)?.id === id) this.#byDevice.delete(old.deviceId);
    if (this.#byUser.get(old.userId)?.id === id) this.#byUser.delete(old.userId);
  }
}

function takePlace<Key>(places: Map<Key, HotDeskSession>, key: Key, session: HotDeskSession): void {
  const other = places.get(key);
  if (other === undefined || other.fence < session.fence) places.set(key, session);
}
