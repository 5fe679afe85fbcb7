/** Calls whose sound goes through a gateway: phones with real RTP, some of them behind NAT. */
import type { Test } from 'tap';
import { createMediaPaths, type RelayWhen } from '../../sip/app/calls/media-path.js';
import { RelayGateway } from '../../sip/media/gateway/relay-gateway.js';
import type { MediaGateway } from '../../src/ports/media.js';
import { freeNumber } from './call-scenes.js';
import { mediaBed, type MediaBed } from './media-bed.js';
import { createTestLog } from './redis.js';
import { mediaPort, RtpPhone } from './rtp-phone.js';
import type { PhoneCall } from './scripted-phone.js';
import { startOffice, type Office } from './sip-office.js';

/** A Contact as a phone behind a NAT gives it: its own network's address. */
export const HIDDEN = '<sip:phone@10.9.8.7:5060>';
export type SoundPhone = Awaited<ReturnType<Office['registered']>> & { readonly sound: RtpPhone };

export interface RelayScene {
  readonly office: Office;
  readonly bed: MediaBed;
  readonly unrelayed: () => number;
  /** Registers, behind NAT or not. */
  phone(t: Test, place: 'hidden' | 'open'): Promise<SoundPhone>;
  /** Dials, answers, acknowledges. */
  call(ann: SoundPhone, bob: SoundPhone, contact?: string): Promise<{ ann: PhoneCall; bob: PhoneCall; towardAnn: string; towardBob: string }>;
  /** Resolves once so many relays are there. */
  relays(wanted: number): Promise<void>;
}

export async function relayScene(t: Test, { when = 'auto', bed = mediaBed(), gateway = new RelayGateway(bed.media) }: {
  readonly when?: RelayWhen; readonly bed?: MediaBed; readonly gateway?: MediaGateway;
} = {}): Promise<RelayScene> {
  const log = createTestLog();
  const media = createMediaPaths(gateway, when, log);
  const office = await startOffice(t, { media });
  t.teardown(() => bed.stop());
  return {
    office, bed, unrelayed: () => media.figures()['unrelayed_descriptions'] ?? -1,
    async phone(t, place) {
      const phone = await office.registered(freeNumber(), 'Phone');
      if (place === 'hidden') {
        const contact = HIDDEN.replace('phone@', `${phone.device.userName}@`);
        await phone.register({ contact: '*', expires: 0 });
        const answer = await phone.register({ contact });
        if (answer.status !== 200) throw new Error(answer.raw);
      }
      const sound = await RtpPhone.open();
      t.teardown(() => sound.close());
      return { ...phone, sound };
    },
    async call(ann, bob, contact) {
      const call = await ann.dial(bob.extension.number, { body: ann.sound.sdp(), ...(contact === undefined ? {} : { contact }) });
      const rung = await bob.called();
      const acked = rung.answer(bob.sound.sdp());
      const ok = await call.response(200);
      await call.ack(ok);
      await acked;
      return { ann: call, bob: rung, towardAnn: ok.body, towardBob: rung.invite.body };
    },
    async relays(wanted) {
      for (;;) if ((await bed.media.metrics())['relays'] === wanted) return;
    },
  };
}

/** Each says something into the SDP it was given, and hears the other. */
export async function talk(ann: SoundPhone, bob: SoundPhone, towardAnn: string, towardBob: string): Promise<void> {
  const [annHeard, bobHeard] = [ann.sound.heard.length, bob.sound.heard.length];
  ann.sound.say(mediaPort(towardAnn));
  await bob.sound.until(() => bob.sound.heard.length > bobHeard);
  bob.sound.say(mediaPort(towardBob));
  await ann.sound.until(() => ann.sound.heard.length > annHeard);
}

export async function hangUp(call: { ann: PhoneCall; bob: PhoneCall }): Promise<void> {
  const bye = call.bob.hungUp();
  await call.ann.hangUp();
  await bye;
}
