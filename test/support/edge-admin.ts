import type { Edge } from '../../sip/edge/edge.js';
import type { EdgeAdmin } from '../../src/ports/call-control.js';

/** The port to a real edge of the same process; the product's own goes through the edge's thread. */
export function edgeAdmin(edge: Edge): EdgeAdmin {
  const { protection } = edge;
  return {
    drain: async () => {
      edge.drain();
      return 'done';
    },
    metrics: async () => edge.metrics(),
    protection: async () => protection.report(),
    banned: async () => protection.banned(),
    ban: async (address, seconds, despiteBindings) => protection.ban(address, seconds, despiteBindings),
    lift: async (address) => (protection.lift(address) ? 'done' : 'unknown'),
    setEmergencyUsers: async (users) => {
      protection.setEmergencyUsers(users);
      return 'done';
    },
    knowBindings: async (bindings) => {
      protection.knowBindings(bindings);
      return 'done';
    },
  };
}
