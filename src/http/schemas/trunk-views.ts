import { z } from 'zod';
import type { NumberFormat, Trunk, TrunkAuthentication, TrunkGateway } from '../../domain/trunk/trunk.js';
import type { GatewayHealth } from '../../domain/trunk/gateway-health.js';
import type { RegistrationView, TrunkTestStep, TrunkWatch } from '../../ports/trunks.js';
import { apiTime } from '../times.js';

const format = z.object({ type: z.enum(['e164_plus', 'e164', 'national', 'tech_prefix']), country: z.string().optional(), prefix: z.string().optional() });

const gatewayStatus = z.object({
  gateway_id: z.string(), host: z.string(),
  state: z.enum(['up', 'down', 'resting', 'unknown']).describe('As this node sees it.'), since: z.string(),
  rests_until: z.string(), last_seen: z.string().describe('What was seen last.'), round_trip_ms: z.number().nullable(),
  addresses: z.array(z.string()).describe('Where its name led when it was last looked up.'), lookup: z.string().describe('What is wrong with its name; "" = nothing.'),
});

const registrationStatus = z.object({
  state: z.enum(['registered', 'trying', 'failed', 'elsewhere', 'off']).describe('elsewhere: another node keeps it.'), since: z.string(), gateway_id: z.string(),
  expires_at: z.string(), next_at: z.string().describe('When it is refreshed or tried again.'), last_seen: z.string(),
});

export const trunkStatus = z.object({
  state: z.enum(['up', 'partly_up', 'down', 'unknown', 'disabled']), gateways: z.array(gatewayStatus), registration: registrationStatus.nullable(),
});

export const trunkView = z.object({
  id: z.string(), name: z.string(), enabled: z.boolean(), country: z.string(),
  authentication: z.object({
    type: z.enum(['address', 'digest', 'registration']), user_name: z.string().optional(), realm: z.string().optional(), aor: z.string().optional(),
    expires_seconds: z.int().optional(),
  }).describe('Without its password, which nobody can read.'),
  gateways: z.array(z.object({
    id: z.string(), host: z.string(), port: z.int(), transport: z.enum(['udp', 'tcp', 'tls']), priority: z.int(), weight: z.int(), sources: z.array(z.string()),
  })),
  routes: z.array(z.object({ id: z.string(), site_id: z.string(), prefix: z.string(), priority: z.int(), weight: z.int(), emergency: z.boolean() })),
  number_format: z.object({ outbound: format, inbound: format }),
  caller_identity: z.enum(['from', 'p_asserted_identity', 'p_preferred_identity']), trusted: z.boolean(), diversion: z.enum(['none', 'diversion', 'history_info']),
  pass_headers: z.array(z.string()), send_location: z.boolean(), codecs: z.array(z.string()), dtmf: z.enum(['rfc4733', 'info']),
  srtp: z.enum(['off', 'optional', 'required']), anchor_media: z.enum(['auto', 'always']),
  limits: z.object({ concurrent_calls: z.int(), calls_per_second: z.int() }), session_expires_seconds: z.int(), probe_seconds: z.int(),
  version: z.int().describe('Raised by each change.'), status: trunkStatus,
});

export function viewTrunk(trunk: Trunk, watch: TrunkWatch, at: number): z.output<typeof trunkView> {
  const { border, media, limits } = trunk;
  return {
    id: trunk.id, name: trunk.name, enabled: trunk.enabled, country: trunk.country, authentication: viewAuthentication(trunk.authentication),
    gateways: trunk.gateways.map(({ id, host, port, transport, priority, weight, sources }) => ({ id, host, port, transport, priority, weight, sources: [...sources] })),
    routes: trunk.routes.map(({ id, siteId, prefix, priority, weight, emergency }) => ({ id, site_id: siteId ?? '', prefix, priority, weight, emergency })),
    number_format: { outbound: viewFormat(border.numberOut), inbound: viewFormat(border.numberIn) },
    caller_identity: IDENTITY[border.callerIdentity], trusted: border.trusted, diversion: DIVERSION[border.diversion], pass_headers: [...border.passHeaders],
    send_location: border.location, codecs: [...media.codecs], dtmf: media.dtmf, srtp: media.srtp, anchor_media: media.anchor,
    limits: { concurrent_calls: limits.concurrentCalls, calls_per_second: limits.callsPerSecond }, session_expires_seconds: trunk.sessionExpiresSeconds,
    probe_seconds: trunk.probeSeconds, version: trunk.version, status: viewStatus(trunk, watch, at),
  };
}

