import type { Phone } from '../support/product-phones.js';
import type { NodeInspector } from './node-inspector.js';
import type { Watched } from './process-usage.js';
import type { ServerName } from './results.js';

/** What the loads need of a phone. */
export type BenchPhone = Pick<Phone, 'userName' | 'authorizationId' | 'password' | 'domain' | 'extension'>;

/** Who registers and who calls whom. */
export interface BenchPhones {
  readonly phones: readonly BenchPhone[];
  readonly callers: readonly BenchPhone[];
  readonly callee: BenchPhone;
}

/** A server under load. */
export interface Target extends BenchPhones {
  /** Calls go by a trunk to a carrier there, and `callee` is a number of its; absent = to a phone that registers. */
  readonly carrierPort?: number;
  /** What its records say after so many calls, in words. */
  account?(calls: number): Promise<string>;
  readonly name: ServerName;
  readonly sip: { readonly host: string; readonly port: number };
  readonly processes: readonly Watched[];
  /** Into its Node processes, for garbage collection and profiles; opened when first asked for. */
  inspect(): Promise<readonly NodeInspector[]>;
  stop(): Promise<void>;
}

/** A server that cannot be measured here, and what to do about it. */
export class NotHere extends Error {}

export interface PhoneCounts {
  readonly phones: number;
  readonly callers: number;
}

export const CALLED_EXTENSION = '6000';

/** Phones of a server that takes any: their user name is their extension, the password follows from it. */
export function plainPhones(counts: PhoneCounts): BenchPhones {
  const phone = (userName: string, extension = ''): BenchPhone =>
    ({ userName, authorizationId: userName, password: `secret-of-${userName}`, domain: '127.0.0.1', extension });
  const numbered = (at: number): string => String(3000 + at);
  return {
    phones: Array.from({ length: counts.phones }, (_, at) => phone(`phone-${at}`)),
    callers: Array.from({ length: counts.callers }, (_, at) => phone(numbered(at), numbered(at))),
    callee: phone(CALLED_EXTENSION, CALLED_EXTENSION),
  };
}
