import { createCallLog, type RedisCallLog } from '../storage/redis/call-log.js';
import { createCallLogReader } from '../storage/redis/call-log-reader.js';
import { createCallBackPins, type RedisCallBackPins } from '../storage/redis/call-back-pins.js';
import { createConfigHint, type ConfigHint } from '../storage/redis/config-hint.js';
import { createRedisClient, type RedisClient } from '../storage/redis/client.js';
import type { RedisTarget } from '../storage/redis/connection-options.js';
import { createLocationService, type RedisLocationService } from '../storage/redis/location-service.js';
import { createNodeLeases } from '../storage/redis/node-leases.js';
import { createRateLimits } from '../storage/redis/rate-limits.js';
import { loadScripts } from '../storage/redis/scripts.js';
import { createTrunkTroubles } from '../storage/redis/trunk-troubles.js';
import { createTrunkLeases } from '../storage/redis/trunk-leases.js';
import { startPrivateRedis } from '../storage/redis/server.js';
import type { CallLogReader, NodeLeases } from '../ports/call-log.js';
import type { TrunkLeases, TrunkTroubles } from '../ports/trunks.js';
import type { RateLimits } from '../ports/rate-limits.js';
import type { Core } from './core.js';
import type { LifeCycle } from './life-cycle.js';
import { StartProblem } from './start-problem.js';

export interface RedisPart {
  readonly client: RedisClient;
  readonly configHint: ConfigHint;
  readonly location: RedisLocationService;
  readonly callLog: RedisCallLog;
  readonly reader: CallLogReader;
  readonly leases: NodeLeases;
  readonly rateLimits: RateLimits;
  readonly trunkLeases: TrunkLeases;
  readonly trunkTroubles: TrunkTroubles;
  /** Desks that called for help lately. */
  readonly callBackPins: RedisCallBackPins;
}

const CONNECT_MS = 10_000;

/** Redis: the private server where REDIS_URL names none, then everything kept in it. */
export async function startRedis(life: LifeCycle, core: Core): Promise<RedisPart> {
  const { settings, log, clock } = core;
  const target = settings.redisUrl === undefined ? await life.start('redis-server', () => privateServer(core)) : { kind: 'url', url: settings.redisUrl } as const;
  return life.start('redis', async () => {
    const client = createRedisClient({ target, log });
    const outcome = await client.connect(CONNECT_MS);
    if (outcome.kind === 'refused') {
      client.close();
      throw new StartProblem(outcome.text);
    }
    const scripts = loadScripts();
    const location = createLocationService({ client, scripts, clock, log, nodeId: settings.nodeId, onlyNode: settings.redisUrl === undefined });
    await location.start();
    // With the process its TCP connections are gone: those phones are reached again when they return.
    await location.endStreamBindings();
    // And so are its calls: new ones need not wait for their leases to end.
    await location.leases.endEarlier();
    const callBackPins = createCallBackPins({ client, clock, log });
    await callBackPins.exchange();
    const configHint = createConfigHint({ client, nodeId: settings.nodeId, log });
    const callLog = createCallLog({ client, scripts, log });
    const reader = createCallLogReader({ client, log, consumer: settings.nodeId });
    const leases = createNodeLeases({ client, clock });
    const rateLimits = await createRateLimits({
      client, log,
      allowances: {
        light: { requests: settings.apiRateLimitLight, seconds: 1 }, heavy: { requests: settings.apiRateLimitHeavy, seconds: 1 },
        token: { requests: settings.apiRateLimitToken, seconds: 60 },
      },
    });
    return {
      value: { client, configHint, location, callLog, reader, leases, rateLimits, callBackPins, trunkLeases: createTrunkLeases({ client, scripts }), trunkTroubles: createTrunkTroubles({ client }) },
      stop: async () => {
        rateLimits.close();
        configHint.close();
        callLog.close();
        location.close();
        await reader.close();
        client.close();
      },
    };
  });
}

async function privateServer({ dataDir, log, onDeath }: Core): Promise<{ value: RedisTarget; stop: () => Promise<void> }> {
  const outcome = await startPrivateRedis({ dataDir: dataDir.path, socketDir: dataDir.socketDir, log, onExit: onDeath });
  if (outcome.kind !== 'started') throw new StartProblem(outcome.text);
  return { value: outcome.server.target, stop: () => outcome.server.stop() };
}
