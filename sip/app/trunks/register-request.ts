import type Srf from 'drachtio-srf';
import type { SipHeaders, SrfResponse } from 'drachtio-srf';
import { parseSipUri, type SipUri } from '../../../src/domain/addressing/sip-uri.js';
import type { RegistrationEvent } from '../../../src/domain/trunk/trunk-registration.js';
import type { GatewaySighting } from '../../../src/domain/trunk/gateway-health.js';
import type { Trunk, TrunkGateway } from '../../../src/domain/trunk/trunk.js';
import type { AnswerTrunkChallenge } from '../../../src/usecases/trunks/trunk-credentials.js';
import { headerOf, numberOf } from '../syntax/header.js';
import { paramOf, parseNameAddr, splitList } from '../syntax/name-addr.js';
import { gatewayUri } from './gateway-uri.js';
import { NO_EDGE, retryAfterOf, sendRequest } from './send-request.js';

/** What stays the same over all REGISTERs of one registration (RFC 3261 §10.2). */
export interface RegisterDialogue {
  readonly aor: string;
  readonly callId: string;
  readonly tag: string;
  /** One higher each time. */
  nextCSeq(): number;
}

export interface RegisterAttempt {
  readonly trunk: Trunk;
  readonly gateway: TrunkGateway;
  /** 0 takes the registration back. */
  readonly seconds: number;
  readonly dialogue: RegisterDialogue;
  readonly answerChallenge: AnswerTrunkChallenge;
}

export interface RegisterOutcome {
  readonly event: Extract<RegistrationEvent, { readonly kind: 'granted' | 'too-brief' | 'failed' }>;
  /** In words a person can act on. */
  readonly seen: string;
  /** What it says of the gateway; null = nothing. */
  readonly sighting: GatewaySighting | null;
}

const PATIENCE_MS = 10_000;
/** Plain, with credentials, and once more where only the nonce was too old. */
const SENDS = 3;
const IDENTITY: ReadonlySet<number> = new Set([401, 403, 404, 407]);

/** One REGISTER at one gateway, its challenge answered (RFC 3261 §10.2, §22.2). Never rejects. */
export async function sendRegister(srf: Srf | null, attempt: RegisterAttempt): Promise<RegisterOutcome> {
  const { trunk, gateway, seconds, dialogue, answerChallenge } = attempt;
  const aor = parseSipUri(dialogue.aor);
  if (aor === null) return failed('identity', 'The address-of-record is no SIP URI.', null);
  const registrar = registrarUri(aor);
  let credentials: SipHeaders = {};
  for (let sends = 1; ; sends += 1) {
    const reply = await sendRequest(srf, {
      method: 'REGISTER', uri: registrar, proxy: gatewayUri(gateway),
      headers: {
        'From': `<${dialogue.aor}>;tag=${dialogue.tag}`, 'To': `<${dialogue.aor}>`, 'Call-ID': dialogue.callId, 'CSeq': `${dialogue.nextCSeq()} REGISTER`,
        // The edge puts its own address in the place of `localhost`.
        'Contact': `<sip:${aor.user ?? ''}@localhost${gateway.transport === 'udp' ? '' : `;transport=${gateway.transport}`}>;expires=${seconds}`,
        'Expires': String(seconds), 'Max-Forwards': '70', ...credentials,
      },
    }, PATIENCE_MS);
    if (reply.kind === 'no-edge') return failed('other', NO_EDGE, null);
    if (reply.kind === 'silent') return failed('other', `No answer to REGISTER from ${gateway.host}.`, { kind: 'silent', status: 0, retryAfterMs: null });
    if (reply.kind === 'unreachable') {
      return failed('other', `${gateway.host} cannot be reached. ${reply.why}`.trim(), { kind: 'unreachable', status: 0, retryAfterMs: null, why: reply.why });
    }
    const { response } = reply;
    const { status } = response;
    if (status !== 401 && status !== 407) return outcomeOf(response, attempt, aor, reply.roundTripMs);
    const proxy = status === 407;
    const header = headerOf(response, proxy ? 'proxy-authenticate' : 'www-authenticate') ?? '';
    const answer = await answerChallenge(trunk, { header, method: 'REGISTER', uri: registrar, body: '' });
    const alive: GatewaySighting = { kind: 'answered', status, retryAfterMs: null, roundTripMs: reply.roundTripMs };
    if (answer.kind === 'none') return failed('identity', `${gateway.host} answered ${status}. ${answer.why}`, alive);
    // RFC 3261 §22.2: credentials that were refused are not sent again, unless their nonce alone was too old.
    if (sends >= SENDS || (sends > 1 && !answer.stale)) return failed('identity', `${gateway.host} refuses user name or password (${status}).`, alive);
    credentials = { [proxy ? 'Proxy-Authorization' : 'Authorization']: answer.value };
  }
}

function outcomeOf(response: SrfResponse, { gateway, seconds, trunk }: RegisterAttempt, aor: SipUri, roundTripMs: number): RegisterOutcome {
  const { status } = response;
  const retryAfterMs = retryAfterOf(response);
  const sighting: GatewaySighting = status === 503 ? { kind: 'refused', status, retryAfterMs, roundTripMs } : { kind: 'answered', status, retryAfterMs: null, roundTripMs };
  if (status >= 200 && status < 300) {
    const granted = grantedSeconds(response, aor, seconds);
    if (granted === 0 && seconds > 0) return failed('other', `${gateway.host} answered ${status} and keeps no registration.`, sighting);
    return { event: { kind: 'granted', seconds: granted }, seen: `Registered as ${addressOf(trunk)} with ${gateway.host} for ${granted} s.`, sighting };
  }
  const least = status === 423 ? numberOf(response, 'min-expires') : null;
  if (least !== null && Number.isFinite(least)) return { event: { kind: 'too-brief', leastSeconds: least }, seen: `${gateway.host} wants at least ${least} s.`, sighting };
  const said = `${gateway.host} answered ${status} ${response.reason}`.trim().slice(0, 200);
  return { event: { kind: 'failed', because: IDENTITY.has(status) ? 'identity' : 'other', retryAfterMs: retryAfterMs ?? 0 }, seen: `${said}.`, sighting };
}

/** RFC 3261 §10.2: of the AOR the domain alone, without user. */
function registrarUri({ scheme, host, port }: SipUri): string {
  return `${scheme}:${host}${port === null ? '' : `:${port}`}`;
}

/** RFC 3261 §10.2.4: of our own Contact among those of the AOR, else the Expires header, else what was asked for. */
function grantedSeconds(response: SrfResponse, aor: SipUri, asked: number): number {
  const contacts = splitList(headerOf(response, 'contact') ?? '').flatMap((text) => {
    const address = parseNameAddr(text);
    return address === null ? [] : [address];
  });
  const own = contacts.find(({ uri }) => parseSipUri(uri)?.user === aor.user) ?? (contacts.length === 1 ? contacts[0] : undefined);
  const written = own === undefined ? undefined : paramOf(own, 'expires');
  const seconds = written !== undefined && /^\d{1,9}$/.test(written) ? Number(written) : numberOf(response, 'expires') ?? asked;
  return Number.isFinite(seconds) ? seconds : asked;
}

function addressOf({ authentication }: Trunk): string {
  return authentication.kind === 'registration' ? authentication.aor : '';
}

function failed(because: 'identity' | 'other', seen: string, sighting: GatewaySighting | null): RegisterOutcome {
  return { event: { kind: 'failed', because, retryAfterMs: 0 }, seen, sighting };
}
