import { behindNat } from '../domain/registration/contact-uri.js';
import { decideRegistration } from '../domain/registration/registration-policy.js';
import type { Account } from '../domain/identity/account.js';
import type { Binding, Flow, RegisterContacts } from '../domain/registration/binding.js';
import type { Device } from '../domain/device/device.js';
import type { Clock } from '../ports/runtime.js';
import type { LocationService, NonceUse } from '../ports/location-service.js';
import type { Reachability } from './reachability.js';

export interface Registration {
  readonly account: Account;
  readonly device: Device;
  readonly contacts: RegisterContacts;
  readonly callId: string;
  readonly cseq: number;
  readonly flow: Flow;
  readonly userAgent: string;
  readonly nonce: NonceUse;
}

export type RegistrationOutcome =
  | { readonly kind: 'registered'; readonly bindings: readonly Binding[]; readonly at: number }
  | { readonly kind: 'too-brief'; readonly minSeconds: number }
  | { readonly kind: 'too-many-contacts'; readonly limit: number }
  | { readonly kind: 'out-of-order' }
  | { readonly kind: 'nonce-replayed' };

export type RegisterDevice = (registration: Registration) => Promise<RegistrationOutcome>;

export interface RegisterDeviceDeps {
  readonly location: Pick<LocationService, 'register'>;
  readonly reachability: Pick<Reachability, 'heard'>;
  readonly clock: Clock;
  /** Uniform in 0–1: spreads the refreshes of phones that came back together. */
  readonly jitter: () => number;
}

/**
 * Updates the bindings of a device's AOR (RFC 3261 §10.3): policy, then one atomic command. Entitlement never refuses a
 * REGISTER. Throws StorageFault when the bindings could not be written.
 */
export function createRegisterDevice(deps: RegisterDeviceDeps): RegisterDevice {
  return async (registration) => {
    const { account, device, contacts, flow } = registration;
    const { policy } = account;
    const granted = decideRegistration({ contacts, policy, transport: flow.transport, jitter: deps.jitter() });
    if (granted.kind !== 'granted') return granted;
    const at = deps.clock.now();
    const result = await deps.location.register({
      accountId: account.id, deviceId: device.id, contacts, callId: registration.callId, cseq: registration.cseq, flow,
      natted: nattedContacts(contacts, flow), userAgent: registration.userAgent, at, granted: granted.seconds,
      maxContacts: policy.contactsPerDevice, nonce: registration.nonce,
    });
    if (result.kind !== 'registered') return result;
    if (contacts.kind === 'contacts') {
      for (const { uri } of contacts.contacts) deps.reachability.heard({ deviceId: device.id, contactUri: uri });
    }
    return { kind: 'registered', bindings: result.bindings, at };
  };
}

function nattedContacts(contacts: RegisterContacts, flow: Flow): ReadonlySet<string> {
  if (contacts.kind !== 'contacts') return new Set();
  return new Set(contacts.contacts.filter(({ uri }) => behindNat(uri, flow)).map(({ uri }) => uri));
}
