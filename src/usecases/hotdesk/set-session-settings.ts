import { settingChain } from '../admin/setting-places.js';
import { changeSettingsIn, type SettingWish } from '../admin/settings.js';
import { change, type Draft } from '../change.js';
import { done } from '../outcome.js';
import type { HotDeskDeps } from './hot-desk-deps.js';
import { endsAt, readSessionSettings } from './session-ends.js';
import type { HotDeskPlace, ReadSessionSettings, SetSessionSettings, WantedSetting } from './session-settings.js';

/**
 * Changes settings at one place and, in the same transaction, the ends of the running sessions below it. A place below a locked
 * level is refused by name.
 */
export const setSessionSettings: SetSessionSettings = (deps, actor, place, wanted) => change(deps, actor, async (draft) => {
  const chain = await settingChain(draft.stores, draft.accountId, place);
  if ('why' in chain) return chain;
  const problem = await changeSettingsIn(draft, chain, wanted.map(wishOf), 'set-hot-desk-settings');
  if (problem !== null) return problem;
  await moveEnds(deps, draft, place);
  return done(await readSessionSettings(draft.stores, draft.accountId, chain));
});

/** What holds at a place, and where it comes from. */
export const readSettingsAt: ReadSessionSettings = async ({ stores }, { accountId }, place) => {
  const chain = await settingChain(stores, accountId, place);
  return 'why' in chain ? chain : done(await readSessionSettings(stores, accountId, chain));
};

function wishOf({ key, value, locked }: WantedSetting): SettingWish {
  return {
    key, field: key.replaceAll('-', '_'), ...(value === 'inherit' ? { inherit: true } : { value }), ...(locked === undefined ? {} : { locked }),
  };
}

/** Gives the running sessions of a place the ends that its settings, or its clocks, have now. */
export async function moveEnds(deps: HotDeskDeps, draft: Draft, place: HotDeskPlace): Promise<void> {
  const of = place.scope === 'account' ? 'account' : place.scope === 'site' ? { siteId: place.siteId } : { deviceIds: [place.deviceId] };
  for (const session of await draft.stores.hotDeskSessions.active(draft.accountId, of)) {
    // Due already: the sweep ends it for what it was due.
    if (session.endsAt !== null && session.endsAt <= draft.at) continue;
    const device = await draft.stores.devices.get(draft.accountId, session.deviceId);
    if (device === null) continue;
    const ends = await endsAt(deps, draft.stores, device, session, draft.at);
    if (ends.endsAt === session.endsAt && ends.endsBy === session.endsBy && ends.idleEndsAt === session.idleEndsAt) continue;
    await draft.stores.hotDeskSessions.setEnds(session.id, ends);
    draft.note({
      aggregate: 'hot_desk_session', id: session.id, change: 'updated', action: 'move-hot-desk-end', before: session, after: { ...session, ...ends }, consequence: true,
    });
  }
}
