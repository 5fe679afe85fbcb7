import type { AccountPolicy } from '../identity/account.js';
import type { RegisterContacts } from './binding.js';
import { contactKey } from './contact-uri.js';

export type RegistrationDecision =
  /** Lifetime of each contact by its URI as sent, seconds; 0 = remove. Empty for a query and for remove-all. */
  | { readonly kind: 'granted'; readonly seconds: ReadonlyMap<string, number> }
  /** 423 Interval Too Brief with Min-Expires. */
  | { readonly kind: 'too-brief'; readonly minSeconds: number }
  | { readonly kind: 'too-many-contacts'; readonly limit: number };

export interface RegistrationQuestion {
  readonly contacts: RegisterContacts;
  readonly policy: Pick<
    AccountPolicy,
    'registrationMinSeconds' | 'registrationMaxSeconds' | 'streamRegistrationMaxSeconds' | 'contactsPerDevice'
  >;
  /** Token of the top Via: udp, tcp, tls, ws, wss; any case. */
  readonly transport: string;
  /** 0–1, drawn by the caller: phones that registered together must not all come back together. */
  readonly jitter: number;
}

/** The largest part of a lifetime that jitter takes away. */
const JITTER_SHARE = 0.1;
const STREAMS: ReadonlySet<string> = new Set(['tcp', 'tls', 'ws', 'wss']);

/** Lifetimes for a REGISTER's contacts (RFC 3261 §10.3 step 7). The cap on bindings already held is the location service's. */
export function decideRegistration({ contacts, policy, transport, jitter }: RegistrationQuestion): RegistrationDecision {
  if (contacts.kind !== 'contacts') return { kind: 'granted', seconds: new Map() };
  const cap = STREAMS.has(transport.toLowerCase())
    ? Math.min(policy.streamRegistrationMaxSeconds, policy.registrationMaxSeconds)
    : policy.registrationMaxSeconds;
  const floor = Math.min(policy.registrationMinSeconds, cap);
  const seconds = new Map<string, number>();
  const wanted = new Set<string>();
  for (const contact of contacts.contacts) {
    const asked = contact.seconds ?? cap;
    // RFC 3261 §10.3 step 7: an interval of an hour or more is never too brief.
    if (asked > 0 && asked < floor && asked < 3600) return { kind: 'too-brief', minSeconds: floor };
    const granted = Math.min(asked, cap);
    const jittered = Math.floor(granted * (1 - JITTER_SHARE * Math.min(Math.max(jitter, 0), 1)));
    seconds.set(contact.uri, asked === 0 ? 0 : Math.max(jittered, Math.min(floor, granted)));
    if (asked > 0) wanted.add(contactKey(contact.uri));
  }
  if (wanted.size > policy.contactsPerDevice) return { kind: 'too-many-contacts', limit: policy.contactsPerDevice };
  return { kind: 'granted', seconds };
}
