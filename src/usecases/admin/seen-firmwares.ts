import type { DeviceId, SiteId } from '../../domain/ids.js';
import { compareVersions } from '../../domain/device/firmware-rules.js';
import type { PhoneFamily } from '../../domain/device/phone-families.js';
import { recognisePhone } from '../../domain/device/phone-families-recognise.js';
import { readPhone, type PhoneBrand } from '../../domain/device/phone-models.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { Directory } from '../../ports/directory.js';
import type { LocationService } from '../../ports/location-service.js';
import type { Actor } from '../change.js';

export interface FirmwareDeps {
  readonly stores: Pick<Stores, 'firmwareRules'>;
  readonly directory: Pick<Directory, 'device'>;
  readonly locations: Pick<LocationService, 'list'>;
}

export interface KnownVersion {
  readonly version: string;
  /** Registered phones that run it now. */
  readonly phones: number;
  /** Whether an update rule asks for it. */
  readonly wanted: boolean;
}
export interface KnownFirmware {
  readonly type: string;
  readonly model: string;
  /** Highest first. */
  readonly versions: readonly KnownVersion[];
}

const BRAND_OF: Readonly<Record<PhoneFamily, PhoneBrand | null>> = {
  'yealink': 'Yealink', 'poly': 'Poly', 'cisco-mpp': 'Cisco', 'grandstream': 'Grandstream', 'snom': 'Snom', 'fanvil': 'Fanvil', 'audiocodes': 'AudioCodes', 'other': null,
};
/** Bindings read at a time. */
const PAGE = 500;

/**
 * What is known of firmware: versions that registered phones name in their User-Agent, and those that update rules ask for; of one
 * site's phones and rules, or of all. With `updatesOnly`, versions that are higher than what a phone of the model runs.
 */
export async function knownFirmwares(
  deps: FirmwareDeps, { accountId }: Pick<Actor, 'accountId'>, { siteId, updatesOnly }: { readonly siteId: SiteId | null; readonly updatesOnly: boolean },
): Promise<readonly KnownFirmware[]> {
  const models = new Map<string, { readonly type: string; readonly model: string; readonly versions: Map<string, KnownVersion> }>();
  const add = (type: string, model: string, version: string, change: (known: KnownVersion) => KnownVersion): void => {
    const key = `${type} ${model}`;
    const found = models.get(key) ?? { type, model, versions: new Map<string, KnownVersion>() };
    models.set(key, found);
    found.versions.set(version, change(found.versions.get(version) ?? { version, phones: 0, wanted: false }));
  };
  const counted = new Set<DeviceId>();
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<LocationService['list']>> = await deps.locations.list(accountId, after, PAGE);
    for (const { deviceId, userAgent } of page.items) {
      const device = deps.directory.device(deviceId);
      if (device === undefined || counted.has(deviceId) || (siteId !== null && device.siteId !== siteId)) continue;
      counted.add(deviceId);
      const phone = recognisePhone(device, userAgent);
      const type = BRAND_OF[phone.family];
      if (type === null || phone.firmware === null || phone.model === '') continue;
      const named = readPhone(type, phone.model);
      add(type, named.kind === 'known' ? named.model : phone.model, phone.firmware, (known) => ({ ...known, phones: known.phones + 1 }));
    }
    after = page.next;
  } while (after !== null);
  for (const rule of await deps.stores.firmwareRules.all(accountId)) {
    if (siteId !== null && rule.siteId !== null && rule.siteId !== siteId) continue;
    add(rule.deviceType, rule.deviceModel, rule.version, (known) => ({ ...known, wanted: true }));
  }
  return [...models.values()].flatMap(({ type, model, versions }) => {
    const sorted = [...versions.values()].sort((a, b) => compareVersions(b.version, a.version));
    const lowest = sorted.filter(({ phones }) => phones > 0).at(-1);
    const shown = updatesOnly && lowest !== undefined ? sorted.filter(({ version }) => compareVersions(version, lowest.version) > 0) : sorted;
    return shown.length === 0 ? [] : [{ type, model, versions: shown }];
  }).sort((a, b) => (`${a.type} ${a.model}` < `${b.type} ${b.model}` ? -1 : 1));
}
