import type { Site } from '../../domain/identity/site.js';
import type { Draft } from '../change.js';
import { handOverSiteNumbers } from '../numbers/release-numbers.js';
import type { Refused } from '../outcome.js';

/**
 * What else belongs to a site that is going: moves it to `to`, or, where there is no such site, removes it; refuses where neither may be.
 * Runs in the transaction that removes the site, before it is gone.
 */
export type SiteTransfer = (draft: Draft, from: Site, to: Site | null) => Promise<Refused | null>;

/** In this order, after users, common areas, extensions and devices have moved. */
export const SITE_TRANSFERS: readonly SiteTransfer[] = [handOverSiteNumbers];
