import type { Draft } from '../change.js';
import type { SettingPlace } from './setting-places.js';

/** Takes everything set at a place that is going out of the database and of memory. */
export async function forgetSettings(draft: Draft, place: SettingPlace): Promise<void> {
  await draft.stores.settings.clearPlace(draft.accountId, place);
  draft.announce({ aggregate: 'setting', id: `${place.scope}:${place.scopeId}`, change: 'deleted' });
}
