import { WHOLE_ACCOUNT } from '../../domain/access/reach.js';
import type { HotDeskSession } from '../../domain/hotdesk/session.js';
import { change, type Actor } from '../change.js';
import { done } from '../outcome.js';
import type { FinishDraining } from './finish-draining.js';
import type { HotDeskDeps } from './hot-desk-deps.js';
import { inCallOf, isInCall, takeStep } from './session-step.js';

/** Sessions looked at in one sweep; the longest waiting first. */
const SWEEP_SIZE = 500;

/** What the system does by itself. */
export function systemActor(session: Pick<HotDeskSession, 'accountId'>): Actor {
  return { accountId: session.accountId, name: 'system', address: '', requestId: '', reach: WHOLE_ACCOUNT };
}

export function createFinishDraining(deps: HotDeskDeps): FinishDraining {
  const finish = async (sessions: readonly HotDeskSession[]): Promise<number> => {
    let finished = 0;
    // Most still talk: they cost no transaction.
    const talking = await inCallOf(deps, deps.stores, sessions.map(({ deviceId }) => deviceId));
    for (const { id, ...session } of sessions) {
      if (talking.has(session.deviceId)) continue;
      const outcome = await change(deps, systemActor(session), async (draft) => {
        const claimed = await draft.stores.hotDeskSessions.claim(id);
        if (claimed === null || await isInCall(deps, draft.stores, claimed.deviceId)) return done(0);
        const fence = await draft.stores.hotDeskSessions.nextFence();
        const ended = await takeStep(draft, claimed, { kind: 'calls-over', fence, at: draft.at, actor: draft.actor }, 'finish-hot-desk-session');
        return done(ended === null ? 0 : 1);
      });
      finished += outcome.kind === 'done' ? outcome.value : 0;
    }
    return finished;
  };
  return {
    ofDevice: async (deviceId) => finish(await deps.stores.hotDeskSessions.draining(deviceId, SWEEP_SIZE)),
    sweep: async () => finish(await deps.stores.hotDeskSessions.draining(null, SWEEP_SIZE)),
  };
}
