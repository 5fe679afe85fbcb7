import type { WallClock } from '../../domain/device/firmware-window.js';
import type { PhoneTransport } from '../../domain/provisioning/phone-configuration.js';
import type { TimeZoneRules } from '../../domain/provisioning/time-zone-rules.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { KeyedHash, SecretBox } from '../../ports/crypto.js';
import type { Directory } from '../../ports/directory.js';
import type { PhoneFiles } from '../../ports/phone-files.js';
import type { Clock, IdSource, Log } from '../../ports/runtime.js';

/** What phones are told of this server, and with what their files are made. */
export interface PhoneFileSources {
  readonly phoneFiles: PhoneFiles;
  /** Makes tokens and the hashes that are kept of them. */
  readonly provisioningMac: KeyedHash;
  /** Null for a name that is no IANA zone. */
  readonly zoneRules: (name: string, at: number) => TimeZoneRules | null;
  /** Weekday and time of an IANA zone at an instant. */
  readonly wallClock: (zone: string, at: number) => WallClock;
  /** Where phones send SIP to. */
  readonly phoneServer: () => { readonly host: string; readonly port: number; readonly transport: PhoneTransport };
  /** https origin that phones reach this server by, without `/` at its end; null = nothing listens there. */
  readonly provisioningOrigin: () => string | null;
}

export interface ProvisioningDeps extends PhoneFileSources {
  readonly stores: Stores;
  readonly directory: Pick<Directory, 'guestOf'>;
  readonly secretBox: SecretBox;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
}
