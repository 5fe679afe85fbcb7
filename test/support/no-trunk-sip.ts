import type { TrunkSip } from '../../src/ports/trunks.js';

/** The SIP side of trunks where a test has none: every answer says so. */
export const NO_TRUNK_SIP: TrunkSip = {
  ask: async () => ({ kind: 'unreachable', status: 0, retryAfterMs: null, why: 'This test has no SIP.' }),
  registration: ({ enabled }) => ({
    state: enabled ? 'failed' : 'off', since: 0, gatewayId: null, expiresAt: null, nextAt: null, lastSeen: 'This test has no SIP.',
  }),
  tryCall: async () => ({ status: 0, why: 'This test has no SIP.', answeredAfterMs: null }),
};
