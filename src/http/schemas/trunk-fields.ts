import { z } from 'zod';
import type { NumberFormat, Trunk, TrunkAuthentication } from '../../domain/trunk/trunk.js';
import type { TrunkChanges } from '../../usecases/trunks/set-trunks.js';
import { line, requiredLine } from './fields.js';

const small = z.int().min(0).max(65_535);
const iso = z.string().trim().max(2).toUpperCase();

const authentication = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('address') }).describe('By the addresses of its gateways alone.'),
  z.strictObject({
    type: z.literal('digest'), user_name: requiredLine(255), password: requiredLine(255).optional(),
    realm: line(255).default('').describe('The only realm that is answered; "" = the first one a gateway names.'),
  }).describe('It challenges our requests.'),
  z.strictObject({
    type: z.literal('registration'), user_name: requiredLine(255), password: requiredLine(255).optional(), realm: line(255).default(''),
    aor: requiredLine(255).describe('sip:user@domain; we register there.'), expires_seconds: z.int().min(60).max(86_400).default(600),
  }).describe('It challenges, and we register with it, so that its calls reach us.'),
]);

const numberFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('e164_plus') }).describe('+12125550100'),
  z.strictObject({ type: z.literal('e164') }).describe('12125550100'),
  z.strictObject({ type: z.literal('national'), country: iso }).describe('As dialled inside the country.'),
  z.strictObject({ type: z.literal('tech_prefix'), prefix: line(32) }).describe("The carrier's digits, then 12125550100."),
]);

const gateway = z.strictObject({
  id: line(64).optional(), host: requiredLine(255).describe('A name (RFC 3263) or an address.'), port: small.default(0).describe('0 = what the name says, else 5060 or 5061.'),
  transport: z.enum(['udp', 'tcp', 'tls']).default('udp'), priority: small.default(1).describe('Lower is tried first.'),
  weight: small.default(10).describe('Share among equals; 0 = after the others.'),
  sources: z.array(line(64)).max(50).default([]).describe('Addresses and networks its calls come from, besides those its host leads to.'),
});

const route = z.strictObject({
  id: line(64).optional(), site_id: line(64).default('').describe('"" = all sites.'), prefix: line(32).default('').describe('+ and digits; "" = every number.'),
  priority: small.default(1), weight: small.default(10), emergency: z.boolean().default(false).describe('Takes emergency calls, and no others.'),
});

const fields = {
  name: requiredLine(100),
  enabled: z.boolean().describe('A disabled one takes no calls, sends none and is not asked.'),
  country: iso.describe('Where it leads: ISO 3166-1; missing = the account\'s.'),
  authentication,
  gateways: z.array(gateway).min(1).max(20),
  routes: z.array(route).max(500),
  number_format: z.strictObject({ outbound: numberFormat, inbound: numberFormat }),
  caller_identity: z.enum(['from', 'p_asserted_identity', 'p_preferred_identity']).describe('Where our identity is written (RFC 3325).'),
  trusted: z.boolean().describe('Whether withheld numbers are told under Privacy: id, and its asserted identities count.'),
  diversion: z.enum(['none', 'diversion', 'history_info']),
  pass_headers: z.array(line(64)).max(20).describe('Further headers that cross, both ways.'),
  send_location: z.boolean().describe('Whether emergency calls carry the address of the desk (RFC 6442).'),
  codecs: z.array(z.string().trim().regex(/^[A-Za-z0-9-]{1,32}$/, 'Give the RTP name of a codec, e.g. PCMA.')).max(16).describe('In order; [] = what the phone offers. Digits by RTP are kept besides.'),
  dtmf: z.enum(['rfc4733', 'info']),
  srtp: z.enum(['off', 'optional', 'required']),
  anchor_media: z.enum(['auto', 'always']),
  limits: z.strictObject({ concurrent_calls: z.int().min(0).max(100_000).default(0), calls_per_second: z.int().min(0).max(10_000).default(0) })
    .describe('0 = none. Emergency calls are never limited.'),
  session_expires_seconds: z.int().min(0).max(86_400).describe('RFC 4028; 0 = none.'),
  probe_seconds: z.int().min(0).max(3600).describe('Between two OPTIONS to each gateway; 0 = never.'),
};

