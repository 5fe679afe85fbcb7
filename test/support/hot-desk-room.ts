/**
 * Desk phones that dial star codes: the SIP application on the real edge, Redis and PostgreSQL, real RTP, the real verbs.
 *
 *   const room = await startRoom(t);
 *   const [owner, guest] = await room.sit(['1001', '1002']);
 *   const phone = await room.phone(await room.desk(owner.extension.id));
 *   const call = await phone.dialCode('*91');
 *   await call.hears('en/enter-extension');
 *   call.type('1002#');
 */
import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';
import type { Device } from '../../src/domain/device/device.js';
import { NO_TRUNKS } from '../../src/domain/routing/trunk-routes.js';
import type { DeviceId } from '../../src/domain/ids.js';
import type { DeviceNotifier } from '../../src/ports/call-control.js';
import type { MediaGateway } from '../../src/ports/media.js';
import { hashText, systemRandom } from '../../src/security/random.js';
import { createAuthenticateRequest } from '../../src/usecases/authenticate-request.js';
import { createIdentifyCaller } from '../../src/usecases/identify-caller.js';
import { createPlaceCall } from '../../src/usecases/place-call.js';
import { createReachability } from '../../src/usecases/reachability.js';
import { createRegisterDevice } from '../../src/usecases/register-device.js';
import { createPhoneActivation } from '../../src/usecases/activation/create-phone-activation.js';
import { createDeviceLock } from '../../src/usecases/hotdesk/create-device-lock.js';
import { createSignIn } from '../../src/usecases/hotdesk/create-sign-in.js';
import { createSignOut } from '../../src/usecases/hotdesk/create-sign-out.js';
import { createAccountPromptFollower } from '../../src/usecases/prompts/follow-account-prompts.js';
import { createSipApp } from '../../sip/app/app.js';
import type { MediaPaths } from '../../sip/app/calls/media-path.js';
import type { FeatureCodes } from '../../sip/app/feature-codes/feature-call.js';
import { startEdge, type EdgeOptions } from '../../sip/edge/edge.js';
import { silentLog } from '../../sip/edge/log.js';
import { codePhone } from './code-phone.js';
import { furnish, hotDeskNode } from './hot-desk-office.js';
import { mediaBed } from './media-bed.js';
import { startTestEmbedded } from './postgres.js';
import { recognisablePrompts } from './prompt-ear.js';
import { startTestRedis } from './redis.js';
import { newId } from './sample-account.js';
import { scriptedPhone } from './scripted-phone.js';
import { recordCalls } from './sip-office.js';

const SECRET = 'room secret';

export interface RoomOptions {
  readonly gateway?: MediaGateway;
  readonly longestMs?: number;
  readonly promptFrames?: number;
  readonly edge?: Partial<Pick<EdgeOptions, 'timers' | 'listeners'>>;
  /** Sound of calls between phones. */
  readonly media?: MediaPaths;
  /** Puts something between the driver and the verbs. */
  readonly verbs?: (verbs: Pick<FeatureCodes, 'signIn' | 'signOut' | 'deviceLock'>) => Partial<FeatureCodes>;
}

