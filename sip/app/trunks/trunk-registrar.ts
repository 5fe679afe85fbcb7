import type Srf from 'drachtio-srf';
import type { TrunkId } from '../../../src/domain/ids.js';
import type { Trunk } from '../../../src/domain/trunk/trunk.js';
import type { RegistrationView, TrunkDirectory, TrunkLeases } from '../../../src/ports/trunks.js';
import type { Log } from '../../../src/ports/runtime.js';
import { startRegistration, type RegistrationDeps, type TrunkRegistration } from './trunk-registration.js';

export interface TrunkRegistrarDeps extends Omit<RegistrationDeps, 'onView'> {
  readonly trunks: () => Pick<TrunkDirectory, 'all'>;
  readonly leases: TrunkLeases;
  readonly nodeId: string;
  readonly log: Log;
}

export interface TrunkRegistrar {
  /** Looks at trunks and leases now; to be called after each change and every few seconds. */
  sync(): Promise<void>;
  view(trunk: Trunk): RegistrationView | null;
  /** Takes every registration back and gives the leases up, `patienceMs` at most. */
  stop(patienceMs: number): Promise<void>;
}

/** A node that died is followed by another within this time, and the next look. */
const LEASE_MS = 20_000;

interface Held {
  readonly version: number;
  readonly registration: TrunkRegistration;
}

/** Keeps every trunk that registers registered, each by one node at a time. */
export function createTrunkRegistrar(deps: TrunkRegistrarDeps): TrunkRegistrar {
  const { trunks, leases, nodeId, log, current, clock } = deps;
  const held = new Map<TrunkId, Held>();
  const ending = new Map<TrunkId, Promise<void>>();
  const elsewhere = new Map<TrunkId, number>();
  let running: Promise<void> | null = null;
  let again = false;
  let stopped = false;
  let lastEdge: Srf | null = null;

  const wanted = (): ReadonlyMap<TrunkId, Trunk> =>
    new Map(trunks().all().filter(({ enabled, authentication }) => enabled && authentication.kind === 'registration').map((trunk) => [trunk.id, trunk]));

  async function holds(id: TrunkId): Promise<boolean> {
    try {
      return await leases.hold(id, nodeId, LEASE_MS);
    } catch {
      // Redis is away: what is registered stays so, nothing new begins.
      return held.has(id);
    }
  }

  /** The next registration of the trunk waits for it: both have one Contact. */
  function end(id: TrunkId): Promise<void> {
    const before = held.get(id);
    held.delete(id);
    if (before === undefined) return ending.get(id) ?? Promise.resolve();
    const over = before.registration.stop().then(() => leases.release(id, nodeId)).catch(() => undefined).then(() => {
      ending.delete(id);
      if (!stopped) void registrar.sync();
    });
    ending.set(id, over);
    return over;
  }

  /** Another node has it now, perhaps at the same public address: what it registered must not be taken back. */
  function leave(id: TrunkId): void {
    held.get(id)?.registration.abandon();
    held.delete(id);
  }

  function begin(trunk: Trunk): void {
    const { authentication } = trunk;
    if (authentication.kind !== 'registration') return;
    let told = '';
    const onView = ({ state, lastSeen }: RegistrationView): void => {
      if (told === state) return;
      told = state;
      if (state === 'registered') log.info('trunk-registered', { trunk: trunk.id, name: trunk.name, seen: lastSeen });
      if (state === 'failed') log.warn('trunk-not-registered', { trunk: trunk.id, name: trunk.name, seen: lastSeen });
    };
    held.set(trunk.id, { version: trunk.version, registration: startRegistration(trunk, authentication.expiresSeconds, authentication.aor, { ...deps, onView }) });
  }

  async function look(): Promise<void> {
    const edge = current();
    const returned = edge !== null && lastEdge !== null && edge !== lastEdge;
    if (edge !== null) lastEdge = edge;
    const now = wanted();
    for (const [id, { version }] of [...held]) if (now.get(id)?.version !== version) void end(id);
    for (const id of elsewhere.keys()) if (!now.has(id)) elsewhere.delete(id);
    for (const [id, trunk] of now) {
      if (stopped) return;
      const mine = await holds(id);
      if (!mine && !elsewhere.has(id)) elsewhere.set(id, clock.now());
      if (mine) elsewhere.delete(id);
      const known = held.get(id);
      if (!mine && known !== undefined) leave(id);
      else if (mine && known === undefined && !ending.has(id)) begin(trunk);
      else if (returned) known?.registration.refresh();
    }
  }

  const registrar: TrunkRegistrar = {
    async sync() {
      if (stopped) return;
      again = true;
      running ??= (async () => {
        while (again && !stopped) {
          again = false;
          await look();
        }
      })().finally(() => (running = null));
      await running;
    },
    view({ id, enabled, authentication }) {
      if (authentication.kind !== 'registration') return null;
      const known = held.get(id)?.registration.view;
      if (known !== undefined) return known;
      const since = elsewhere.get(id);
      const nothing = { gatewayId: null, expiresAt: null, nextAt: null };
      if (!enabled) return { ...nothing, state: 'off', since: clock.now(), lastSeen: 'The trunk is disabled.' };
      return since === undefined ? { ...nothing, state: 'trying', since: clock.now(), lastSeen: 'Not tried yet.' }
        : { ...nothing, state: 'elsewhere', since, lastSeen: 'Another node keeps the registration.' };
    },
    async stop(patienceMs) {
      stopped = true;
      const late = new Promise<void>((resolve) => void setTimeout(resolve, patienceMs).unref());
      await Promise.race([late, Promise.all([...ending.values(), ...[...held.keys()].map(end)])]);
    },
  };
  return registrar;
}