export const trunkChanges = z.strictObject(fields).partial();
export const newTrunk = z.strictObject({
  ...fields,
  enabled: fields.enabled.default(true), country: fields.country.optional(), authentication: authentication.default({ type: 'address' }), routes: fields.routes.default([]),
  number_format: fields.number_format.default({ outbound: { type: 'e164_plus' }, inbound: { type: 'e164_plus' } }), caller_identity: fields.caller_identity.default('p_asserted_identity'),
  trusted: fields.trusted.default(false), diversion: fields.diversion.default('none'), pass_headers: fields.pass_headers.default([]), send_location: fields.send_location.default(false),
  codecs: fields.codecs.default([]), dtmf: fields.dtmf.default('rfc4733'), srtp: fields.srtp.default('off'), anchor_media: fields.anchor_media.default('auto'),
  limits: fields.limits.default({ concurrent_calls: 0, calls_per_second: 0 }), session_expires_seconds: fields.session_expires_seconds.default(0),
  probe_seconds: fields.probe_seconds.default(30),
});

type Sent = z.output<typeof trunkChanges>;

const IDENTITY = { from: 'from', p_asserted_identity: 'p-asserted-identity', p_preferred_identity: 'p-preferred-identity' } as const;
const DIVERSION = { none: 'none', diversion: 'diversion', history_info: 'history-info' } as const;

/** What was sent, in the words of the domain; of border and media each field that is not named is as `before` has it. */
export function readTrunkChanges(sent: Sent, before: Pick<Trunk, 'border' | 'media'>): TrunkChanges {
  const password = sent.authentication !== undefined && 'password' in sent.authentication ? sent.authentication.password : undefined;
  const border = {
    numberOut: sent.number_format === undefined ? before.border.numberOut : readFormat(sent.number_format.outbound),
    numberIn: sent.number_format === undefined ? before.border.numberIn : readFormat(sent.number_format.inbound),
    callerIdentity: sent.caller_identity === undefined ? before.border.callerIdentity : IDENTITY[sent.caller_identity],
    trusted: sent.trusted ?? before.border.trusted,
    diversion: sent.diversion === undefined ? before.border.diversion : DIVERSION[sent.diversion],
    passHeaders: sent.pass_headers === undefined ? before.border.passHeaders : [...new Set(sent.pass_headers.map((name) => name.toLowerCase()))],
    location: sent.send_location ?? before.border.location,
  };
  const media = {
    codecs: sent.codecs ?? before.media.codecs, dtmf: sent.dtmf ?? before.media.dtmf, srtp: sent.srtp ?? before.media.srtp, anchor: sent.anchor_media ?? before.media.anchor,
  };
  return {
    name: sent.name, enabled: sent.enabled, country: sent.country, border, media, password,
    authentication: sent.authentication === undefined ? undefined : readAuthentication(sent.authentication),
    gateways: sent.gateways, sessionExpiresSeconds: sent.session_expires_seconds, probeSeconds: sent.probe_seconds,
    routes: sent.routes?.map(({ site_id: siteId, ...rest }) => ({ ...rest, siteId: siteId === '' ? null : siteId })),
    limits: sent.limits === undefined ? undefined : { concurrentCalls: sent.limits.concurrent_calls, callsPerSecond: sent.limits.calls_per_second },
  };
}

/** A new trunk has nothing before. */
export const NO_BORDER: Pick<Trunk, 'border' | 'media'> = {
  border: {
    numberOut: { kind: 'e164-plus' }, numberIn: { kind: 'e164-plus' }, callerIdentity: 'p-asserted-identity', trusted: false, diversion: 'none', passHeaders: [], location: false,
  },
  media: { codecs: [], dtmf: 'rfc4733', srtp: 'off', anchor: 'auto' },
};

function readAuthentication(sent: z.output<typeof authentication>): TrunkAuthentication {
  switch (sent.type) {
    case 'address': return { kind: 'address' };
    case 'digest': return { kind: 'digest', userName: sent.user_name, realm: sent.realm };
    case 'registration': return { kind: 'registration', userName: sent.user_name, realm: sent.realm, aor: sent.aor, expiresSeconds: sent.expires_seconds };
  }
}

function readFormat(sent: z.output<typeof numberFormat>): NumberFormat {
  switch (sent.type) {
    case 'e164_plus': return { kind: 'e164-plus' };
    case 'e164': return { kind: 'e164' };
    case 'national': return { kind: 'national', country: sent.country };
    case 'tech_prefix': return { kind: 'tech-prefix', prefix: sent.prefix };
  }
}
