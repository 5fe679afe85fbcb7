import type { Device } from '../device/device.js';
import type { HotDeskEvent, HotDeskSession } from '../hotdesk/session.js';
import type { AccountUser } from '../identity/user.js';
import { nameOf } from '../identity/user.js';
import type { Extension } from '../numbering/extension.js';
import type { WebhookEventType } from './webhook.js';

/** What is known of those an event speaks of; null for what is gone by now. */
export interface EventContext {
  readonly session: HotDeskSession;
  readonly device: Device | null;
  readonly user: AccountUser | null;
  readonly extension: Extension | null;
}

export function eventTypeOf(event: Pick<HotDeskEvent, 'kind'>): WebhookEventType {
  return `hot_desk.${event.kind}`;
}

const STATE = { signed_in: 'active', draining: 'draining', signed_out: 'ended' } as const;

/**
 * The JSON that is posted, as an object. It tells the session as it was at the step, whatever has become of it since: `state`,
 * `cause` and `time` are the event's. Instants are RFC 3339 in UTC with milliseconds; ids are those of the API.
 */
export function eventBody(event: HotDeskEvent, { session, device, user, extension }: EventContext) {
  return {
    event_id: event.id,
    event: eventTypeOf(event),
    time: timeOf(event.at),
    account_id: event.accountId,
    sequence: event.sequence,
    payload: {
      session: {
        id: event.sessionId, state: STATE[event.kind], cause: event.cause, started_at: timeOf(session.startedAt), via: session.via,
        actor: event.actor,
      },
      device: { id: event.deviceId, display_name: device?.displayName ?? '', site_id: device?.siteId ?? '' },
      user: {
        id: event.userId, email: user?.email ?? '', name: user === null ? '' : nameOf(user),
        extension_id: session.extensionId, extension_number: extension?.number ?? '',
      },
    },
  };
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}
