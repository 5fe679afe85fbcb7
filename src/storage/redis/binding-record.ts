import { createHash } from 'node:crypto';
import { asId, type AccountId } from '../../domain/ids.js';
import type { Binding, ContactRequest } from '../../domain/registration/binding.js';
import { contactKey } from '../../domain/registration/contact-uri.js';
import type { RegisterCommand } from '../../ports/location-service.js';

/** A binding with what only storage needs of it. */
export interface StoredBinding {
  readonly accountId: AccountId;
  /** Node that holds the flow. */
  readonly nodeId: string;
  /** Canonical Contact URI: the field of the hash. */
  readonly key: string;
  readonly binding: Binding;
  /** The record as it stands in Redis. */
  readonly text: string;
}

/** User-Agent texts are for people; more than this is not kept. */
const USER_AGENT_LENGTH = 160;

/**
 * A record is one JSON array: compact, and its first members can be read by scripts (scripts/binding-record.lua):
 * [expiresAt, cseq, registeredAt, instance, account, call-id, device, node, uri, params, q, transport, address, port, nat,
 * user agent].
 * The script writes the first three, which it alone knows; this is the rest of the text.
 */
export function recordTail(command: RegisterCommand, contact: ContactRequest, nodeId: string): string {
  const { flow } = command;
  const rest = [
    instanceMark(contact.params), command.accountId, command.callId, command.deviceId, nodeId, contact.uri, contact.params,
    contact.q, flow.transport, flow.address, flow.port, command.natted.has(contact.uri) ? 1 : 0,
    command.userAgent.slice(0, USER_AGENT_LENGTH),
  ];
  return JSON.stringify(rest).slice(1);
}

/**
 * What makes two contacts the same phone under another address: `+sip.instance` and `reg-id`. 16 hex digits, or '' without one.
 * Interop: RFC 5626 §6 wants both parameters; a phone that sends the instance alone has one flow, so its newest contact
 * replaces the one it left behind when its port or address changed, instead of ringing nowhere until expiry.
 */
export function instanceMark(params: string): string {
  const instance = /;\s*\+sip\.instance\s*=\s*"([^"]*)"/i.exec(params)?.[1];
  if (!instance) return '';
  const regId = /;\s*reg-id\s*=\s*(\d+)/i.exec(params)?.[1] ?? '';
  return createHash('sha1').update(`${instance.toLowerCase()} ${regId}`).digest('hex').slice(0, 16);
}

/** Reads a record; null for anything not written here (another version's, damaged). */
export function parseRecord(text: string): StoredBinding | null {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(fields) || fields.length !== 16) return null;
  const string = (index: number): string => String(fields[index]);
  const number = (index: number): number => Number(fields[index]);
  const contactUri = string(8);
  return {
    accountId: asId(string(4)),
    nodeId: string(7),
    key: contactKey(contactUri),
    text,
    binding: {
      deviceId: asId(string(6)),
      contactUri,
      contactParams: string(9),
      q: number(10),
      expiresAt: number(0),
      callId: string(5),
      cseq: number(1),
      flow: { transport: string(11), address: string(12), port: number(13) },
      behindNat: number(14) === 1,
      userAgent: string(15),
      registeredAt: number(2),
    },
  };
}

/** Best q first (RFC 3261 §16.6, §20.10); among equals the longest registered first, so that the order is stable. */
export function byPreference(a: Binding, b: Binding): number {
  return b.q - a.q || a.registeredAt - b.registeredAt || (a.contactUri < b.contactUri ? -1 : 1);
}
