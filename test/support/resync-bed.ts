/**
 * Re-syncs of phones on everything real: PostgreSQL, Redis, the edge, the SIP application; phones are scripted, calls are put up by
 * hand, the clock is moved.
 */
import { createHmac } from 'node:crypto';
import type { Test } from 'tap';
import type { DeviceId } from '../../src/domain/ids.js';
import { NO_TRUNKS } from '../../src/domain/routing/trunk-routes.js';
import type { Device } from '../../src/domain/device/device.js';
import type { DeviceResync } from '../../src/domain/device/resync-machine.js';
import type { PhoneNotifier } from '../../src/ports/call-control.js';
import { systemRandom } from '../../src/security/random.js';
import { addDevice } from '../../src/usecases/admin/add-device.js';
import { createAuthenticateRequest } from '../../src/usecases/authenticate-request.js';
import { createIdentifyCaller } from '../../src/usecases/identify-caller.js';
import { createPlaceCall } from '../../src/usecases/place-call.js';
import { createReachability } from '../../src/usecases/reachability.js';
import { createRegisterDevice } from '../../src/usecases/register-device.js';
import { createResyncNotifier, type ResyncNotifier } from '../../src/usecases/hotdesk/resync-notifier.js';
import { createSipApp } from '../../sip/app/app.js';
import { startEdge, type EdgeOptions } from '../../sip/edge/edge.js';
import { silentLog } from '../../sip/edge/log.js';
import { startHotDeskOffice, valueOf } from './hot-desk-office.js';
import { nodeHash } from './node-digest-hash.js';
import { startTestRedis } from './redis.js';
import { newId } from './sample-account.js';
import { isRequest, type PeerMessage } from './sip-peer.js';
import { scriptedPhone, type ScriptedPhone } from './scripted-phone.js';

const SECRET = 'resync bed secret';

export interface DeskPhone extends ScriptedPhone {
  readonly device: Device;
  readonly password: string;
  /** REGISTER with its User-Agent. */
  arrive(): Promise<void>;
}

export interface PhoneKind {
  readonly type?: string;
  readonly model?: string;
  readonly userAgent?: string;
  readonly transport?: 'udp' | 'tcp';
  readonly owner?: string | null;
  /** Default: it reads its configuration from us. */
  readonly provisioned?: boolean;
}

/** A fresh NOTIFY: not the retransmission of one that was taken. */
export const notifyOf = (phone: DeskPhone, cseq = 1): Promise<PeerMessage> =>
  phone.peer.waitFor((message) => isRequest('NOTIFY')(message) && message.cseq === cseq, `NOTIFY ${cseq}`, 10_000);
/** How many came, retransmissions left out. */
export const notifies = (phone: DeskPhone): number => new Set(phone.peer.seen.filter(isRequest('NOTIFY')).map((one) => `${one.header('Call-ID')} ${one.cseq}`)).size;
export const reply = (phone: DeskPhone, to: PeerMessage, status: number, headers: readonly (readonly [string, string])[] = []): Promise<void> =>
  phone.peer.respond(to, status, 'Told', { toTag: 'phone', contact: null, headers });

