import type { SipHeaders, SipMessage } from 'drachtio-srf';
import type { NumberFormat, Trunk, TrunkBorder } from '../../../src/domain/trunk/trunk.js';
import { writeNumber } from '../../../src/domain/trunk/number-format.js';
import type { TrunkHop } from '../../../src/domain/routing/trunk-routes.js';
import { ALLOW, SUPPORTED } from '../capabilities.js';
import { offerSession } from '../calls/session-timers.js';
import type { Diversion } from '../../../src/domain/routing/call-decision.js';
import { headerInAnyCase } from '../syntax/header.js';
import { quoteDisplay } from '../syntax/name-addr.js';
import { diversionHeaders } from './diversion-headers.js';

/** What a call says of itself to a trunk. */
export interface BorderCall {
  /** Host of identities that are ours. */
  readonly sipDomain: string;
  readonly callerId: { readonly name: string; readonly number: string };
  /** What a trusted peer may know of a caller who withholds the number; '' = nothing. */
  readonly asserted: string;
  /** Of a call that was sent on: then `callerId` and `asserted` are of whoever sends it. */
  readonly diversion?: Diversion;
  readonly hopsLeft: number;
  /** Type of the body that goes along; null without. */
  readonly contentType: string | null;
  /** The caller's INVITE, of which named headers may go along. */
  readonly from: SipMessage;
}

/** Request-URI of a call to a gateway: the number as the trunk writes it, at the gateway's own host. */
export function gatewayUri({ trunk, gateway, number }: TrunkHop): string {
  return `sip:${encodeUser(writeNumber(number, trunk.border.numberOut))}@${hostOf(gateway)};user=phone${transportOf(gateway)}`;
}

/** Headers of the INVITE to a gateway; Via, CSeq, Call-ID and Contact are the edge's: nothing of the inside goes along. */
export function borderHeaders(call: BorderCall, { trunk, gateway, number }: Pick<TrunkHop, 'trunk' | 'gateway' | 'number'>): SipHeaders {
  return {
    ...passedHeaders(trunk, call.from),
    ...identityHeaders(call, trunk),
    ...divertedBy(call, { trunk, gateway, number }),
    'To': `<sip:${encodeUser(writeNumber(number, trunk.border.numberOut))}@${hostOf(gateway)};user=phone>`,
    'Max-Forwards': String(Math.max(0, call.hopsLeft - 1)),
    'Allow': ALLOW,
    'Supported': SUPPORTED,
    'User-Agent': 'Cordboard',
    ...offerSession(trunk.sessionExpiresSeconds),
    ...(call.contentType === null ? {} : { 'Content-Type': call.contentType }),
  };
}

/**
 * The caller's identity as the trunk wants it (RFC 3325), less what the caller withholds. Of a call that was sent on the trunk either learns who calls
 * and who sends it (`diversion`), or knows nobody but who sends it.
 */
function identityHeaders({ callerId, asserted, diversion, sipDomain }: BorderCall, { border }: Trunk): SipHeaders {
  const address = addressFor(border, sipDomain);
  const { callerIdentity, trusted } = border;
  const caller = diversion === undefined || border.diversion === 'none' || diversion.caller === null ? callerId : diversion.caller;
  if (caller.number !== '') {
    const shown = `${quoteDisplay(caller.name)}${address(caller.number)}`;
    // A carrier that knows us by our numbers is told one of them.
    const ours = caller === callerId || callerId.number === '' ? shown : `${quoteDisplay(callerId.name)}${address(callerId.number)}`;
    return { From: shown, ...(callerIdentity === 'from' ? {} : { [HEADER[callerIdentity]]: ours }) };
  }
  // RFC 3323 §4.1.1.3; RFC 3325 §7: outside the trust domain nobody learns what is to be kept private.
  const hidden = { 'From': '"Anonymous" <sip:anonymous@anonymous.invalid>', 'Privacy': 'id' };
  return callerIdentity === 'from' || !trusted || asserted === '' ? hidden : { ...hidden, [HEADER[callerIdentity]]: address(asserted) };
}

function divertedBy({ callerId, diversion, sipDomain }: BorderCall, { trunk, gateway, number }: Pick<TrunkHop, 'trunk' | 'gateway' | 'number'>): SipHeaders {
  if (diversion === undefined) return {};
  const target = `sip:${encodeUser(writeNumber(number, trunk.border.numberOut))}@${hostOf(gateway)};user=phone`;
  return diversionHeaders(diversion, trunk.border, callerId.number === '', target, addressFor(trunk.border, sipDomain));
}

function addressFor(border: TrunkBorder, sipDomain: string): (number: string) => string {
  return (number) => `<sip:${encodeUser(writeNumber(number, callerFormat(border.numberOut)))}@${sipDomain};user=phone>`;
}

const HEADER = { 'p-asserted-identity': 'P-Asserted-Identity', 'p-preferred-identity': 'P-Preferred-Identity' } as const;

/** Digits of the carrier belong before called numbers alone. */
function callerFormat(format: NumberFormat): NumberFormat {
  return format.kind === 'tech-prefix' ? { kind: 'e164' } : format;
}

/** Headers that make the dialog, the route, the session or the identity: never passed on, whatever a trunk names. */
const OURS = /^(?:via|v|route|record-route|path|service-route|from|f|to|t|call-id|i|cseq|contact|m|max-forwards|content-.*|c|l|e|.*authorization|.*authenticate|authentication-info|p-asserted-identity|p-preferred-identity|remote-party-id|privacy|require|proxy-require|supported|k|allow|session-expires|x|min-se|rseq|rack|reason|expires|user-agent|server|geolocation.*|diversion|history-info|identity|refer-to|r|referred-by|b|replaces|join|event|o|date|timestamp)$/;

/** Further headers of a message that the trunk lets through, by the names it was given. */
export function passedHeaders({ border }: Trunk, message: SipMessage): SipHeaders {
  const passed: SipHeaders = {};
  for (const name of border.passHeaders) {
    const value = OURS.test(name.toLowerCase()) || !/^[a-z0-9-]{1,64}$/i.test(name) ? undefined : headerInAnyCase(message, name);
    if (value !== undefined && value.length <= 1024) passed[name] = value;
  }
  return passed;
}

function hostOf({ host, port }: TrunkHop['gateway']): string {
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return port === 0 ? name : `${name}:${port}`;
}

function transportOf({ transport }: TrunkHop['gateway']): string {
  return transport === 'udp' ? '' : `;transport=${transport}`;
}

function encodeUser(user: string): string {
  return user.replace(/[^A-Za-z0-9\-_.!~*'()&=+$,?/]/g, encodeURIComponent);
}
