import type { SetUpGuide } from '../domain/provisioning/set-up-steps.js';
import type { MakersPrefixes } from '../domain/provisioning/plausible-mac.js';

/** What is known of makers' phones by those who take them out of the box. */
export interface SetUpGuides {
  /** Of a maker as devices have it; null = nothing is known. */
  guideOf(maker: string): SetUpGuide | null;
  /** Which first digits of MAC addresses are whose. */
  readonly prefixes: readonly MakersPrefixes[];
}
