import { NO_TRUNKS, type TrunkFacts } from '../../src/domain/routing/trunk-routes.js';
import type { Trunk } from '../../src/domain/trunk/trunk.js';

/** Those trunks, of whose gateways nothing is known. */
export function trunkFacts(...trunks: readonly Trunk[]): TrunkFacts {
  return { ...NO_TRUNKS, trunks };
}
