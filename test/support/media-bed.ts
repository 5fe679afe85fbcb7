import type { Test } from 'tap';
import { MessageChannel } from 'node:worker_threads';
import type { CollectSpec, MediaEndpoint, MediaEndpoints, MediaRelays } from '../../src/ports/media.js';
import { encodeAudio, PromptStore } from '../../sip/media/prompts/prompt-store.js';
import type { EncodedAudio } from '../../sip/media/endpoint/playout.js';
import { MediaClient } from '../../sip/media/worker/media-client.js';
import { MediaHost } from '../../sip/media/worker/media-host.js';
import type { ToWorker } from '../../sip/media/worker/messages.js';
import type { PortRange } from '../../sip/media/rtp/port-pair.js';
import { RtpPhone, mediaPort } from './rtp-phone.js';

/** Both sides of the media thread in this one, with the same messages between them. */
export interface MediaBed {
  readonly media: MediaEndpoints & MediaRelays & { metrics(): Promise<Readonly<Record<string, number>>> };
  readonly prompts: PromptStore;
  /** As if the thread had died. */
  die(): void;
  stop(): void;
}

export function mediaBed(ports: PortRange = { min: 20_000, max: 32_000 }): MediaBed {
  const { port1, port2 } = new MessageChannel();
  const prompts = new PromptStore('en');
  const host = new MediaHost({ ports, bind: { IP4: '127.0.0.1', IP6: '::1' } }, (message) => port2.postMessage(message));
  port2.on('message', (message: ToWorker) => {
    if (message.kind !== 'stop') void host.take(message);
  });
  const media = new MediaClient(port1, {
    addressToward: (peer) => (peer.includes(':') ? '::1' : '127.0.0.1'), soundOf: (prompt) => prompts.soundOf(prompt),
  });
  const stop = (): void => {
    host.stop();
    media.down();
    port1.close();
    port2.close();
  };
  return { media, prompts, die: () => media.down(), stop };
}

/** A tone of 8000 samples a second, loud enough to be told from silence. */
export function tone(ms: number, hertz = 440): Int16Array {
  return Int16Array.from({ length: ms * 8 }, (_, at) => Math.round(8000 * Math.sin((2 * Math.PI * hertz * at) / 8000)));
}

export function toneAudio(ms: number, hertz = 440): EncodedAudio {
  return encodeAudio(tone(ms, hertz));
}

/** Answers the offer; throws where it is refused. */
export async function endpointFor(media: MediaEndpoints, sdp: string, options: Partial<Parameters<MediaEndpoints['answer']>[1]> = {}): Promise<{ endpoint: MediaEndpoint; sdp: string }> {
  const outcome = await media.answer(sdp, { peer: '127.0.0.1', ...options });
  if (outcome.kind !== 'endpoint') throw new Error(`refused: ${JSON.stringify(outcome)}`);
  return outcome;
}

export const PIN: CollectSpec = { min: 1, max: 6, terminator: '#', firstDigitMs: 20_000, interDigitMs: 20_000, sensitive: true };

/** Whether a packet of µ-law holds silence. */
export const isSilent = (payload: Buffer): boolean => payload.every((byte) => byte === 0xff);

/** A phone in a call with an endpoint; `sdp` = lines added to its offer. */
export async function inMediaCall(t: Test, { sdp: lines = [], options = {} }: {
  readonly sdp?: readonly string[]; readonly options?: Omit<Parameters<MediaEndpoints['answer']>[1], 'peer'>;
} = {}) {
  const bed = mediaBed();
  const phone = await RtpPhone.open();
  t.teardown(() => {
    bed.stop();
    phone.close();
  });
  const { endpoint, sdp } = await endpointFor(bed.media, phone.sdp(...lines), options);
  return { bed, phone, endpoint, port: mediaPort(sdp), sdp };
}
