import { Worker } from 'node:worker_threads';
import { join } from 'node:path';
import { packageRoot } from '../config/paths.js';
import type { Settings } from '../config/settings.js';
import type { MediaEndpoints, MediaGateway, MediaRelays, PromptStore as Prompts } from '../ports/media.js';
import type { Log } from '../ports/runtime.js';
import { AdvertisedAddress, networkList } from '../../sip/edge/transport/local-address.js';
import { RelayGateway } from '../../sip/media/gateway/relay-gateway.js';
import { NgInstances } from '../../sip/media/rtpengine/ng-instances.js';
import { RtpengineGateway } from '../../sip/media/rtpengine/rtpengine-gateway.js';
import { PromptStore } from '../../sip/media/prompts/prompt-store.js';
import { MediaClient } from '../../sip/media/worker/media-client.js';
import type { MediaWorkerData } from '../../sip/media/worker/messages.js';

/** Sound of our own, and relays between parties. */
export interface MediaPart {
  readonly endpoints: MediaEndpoints;
  readonly relays: MediaRelays;
  /** What stands between two parties: rtpengine where there is one, else the relays. */
  readonly gateway: MediaGateway;
  /** Turns SRTP and WebRTC into plain RTP for endpoints; null without rtpengine. */
  readonly converter: MediaGateway | null;
  readonly prompts: Prompts;
  metrics(): Promise<Readonly<Record<string, number>>>;
}

export interface StartedMedia {
  readonly value: MediaPart;
  readonly stop: () => Promise<void>;
}

const STOP_PATIENCE_MS = 2000;
const FALLBACK_LANGUAGE = 'en';

/**
 * Reads the prompts and starts media in a worker thread: its pace must wait for nobody. `onDeath` is called when the thread ends
 * by itself; whatever waits for it is answered first.
 */
export async function startMedia(settings: Settings, log: Log, onDeath: (why: string) => void, folder = join(packageRoot(), 'prompts')): Promise<StartedMedia> {
  const prompts = new PromptStore(FALLBACK_LANGUAGE);
  for (const problem of await prompts.load(folder)) log.warn('prompt left out', { problem });
  const data: MediaWorkerData = {
    ports: { min: settings.rtpPortMin, max: settings.rtpPortMax },
    bind: bindsOf(settings.sipBind),
  };
  const worker = new Worker(new URL('../../sip/media/worker/worker.js', import.meta.url), {
    name: 'sip-media',
    // Datagrams die young, like SIP messages at the edge.
    resourceLimits: { maxYoungGenerationSizeMb: 64 },
    workerData: data,
  });
  const client = new MediaClient(worker, { addressToward: addressesOf(settings), soundOf: (prompt) => prompts.soundOf(prompt) });
  let stopping = false;
  const exited = new Promise<number>((resolve) => {
    worker.once('exit', (code) => {
      client.down();
      if (!stopping) onDeath(`the media thread ended (exit code ${code})`);
      resolve(code);
    });
  });
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    void exited.then((code) => reject(new Error(`the media thread ended at its start (exit code ${code})`)));
    worker.once('error', (error) => {
      reject(error);
      if (!stopping) onDeath(`the media thread failed: ${error.message}`);
    });
  });
  const { rtpengineUrl } = settings;
  const rtpengines = rtpengineUrl === undefined ? null : new NgInstances(rtpengineUrl, {
    onChange: (instance, up) => log.warn(up ? 'rtpengine answers again' : 'rtpengine does not answer', { instance }),
  });
  const converter = rtpengines === null ? null : new RtpengineGateway(rtpengines);
  return {
    value: {
      endpoints: client, relays: client, gateway: converter ?? new RelayGateway(client), converter, prompts,
      metrics: async () => ({ ...await client.metrics(), ...converter?.figures() }),
    },
    async stop() {
      stopping = true;
      rtpengines?.close();
      client.stop();
      const late = setTimeout(() => void worker.terminate(), STOP_PATIENCE_MS);
      await exited;
      clearTimeout(late);
    },
  };
}

/** Media listens where SIP does; the other address family on all interfaces. */
function bindsOf(sipBind: string): MediaWorkerData['bind'] {
  return sipBind.includes(':') ? { IP4: '0.0.0.0', IP6: sipBind } : { IP4: sipBind, IP6: '::' };
}

/** The address SDP names to a peer: the same rule as SIP's own (PUBLIC_ADDRESS, LOCAL_NETWORKS), without brackets. */
function addressesOf(settings: Settings): (peer: string) => string {
  const policy = { localNetworks: networkList(settings.localNetworks), publicAddress: settings.publicAddress };
  const advertised = new AdvertisedAddress(settings.sipBind, 0, policy);
  return (peer) => advertised.towards(peer).host.replace(/^\[|\]$/g, '');
}
