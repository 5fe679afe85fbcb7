import { isSupportedCountry } from 'libphonenumber-js/min';
import { parseSipUri } from '../addressing/sip-uri.js';
import { parseAddress, parseNetwork } from '../emergency/network.js';
import type { NumberFormat, Trunk, TrunkGateway, TrunkRoute } from './trunk.js';

/** One thing that is wrong with a trunk: the API's field, what it held, and the remedy. */
export interface TrunkProblem {
  readonly field: string;
  readonly text: string;
  readonly value?: string;
}

/** Headers that the two sides of a call have of their own: passing them on would forge identities, routes or dialogs. */
const NEVER_PASSED: ReadonlySet<string> = new Set([
  'via', 'from', 'to', 'call-id', 'cseq', 'contact', 'route', 'record-route', 'path', 'service-route', 'max-forwards', 'max-breadth', 'content-length', 'content-type',
  'content-encoding', 'content-disposition', 'mime-version', 'authorization', 'www-authenticate', 'proxy-authorization', 'proxy-authenticate', 'proxy-require', 'require', 'supported',
  'unsupported', 'allow', 'allow-events', 'event', 'expires', 'min-expires', 'min-se', 'session-expires', 'rseq', 'rack', 'refer-to', 'referred-by', 'replaces', 'join',
  'p-asserted-identity', 'p-preferred-identity', 'privacy', 'diversion', 'history-info', 'remote-party-id', 'identity', 'geolocation', 'geolocation-routing', 'reason',
  'user-agent', 'server', 'retry-after', 'warning', 'v', 'f', 't', 'i', 'm', 'l', 'c', 'e', 'k', 'x', 'r', 'b', 'o', 'u', 's', 'y', 'd', 'j', 'a',
]);
const HOST_NAME = /^(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)*\.?$/;
/** Larger ranges hold strangers. */
const LEAST_BITS = { 4: 8, 6: 32 } as const;

/** Everything that is wrong with a trunk, whatever else exists; [] = nothing. Names are compared and passwords kept elsewhere. */
export function trunkProblems(trunk: Omit<Trunk, 'id' | 'accountId' | 'version'>): readonly TrunkProblem[] {
  return [
    ...(isSupportedCountry(trunk.country) ? [] : [{ field: 'country', text: 'Give the ISO 3166-1 code of a country with telephone numbers, e.g. US.', value: trunk.country }]),
    ...authenticationProblems(trunk),
    ...trunk.gateways.flatMap((gateway, index) => gatewayProblems(gateway, `gateways[${index}]`)),
    ...twins(trunk.gateways),
    ...trunk.routes.flatMap((route, index) => routeProblems(route, `routes[${index}]`)),
    ...formatProblems(trunk.border.numberOut, 'number_format.outbound'),
    ...formatProblems(trunk.border.numberIn, 'number_format.inbound'),
    ...trunk.border.passHeaders.flatMap((name, index) => headerProblems(name, `pass_headers[${index}]`)),
    ...sessionProblems(trunk),
  ];
}

/** What will hardly work though nothing forbids it. */
export function trunkOddities(trunk: Pick<Trunk, 'routes' | 'media' | 'gateways' | 'authentication' | 'border'>): readonly TrunkProblem[] {
  const odd: TrunkProblem[] = [];
  if (trunk.routes.length === 0) odd.push({ field: 'routes', text: 'No route leads calls here. Add one, or a routing rule that names this trunk.' });
  if (trunk.media.srtp === 'required' && trunk.gateways.some(({ transport }) => transport !== 'tls')) {
    odd.push({ field: 'srtp', text: 'The keys of encrypted sound cross a transport that is not encrypted. Use tls for every gateway.' });
  }
  if (trunk.authentication.kind === 'digest' && trunk.gateways.every(({ sources, host }) => sources.length === 0 && parseAddress(host) === null)) {
    odd.push({ field: 'gateways', text: 'Calls of the peer are known by the addresses its names lead to. Name its networks in sources if it calls from others.' });
  }
  if (trunk.border.trusted && trunk.border.callerIdentity === 'from') {
    odd.push({ field: 'caller_identity', text: 'The peer is trusted and yet told no asserted identity. Use p_asserted_identity, so that withheld numbers reach it (RFC 3325).' });
  }
  return odd;
}

