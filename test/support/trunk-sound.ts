/** Whole calls between a phone and a carrier with real RTP, plain or encrypted, each side by its own keys. */
import { randomBytes } from 'node:crypto';
import type { Test } from 'tap';
import { createMediaPaths } from '../../sip/app/calls/media-path.js';
import type { SrtpMode } from '../../src/domain/provisioning/phone-configuration.js';
import type { Trunk } from '../../src/domain/trunk/trunk.js';
import type { MediaGateway } from '../../src/ports/media.js';
import { placeId } from '../../src/storage/postgres/setting-index.js';
import { aCarrier, callerWithPlan, trunkOver, type Carrier } from './carriers.js';
import { createTestLog } from './redis.js';
import { mediaPort, RtpPhone } from './rtp-phone.js';
import { aTrunk } from './sample-trunk.js';
import type { PhoneCall } from './scripted-phone.js';
import { startOffice, type Office } from './sip-office.js';
import { SrtpPhone } from './srtp-phone.js';

/** Sound of one side. */
export interface Sound {
  sdp(...changes: readonly string[]): string;
  /** What the other side's SDP says. */
  told(sdp: string): void;
  say(payload: Buffer<ArrayBuffer>): void;
  /** Payloads heard so far; encrypted ones with a right tag alone. */
  heard(): readonly Buffer[];
  until(holds: () => boolean): Promise<void>;
}

export async function plainSound(t: Test): Promise<Sound> {
  const phone = await RtpPhone.open();
  t.teardown(() => phone.close());
  let to = 0;
  return {
    sdp: (...changes) => phone.sdp(...changes),
    told: (sdp) => {
      if (/RTP\/SAVP|a=crypto/.test(sdp)) throw new Error(`not plain: ${sdp}`);
      to = mediaPort(sdp);
    },
    say: (payload) => phone.say(to, { payload }),
    heard: () => phone.heard.map(({ payload }) => payload),
    until: (holds) => phone.until(holds),
  };
}

export async function encryptedSound(t: Test): Promise<Sound> {
  const phone = await SrtpPhone.open();
  t.teardown(() => phone.close());
  return {
    sdp: (...changes) => phone.sdp(...changes), told: (sdp) => phone.told(sdp), say: (payload) => phone.say(payload), heard: () => phone.heard,
    until: (holds) => phone.until(holds),
  };
}

const FRAMES = 25;
const PATIENCE_MS = 5_000;

