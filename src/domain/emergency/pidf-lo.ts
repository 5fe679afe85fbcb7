import type { DeviceId } from '../ids.js';
import { civicAddress, type CivicPlace } from './civic-address.js';

/** A phone's place, as it goes along with a call for help. */
export interface PhoneLocation extends CivicPlace {
  readonly deviceId: DeviceId;
  /** URI that the call shows as its caller. */
  readonly entity: string;
  /** Instant of the call, epoch ms. */
  readonly at: number;
}

/** A day, as where nothing is said (RFC 4119 §2.2.2). */
const RETENTION_MS = 86_400_000;

/**
 * The location as a PIDF-LO document (RFC 4119 with RFC 5139): one `device` with one `geopriv` (RFC 5491 §3), typed in by people
 * (`Manual`), which may be passed on to those who send help. Nothing in it names who sits at the desk.
 */
export function pidfLo(location: PhoneLocation): string {
  const civic = civicAddress(location).map(([name, text]) => `<ca:${name}>${escapeXml(text)}</ca:${name}>`).join('');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"'
    + ' xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10" xmlns:gbp="urn:ietf:params:xml:ns:pidf:geopriv10:basicPolicy"'
    + ` xmlns:ca="urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr" entity="${escapeXml(location.entity)}">`,
    '<dm:device id="desk">',
    `<gp:geopriv><gp:location-info><ca:civicAddress>${civic}</ca:civicAddress></gp:location-info>`,
    '<gp:usage-rules><gbp:retransmission-allowed>true</gbp:retransmission-allowed>',
    `<gbp:retention-expiry>${instant(location.at + RETENTION_MS)}</gbp:retention-expiry></gp:usage-rules>`,
    '<gp:method>Manual</gp:method></gp:geopriv>',
    `<dm:deviceID>${deviceUrn(location.deviceId)}</dm:deviceID>`,
    `<dm:timestamp>${instant(location.at)}</dm:timestamp>`,
    '</dm:device>',
    '</presence>',
    '',
  ].join('\r\n');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Text for an element or attribute; what XML 1.0 §2.2 has no place for becomes a space. */
function escapeXml(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, ' ').replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '');
}

function instant(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';

/** An id of ours as a URN that others know: a ULID is 128 bits, like a UUID (RFC 9562 §4). */
function deviceUrn(id: DeviceId): string {
  const bits = [...id].reduce((value, char) => (value << 5n) | BigInt(Math.max(0, CROCKFORD.indexOf(char))), 0n);
  const hex = BigInt.asUintN(128, bits).toString(16).padStart(32, '0');
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
