import { randomUUID } from 'node:crypto';
import type Srf from 'drachtio-srf';
import type { SipHeaders, SrfResponse } from 'drachtio-srf';
import type { NotifyAnswer, PhoneNotifier } from '../../../src/ports/call-control.js';
import type { Directory } from '../../../src/ports/directory.js';
import { parseChallenges } from '../../../src/domain/auth/answer-challenge.js';
import type { Binding } from '../../../src/domain/registration/binding.js';
import { flowUri } from '../steps/flow-of.js';

/** The edge answers 408 after 32 s by itself (RFC 3261 §17.1.2.2, Timer F); this is for when it is lost meanwhile. */
const PATIENCE_MS = 35_000;
/** With credentials once, and again where the phone calls its own nonce stale. */
const SENDS = 3;

type Sent = { readonly kind: 'response'; readonly response: SrfResponse } | Exclude<NotifyAnswer, { readonly kind: 'answered' }>;

/**
 * Sends NOTIFYs outside any dialog, along the flow of the phone's own REGISTER.
 * Deviation: RFC 6665 §4.2.2 knows no NOTIFY without a subscription; desk phones read their configuration again at one, and take
 * it with `Subscription-State: terminated` and a Contact.
 */
export function createPhoneNotifier(current: () => Srf | null, directory: Pick<Directory, 'device' | 'account'>): PhoneNotifier {
  return {
    async notify(binding, event, answerChallenge) {
      const device = directory.device(binding.deviceId);
      const domain = device === undefined ? undefined : directory.account(device.accountId)?.sipDomain;
      if (device === undefined || domain === undefined) return { kind: 'unsent' };
      const { transport } = binding.flow;
      const headers: SipHeaders = {
        'From': `<sip:${domain}>;tag=${randomUUID()}`,
        'To': `<sip:${device.userName}@${domain}>`,
        'Call-ID': randomUUID(),
        // The edge puts its own address in the place of `localhost`.
        'Contact': `<sip:cordboard@localhost${transport === 'udp' ? '' : `;transport=${transport}`}>`,
        'Event': event,
        'Subscription-State': 'terminated',
      };
      let credentials: SipHeaders = {};
      for (let cseq = 1; ; cseq += 1) {
        // RFC 3261 §22.2: the same Call-ID, From and To, CSeq one higher.
        const sent = await send(current(), binding, { ...headers, ...credentials, CSeq: `${cseq} NOTIFY` });
        if (sent.kind !== 'response') return sent;
        const { response } = sent;
        const again = cseq < SENDS ? await credentialsFor(response, cseq > 1) : null;
        if (again === null) return { kind: 'answered', status: response.status, retryAfterMs: retryAfterOf(response) };
        credentials = again;
      }

      async function credentialsFor(response: SrfResponse, answeredBefore: boolean): Promise<SipHeaders | null> {
        if (response.status !== 401 && response.status !== 407) return null;
        const proxy = response.status === 407;
        const challenge = response.get(proxy ? 'Proxy-Authenticate' : 'WWW-Authenticate');
        if (challenge === undefined) return null;
        // RFC 3261 §22.2: credentials that were refused are not sent again, unless their nonce alone was too old.
        if (answeredBefore && !parseChallenges(challenge).some(({ stale }) => stale)) return null;
        const answer = await answerChallenge(challenge, 'NOTIFY', binding.contactUri);
        return answer === null ? null : { [proxy ? 'Proxy-Authorization' : 'Authorization']: answer };
      }
    },
  };
}

function send(srf: Srf | null, binding: Binding, headers: SipHeaders): Promise<Sent> {
  if (srf === null) return Promise.resolve({ kind: 'unsent' });
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve({ kind: 'unanswered' }), PATIENCE_MS);
    late.unref();
    const end = (sent: Sent): void => {
      clearTimeout(late);
      resolve(sent);
    };
    try {
      srf.request(binding.contactUri, { method: 'NOTIFY', proxy: flowUri(binding.flow), headers }, (error, request) => {
        if (error || request === undefined) return end({ kind: 'unsent' });
        request.on('response', (response) => {
          if (response.status >= 200) end({ kind: 'response', response });
        });
      });
    } catch {
      end({ kind: 'unsent' });
    }
  });
}

/** RFC 3261 §20.33: seconds, then perhaps a comment and parameters. */
function retryAfterOf(response: SrfResponse): number | null {
  const seconds = /^\s*(\d{1,9})/.exec(response.get('Retry-After') ?? '')?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}
