import { newGateway } from '../trunk/gateway-health.js';
import type { SelectedGateway, SelectionFacts } from '../trunk/select-gateways.js';

/** What the choice of trunks looks at besides the call itself. */
export type TrunkFacts = Pick<SelectionFacts, 'trunks' | 'rules' | 'health' | 'at' | 'spread'>;

/** One gateway a call may go to, and the number it is asked for. */
export type TrunkHop = SelectedGateway;

/** An account without trunks. */
export const NO_TRUNKS: TrunkFacts = { trunks: [], rules: [], health: () => newGateway(0), at: 0, spread: 0 };

/** Names of the trunks in the order in which they are tried. */
export function trunkOrder(hops: readonly TrunkHop[]): string {
  return [...new Set(hops.map(({ trunk, lastResort }) => `${trunk.name}${lastResort ? ' (last resort)' : ''}`))].join(', then ');
}

/** Why others were left out or come last, fit to stand behind a sentence. */
export function sentences(notes: readonly string[]): string {
  return notes.map((note) => ` ${note}`).join('');
}
