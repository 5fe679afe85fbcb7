import { change } from '../change.js';
import { done, refused } from '../outcome.js';
import { languageAt, phoneActor, type SignInDeps } from './create-sign-in.js';
import { endSession } from './session-step.js';
import type { SignOut, SignOutResult } from './sign-out.js';

export function createSignOut(deps: SignInDeps): SignOut {
  return {
    byPhone: async (deviceId) => {
      const device = deps.directory.device(deviceId);
      const language = languageAt(deps.directory, device);
      if (device === undefined) return { kind: 'nobody-signed-in', language };
      const outcome = await change<SignOutResult>(deps, phoneActor(device), async (draft) => {
        const session = await draft.stores.hotDeskSessions.activeOn(deviceId);
        const ended = session === null ? null : await endSession(deps, draft, session, 'user');
        return done(ended === null ? { kind: 'nobody-signed-in', language } : { kind: 'signed-out', session: ended, language });
      });
      return outcome.kind === 'done' ? outcome.value : { kind: 'nobody-signed-in', language };
    },
    byApi: (actor, sessionId, cause) => change(deps, actor, async (draft) => {
      const session = await draft.stores.hotDeskSessions.get(draft.accountId, sessionId);
      if (session === null) return refused('not-found', 'session_id', 'There is no hot-desk session with this id.', sessionId);
      const ended = session.state === 'active' ? await endSession(deps, draft, session, cause, 'asked') : null;
      return ended === null
        ? refused('conflict', 'session_id', 'The session has ended already.', sessionId)
        : done(ended);
    }),
  };
}
