import type { WallClock } from '../../domain/device/firmware-window.js';
import type { PhoneServer } from '../../domain/provisioning/sip-transport.js';
import type { TimeZoneRules } from '../../domain/provisioning/time-zone-rules.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { HashFunction, KeyedHash, RandomSource, SecretBox } from '../../ports/crypto.js';
import type { PhoneFiles } from '../../ports/phone-files.js';
import type { Clock, IdSource, Log } from '../../ports/runtime.js';

/** What phones are told of this server, and with what their files are made. */
export interface PhoneFileSources {
  readonly phoneFiles: PhoneFiles;
  /** Makes tokens and the hashes that are kept of them. */
  readonly provisioningMac: KeyedHash;
  /** Of HTTP digests. */
  readonly digestHash: HashFunction;
  /** Null for a name that is no IANA zone. */
  readonly zoneRules: (name: string, at: number) => TimeZoneRules | null;
  /** Weekday and time of an IANA zone at an instant. */
  readonly wallClock: (zone: string, at: number) => WallClock;
  /** Where a phone sends SIP to. @param address it is seen at; null = not known, or not the phone's own */
  readonly phoneServer: (address: string | null) => PhoneServer;
  /** Our certificate by the name of its file, PEM; null = it has another name by now, or phones need none. */
  readonly phoneCertificate: (file: string) => string | null;
  /** https origin that phones reach this server by, without `/` at its end; null = nothing listens there. */
  readonly provisioningOrigin: () => string | null;
}

export interface ProvisioningDeps extends PhoneFileSources {
  readonly stores: Stores;
  readonly secretBox: SecretBox;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly random: RandomSource;
  readonly log: Log;
}
