import type { RequestHandler, SrfRequest, SrfResponse } from 'drachtio-srf';
import { StorageFault, type Log } from '../../../src/ports/runtime.js';
import { sendAnswer, unavailableAnswer } from './answer.js';

/**
 * Makes a handler that nothing from the network can break: a storage fault becomes 503 with Retry-After, anything else
 * thrown a 500 and an error in the log.
 */
export function guarded(
  log: Log, jitter: () => number, handle: (request: SrfRequest, response: SrfResponse) => Promise<void> | void,
): RequestHandler {
  const failed = (request: SrfRequest, response: SrfResponse, error: unknown): void => {
    if (error instanceof StorageFault) {
      log.debug('request refused, storage away', { method: request.method, part: error.part });
      sendAnswer(response, unavailableAnswer(jitter));
      return;
    }
    log.error('request failed', { method: request.method, err: error });
    sendAnswer(response, { status: 500 });
  };
  return (request, response) => {
    try {
      handle(request, response)?.catch((error: unknown) => failed(request, response, error));
    } catch (error) {
      failed(request, response, error);
    }
  };
}
