import { EDGE_FIGURES } from '../observability/edge-figures.js';
import { PHONE_FILE_FIGURES } from '../observability/phone-file-figures.js';
import { TRUNK_FIGURES } from '../observability/trunk-figures.js';
import { createMetrics } from '../observability/metrics.js';
import { packageVersion } from '../config/paths.js';
import { sipAddress, type Settings } from '../config/settings.js';
import { createHttpApp, startHttpServer } from '../http/server.js';
import { readAuthorities } from '../security/authority-reader.js';
import { createContentHash } from '../security/content-hash.js';
import { createPromptConverter } from '../sound/prompt-converter.js';
import type { ImportWork } from '../usecases/exchange/run-imports.js';
import type { CallsPart } from './calls.js';
import type { Certificates } from './certificates.js';
import type { Core } from './core.js';
import type { EdgeHandle } from './edge.js';
import type { HotDeskPart } from './hot-desk.js';
import type { LifeCycle } from './life-cycle.js';
import type { MediaPart } from './media.js';
import type { PhoneFilesPart } from './phone-files.js';
import type { PostgresPart } from './postgres.js';
import { createSamlMessages } from '../security/saml/saml-messages.js';
import type { RedirectPart } from './redirect.js';
import type { RedisPart } from './redis.js';
import type { FraudPart } from './fraud.js';
import type { SetUpGuides } from '../ports/set-up-guides.js';
import { StartProblem, hasCode } from './start-problem.js';

/** What a phone is told: the domain, and where to send to when the name alone does not lead here. */
function sipReachOf(settings: Settings, domain: string): { domain: string; outboundProxy: string } {
  const at = settings.publicAddress ?? sipAddress(settings);
  const port = settings.sipPort === 5060 ? '' : `:${settings.sipPort}`;
  return { domain: `${domain}${port}`, outboundProxy: at === domain ? '' : `${at}${port}` };
}

/** The parts that the API shows and changes. */
export interface HttpParts {
  readonly redis: RedisPart;
  readonly postgres: PostgresPart;
  readonly calls: CallsPart;
  readonly fraud: FraudPart;
  readonly edge: EdgeHandle;
  readonly media: MediaPart;
  readonly hotDesk: HotDeskPart;
  readonly phoneFiles: PhoneFilesPart;
  readonly redirect: RedirectPart;
  readonly setUpGuides: SetUpGuides;
  readonly importWork: ImportWork;
  readonly certificates: Certificates;
}

/** Starts the API, its figures and the phones' file server. @throws StartProblem when the port cannot be had */
export async function startHttp(life: LifeCycle, core: Core, parts: HttpParts, ending: () => boolean) {
  const { redis, postgres, calls, fraud, edge, media, hotDesk, phoneFiles, redirect, certificates, setUpGuides, importWork } = parts;
  const { settings, log } = core;
  const { callControl } = calls.sip;
  const metrics = createMetrics([
    { prefix: 'trunk', families: TRUNK_FIGURES, read: async () => calls.trunkFigures() },
    { prefix: 'redis', read: async () => redis.location.figures() },
    { prefix: 'call_log', read: async () => redis.callLog.figures() },
    {
      prefix: 'edge', families: EDGE_FIGURES,
      read: async () => {
        const values = await edge.admin.metrics();
        return values === 'unsupported' ? {} : values;
      },
    },
    { prefix: 'media', read: async () => ({ ...await media.metrics(), ...calls.mediaFigures() }) },
    { prefix: 'phone_files', families: PHONE_FILE_FIGURES, read: async () => phoneFiles.server.figures() },
  ]);
  const app = createHttpApp({
    ...hotDesk.webhooks, ...postgres.admin, ...phoneFiles.sources, enrolling: phoneFiles.sources, samlMessages: createSamlMessages(), redirectServices: redirect.services, hotDesk: hotDesk.hotDesk,
    prompts: media.prompts, promptConverter: createPromptConverter(), setUpGuides, importWork,
    tokens: core.tokens, rerating: postgres.rerating, fraudCounters: fraud.counters, locations: redis.location, calls: callControl, edge: edge.admin, directory: postgres.directory, explain: calls.explain, trunkWatch: calls.trunkWatch, trunkBox: core.trunkBox,
    readAuthorities, contentHash: createContentHash, largestFirmware: settings.firmwareMaxMb * 1_048_576,
    sipReach: () => sipReachOf(settings, postgres.directory.defaultAccount().sipDomain),
    readiness: async () => ({
      running: !ending(),
      sip: callControl.ready(),
      redis: redis.client.available,
      postgres: await postgres.database.ping().then(() => true, () => false),
    }),
    metrics, log, rateLimits: redis.rateLimits, idempotencyBox: core.idempotencyBox,
    trustedProxies: [],
    version: packageVersion(),
  });
  const http = await life.start('http', async () => {
    const listener = await startHttpServer(phoneFiles.server.overPlain(app), { port: settings.httpPort, host: settings.httpBind }).catch((error: unknown) => {
      const code = ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL'].find((one) => hasCode(error, one));
      throw code === undefined ? error
        : new StartProblem(`HTTP cannot listen on ${settings.httpBind}:${settings.httpPort} (${code}). Free the port, or set HTTP_PORT or HTTP_BIND`, error);
    });
    return { value: listener, stop: () => listener.stop() };
  });
  return { http, https: await phoneFiles.listen(life, certificates, app) };
}
