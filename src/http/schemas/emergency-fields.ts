import { z } from 'zod';
import { addressText, type AddressHolder, type EmergencyAddress } from '../../domain/emergency/emergency-address.js';
import type { EmergencyDesk } from '../../domain/calls/call-event.js';
import { deskAddress, type DeskAddress } from '../../domain/emergency/desk-address.js';
import type { PostalAddress } from '../../domain/identity/site.js';
import type { SiteId } from '../../domain/ids.js';
import type { HttpDeps } from '../http-deps.js';
import { country, line, requiredLine } from './fields.js';

/**
 * Nobody but a carrier verifies addresses, and none is asked yet: every address is unverified (2 among the published numbers 1 to 6).
 */
export const UNVERIFIED = 2;

/** The lines of an address as bodies name them; those that a country can do without may be missing or "". */
export const addressLines = {
  address_line1: requiredLine(255),
  address_line2: line(255).default(''),
  city: requiredLine(100),
  country,
  state_code: line(50).default(''),
  zip: line(20).default(''),
};

export function toPostal(body: z.output<z.ZodObject<typeof addressLines>>): PostalAddress {
  return {
    addressLine1: body.address_line1, addressLine2: body.address_line2, city: body.city, stateCode: body.state_code, zip: body.zip,
    country: body.country.toUpperCase(),
  };
}

export const shownLines = {
  id: z.string(), address_line1: z.string(), address_line2: z.string(), city: z.string(), country: z.string(), state_code: z.string(), zip: z.string(),
};

export function linesView(address: EmergencyAddress) {
  return {
    id: address.id, address_line1: address.addressLine1, address_line2: address.addressLine2, city: address.city, country: address.country,
    state_code: address.stateCode, zip: address.zip,
  };
}

/** Where help is sent, with whose address it is. */
export const deskAddressFields = z.object({
  emergency_address: z.object(shownLines).optional().describe('Missing where none is known.'),
  text: z.string().describe('On one line; "" without one.'),
  origin: z.enum(['location', 'device', 'user', 'common_area', 'site', 'none']).describe("Whose address it is: that of the location the phone is in, the phone's own, its user's, its common area's, its site's."),
  location: z.object({ id: z.string(), name: z.string() }).optional().describe('The emergency service location that the phone is in.'),
  elin: z.string().describe('Number that help calls back at; "" without one.'),
});

export function deskAddressView({ address, origin, location, elin }: DeskAddress) {
  return {
    ...(address === null ? {} : { emergency_address: linesView(address) }),
    text: address === null ? '' : addressText(address),
    origin: origin ?? 'none',
    ...(location === null ? {} : { location: { id: location.id, name: location.name } }),
    elin,
  };
}

/** Of a user or common area, as their own answers show it. */
export const emergencyAddressField = z.object({ ...shownLines, status: z.int().describe('2: unverified.') }).describe(
  "The own one, else the site's default; \"\" in every field where there is none.",
);

/** What counts at the holder's desks of its site, from memory. */
export function holderAddressView({ directory: { safety } }: Pick<HttpDeps, 'directory'>, holder: AddressHolder, siteId: SiteId) {
  const own = safety.addressOf(holder);
  const owner = own === undefined || holder.kind === 'device' ? null : { kind: holder.kind, address: own };
  const { address } = deskAddress({
    siteId, location: null, device: holder.kind === 'device' ? own : undefined, owner, siteDefault: safety.siteDefault(siteId),
  });
  const lines = address === null ? { id: '', address_line1: '', address_line2: '', city: '', country: '', state_code: '', zip: '' } : linesView(address);
  return { ...lines, status: UNVERIFIED };
}

/** Where help was sent in a call of the past. */
export const emergencyDeskFields = z.object({
  address_id: z.string(), address: z.string(), origin: z.string().describe('Whose address: location, device, user, common_area or site.'),
  location_id: z.string(), location: z.string(), elin: z.string(),
});

export function emergencyDeskView(desk: EmergencyDesk) {
  return {
    address_id: desk.addressId, address: desk.address, origin: desk.origin, location_id: desk.locationId, location: desk.location, elin: desk.elin,
  };
}