export async function startResyncBed(t: Test, options: Partial<Pick<EdgeOptions, 'timers'>> = {}) {
  const office = await startHotDeskOffice(t);
  const { deps, directory, calls, clock, log, account, actor } = office;
  const { service: location } = await (await startTestRedis(t)).location();
  const edge = await startEdge({
    listeners: [{ transport: 'udp', host: '127.0.0.1', port: 0 }, { transport: 'tcp', host: '127.0.0.1', port: 0 }],
    admin: { host: '127.0.0.1', port: 0, secret: SECRET }, localNetworks: ['127.0.0.0/8'], log: silentLog, ...options,
  });
  t.teardown(() => edge.stop());
  const realClock = { now: () => Date.now() };
  const reachability = createReachability();
  const authenticate = createAuthenticateRequest({
    directory, clock: realClock, random: systemRandom, hash: nodeHash, hostAliases: ['127.0.0.1'],
    mac: (text, bytes) => createHmac('sha256', 'key').update(text).digest().subarray(0, bytes).toString('base64url'),
  });
  const app = createSipApp({
    control: { ...edge.admin, secret: SECRET }, directory, location, authenticate, clock: realClock, log, nodeId: 'node-1',
    callLog: { append: () => undefined, flush: async () => undefined }, ids: { next: () => newId() },
    registerDevice: createRegisterDevice({ location, reachability, clock: realClock, jitter: () => 0 }),
    identifyCaller: createIdentifyCaller({ directory, location, authenticate }),
    placeCall: createPlaceCall({ directory, location, reachability, trunks: () => NO_TRUNKS }),
  });
  await app.start();
  t.teardown(() => app.stop('shutdown'));

  const kept = new Set<(resync: DeviceResync) => void>();
  const refusals: (() => void)[] = [];
  const resyncs = {
    ...deps.stores.deviceResyncs,
    step: async (before: DeviceResync, after: DeviceResync) => {
      const written = await deps.stores.deviceResyncs.step(before, after);
      if (written) for (const tell of kept) tell(after);
      else for (const tell of refusals.splice(0)) tell();
      return written;
    },
  };
  /** The next step of a phone's re-sync that matches, from now on. */
  const stepTo = (deviceId: DeviceId, wanted: Partial<DeviceResync>): Promise<DeviceResync> => new Promise((resolve, reject) => {
    const seen: DeviceResync[] = [];
    const late = setTimeout(() => {
      kept.delete(tell);
      reject(new Error(`no step to ${JSON.stringify(wanted)}; seen ${JSON.stringify(seen)}`));
    }, 15_000);
    const tell = (resync: DeviceResync): void => {
      if (resync.deviceId !== deviceId) return;
      seen.push(resync);
      if (!Object.entries(wanted).every(([name, value]) => resync[name as keyof DeviceResync] === value)) return;
      clearTimeout(late);
      kept.delete(tell);
      resolve(resync);
    };
    kept.add(tell);
  });

  /** The next step that is not written, since another writer was faster. */
  const stepRefused = (): Promise<void> => new Promise((resolve) => void refusals.push(resolve));

  /** As a process would make it; several are several processes, or one after a restart. */
  const notifierOf = (t: Test, phoneNotifier: PhoneNotifier = app.phoneNotifier): ResyncNotifier => {
    const notifier = createResyncNotifier({
      stores: { ...deps.stores, deviceResyncs: resyncs }, deviceCalls: calls, secretBox: deps.secretBox, random: systemRandom, hash: nodeHash,
      directory, location, clock, log, nodeId: 'node-1', notifier: phoneNotifier, jitter: () => 0,
    });
    t.teardown(() => notifier.stop());
    return notifier;
  };

  let macs = 0x1000;
  const phone = async (t: Test, kind: PhoneKind = {}): Promise<DeskPhone> => {
    const { type = 'Yealink', model = type === 'Yealink' ? 'T54W' : '', userAgent = 'Yealink SIP-T54W 96.86.0.70', transport = 'udp', owner = null, provisioned = true } = kind;
    macs += 1;
    const device = valueOf(await addDevice(deps, actor, {
      displayName: `Desk ${macs}`, macAddress: macs.toString(16).padStart(12, '0'), type, model, assignees: owner === null ? [] : [owner],
      provisionTemplateId: null, hotDesking: owner === null ? 'off' : 'on',
    }));
    if (provisioned) {
      await deps.stores.provisioningTokens.insert({
        hash: `steady ${device.id}`, accountId: account.id, deviceId: device.id, kind: 'steady', rotation: 1, createdAt: clock.now(), expiresAt: null, claimedBy: null, credentialsAt: null,
        firstUsedAt: clock.now(),
      });
    }
    const password = deps.secretBox.open(await deps.stores.devices.sealedPassword(device.id) ?? '', device.id);
    const port = edge.bound.find((listener) => listener.transport === transport)?.port ?? 0;
    const scripted = await scriptedPhone(t, { edge: { address: '127.0.0.1', port }, userName: device.userName, password, domain: account.sipDomain, transport });
    return {
      ...scripted, device, password,
      async arrive() {
        const answer = await scripted.register({ headers: [['User-Agent', userAgent]] });
        if (answer.status !== 200) throw new Error(`not registered: ${answer.raw}`);
      },
    };
  };
  /** A registered phone. */
  const arrived = async (t: Test, kind?: PhoneKind): Promise<DeskPhone> => {
    const there = await phone(t, kind);
    await there.arrive();
    return there;
  };
  /** What is kept of a phone's re-sync. */
  const now = (deviceId: DeviceId) => deps.stores.deviceResyncs.get(deviceId);
  return { ...office, app, edge, location, notifierOf, notifier: notifierOf(t), phone, arrived, stepTo, stepRefused, now };
}
