import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { StorageFault, type Log } from '../../ports/runtime.js';
import { COMMAND_TIMEOUT_MS, createConnection, describeTarget, type RedisTarget } from './connection-options.js';
import { compareIdentity, infoField, type ServerIdentity } from './continuity.js';
import { EPOCH_KEY } from './keys.js';
import { linkStep, type LinkEvent, type LinkState } from './link-state.js';
import { withPatience } from './patience.js';
import type { Script } from './scripts.js';

export type ConnectOutcome = { readonly kind: 'connected' } | { readonly kind: 'refused'; readonly text: string };

/** The one way to Redis. Every failure of `run` and `ask` is a `StorageFault('redis')`, at once while Redis is away. */
export interface RedisClient {
  /** Waits up to `timeoutMs` for a usable server (6.0 or newer, no Redis Cluster). To be called once. */
  connect(timeoutMs: number): Promise<ConnectOutcome>;
  run(script: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  ask<T>(command: (redis: Redis) => Promise<T>): Promise<T>;
  /** A connection of its own for pub/sub (`commands`) or blocking reads; the caller connects and closes it. */
  open(kind: 'commands' | 'blocking'): Redis;
  /** False while Redis does not answer. */
  readonly available: boolean;
  /** Redis went away, or answers again; called once per change. Returns the unsubscribe. */
  onAvailability(listener: (available: boolean) => void): () => void;
  /** The data behind the connection changed: lost its last second (`restarted`) or everything (`emptied`). */
  onDataLoss(listener: (loss: 'restarted' | 'emptied') => void): () => void;
  /** A reader came upon an emptied Redis: looks now instead of at the next probe. */
  suspectDataLoss(): void;
  close(): void;
}

/** Between probes while all is well; finds a flush that broke no connection. */
const PROBE_INTERVAL_MS = 1000;
const RETRY_PROBE_MS = 100;
const REFUSAL_LOG_INTERVAL_MS = 10_000;
/** Probes in vain after which the connection is made anew (a TCP path that died silently): about 5 s. */
const PROBES_BEFORE_RECONNECT = 8;

/** Creates the client; nothing is sent before `connect`. */
export function createRedisClient(options: { readonly target: RedisTarget; readonly log: Log }): RedisClient {
  const { target, log } = options;
  const redis = createConnection(target, 'patient');
  const availability = new Set<(available: boolean) => void>();
  const dataLoss = new Set<(loss: 'restarted' | 'emptied') => void>();
  let state: LinkState = 'closed';
  let identity: ServerIdentity | null = null;
  let failedProbes = 0;
  let refusalLoggedAt = -REFUSAL_LOG_INTERVAL_MS;
  let lastError: unknown = new Error('not connected yet');
  let probing = false;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  function handle(event: LinkEvent): void {
    if (closed) return;
    const step = linkStep(state, event);
    state = step.state;
    for (const effect of step.effects) {
      if (effect === 'probe') schedule(event === 'probe-failed' ? RETRY_PROBE_MS : 0);
      else announce(effect === 'announce-up');
    }
  }

  function announce(up: boolean): void {
    if (up) log.info('redis answers', { redis: describeTarget(target) });
    else log.warn('redis is away; calls go on from memory', { redis: describeTarget(target), err: lastError });
    for (const listener of availability) listener(up);
  }

  function schedule(delayMs: number): void {
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => void probe(), delayMs);
    timer.unref();
  }

  async function probe(): Promise<void> {
    if (closed || probing || redis.status !== 'ready') return;
    probing = true;
    try {
      const seen = await withPatience(identify(redis), COMMAND_TIMEOUT_MS);
      probing = false;
      failedProbes = 0;
      const loss = compareIdentity(identity, seen);
      identity = seen.epoch === null ? { ...seen, epoch: await makeEpoch(redis) } : seen;
      // Told before Redis counts as up: what was lost is written back before anything is read.
      if (loss === 'restarted' || loss === 'emptied') {
        log.warn('redis lost data', { loss });
        for (const listener of dataLoss) listener(loss);
      }
      handle('probe-answered');
      if (state === 'up') schedule(PROBE_INTERVAL_MS);
    } catch (error) {
      probing = false;
      lastError = error;
      failedProbes += 1;
      if (failedProbes % PROBES_BEFORE_RECONNECT === 0) redis.disconnect(true);
      handle('probe-failed');
    }
  }

