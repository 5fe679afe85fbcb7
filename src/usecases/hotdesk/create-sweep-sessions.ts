import type { HotDeskSession } from '../../domain/hotdesk/session.js';
import { dueCause } from '../../domain/hotdesk/session-ends.js';
import { change, type Draft } from '../change.js';
import { done } from '../outcome.js';
import { systemActor } from './create-finish-draining.js';
import type { HotDeskDeps } from './hot-desk-deps.js';
import { endsAt } from './session-ends.js';
import { endSession, isInCall } from './session-step.js';
import type { SweepSessions } from './sweep-sessions.js';

/** Sessions ended in one sweep; what is left is the next one's. */
const SWEEP_SIZE = 500;

export function createSweepSessions(deps: HotDeskDeps): SweepSessions {
  return async () => {
    const figures = { ended: 0, prolonged: 0 };
    for (const session of await deps.stores.hotDeskSessions.due(deps.clock.now(), SWEEP_SIZE)) {
      const outcome = await change(deps, systemActor(session), async (draft) => done(await sweepOne(deps, draft, session)));
      if (outcome.kind === 'done' && outcome.value !== null) figures[outcome.value] += 1;
    }
    return figures;
  };
}

async function sweepOne(deps: HotDeskDeps, draft: Draft, { id }: HotDeskSession): Promise<'ended' | 'prolonged' | null> {
  const session = await draft.stores.hotDeskSessions.claim(id);
  if (session === null || session.state !== 'active') return null;
  const cause = dueCause(session, draft.at);
  if (cause === null) return null;
  if (cause === 'idle') {
    const idleEndsAt = await idleEnd(deps, draft, session);
    if (idleEndsAt === null || idleEndsAt > draft.at) {
      await draft.stores.hotDeskSessions.setEnds(id, { ...session, idleEndsAt });
      draft.announce({ aggregate: 'hot_desk_session', id, change: 'updated' });
      return 'prolonged';
    }
  }
  return await endSession(deps, draft, session, cause) === null ? null : 'ended';
}

/** When the phone will have been idle long enough, by its calls so far: a call that is up counts as used now. */
async function idleEnd(deps: HotDeskDeps, draft: Draft, session: HotDeskSession): Promise<number | null> {
  const device = await draft.stores.devices.get(session.accountId, session.deviceId);
  if (device === null) return draft.at;
  const inCall = await isInCall(deps, draft.stores, device.id);
  return (await endsAt(deps, draft.stores, device, inCall ? { startedAt: draft.at } : session, draft.at)).idleEndsAt;
}
