import { asId, type HotDeskSessionId } from '../../src/domain/ids.js';
import type { Device } from '../../src/domain/device/device.js';
import type { HotDeskSession } from '../../src/domain/hotdesk/session.js';
import type { PhoneUser } from '../../src/domain/identity/user.js';

let fence = 0;

/** A session of the user at the device, active since the epoch; each has a higher fence than the one before. */
export function guestSession(
  device: Pick<Device, 'id' | 'accountId'>, user: Pick<PhoneUser, 'id' | 'extensionId'>, changes: Partial<HotDeskSession> = {},
): HotDeskSession {
  fence += 1;
  return {
    id: asId<HotDeskSessionId>(`session-${fence}`), accountId: device.accountId, deviceId: device.id, userId: user.id, extensionId: user.extensionId,
    state: 'active', fence, startedAt: 0, endsAt: null, endsBy: null, idleEndsAt: null, drainingSince: null, endedAt: null, cause: null, via: 'phone',
    startedBy: `device:${device.id}`, endedBy: null, ...changes,
  };
}
