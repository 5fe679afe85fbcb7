import type { SipHeaders, SipMessage } from 'drachtio-srf';
import type { SentOnBecause } from '../../../src/domain/forwarding/ring-plan.js';
import type { Diversion } from '../../../src/domain/routing/call-decision.js';
import type { TrunkBorder } from '../../../src/domain/trunk/trunk.js';
import { headerInAnyCase } from '../syntax/header.js';
import { parseNameAddr, splitList } from '../syntax/name-addr.js';

/** RFC 4458 §2, as RFC 7544 §4.2 maps the reasons of RFC 5806. */
const CAUSE: Readonly<Record<SentOnBecause, number>> = { 'unconditional': 302, 'no-answer': 408, 'user-busy': 486, 'deflection': 480 };

/**
 * What a trunk is told of who sent a call on: RFC 5806 or RFC 7044, as it wants it. Who withholds the own number is named to a trusted peer
 * alone, as not to be shown.
 * @param hidden whoever sends the call on withholds the number
 * @param target Request-URI of the call, without transport
 * @param address of a number, as the trunk writes identities: `<sip:…>`
 */
export function diversionHeaders(
  { number, because, times }: Diversion, { diversion, trusted }: TrunkBorder, hidden: boolean, target: string, address: (number: string) => string,
): SipHeaders {
  if (diversion === 'none' || number === '' || (hidden && !trusted)) return {};
  const by = address(number);
  if (diversion === 'diversion') return { Diversion: `${by};reason=${because};counter=${times};privacy=${hidden ? 'full' : 'off'}` };
  // RFC 7044 §10.1: whom the call was for, and to whom it goes because of that (mp). RFC 7044 §10.1.2: what is private says so itself.
  const first = hidden ? by.replace('>', '?Privacy=history>') : by;
  return { 'History-Info': `${first};index=1, <${target};cause=${CAUSE[because]}>;index=1.1;mp=1` };
}

/** How often a message says that a number has sent it on before; a number is known by `isNumber` of its URI. */
export function timesSentOnBy(message: SipMessage, isNumber: (uri: string) => boolean): number {
  const entries = ['diversion', 'history-info'].flatMap((name) => {
    const said = splitList(headerInAnyCase(message, name) ?? '').slice(0, 20);
    // The last entry of a History-Info is where the call goes now (RFC 7044 §9).
    return name === 'history-info' ? said.slice(0, -1) : said;
  });
  return entries.filter((entry) => {
    const uri = parseNameAddr(entry)?.uri;
    return uri !== undefined && isNumber(uri);
  }).length;
}