function authenticationProblems({ authentication }: Pick<Trunk, 'authentication'>): readonly TrunkProblem[] {
  if (authentication.kind !== 'registration') return [];
  const uri = parseSipUri(authentication.aor);
  const fits = uri !== null && uri.user !== null && uri.password === null && uri.params.length === 0 && uri.headers === '' && !/["<>\s]/.test(authentication.aor);
  return fits ? [] : [{ field: 'authentication.aor', text: 'Give the address the peer knows us by, as sip:user@domain.', value: authentication.aor }];
}

function gatewayProblems({ host, sources }: TrunkGateway, field: string): readonly TrunkProblem[] {
  const named = parseAddress(host) !== null || (HOST_NAME.test(host) && !/^[0-9.]+$/.test(host));
  return [
    ...(named ? [] : [{ field: `${field}.host`, text: 'Give a host name or an address, without sip:, port or brackets of other kinds.', value: host }]),
    ...sources.flatMap((source, index) => sourceProblems(source, `${field}.sources[${index}]`)),
  ];
}

function sourceProblems(source: string, field: string): readonly TrunkProblem[] {
  const network = parseNetwork(source);
  if (network === null) return [{ field, text: 'Give an address or a network such as 192.0.2.0/24, its host bits zero.', value: source }];
  const least = LEAST_BITS[network.family];
  return network.bits >= least ? [] : [{ field, text: `A network this large takes in strangers, whose calls would be the trunk's. Give at least /${least}.`, value: source }];
}

function twins(gateways: readonly TrunkGateway[]): readonly TrunkProblem[] {
  const keys = gateways.map(({ transport, host, port }) => `${transport} ${host.toLowerCase()} ${port}`);
  return keys.flatMap((key, index) => (keys.indexOf(key) === index ? [] : [{
    field: `gateways[${index}]`, text: `This is gateway ${keys.indexOf(key) + 1} again. Name each host, port and transport once.`, value: gateways[index]?.host ?? '',
  }]));
}

function routeProblems({ prefix, emergency }: TrunkRoute, field: string): readonly TrunkProblem[] {
  if (emergency && prefix !== '') return [{ field: `${field}.prefix`, text: 'An emergency route takes every emergency number: leave its prefix empty.', value: prefix }];
  return prefix === '' || /^\+[1-9][0-9]{0,14}$/.test(prefix) ? []
    : [{ field: `${field}.prefix`, text: 'A prefix begins with + and the country code, e.g. +49; empty = every number.', value: prefix }];
}

function formatProblems(format: NumberFormat, field: string): readonly TrunkProblem[] {
  if (format.kind === 'national' && !isSupportedCountry(format.country)) {
    return [{ field: `${field}.country`, text: 'Give the ISO 3166-1 code of the country whose national form is meant, e.g. DE.', value: format.country }];
  }
  return format.kind === 'tech-prefix' && !/^[0-9*#]{1,16}$/.test(format.prefix)
    ? [{ field: `${field}.prefix`, text: 'Give the digits the carrier wants before each number, at most 16 of 0–9, * and #.', value: format.prefix }] : [];
}

function headerProblems(name: string, field: string): readonly TrunkProblem[] {
  if (!/^[a-z0-9!%*_+`'~.-]{1,64}$/.test(name)) return [{ field, text: 'Give the name of a header, e.g. X-Account.', value: name }];
  return NEVER_PASSED.has(name) ? [{ field, text: 'Each side of a call has this header of its own: it is never passed on. Leave it out.', value: name }] : [];
}

function sessionProblems({ sessionExpiresSeconds, probeSeconds }: Pick<Trunk, 'sessionExpiresSeconds' | 'probeSeconds'>): readonly TrunkProblem[] {
  return [
    // RFC 4028 §5: nothing under 90 s.
    ...(sessionExpiresSeconds === 0 || sessionExpiresSeconds >= 90 ? [] : [{ field: 'session_expires_seconds', text: 'Give at least 90 s, or 0 for none.', value: String(sessionExpiresSeconds) }]),
    ...(probeSeconds === 0 || probeSeconds >= 5 ? [] : [{ field: 'probe_seconds', text: 'Give at least 5 s, or 0 for none.', value: String(probeSeconds) }]),
  ];
}
