import type { Redis } from 'ioredis';
import type { BindingEnd } from '../../domain/registration/binding.js';
import type { BindingEvent } from '../../ports/location-service.js';
import type { Log } from '../../ports/runtime.js';
import { parseRecord, type StoredBinding } from './binding-record.js';
import type { RedisClient } from './client.js';
import { BINDINGS_CHANNEL } from './keys.js';

export interface HeardEvent {
  readonly event: BindingEvent;
  readonly stored: StoredBinding;
}

const ENDS: Readonly<Record<BindingEnd, true>> = {
  'expired': true, 'unregistered': true, 'replaced': true, 'dropped': true, 'flow-lost': true,
};

/** Reads a message of the channel: `added <record>`, `refreshed <record>`, `ended:<end> <record>`; null for anything else. */
export function parseEvent(message: string): HeardEvent | null {
  const space = message.indexOf(' ');
  const [kind = '', end = ''] = message.slice(0, space).split(':');
  const stored = space < 0 ? null : parseRecord(message.slice(space + 1));
  if (!stored) return null;
  if (kind === 'added' || kind === 'refreshed') return { stored, event: { kind, binding: stored.binding, end: null } };
  if (kind === 'ended' && isEnd(end)) return { stored, event: { kind, binding: stored.binding, end } };
  return null;
}

function isEnd(text: string): text is BindingEnd {
  return Object.hasOwn(ENDS, text);
}

/** Silence after which the connection is tested; a TCP path may die without a word. */
const PING_INTERVAL_MS = 5000;

/**
 * Hears every binding event on a connection of its own. After each new subscription `onSubscribed` is told, because events
 * in between are lost. Returns the end of listening.
 */
export function listenToBindings(options: {
  readonly client: RedisClient;
  readonly log: Log;
  readonly onEvent: (heard: HeardEvent) => void;
  readonly onSubscribed: () => void;
}): () => void {
  const { client, log, onEvent, onSubscribed } = options;
  const connection: Redis = client.open('commands');
  connection.on('message', (_channel: string, message: string) => {
    const heard = parseEvent(message);
    if (heard) onEvent(heard);
    else log.warn('unreadable binding event', { length: message.length });
  });
  connection.on('ready', () => {
    connection.subscribe(BINDINGS_CHANNEL).then(onSubscribed, () => connection.disconnect(true));
  });
  const pinger = setInterval(() => {
    if (connection.status === 'ready') connection.ping().catch(() => connection.disconnect(true));
  }, PING_INTERVAL_MS);
  pinger.unref();
  connection.connect().catch((error: unknown) => log.debug('binding events not yet', { err: error }));
  return () => {
    clearInterval(pinger);
    connection.disconnect();
  };
}