  async function guarded<T>(command: () => Promise<T>): Promise<T> {
    if (state !== 'up') throw new StorageFault('redis', lastError);
    try {
      return await withPatience(command(), COMMAND_TIMEOUT_MS);
    } catch (error) {
      if (isReply(error)) {
        // Out of disk, a read-only replica: it would be said once per message.
        if (performance.now() >= refusalLoggedAt + REFUSAL_LOG_INTERVAL_MS) {
          refusalLoggedAt = performance.now();
          log.error('redis refused a command', { err: error });
        }
      } else {
        lastError = error;
        handle('timed-out');
      }
      throw new StorageFault('redis', error);
    }
  }

  redis.on('ready', () => handle('connected'));
  redis.on('close', () => handle('disconnected'));
  redis.on('error', (error) => { lastError = error; });

  return {
    async connect(timeoutMs) {
      const outcome = await firstAnswer(timeoutMs);
      return outcome === null ? refuseUnfit(redis, log) : outcome;
    },
    run(script, keys, args) {
      return guarded(async () => {
        gatherCommands(redis);
        try {
          return await redis.evalsha(script.sha, keys.length, ...keys, ...args);
        } catch (error) {
          // A restarted server has forgotten its scripts; sending the text teaches them again.
          if (error instanceof Error && error.message.startsWith('NOSCRIPT')) {
            return await redis.eval(script.text, keys.length, ...keys, ...args);
          }
          throw error;
        }
      });
    },
    ask: (command) => guarded(() => {
      gatherCommands(redis);
      return command(redis);
    }),
    open(kind) {
      const connection = createConnection(target, kind);
      connection.on('error', (error) => log.debug('redis connection', { err: error }));
      return connection;
    },
    get available() { return state === 'up'; },
    onAvailability: (listener) => subscribe(availability, listener),
    onDataLoss: (listener) => subscribe(dataLoss, listener),
    suspectDataLoss() {
      if (state === 'up') schedule(0);
    },
    close() {
      closed = true;
      state = 'closed';
      if (timer) clearTimeout(timer);
      redis.disconnect();
    },
  };

  function firstAnswer(timeoutMs: number): Promise<ConnectOutcome | null> {
    return new Promise((resolve) => {
      const done = (outcome: ConnectOutcome | null): void => {
        clearTimeout(deadline);
        availability.delete(onUp);
        resolve(outcome);
      };
      const onUp = (up: boolean): void => { if (up) done(null); };
      const deadline = setTimeout(() => done({
        kind: 'refused',
        text: `Redis at ${describeTarget(target)} does not answer: ${String(lastError)}. `
          + 'Check REDIS_URL, and that the server runs.',
      }), timeoutMs);
      availability.add(onUp);
      // Failures are tried again by the retry strategy and end in the time-out above.
      redis.connect().catch((error: unknown) => { lastError = error; });
    });
  }
}

/** Commands of one turn of the event loop leave in one system call; ioredis would write each by itself. */
function gatherCommands({ stream }: Redis): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  setImmediate(() => stream.uncork());
}

function subscribe<T>(set: Set<T>, listener: T): () => void {
  set.add(listener);
  return () => void set.delete(listener);
}

/** An error Redis answered with: it is there, but unwilling. */
function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

async function identify(redis: Redis): Promise<ServerIdentity> {
  const [info, epoch] = await Promise.all([redis.info('server'), redis.get(EPOCH_KEY)]);
  return { runId: infoField(info, 'run_id'), epoch };
}

/** Marks an empty Redis as used; of several nodes the first wins. */
async function makeEpoch(redis: Redis): Promise<string> {
  const made = randomBytes(8).toString('hex');
  const [, epoch] = await Promise.all([redis.setnx(EPOCH_KEY, made), redis.get(EPOCH_KEY)]);
  return epoch ?? made;
}

async function refuseUnfit(redis: Redis, log: Log): Promise<ConnectOutcome> {
  const info = await redis.info();
  const version = infoField(info, 'redis_version');
  if (Number.parseInt(version, 10) < 6) return { kind: 'refused', text: `Redis ${version} is too old: 6.0 or newer is needed.` };
  if (infoField(info, 'redis_mode') === 'cluster') {
    return { kind: 'refused', text: 'REDIS_URL points to a Redis Cluster, which is not supported: use a single server.' };
  }
  const policy = infoField(info, 'maxmemory_policy');
  if (infoField(info, 'maxmemory') !== '0' && policy !== 'noeviction' && policy !== '') {
    log.warn('redis may evict registrations: set maxmemory-policy to noeviction', { policy });
  }
  return { kind: 'connected' };
}
