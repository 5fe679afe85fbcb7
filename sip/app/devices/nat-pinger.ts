import type Srf from 'drachtio-srf';
import type { NatPinger } from '../../../src/ports/call-control.js';
import type { Directory } from '../../../src/ports/directory.js';
import { flowUri } from '../steps/flow-of.js';

/** How long a phone has to answer; the edge itself would wait for 32 s. */
const ANSWER_MS = 5_000;

/**
 * Asks a phone for a sign of life with OPTIONS along the flow of its REGISTER: any final response counts (RFC 3261 §11).
 * False at once while there is no edge.
 */
export function createNatPinger(
  current: () => Srf | null, directory: Pick<Directory, 'device' | 'account'>,
): NatPinger {
  return {
    ping(binding) {
      const srf = current();
      const device = directory.device(binding.deviceId);
      const domain = device === undefined ? undefined : directory.account(device.accountId)?.sipDomain;
      if (srf === null || device === undefined || domain === undefined) return Promise.resolve(false);
      return new Promise((resolve) => {
        const late = setTimeout(() => resolve(false), ANSWER_MS);
        const answer = (reached: boolean): void => {
          clearTimeout(late);
          resolve(reached);
        };
        try {
          srf.request(binding.contactUri, {
            method: 'OPTIONS',
            proxy: flowUri(binding.flow),
            headers: { From: `<sip:${domain}>`, To: `<sip:${device.userName}@${domain}>`, Accept: 'application/sdp' },
          }, (error, request) => {
            if (error || request === undefined) return answer(false);
            // The edge answers 408 and 503 by itself where nobody does.
            request.on('response', ({ status }) => {
              if (status >= 200) answer(status !== 408 && status !== 503);
            });
          });
        } catch {
          answer(false);
        }
      });
    },
  };
}
