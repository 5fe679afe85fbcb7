import type { Redis } from 'ioredis';
import type { Log } from '../../ports/runtime.js';
import type { RedisClient } from './client.js';
import { CONFIG_CHANNEL } from './keys.js';

/** Tells other nodes that configuration was committed, so that they read it now. A hint may be lost: polling stays the truth. */
export interface ConfigHint {
  /** Says so without waiting; nothing happens while Redis is away. */
  tell(): void;
  /** Calls `onHint` for every hint of another node, and after each new subscription; returns the end of listening. */
  listen(onHint: () => void): () => void;
  close(): void;
}

export function createConfigHint({ client, nodeId, log }: { readonly client: RedisClient; readonly nodeId: string; readonly log: Log }): ConfigHint {
  // Two processes may share a node id by mistake: each knows its own words by a name of its own.
  const own = `${nodeId} ${process.pid} ${Math.random().toString(36).slice(2)}`;
  const speaker: Redis = client.open('commands');
  speaker.connect().catch((error: unknown) => log.debug('config hints not yet', { err: error }));
  return {
    close: () => speaker.disconnect(),
    tell: () => {
      speaker.publish(CONFIG_CHANNEL, own).catch((error: unknown) => log.debug('config hint not sent', { err: error }));
    },
    listen: (onHint) => {
      const connection: Redis = client.open('commands');
      connection.on('message', (_channel: string, message: string) => {
        if (message !== own) onHint();
      });
      connection.on('ready', () => {
        connection.subscribe(CONFIG_CHANNEL).then(onHint, () => connection.disconnect(true));
      });
      connection.connect().catch((error: unknown) => log.debug('config hints not yet', { err: error }));
      return () => connection.disconnect();
    },
  };
}