const IDENTITY = { 'from': 'from', 'p-asserted-identity': 'p_asserted_identity', 'p-preferred-identity': 'p_preferred_identity' } as const;
const DIVERSION = { 'none': 'none', 'diversion': 'diversion', 'history-info': 'history_info' } as const;

function viewAuthentication(authentication: TrunkAuthentication): z.output<typeof trunkView>['authentication'] {
  switch (authentication.kind) {
    case 'address': return { type: 'address' };
    case 'digest': return { type: 'digest', user_name: authentication.userName, realm: authentication.realm };
    case 'registration': return {
      type: 'registration', user_name: authentication.userName, realm: authentication.realm, aor: authentication.aor, expires_seconds: authentication.expiresSeconds,
    };
  }
}

function viewFormat(found: NumberFormat): z.output<typeof format> {
  switch (found.kind) {
    case 'e164-plus': return { type: 'e164_plus' };
    case 'e164': return { type: 'e164' };
    case 'national': return { type: 'national', country: found.country };
    case 'tech-prefix': return { type: 'tech_prefix', prefix: found.prefix };
  }
}

export function viewStatus(trunk: Trunk, watch: TrunkWatch, at: number): z.output<typeof trunkStatus> {
  const seen = trunk.gateways.map((gateway) => ({ gateway, health: watch.health(gateway), state: stateOf(watch.health(gateway), at) }));
  const states = new Set(seen.map(({ state }) => state));
  const up = states.has('up');
  const registration = watch.registration(trunk);
  return {
    state: !trunk.enabled ? 'disabled' : states.size === 1 && up ? 'up' : up ? 'partly_up' : states.has('unknown') ? 'unknown' : 'down',
    gateways: seen.map(({ gateway, health, state }) => viewGateway(gateway, health, state, watch)),
    registration: registration === null ? null : viewRegistration(registration),
  };
}

function stateOf({ state, restsUntil }: GatewayHealth, at: number): 'up' | 'down' | 'resting' | 'unknown' {
  return state !== 'down' && restsUntil !== null && restsUntil > at ? 'resting' : state;
}

function viewGateway(gateway: TrunkGateway, health: GatewayHealth, state: ReturnType<typeof stateOf>, watch: TrunkWatch): z.output<typeof gatewayStatus> {
  const located = watch.located(gateway);
  return {
    gateway_id: gateway.id, host: gateway.host, state, since: apiTime(health.since), rests_until: state === 'resting' ? apiTime(health.restsUntil) : '',
    last_seen: health.lastSeen, round_trip_ms: health.roundTripMs, lookup: located?.kind === 'unknown' ? located.why : '',
    addresses: located?.kind === 'found' ? [...new Set(located.servers.map(({ address }) => address))] : [],
  };
}

function viewRegistration(found: RegistrationView): z.output<typeof registrationStatus> {
  return {
    state: found.state, since: apiTime(found.since), gateway_id: found.gatewayId ?? '', expires_at: apiTime(found.expiresAt), next_at: apiTime(found.nextAt),
    last_seen: found.lastSeen,
  };
}

export const testStep = z.object({
  step: z.enum(['lookup', 'options', 'registration', 'call']), gateway_id: z.string(), passed: z.boolean(), status: z.int().nullable(), round_trip_ms: z.number().nullable(),
  seen: z.string(), advice: z.string().describe('What to do; "" = nothing.'),
});

export function viewStep({ step, gatewayId, passed, status, roundTripMs, seen, advice }: TrunkTestStep): z.output<typeof testStep> {
  return { step, gateway_id: gatewayId ?? '', passed, status, round_trip_ms: roundTripMs, seen, advice };
}
