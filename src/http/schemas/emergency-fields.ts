import { z } from 'zod';
import { addressText, type EmergencyAddress } from '../../domain/emergency/emergency-address.js';
import type { DeskAddress } from '../../domain/emergency/desk-address.js';
import type { PostalAddress } from '../../domain/identity/site.js';
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
