import type { RedirectResult, RedirectVendor } from '../domain/provisioning/redirect-machine.js';

/** The account's access to a maker's service, in the clear. */
export interface RedirectAccess {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

export type RedirectStatus =
  /** `url`: where the service sends the phone. */
  | { readonly kind: 'listed'; readonly url: string }
  | { readonly kind: 'absent' }
  | Exclude<RedirectResult, { readonly kind: 'done' }>;

/** A maker's service that tells phones in factory state where their files are. Nothing rejects. */
export interface RedirectService {
  /** Sends the phone to the address; one that the account has already is sent there from now on. */
  add(access: RedirectAccess, phone: { readonly macAddress: string; readonly url: string }): Promise<RedirectResult>;
  /** Forgets phones, many at once; those that it does not know are forgotten already. */
  remove(access: RedirectAccess, macAddresses: readonly string[]): Promise<RedirectResult>;
  status(access: RedirectAccess, macAddress: string): Promise<RedirectStatus>;
}

export type RedirectServices = Readonly<Record<RedirectVendor, RedirectService>>;
