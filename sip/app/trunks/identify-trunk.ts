import type { SrfRequest } from 'drachtio-srf';
import { parseSipUri, unescapeUri } from '../../../src/domain/addressing/sip-uri.js';
import type { Account } from '../../../src/domain/identity/account.js';
import { readRequestUri } from '../../../src/domain/numbering/request-uri.js';
import type { TrunkSource } from '../../../src/domain/routing/call-facts.js';
import { readNumber } from '../../../src/domain/trunk/number-format.js';
import type { Trunk } from '../../../src/domain/trunk/trunk.js';
import type { Directory } from '../../../src/ports/directory.js';
import { headerInAnyCase, headerOf } from '../syntax/header.js';
import { parseNameAddr, splitList, type NameAddr } from '../syntax/name-addr.js';
import { timesSentOnBy } from './diversion-headers.js';
import type { TrunkPeers } from './trunk-peers.js';

/** A call as a trunk brings it. */
export interface TrunkClaim {
  readonly source: TrunkSource;
  /** Names the called number: the Request-URI, or To where that asks for our own registration. */
  readonly requestUri: string;
}

/**
 * The trunk that sent an INVITE, known by the address it came from; null = none, so that the caller is asked for credentials like
 * anyone. A phone behind the same address is known by its user name in From.
 */
export function identifyTrunk(
  { sources, loops }: Pick<TrunkPeers, 'sources' | 'loops'>, directory: Pick<Directory, 'deviceByUserName'>, account: Account, request: SrfRequest,
): TrunkClaim | null {
  const found = sources.trunksAt(account.id, request.source_address);
  if (found.length === 0) return null;
  const from = addressIn(headerOf(request, 'from'));
  if (from !== null && directory.deviceByUserName(account.id, userIn(from.uri)) !== undefined) return null;
  // Several trunks may share an address: the one whose registration is asked for, or that sends from the gateway's own port, else the first.
  const asked = userIn(request.uri);
  const peer = found.find(({ trunk }) => registersAs(trunk, asked)) ?? found.find(({ gateway }) => gateway.port === request.source_port) ?? found[0];
  if (peer === undefined) return null;
  const { trunk, gateway } = peer;
  const requestUri = calledUri(trunk, request);
  const caller = callerOf(trunk, from, request);
  const called = numberIn(trunk, requestUri);
  const looped = called !== null && (loops.isOut(called, caller.number) || loops.comesBack(called, caller.number)
    || timesSentOnBy(request, (uri) => numberIn(trunk, uri) === called) > 0);
  return { source: { kind: 'trunk', trunk, gateway, caller, looped }, requestUri };
}

/** Whom the trunk asks for; what it registered with us as a client names nobody. */
function calledUri(trunk: Trunk, request: SrfRequest): string {
  const to = addressIn(headerOf(request, 'to'))?.uri;
  const byTo = to !== undefined && (registersAs(trunk, userIn(request.uri)) || numberIn(trunk, request.uri) === null) && numberIn(trunk, to) !== null;
  return byTo ? to : request.uri;
}

function registersAs({ authentication }: Trunk, user: string): boolean {
  return authentication.kind === 'registration' && user !== '' && (user === authentication.userName || user === userIn(authentication.aor));
}

function numberIn({ border, country }: Trunk, uri: string): string | null {
  const target = readRequestUri(uri);
  return target.kind === 'dialled' ? readNumber(target.text, border.numberIn, country) : null;
}

/** RFC 3325 §5: what a trusted peer asserts counts before From; what the caller withholds stays withheld. */
function callerOf(trunk: Trunk, from: NameAddr | null, request: SrfRequest): TrunkSource['caller'] {
  const privacy = splitList(headerOf(request, 'privacy') ?? '', ';').map((value) => value.toLowerCase());
  if (privacy.some((value) => value === 'id' || value === 'user' || value === 'header')) return { name: '', number: null };
  const asserted = trunk.border.trusted ? addressIn(headerInAnyCase(request, 'p-asserted-identity')) : null;
  const shown = asserted ?? from;
  if (shown === null || isAnonymous(shown.uri)) return { name: '', number: null };
  const number = numberIn(trunk, shown.uri) ?? digitsIn(shown.uri);
  return number === '' ? { name: '', number: null } : { name: shown.display.slice(0, 128), number };
}

/** RFC 3323 §4.1.1.3, and what carriers write instead. */
function isAnonymous(uri: string): boolean {
  const host = parseSipUri(uri)?.host ?? '';
  return host === 'anonymous.invalid' || /^(?:anonymous|restricted|unavailable|unknown|private)?$/i.test(userIn(uri));
}

/** Digits that are no E.164 number, as they came: a short code of the carrier. */
function digitsIn(uri: string): string {
  const target = readRequestUri(uri);
  return target.kind === 'dialled' ? /^\+?[0-9]{1,20}$/.exec(target.text)?.[0] ?? '' : '';
}

function addressIn(header: string | undefined): NameAddr | null {
  const first = header === undefined ? undefined : splitList(header)[0];
  return first === undefined ? null : parseNameAddr(first);
}

function userIn(uri: string): string {
  if (/^tel:/i.test(uri)) return uri.slice(4).split(';', 1)[0] ?? '';
  return unescapeUri(parseSipUri(uri)?.user ?? '').split(';', 1)[0] ?? '';
}
