import type { FigureFamily } from './metrics.js';

/** What the server of phones' files counts. */
export const PHONE_FILE_FIGURES: Readonly<Record<string, FigureFamily>> = {
  requests: { help: 'Requests for files of phones, by what came of them.', labels: ['outcome'] },
  banned_addresses: { help: 'Addresses that are sent away for trying tokens.', labels: [] },
};
