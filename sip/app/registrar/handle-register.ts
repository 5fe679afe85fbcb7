import type { SrfRequest, SrfResponse } from 'drachtio-srf';
import type { AuthenticateRequest } from '../../../src/usecases/authenticate-request.js';
import type { RegisterDevice } from '../../../src/usecases/register-device.js';
import type { Directory } from '../../../src/ports/directory.js';
import { unsupportedOptions } from '../capabilities.js';
import { accountOf } from '../steps/account-of.js';
import { challengeAnswer, sendAnswer, type Answer } from '../steps/answer.js';
import { flowOf } from '../steps/flow-of.js';
import { aorOf } from '../syntax/aor.js';
import { headerOf } from '../syntax/header.js';
import { parseContacts } from './parse-contacts.js';
import { registrationAnswer } from './registration-answer.js';

export interface RegistrarDeps {
  readonly directory: Directory;
  readonly authenticate: AuthenticateRequest;
  readonly registerDevice: RegisterDevice;
}

/** REGISTER, in the order of RFC 3261 §10.3. */
export function createRegistrar(deps: RegistrarDeps): (request: SrfRequest, response: SrfResponse) => Promise<void> {
  const answerTo = async (request: SrfRequest): Promise<Answer> => {
    // Step 1: the domain. Host and port are normalised to the account's.
    const aor = aorOf(request, 'to');
    if (aor === null) return { status: 400, phrase: 'Malformed To' };
    const account = accountOf(deps.directory, request.uri, aor.host);

    // Step 2: extensions.
    const unsupported = unsupportedOptions(request);
    if (unsupported.length > 0) return { status: 420, headers: { Unsupported: unsupported.join(', ') } };

    // Step 3: who it is.
    const authorization = headerOf(request, 'authorization');
    const { method, uri } = request;
    const who = deps.authenticate({ account, method, requestUri: uri, authorization, aorUser: aor.user });
    if (who.kind === 'challenge') return challengeAnswer(who.challenges);
    if (who.kind === 'malformed') return { status: 400, phrase: 'Malformed Authorization' };

    // Steps 4 and 5: a device changes its own bindings only; one AOR a device.
    if (who.device.userName !== aor.user) return { status: 403 };

    // Steps 6 and 7: the contacts.
    const parsed = parseContacts(request);
    if (parsed.kind === 'malformed') return { status: 400, phrase: parsed.reason };
    const cseq = Number.parseInt(headerOf(request, 'cseq') ?? '', 10);
    const callId = headerOf(request, 'call-id') ?? '';
    if (callId === '' || !Number.isSafeInteger(cseq)) return { status: 400, phrase: 'Malformed CSeq Or Call-ID' };
    const outcome = await deps.registerDevice({
      account, device: who.device, contacts: parsed.contacts, callId, cseq, flow: flowOf(request),
      userAgent: (headerOf(request, 'user-agent') ?? '').slice(0, 256), nonce: who.nonce,
    });

    // Step 8: every current binding.
    return registrationAnswer(outcome, () => deps.authenticate.again(account, aor.user));
  };
  return async (request, response) => sendAnswer(response, await answerTo(request));
}
