import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { isIP } from 'node:net';
import { packageRoot } from '../config/paths.js';
import { sipAddress, type Settings } from '../config/settings.js';
import { createPhoneFileServer, type PhoneFileServer } from '../http/provisioning/phone-file-server.js';
import { startHttpServer } from '../http/server.js';
import type { Stores } from '../ports/admin-stores.js';
import type { ChangeFollower } from '../ports/directory.js';
import { createPhoneFiles } from '../rendering/phone-renderer.js';
import { ZoneRules } from '../rendering/zone-transitions.js';
import { hashText } from '../security/random.js';
import { createServePhoneFiles } from '../usecases/provisioning/phone-files.js';
import type { PhoneFileSources } from '../usecases/provisioning/provisioning-deps.js';
import type { Certificates } from './certificates.js';
import type { Core } from './core.js';
import type { EdgeHandle } from './edge.js';
import type { LifeCycle } from './life-cycle.js';
import { createPhoneServer } from './phone-server.js';
import type { PostgresPart } from './postgres.js';
import { systemWallClock } from './local-time.js';
import { StartProblem, hasCode } from './start-problem.js';

/** Files of phones: with what they are made, and who serves them. */
export interface PhoneFilesPart {
  readonly sources: PhoneFileSources;
  readonly server: PhoneFileServer;
  /** Listens with TLS for phones and for `others`; null where the port is left out. */
  listen(life: LifeCycle, certificates: Certificates, others: RequestListener): Promise<number | null>;
}

const USUAL_PORT = 8443;
const DAY_MS = 86_400_000;
/** Fetches and campaigns of re-syncs are looked at for three months; tokens that ended say for a month why a phone is refused. */
const KEPT = { fetchesMs: 90 * DAY_MS, tokensMs: 30 * DAY_MS, campaignsMs: 90 * DAY_MS } as const;

/** @throws TemplateFolderProblem when a template of the installation is wrong */
export function createPhoneFilesPart(core: Core, { admin, directory }: PostgresPart, edge: EdgeHandle, certificates: Certificates): PhoneFilesPart {
  const { settings, clock, ids, log, provisioningMac } = core;
  let port: number | null = null;
  const zones = new ZoneRules();
  const sources: PhoneFileSources = {
    phoneFiles: createPhoneFiles(join(packageRoot(), 'provisioning-templates')),
    provisioningMac, digestHash: hashText,
    zoneRules: (name, at) => zones.rulesOf(name, at),
    wallClock: systemWallClock,
    ...createPhoneServer(settings, edge.listeners, certificates),
    provisioningOrigin: () => (port === null ? null : settings.provisioningUrl ?? originOf(reachedAt(settings), port)),
  };
  const serve = createServePhoneFiles({ ...sources, stores: admin.stores, secretBox: admin.secretBox, random: admin.random, clock, ids, log });
  const server = createPhoneFileServer({ serve, clock, pause: admin.pause, log });
  return {
    sources, server,
    async listen(life, certificates, others) {
      if (settings.httpsPort === 'off') return null;
      const wanted = settings.httpsPort ?? USUAL_PORT;
      return life.start('https', async () => {
        const at = { port: wanted, host: settings.httpBind };
        const listener = await startHttpServer(server.overTls(others), at, certificates.current()).catch((error: unknown) => {
          const code = ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL'].find((one) => hasCode(error, one));
          if (code === undefined) throw error;
          if (settings.httpsPort !== undefined) {
            throw new StartProblem(`HTTPS cannot listen on ${at.host}:${at.port} (${code}). Free the port, or set HTTPS_PORT`, error);
          }
          log.warn('HTTPS is left out, so no phone gets files: its usual port is taken', { port: wanted, code });
          return null;
        });
        if (listener === null) return { value: null, stop: async () => undefined };
        port = listener.port;
        certificates.onChange((pair) => listener.setCertificate(pair));
        const unfollow = await directory.follow(authorityFollower(admin.stores, (authorities) => listener.setClientAuthorities(authorities)));
        return {
          value: listener.port,
          stop: async () => {
            unfollow();
            await listener.stop();
            await server.settled();
          },
        };
      });
    },
  };
}

/** Forgets what nobody will ask for again. */
export async function purgeProvisioning({ clock }: Core, { admin }: PostgresPart): Promise<void> {
  await admin.stores.provisioningFetches.forget(clock.now() - KEPT.fetchesMs);
  await admin.stores.provisioningTokens.forget(clock.now() - KEPT.tokensMs);
  await admin.stores.firmwareImages.forgetUnfinished(clock.now() - DAY_MS);
  await admin.stores.resyncCampaigns.forget(clock.now() - KEPT.campaignsMs);
}

/** Keeps a listener's authorities as they are in the database: every account's, since one handshake serves all. */
function authorityFollower({ deviceAuthorities }: Pick<Stores, 'deviceAuthorities'>, tell: (authorities: readonly string[]) => void): ChangeFollower {
  const load = async (): Promise<void> => tell((await deviceAuthorities.all(null)).map(({ pem }) => pem));
  return { load, apply: async (events) => (events.some(({ aggregate }) => aggregate === 'device_authority') ? load() : undefined) };
}

function reachedAt(settings: Settings): string {
  return settings.publicAddress ?? sipAddress(settings);
}

function originOf(host: string, port: number): string {
  return `https://${isIP(host) === 6 ? `[${host}]` : host}${port === 443 ? '' : `:${port}`}`;
}
