import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AccountId, DeviceId } from '../../domain/ids.js';
import type { Device, DeviceHa1 } from '../../domain/device/device.js';
import type { HashFunction, SecretBox } from '../../ports/crypto.js';
import type { Log } from '../../ports/runtime.js';

export interface SealedDevice {
  readonly id: DeviceId;
  readonly device: Device;
  readonly sealedPassword: string;
}

/**
 * Makes H(A1) of each device whose password opens and whose account is known; the others are missing, and a password that
 * does not open is logged by its device's id alone.
 */
export type Ha1Maker = (
  devices: Iterable<SealedDevice>, realmOf: (id: AccountId) => string | undefined,
) => Promise<ReadonlyMap<DeviceId, DeviceHa1>>;

/** Devices done before the event loop gets a turn: about two milliseconds. */
const BATCH = 100;

export function createHa1Maker(options: { readonly secretBox: SecretBox; readonly hash: HashFunction; readonly log: Log }): Ha1Maker {
  const { secretBox, hash, log } = options;
  return async (devices, realmOf) => {
    const made = new Map<DeviceId, DeviceHa1>();
    let sinceTurn = 0;
    for (const { id, device, sealedPassword } of devices) {
      const realm = realmOf(device.accountId);
      if (realm === undefined) continue;
      try {
        made.set(id, ha1(device, realm, secretBox.open(sealedPassword, id), hash));
      } catch {
        // The error itself is not told: it may hold what it failed on.
        log.error('device-password-unreadable', { deviceId: id });
      }
      sinceTurn += 1;
      if (sinceTurn < BATCH) continue;
      sinceTurn = 0;
      await nextTurn();
    }
    return made;
  };
}

/** H(A1) = H(username ":" realm ":" password), RFC 7616 §3.4.2. */
function ha1(device: Device, realm: string, password: string, hash: HashFunction): DeviceHa1 {
  const a1 = `${device.userName}:${realm}:${password}`;
  return { 'MD5': hash('md5', a1), 'SHA-256': hash('sha256', a1) };
}
