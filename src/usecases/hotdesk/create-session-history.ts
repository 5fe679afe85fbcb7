import type { Stores } from '../../ports/admin-stores.js';
import type { SessionHistory } from './session-history.js';

/** A session has three steps at most. */
const EVENTS_OF_ONE = 10;

export function createSessionHistory({ hotDeskSessions }: Pick<Stores, 'hotDeskSessions'>): SessionHistory {
  return {
    get: (accountId, id) => hotDeskSessions.get(accountId, id),
    page: (accountId, filter, page) => hotDeskSessions.page(accountId, filter, page),
    whoSatAt: async (accountId, deviceId, at) => {
      const { items } = await hotDeskSessions.page(accountId, { deviceId, at }, { size: 1, after: null });
      return items[0] ?? null;
    },
    desksOf: (accountId, userId, from, to, page) => hotDeskSessions.page(accountId, { userId, from, to }, page),
    eventsOf: (accountId, sessionId) => hotDeskSessions.events(accountId, { sessionId }, EVENTS_OF_ONE),
  };
}
