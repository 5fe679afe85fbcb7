import { randomUUID } from 'node:crypto';
import type Srf from 'drachtio-srf';
import type { Dialog, SipFailure, SipHeaders, SrfRequest, SrfResponse, UnansweredOffer } from 'drachtio-srf';
import type { Trunk, TrunkGateway } from '../../../src/domain/trunk/trunk.js';
import type { CallTrial } from '../../../src/ports/trunks.js';
import type { AnswerTrunkChallenge } from '../../../src/usecases/trunks/trunk-credentials.js';
import { headerOf } from '../syntax/header.js';
import { gatewayHost, gatewayUri } from './gateway-uri.js';
import { isOwn, NO_EDGE } from './send-request.js';

export interface TrialCall {
  readonly trunk: Trunk;
  readonly gateway: TrunkGateway;
  /** As the peer wants it. */
  readonly number: string;
  /** Our domain. */
  readonly domain: string;
  readonly answerChallenge: AnswerTrunkChallenge;
  readonly patienceMs: number;
}

/** An offer that asks for no sound: the call is over before any could come. */
const OFFER = [
  'v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 0.0.0.0', 't=0 0', 'm=audio 9 RTP/AVP 0 8 101', 'a=rtpmap:101 telephone-event/8000', 'a=inactive', '',
].join('\r\n');

/** Begins a call by one gateway, to see how far it comes. Never rejects. */
export async function tryCall(srf: Srf | null, call: TrialCall): Promise<CallTrial> {
  if (srf === null) return { status: 0, why: NO_EDGE, answeredAfterMs: null };
  const { trunk, gateway } = call;
  const uri = `sip:${call.number}@${gatewayHost(gateway)}`;
  const from = trunk.authentication.kind === 'registration' ? trunk.authentication.aor
    : `sip:${trunk.authentication.kind === 'digest' ? encodeURIComponent(trunk.authentication.userName) : 'test'}@${call.domain}`;
  const headers: SipHeaders = { 'From': `<${from}>;tag=${randomUUID()}`, 'To': `<${uri}>`, 'Call-ID': randomUUID(), 'Max-Forwards': '70' };
  const first = await invite(srf, uri, gateway, headers, call.patienceMs);
  if (first.response === null || (first.status !== 401 && first.status !== 407)) return first;
  const proxy = first.status === 407;
  const challenge = headerOf(first.response, proxy ? 'proxy-authenticate' : 'www-authenticate') ?? '';
  const answer = await call.answerChallenge(trunk, { header: challenge, method: 'INVITE', uri, body: OFFER });
  if (answer.kind === 'none') return { ...first, why: answer.why };
  return invite(srf, uri, gateway, { ...headers, [proxy ? 'Proxy-Authorization' : 'Authorization']: answer.value, CSeq: '2 INVITE' }, call.patienceMs);
}

interface Tried extends CallTrial {
  readonly response: SrfResponse | null;
}

function invite(srf: Srf, uri: string, gateway: TrunkGateway, headers: SipHeaders, patienceMs: number): Promise<Tried> {
  return new Promise((resolve) => {
    const begun = performance.now();
    let request: SrfRequest | undefined;
    let over = false;
    const end = (status: number, response: SrfResponse | null, why = ''): void => {
      clearTimeout(late);
      if (over) return;
      over = true;
      resolve({ status, response, why: why || wordsOf(response), answeredAfterMs: response === null ? null : performance.now() - begun });
    };
    const cancel = (): void => request?.cancel({ headers: { Reason: 'SIP;cause=487;text="Test"' } }, () => undefined);
    const late = setTimeout(() => {
      cancel();
      end(0, null, 'The time of the test was over.');
    }, patienceMs);
    try {
      srf.createUAC(uri, { headers, proxy: gatewayUri(gateway), localSdp: OFFER }, {
        cbRequest: (_error, sent) => {
          request = sent;
          if (over) cancel();
        },
        cbProvisional: (response) => {
          if (response.status === 100) return;
          end(response.status, response);
          cancel();
        },
      }, (error, dialog) => {
        // RFC 3261 §9.1: an answer may cross the CANCEL.
        if (dialog !== undefined) hangUp(dialog);
        if (dialog !== undefined) return end(200, dialog.res);
        const response = failureOf(error);
        if (response === null || isOwn(response)) return end(0, null, response === null && error instanceof Error ? error.message : '');
        end(response.status, response);
      });
    } catch (error) {
      end(0, null, error instanceof Error ? error.message : '');
    }
  });
}

function hangUp(answered: Dialog | UnansweredOffer): void {
  if ('ack' in answered) answered.destroy().catch(() => undefined);
  else answered.destroy({}, () => undefined);
}

function failureOf(error: unknown): SrfResponse | null {
  return isSipFailure(error) ? error.res ?? null : null;
}

function isSipFailure(error: unknown): error is SipFailure {
  return error instanceof Error && 'status' in error && typeof error.status === 'number';
}

function wordsOf(response: SrfResponse | null): string {
  if (response === null) return '';
  const said = [response.reason, headerOf(response, 'warning'), headerOf(response, 'reason')].filter((text) => text !== undefined && text !== '');
  return said.length === 0 ? '' : `It said: ${said.join('; ').slice(0, 300)}.`;
}
