import type { ProxyOptions } from '../control/leader.js';
import { answer } from '../dialog/answer.js';
import { wireHeaders } from '../dialog/app-headers.js';
import { readAppSip } from '../dialog/app-text.js';
import type { Application } from '../dialog/application.js';
import type { EdgeContext } from '../dialog/edge-context.js';
import { isOwnAddress, ownHostPort, sipUri } from '../dialog/next-hop.js';
import { PlainRequest } from '../dialog/plain-request.js';
import { refuseRequest } from '../dialog/refusals.js';
import { ServerInvite } from '../dialog/server-invite.js';
import { parseNameAddr } from '../syntax/name-addr.js';
import { parseUri } from '../syntax/uri.js';
import type { ServerTransaction } from '../transaction/server-transaction.js';
import { duration } from './duration.js';
import { forwardedRequest } from './forwarded-request.js';
import { ProxiedRequest } from './proxied-request.js';
import { pathTo } from './reach.js';
import { ownRecordRoutes } from './record-route.js';

/** What an application may not change in a request it has proxied. */
const KEPT: ReadonlySet<string> = new Set(['from', 'to', 'call-id', 'cseq', 'max-forwards', 'content-type', 'contact']);

export interface ProxyCommand {
  readonly messageId: string;
  readonly transactionId: string;
  readonly options: ProxyOptions;
  /** Start line (not looked at) and headers to add. */
  readonly text: string;
}

/** The `proxy` verb (drachtio wire protocol §2, §11); every outcome is told to the application. */
export function proxyFromApp(context: EdgeContext, app: Application, command: ProxyCommand): void {
  const { messageId, options } = command;
  const transaction = unanswered(context, app, command.transactionId);
  if (transaction === undefined) return app.refuse(messageId, refuseRequest.unknownProxy(command.transactionId));
  const { request, flow } = transaction;
  // From here on the application has no say in it any more.
  context.requests.delete(transaction.id);
  context.protection.application.answered(transaction.id, context.wheel.now);
  if (request.maxForwards === 0) {
    answer(transaction, 483, 'Too Many Hops');
    return app.refuse(messageId, refuseRequest.tooManyHops);
  }
  const extensions = request.all('proxy-require');
  if (extensions.length > 0) {
    // RFC 3261 §16.3 step 5: we know none of them.
    answer(transaction, 420, 'Bad Extension', { headers: [['Unsupported', extensions.join(', ')]] });
    return app.refuse(messageId, refuseRequest.badExtension);
  }
  const targets = options.destinations.map(bareUri)
    .filter((target) => pathTo(context, target) !== undefined);
  if (targets.length === 0) {
    answer(transaction, 500, 'Server Internal Error');
    return app.refuse(messageId, refuseRequest.nothingProxied);
  }

  const headers = wireHeaders(readAppSip(command.text).headers, KEPT, ownHostPort(flow));
  const own = sipUri(request.uri);
  // drachtio wire protocol §11: a Request-URI that is not ours stays, the destination is only the next hop.
  const isForUs = own !== undefined && isOwnAddress(own, context.listeners);
  context.counters.count(`proxied ${request.method}`);
  new ProxiedRequest(context, app, transaction, {
    messageId,
    fullResponse: options.fullResponse,
    followRedirects: options.followRedirects,
    simultaneous: options.simultaneous,
    // A target that does not answer holds up nobody when all are tried at once.
    provisionalMs: options.simultaneous ? undefined : duration(options.provisionalTimeout),
    targets,
    compose: (target, redirected, towards) => {
      const recorded = options.remainInDialog ? ownRecordRoutes(context.relayKey, request, flow, towards) : [];
      const isRegister = request.method === 'REGISTER';
      return forwardedRequest(request, {
        uri: redirected || isForUs ? target : request.uri,
        // drachtio wire protocol §11: what the caller wished about the way is for us alone.
        routes: [],
        recordRoutes: isRegister ? [] : recorded,
        // RFC 3327 §5.2: a registrar that does not know Path must not take the registration.
        leading: isRegister && recorded.length > 0 ? [['Path', recorded.join(', ')], ['Require', 'path']] : [],
        headers,
      });
    },
  }, (target) => pathTo(context, target)).begin();
}

/** Applications give a URI with its parameters, or a name-addr. */
function bareUri(destination: string): string {
  return parseUri(destination) === undefined ? (parseNameAddr(destination)?.uri ?? destination) : destination;
}

/** A request outside dialogs that this application was given and has not answered at all. */
function unanswered(context: EdgeContext, app: Application, transactionId: string): ServerTransaction | undefined {
  const waiting = context.requests.get(transactionId);
  if (waiting === undefined || waiting.app !== app) return undefined;
  if (waiting instanceof ServerInvite) return waiting.unanswered && waiting.dialog === undefined ? waiting.transaction : undefined;
  if (!(waiting instanceof PlainRequest) || waiting.dialog !== undefined || waiting.transaction.state !== 'trying') return undefined;
  return waiting.transaction;
}
