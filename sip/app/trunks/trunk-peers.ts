import type { TrunkSources } from '../../../src/ports/trunks.js';
import type { TrunkCalling } from './hunt-gateways.js';

/** Trunks as the SIP application meets them: those that calls go out by, and those that calls come from. */
export interface TrunkPeers extends TrunkCalling {
  readonly sources: TrunkSources;
}
