import type { FigureFamily } from './metrics.js';

/** How trunks are, as this node sees them. */
export const TRUNK_FIGURES: Readonly<Record<string, FigureFamily>> = {
  gateways: { help: 'Gateways of enabled trunks, by state.', labels: ['state'] },
  registrations: { help: 'Trunks that register with their peers, by state.', labels: ['state'] },
};
