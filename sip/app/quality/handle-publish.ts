import type { SrfRequest, SrfResponse } from 'drachtio-srf';
import type { Device } from '../../../src/domain/device/device.js';
import type { Account } from '../../../src/domain/identity/account.js';
import type { Flow } from '../../../src/domain/registration/binding.js';
import type { Directory } from '../../../src/ports/directory.js';
import type { LocationService } from '../../../src/ports/location-service.js';
import type { IdSource } from '../../../src/ports/runtime.js';
import type { AuthenticateRequest } from '../../../src/usecases/authenticate-request.js';
import { unsupportedOptions } from '../capabilities.js';
import { accountOf } from '../steps/account-of.js';
import { challengeAnswer, sendAnswer, type Answer } from '../steps/answer.js';
import { flowOf } from '../steps/flow-of.js';
import { aorOf } from '../syntax/aor.js';
import { bodyOf, headerOf } from '../syntax/header.js';
import type { SoundLeg, SoundTable } from './sound-table.js';
import { readVqReport } from './vq-report.js';

export interface PublishDeps {
  readonly directory: Directory;
  readonly authenticate: AuthenticateRequest;
  readonly location: Pick<LocationService, 'callFacts'>;
  readonly sounds: SoundTable;
  readonly ids: IdSource;
}

/** The event package of phones' quality reports (RFC 6035 §4). */
const PACKAGE = 'vq-rtcpxr';
const TYPE = 'application/vq-rtcpxr';

/** PUBLISH, in the order of RFC 3903 §6: a phone's report of a call of its own (RFC 6035), and nothing else. */
export function createPublishHandler(deps: PublishDeps): (request: SrfRequest, response: SrfResponse) => Promise<void> {
  const answerTo = async (request: SrfRequest): Promise<Answer> => {
    // Step 2: the event package.
    const event = (headerOf(request, 'event') ?? '').split(';', 1)[0]?.trim().toLowerCase();
    if (event !== PACKAGE) return { status: 489, headers: { 'Allow-Events': PACKAGE } };
    const unsupported = unsupportedOptions(request);
    if (unsupported.length > 0) return { status: 420, headers: { Unsupported: unsupported.join(', ') } };
    // Step 4: nothing is kept that could be refreshed, changed or removed.
    if (headerOf(request, 'sip-if-match') !== undefined) return { status: 412 };
    const body = bodyOf(request);
    if (body?.contentType.split(';', 1)[0]?.trim().toLowerCase() !== TYPE) return { status: 415, headers: { Accept: TYPE } };
    const reading = readVqReport(body.body);
    if (reading.kind === 'malformed') return { status: 400, phrase: reading.reason };

    // Step 3: who it is. A report that comes the way the phone's own call came needs no proof.
    const from = aorOf(request, 'from');
    if (from === null) return { status: 400, phrase: 'Malformed From' };
    const account = accountOf(deps.directory, request.uri, from.host);
    const device = deps.directory.deviceByUserName(account.id, from.user);
    const { report } = reading;
    const known = device === undefined ? null : deps.sounds.find(device.id, report.callId);
    const leg = known !== null && sameFlow(known.flow, flowOf(request)) ? known : await proven(request, account, from.user, report.callId);
    if ('status' in leg) return leg;

    leg.sound.published(leg.side, report);
    // RFC 3903 §6 step 7 wants both; the report is no state that would end.
    return { status: 200, headers: { 'SIP-ETag': deps.ids.next(), Expires: '0' } };
  };

  /** By digest. One answer for calls of others and for those that are not there. */
  const proven = async (request: SrfRequest, account: Account, aorUser: string, callId: string): Promise<SoundLeg | Answer> => {
    const { method, uri } = request;
    const who = deps.authenticate({ account, method, requestUri: uri, authorization: headerOf(request, 'authorization'), aorUser });
    if (who.kind === 'challenge') return challengeAnswer(who.challenges);
    if (who.kind === 'malformed') return { status: 400, phrase: 'Malformed Authorization' };
    const { nonceReplayed } = await deps.location.callFacts(who.nonce, []);
    if (nonceReplayed) return challengeAnswer(deps.authenticate.again(account, aorUser));
    return ownLeg(who.device, aorUser, callId) ?? { status: 403 };
  };

  const ownLeg = ({ id, userName }: Device, aorUser: string, callId: string): SoundLeg | null => {
    return userName === aorUser ? deps.sounds.find(id, callId) : null;
  };
  return async (request, response) => sendAnswer(response, await answerTo(request));
}

function sameFlow(a: Flow | null, b: Flow): boolean {
  return a !== null && a.transport === b.transport && a.address === b.address && a.port === b.port;
}