export async function startRoom(t: Test, options: RoomOptions = {}) {
  const postgres = await startTestEmbedded(t);
  const clock = { now: () => Date.now(), advance: () => undefined };
  const node = await hotDeskNode(await postgres.open(t), clock, { pin: randomBytes(32), box: randomBytes(32) }, 'node-1');
  const furniture = await furnish(node);
  const { directory, log } = node;
  const redis = await startTestRedis(t);
  const { service: location } = await redis.location();
  const edge = await startEdge({
    listeners: [{ transport: 'udp', host: '127.0.0.1', port: 0 }, { transport: 'tcp', host: '127.0.0.1', port: 0 }],
    admin: { host: '127.0.0.1', port: 0, secret: SECRET }, localNetworks: ['127.0.0.0/8'], log: silentLog, ...options.edge,
  });
  t.teardown(() => edge.stop());
  const bed = mediaBed();
  t.teardown(() => bed.stop());
  const ear = recognisablePrompts(bed.prompts, ['en', 'de'], options.promptFrames);
  await directory.follow(createAccountPromptFollower({ stores: node.deps.stores, sounds: bed.prompts }));

  const told: { readonly deviceId: DeviceId; readonly fence: number; readonly inCalls: number }[] = [];
  const waiting = new Set<() => void>();
  const notifier: DeviceNotifier = {
    resync: (deviceId, fence) => {
      const inCalls = app.callControl.list(furniture.account.id).filter(({ caller }) => caller.deviceId === deviceId).length;
      told.push({ deviceId, fence, inCalls });
      for (const look of waiting) look();
      return Promise.resolve({ kind: 'asked' });
    },
  };
  const deps = { ...node.deps, pause: (ms: number) => sleep(ms) };
  const verbs = { signIn: createSignIn(deps), signOut: createSignOut(deps), deviceLock: createDeviceLock(deps), activation: createPhoneActivation(deps) };
  const reachability = createReachability();
  const authenticate = createAuthenticateRequest({
    directory, clock, random: systemRandom, hash: hashText, hostAliases: ['127.0.0.1'],
    mac: (text, bytes) => createHmac('sha256', 'key').update(text).digest().subarray(0, bytes).toString('base64url'),
  });
  const calls = recordCalls();
  const app = createSipApp({
    control: { ...edge.admin, secret: SECRET }, directory, location, authenticate, clock, log, nodeId: 'node-1', callLog: calls,
    ids: { next: () => newId() },
    ...(options.media === undefined ? {} : { media: options.media }),
    registerDevice: createRegisterDevice({ location, reachability, clock, jitter: () => 0 }),
    identifyCaller: createIdentifyCaller({ directory, location, authenticate }),
    placeCall: createPlaceCall({ directory, location, reachability, trunks: () => NO_TRUNKS }),
    featureCodes: {
      ...verbs, ...options.verbs?.(verbs), media: { endpoints: bed.media, gateway: options.gateway ?? null }, notifier,
      ...(options.longestMs === undefined ? {} : { longestMs: options.longestMs }),
    },
  });
  await app.start();
  t.teardown(() => app.stop('shutdown'));

  /** What is typed into the phone. */
  const lineOf = async (device: Device) => {
    const sealed = await node.deps.stores.devices.sealedPassword(device.id);
    if (sealed === null) throw new Error('no password');
    return { userName: device.userName, password: node.deps.secretBox.open(sealed, device.id), domain: furniture.account.sipDomain };
  };
  const portOf = (transport: 'udp' | 'tcp' | 'ws'): number => {
    const listener = edge.bound.find((one) => one.transport === transport);
    if (listener === undefined) throw new Error(`no listener for ${transport}`);
    return listener.port;
  };
  /** A registered phone on the device. */
  const phone = async (device: Device, transport: 'udp' | 'tcp' = 'udp') => {
    const scripted = await scriptedPhone(t, { edge: { address: '127.0.0.1', port: portOf(transport) }, ...await lineOf(device), transport });
    const answer = await scripted.register();
    if (answer.status !== 200) throw new Error(`not registered: ${answer.raw}`);
    return { ...codePhone(t, scripted, ear), device };
  };
  /** What was told of these phones, once it is so much. */
  const toldOf = async (count: number, ...phones: readonly { readonly device: Device }[]) => {
    const concerned = () => told.filter(({ deviceId }) => phones.some(({ device }) => device.id === deviceId));
    if (concerned().length < count) {
      await new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`told ${concerned().length} times, not ${count}`)), 10_000);
        const look = (): void => {
          if (concerned().length < count) return;
          clearTimeout(late);
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
      });
    }
    return concerned();
  };
  return {
    ...node, ...furniture, phone, lineOf, portOf, toldOf, activation: verbs.activation, app, edge, calls, bed, ear, redis,
    /** Who sits at the device: the user's id, null = its owner. */
    guestAt: (device: Pick<Device, 'id'>) => directory.guestOf(device.id)?.userId ?? null,
  };
}
export type Room = Awaited<ReturnType<typeof startRoom>>;
export type RoomPhone = Awaited<ReturnType<Room['phone']>>;
