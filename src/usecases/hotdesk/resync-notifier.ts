import type { DeviceId } from '../../domain/ids.js';
import { SETTLE_MS, resyncStep, wantedResync, type DeviceResync, type ResyncEvent } from '../../domain/device/resync-machine.js';
import type { DeviceCalls, DeviceNotifier } from '../../ports/call-control.js';
import { createResyncDelivery, type PhoneReading, type ResyncDeliveryDeps } from './resync-delivery.js';

export interface ResyncNotifierDeps extends ResyncDeliveryDeps {
  readonly deviceCalls: DeviceCalls;
  /** This node, as call records name it. */
  readonly nodeId: string;
  /** Uniform in 0–1: spreads retries. */
  readonly jitter: () => number;
}

export interface ResyncNotifier extends DeviceNotifier {
  /** To be called about once a second: sends what is due. Resolves when the NOTIFYs are on their way. */
  tick(): Promise<void>;
  /** Ends the listening to calls and registrations. */
  stop(): void;
}

/** Phones looked at in one tick; a building that comes back is told in a few of them. */
const RESYNCS_A_TICK = 200;
/** A prompt call is over by then, and has told by itself; if not, its process is gone. */
const AT_PHONE_MS = 30_000;
/** How far back steps are looked for: at the first look, which may follow a stop of a whole day, and at the others. */
const FIRST_LOOK_MS = 86_400_000;
const LOOK_MS = 300_000;

/**
 * Keeps what phones are to be told and tells them, one NOTIFY at a time for each phone: newest fence, after its calls, when it is
 * registered, with retries. What is kept outlives the process; two nodes are harmless.
 */
export function createResyncNotifier(deps: ResyncNotifierDeps): ResyncNotifier {
  const { stores, clock, log } = deps;
  const deliver = createResyncDelivery(deps);
  const underWay = new Set<DeviceId>();
  /** What this node knows to wait; the others, and those of an earlier run, are found by looking again. */
  const waiting = { 'registration': new Set<DeviceId>(), 'call-end': new Set<DeviceId>() };
  let lookedBefore = false;

  const step = async (resync: DeviceResync, event: ResyncEvent): Promise<DeviceResync | null> => {
    const next = resyncStep(resync, event, clock.now(), deps.jitter());
    // Before it is written, so that what comes at that moment is heard.
    for (const kind of ['registration', 'call-end'] as const) {
      if (next.waitsFor === kind) waiting[kind].add(next.deviceId);
      else waiting[kind].delete(next.deviceId);
    }
    if (!(await stores.deviceResyncs.step(resync, next))) return null;
    if (next.state === 'failed') log.warn('phone was not told to read its configuration again', { deviceId: next.deviceId, status: next.lastStatus });
    return next;
  };

  const unblock = (kind: keyof typeof waiting, deviceId: DeviceId): void => {
    if (!waiting[kind].delete(deviceId)) return;
    stores.deviceResyncs.get(deviceId)
      .then(async (kept) => (kept?.waitsFor === kind ? step(kept, { kind: 'unblocked' }) : null))
      .catch((error: unknown) => log.warn('re-sync of a phone waits longer', { deviceId, err: error }));
  };
  const deaf = [
    deps.deviceCalls.onCallsOver((deviceId) => unblock('call-end', deviceId)),
    deps.location.subscribe(({ kind, binding }) => {
      if (kind === 'added') unblock('registration', binding.deviceId);
    }),
  ];

  /** One phone whose time has come. Resolves when its NOTIFY has been answered or given up. */
  const look = async (resync: DeviceResync, live: Awaited<ReturnType<typeof deps.location.bindings>>, inCall: ReadonlySet<DeviceId>, reading: PhoneReading): Promise<void> => {
    const { deviceId } = resync;
    const bindings = live.get(deviceId) ?? [];
    if (!deliver.isNeeded(resync, bindings, reading)) return void await step(resync, { kind: 'not-needed' });
    if (bindings.length === 0) return void await step(resync, { kind: 'unregistered' });
    if (inCall.has(deviceId)) return void await step(resync, { kind: 'in-call' });
    // It was looked at by chance, perhaps within a moment of the BYE.
    if (resync.waitsFor === 'registration' || resync.waitsFor === 'call-end') return void await step(resync, { kind: 'unblocked' });
    const sent = await step(resync, { kind: 'send' });
    if (sent === null) return;
    // What it reads from now on is this generation, or a later one.
    const { generation } = (await stores.deviceConfigurations.of([deviceId])).get(deviceId) ?? { generation: 0 };
    const outcome = await deliver.send(sent, bindings, reading);
    const taken = outcome.kind === 'answered' && outcome.status < 300;
    if (taken && generation > 0) await stores.deviceConfigurations.requested(deviceId, generation, clock.now());
    await step(sent, outcome);
  };

  const adopt = async (): Promise<void> => {
    const at = clock.now();
    const adopted = await stores.deviceResyncs.adopt({ at, since: at - (lookedBefore ? LOOK_MS : FIRST_LOOK_MS), atPhoneUntil: at - AT_PHONE_MS });
    lookedBefore = true;
    if (adopted > 0) log.debug('sessions changed whose phones were not told yet', { phones: adopted });
  };

  return {
    async resync(deviceId, fence) {
      const device = deps.directory.device(deviceId);
      if (device === undefined) return { kind: 'unknown-device' };
      try {
        const kept = await stores.deviceResyncs.want(wantedResync({ deviceId, accountId: device.accountId, fence, byPerson: false }, clock.now(), SETTLE_MS));
        return { kind: kept ? 'asked' : 'outdated' };
      } catch (error) {
        log.warn('re-sync of a phone could not be kept', { deviceId, err: error });
        return { kind: 'not-kept' };
      }
    },
    async tick() {
      await adopt();
      const due = (await stores.deviceResyncs.due(clock.now(), RESYNCS_A_TICK)).filter(({ deviceId }) => !underWay.has(deviceId));
      if (due.length === 0) return;
      const ids = due.map(({ deviceId }) => deviceId);
      const live = await deps.location.bindings(ids);
      const inCall = await inCallOf(ids);
      const readings = await deliver.readings(ids);
      for (const resync of due) {
        underWay.add(resync.deviceId);
        look(resync, live, inCall, readings.get(resync.deviceId) ?? 'nothing')
          .catch((error: unknown) => log.warn('re-sync of a phone failed', { deviceId: resync.deviceId, err: error }))
          .finally(() => underWay.delete(resync.deviceId));
      }
    },
    stop() {
      for (const end of deaf) end();
    },
  };

  async function inCallOf(ids: readonly DeviceId[]): Promise<ReadonlySet<DeviceId>> {
    return new Set([...deps.deviceCalls.inCall(ids), ...await stores.callRecords.inCallElsewhere(ids, deps.nodeId)]);
  }
}
