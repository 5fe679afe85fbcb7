/** DNS records as server location reads them; names without the closing dot. */

/** RFC 3403 §4.1. */
export interface NaptrRecord {
  readonly order: number;
  readonly preference: number;
  readonly flags: string;
  /** `SIP+D2U`, `SIPS+D2T`, … */
  readonly service: string;
  readonly replacement: string;
}

/** RFC 2782. */
export interface SrvRecord {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  /** '' stands for the root: the service is not offered. */
  readonly name: string;
}

/** An answer and how long it holds. */
export interface Answer<T> {
  /** Empty when there are none. */
  readonly records: readonly T[];
  readonly ttlMs: number;
}

/** What answers questions about names. It never rejects: no answer in time is an empty one. */
export interface NameService {
  naptr(name: string): Promise<Answer<NaptrRecord>>;
  srv(name: string): Promise<Answer<SrvRecord>>;
  /** IP literals. */
  addresses(host: string): Promise<Answer<string>>;
  /** Whether only addresses are to be asked for: a name of the hosts file, or one without a dot. */
  isPlain(host: string): boolean;
  stop(): void;
}