/** Half a second of sound both ways: every frame is heard, unchanged and in order. */
export async function converse(t: Test, a: Sound, b: Sound, rule: string): Promise<void> {
  const [fromA, fromB] = [frames(), frames()];
  for (let at = 0; at < FRAMES; at += 1) {
    a.say(fromA[at] ?? Buffer.alloc(160));
    b.say(fromB[at] ?? Buffer.alloc(160));
    // Neither a burst nor a pause: a jitter buffer that sorts may hold back what comes at once.
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  t.same(await Promise.all([share(b, fromA), share(a, fromB)]), [FRAMES, FRAMES], rule);
}

const frames = (): readonly Buffer<ArrayBuffer>[] => Array.from({ length: FRAMES }, () => randomBytes(160));

/** How many of these frames were heard, as long as they came in order. */
async function share(by: Sound, sent: readonly Buffer[]): Promise<number> {
  const known = (): readonly number[] => by.heard().map((payload) => sent.findIndex((frame) => frame.equals(payload))).filter((at) => at >= 0);
  let late: NodeJS.Timeout | undefined;
  await Promise.race([by.until(() => known().length >= sent.length), new Promise((resolve) => (late = setTimeout(resolve, PATIENCE_MS)))]);
  clearTimeout(late);
  return known().filter((at, index) => at === index).length;
}

export interface SoundScene {
  readonly office: Office;
  /** Went past the gateway though one was wanted. */
  readonly unrelayed: () => number;
  /** A phone of somebody with a number, and a carrier on a trunk of its own. */
  pair(t: Test, media: Partial<Trunk['media']>, phone: Sound, carrier: Sound, srtp?: SrtpMode): Promise<SoundPair>;
}

export interface SoundPair {
  readonly phone: Awaited<ReturnType<typeof callerWithPlan>>;
  readonly carrier: Carrier;
  /** A number that the carrier takes. */
  readonly dialled: string;
  /** From the phone to the carrier, answered; each side is told what it got. */
  out(): Promise<SoundCall>;
  /** The other way. */
  in(): Promise<SoundCall>;
}

export interface SoundCall {
  readonly phone: PhoneCall;
  readonly carrier: PhoneCall;
  /** SDP that each got. */
  readonly towardPhone: string;
  readonly towardCarrier: string;
  hangUp(): Promise<void>;
}

/** An office whose calls find their way of sound by this gateway, where they need one. */
export async function soundScene(t: Test, gateway: MediaGateway): Promise<SoundScene> {
  const media = createMediaPaths(gateway, 'auto', createTestLog());
  const office = await startOffice(t, { media });
  let last = 100;
  return {
    office, unrelayed: () => media.figures()['unrelayed_descriptions'] ?? -1,
    async pair(t, policy, phoneSound, carrierSound, srtp = 'off') {
      const number = `+12125550${last += 1}`;
      const dialled = `+1617555${String(last).padStart(4, '0')}`;
      const carrier = await aCarrier(t, office);
      const usual = aTrunk(office.account.id);
      const trunk = trunkOver(office, [carrier], { media: { ...usual.media, ...policy }, routes: usual.routes.map((route) => ({ ...route, prefix: dialled })) });
      t.teardown(() => office.directory.trunks.removeTrunk(trunk.id));
      const phone = await callerWithPlan(office, String(last), number);
      office.directory.settings.replace(placeId('device', phone.device.id), [{ scope: 'device', key: 'desk-phone-srtp', value: srtp, locked: false }]);
      const established = (phoneCall: PhoneCall, carrierCall: PhoneCall, towardPhone: string, towardCarrier: string, first: 'phone' | 'carrier'): SoundCall => ({
        phone: phoneCall, carrier: carrierCall, towardPhone, towardCarrier,
        async hangUp() {
          const [ends, hears] = first === 'phone' ? [phoneCall, carrierCall] : [carrierCall, phoneCall];
          await Promise.all([ends.hangUp(), hears.hungUp()]);
        },
      });
      return {
        phone, carrier, dialled,
        async out() {
          const call = await phone.dial(dialled, { body: phoneSound.sdp() });
          const rung = await carrier.called();
          carrierSound.told(rung.invite.body);
          const acked = rung.answer(carrierSound.sdp());
          const ok = await call.response(200);
          phoneSound.told(ok.body);
          await call.ack(ok);
          await acked;
          return established(call, rung, ok.body, rung.invite.body, 'phone');
        },
        async in() {
          const call = await carrier.dial(number, { uri: `sip:${number}@127.0.0.1`, body: carrierSound.sdp(), withoutCredentials: true });
          const rung = await phone.called();
          phoneSound.told(rung.invite.body);
          const acked = rung.answer(phoneSound.sdp());
          const ok = await call.response(200);
          carrierSound.told(ok.body);
          await call.ack(ok);
          await acked;
          return established(rung, call, rung.invite.body, ok.body, 'carrier');
        },
      };
    },
  };
}

/** A re-INVITE from one side of a call to the other, with the sound they have; both are told anew. Resolves with the offer as it came. */
export async function offerAgain(from: PhoneCall, to: PhoneCall, fromSound: Sound, toSound: Sound, direction: 'sendrecv' | 'sendonly' = 'sendrecv'): Promise<string> {
  const answered = from.request('INVITE', { body: fromSound.sdp(`a=${direction}`) });
  const asked = await to.incoming('INVITE');
  toSound.told(asked.body);
  await to.reply(asked, 200, 'OK', toSound.sdp(direction === 'sendonly' ? 'a=recvonly' : 'a=sendrecv'));
  const ok = await answered;
  if (ok.status !== 200) throw new Error(`re-INVITE: ${ok.raw}`);
  fromSound.told(ok.body);
  await from.ack(ok);
  await to.incoming('ACK');
  return asked.body;
}
