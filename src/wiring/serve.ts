import { createLog } from '../observability/log.js';
import { EDGE_FIGURES } from '../observability/edge-figures.js';
import { PHONE_FILE_FIGURES } from '../observability/phone-file-figures.js';
import { TRUNK_FIGURES } from '../observability/trunk-figures.js';
import { createMetrics } from '../observability/metrics.js';
import { join } from 'node:path';
import { packageRoot, packageVersion } from '../config/paths.js';
import { createSetUpGuides } from '../rendering/set-up-guides.js';
import { sipAddress, type Settings } from '../config/settings.js';
import { createHttpApp, startHttpServer } from '../http/server.js';
import { jobTable } from '../jobs/job-table.js';
import { retryWishes } from '../usecases/entitlements/retry-wishes.js';
import { runJobs } from '../jobs/run-jobs.js';
import { runRecordFolding } from '../jobs/record-folding.js';
import { readAuthorities } from '../security/authority-reader.js';
import { createContentHash } from '../security/content-hash.js';
import { ensureDemo } from '../usecases/admin/ensure-demo.js';
import { createPromptConverter } from '../sound/prompt-converter.js';
import { createAccountPromptFollower } from '../usecases/prompts/follow-account-prompts.js';
import { createPurgeRates } from '../usecases/charges/purge-rates.js';
import { createKeepSpending } from '../usecases/fraud/keep-spending.js';
import { createRecordCalls } from '../usecases/record-call.js';
import { createImportWork, type ImportWork } from '../usecases/exchange/run-imports.js';
import { createRunCampaigns } from '../usecases/resyncs/run-campaigns.js';
import { createSweepBindings } from '../usecases/sweep-bindings.js';
import { credentialsText, demoTable, readyText } from './announce.js';
import { startCalls, type CallsPart } from './calls.js';
import { machineNames, openCertificates, type Certificates } from './certificates.js';
import { createCore, type Core } from './core.js';
import { openDataDir } from './data-dir.js';
import { emergencyUsersOf, informEdge } from './edge-protection.js';
import { externalEdge, startEdgeWorker, type EdgeHandle } from './edge.js';
import { ensureFirstStart } from './first-start.js';
import { purgeHotDesk, startHotDesk, type HotDeskPart } from './hot-desk.js';
import { LifeCycle } from './life-cycle.js';
import { purgeMail, startMail } from './mail.js';
import { startMedia, type MediaPart } from './media.js';
import { createPhoneFilesPart, purgeProvisioning, type PhoneFilesPart } from './phone-files.js';
import { startPostgres, type PostgresPart } from './postgres.js';
import { createRedirectPart, type RedirectPart } from './redirect.js';
import { startRedis, type RedisPart } from './redis.js';
import { startFraud, type FraudPart } from './fraud.js';
import { startSafety } from './safety.js';
import { startTrunks } from './trunks.js';
import type { SetUpGuides } from '../ports/set-up-guides.js';
import { StartProblem, hasCode } from './start-problem.js';
import { whenToEnd } from './when-to-end.js';

export interface ServeOptions {
  readonly demo: boolean;
  readonly notServed: readonly string[];
}

/** From the first signal on, so much is left until the process ends come what may. */
const STOP_DEADLINE_MS = 9000;
const DAY_MS = 86_400_000;

/**
 * Runs the product until a signal or the death of a part; resolves with the exit code. Parts start in the order written
 * here and stop in reverse.
 */
export async function serve(settings: Settings, options: ServeOptions): Promise<number> {
  const log = createLog(settings.logLevel, settings.logFormat);
  const life = new LifeCycle(log);
  const end = whenToEnd(log);
  let emergenciesOver: () => Promise<void> = () => Promise.resolve();
  for (const name of options.notServed) log.warn('setting has no effect in this version', { setting: name });
  try {
    const dataDir = await life.start('data folder', async () => {
      const opened = await openDataDir(settings.dataDir);
      return { value: opened, stop: () => opened.release() };
    });
    const core = createCore(settings, dataDir, log, end.die);
    const redis = await startRedis(life, core);
    const postgres = await startPostgres(life, core, redis.configHint);
    const first = await ensureFirstStart(core, postgres.admin);
    await postgres.directory.load();
    const demoPhones = options.demo ? await ensureDemo(postgres.admin) : [];
    const recordCalls = await startRecords(life, core, redis, postgres);
    const certificates = await life.start('certificates', () => openCertificates({
      files: settings.tlsCert === undefined || settings.tlsKey === undefined ? undefined : { cert: settings.tlsCert, key: settings.tlsKey },
      folder: `${dataDir.path}/tls`, names: [first.account.sipDomain, ...(settings.publicAddress === undefined ? [] : [settings.publicAddress]), ...machineNames()], clock: core.clock, log,
    }));
    end.onReload(() => certificates.reload());
    const edge = await life.start('sip edge', () => startEdge(core, certificates, postgres));
    const media = await life.start('media', () => startMedia(settings, log, end.die));
    await life.start('account prompts', async () => {
      const end = await postgres.directory.follow(createAccountPromptFollower({ stores: postgres.admin.stores, sounds: media.prompts }));
      return { value: undefined, stop: async () => end() };
    });
    const hotDesk = await startHotDesk(life, core, postgres);
    const deliverMail = await startMail(life, core, postgres);
    const trunks = await startTrunks(life, core, postgres, redis);
    const safety = await startSafety(life, core, { redis, postgres, hotDesk, deliverMail, trunks });
    const fraud = await startFraud(life, core, { redis, postgres });
    const calls = await startCalls(life, core, { redis, postgres, edge, media, hotDesk, safety, trunks, fraud });
    emergenciesOver = () => calls.sip.drain();
    postgres.deviceCalls.bind(calls.sip.deviceCalls);
    await life.start('edge informer', async () => {
      const informer = informEdge(edge.admin, { trunkAddresses: () => trunks.addresses.every(), directory: postgres.directory, locations: redis.location, clock: core.clock, log });
      return { value: informer, stop: () => informer.stop() };
    });
    const phoneFiles = createPhoneFilesPart(core, postgres, edge, certificates);
    const redirect = createRedirectPart(core, postgres, phoneFiles.sources);
    const setUpGuides = createSetUpGuides(join(packageRoot(), 'provisioning-templates'));
    const importWork = createImportWork({ ...postgres.admin, enrolling: phoneFiles.sources, setUpGuides, locations: redis.location });
    await life.start('jobs', async () => {
      const jobs = runJobs(jobTable({
        sweepBindings: createSweepBindings({ location: redis.location, clock: core.clock }),
        sweepOutbox: () => postgres.uow.sweepOutbox(),
        directory: postgres.directory, recordCalls, renewCalls: () => redis.location.leases.renew(),
        keepSpending: createKeepSpending({ stores: postgres.admin.stores, guards: fraud.book, calls: calls.sip.callControl, counters: fraud.counters, clock: core.clock }),
        keepNatOpen: calls.keepNatOpen, resyncs: calls.resyncs,
        runCampaigns: createRunCampaigns({ ...postgres.admin, clock: core.clock, log }),
        runImports: () => importWork.run(),
        sweepSessions: hotDesk.hotDesk.sweepSessions, finishDraining: () => hotDesk.hotDesk.finishDraining.sweep(),
        exchangeCallBackPins: () => redis.callBackPins.exchange(),
        resolveGateways: () => trunks.addresses.tick(), watchAlerts: safety.watchAlerts, sweepEmergencyNotices: () => safety.emergencyCalls.sweep(),
        handOnEvents: hotDesk.handOnEvents, deliverWebhooks: () => hotDesk.deliverWebhooks.tick(), deliverMail, tellRedirectServices: redirect.tell,
        retryWishes: () => retryWishes(postgres.admin),
        purge: async () => {
          await postgres.retention.purge({ outbox: core.clock.now() - DAY_MS, callEvents: core.clock.now() - 7 * DAY_MS });
          await postgres.retention.purgeAccess({ now: core.clock.now(), answers: core.clock.now() - DAY_MS });
          await purgeHotDesk(core, postgres);
          await postgres.admin.stores.imports.forget(core.clock.now() - 30 * DAY_MS);
          await purgeMail(core, postgres);
          await purgeProvisioning(core, postgres);
          await postgres.admin.stores.entitlementWishes.purge(core.clock.now() - 90 * DAY_MS);
        },
        purgeRates: createPurgeRates({ stores: postgres.admin.stores, clock: core.clock }),
      }), log);
      return { value: jobs, stop: () => jobs.stop() };
    });
    const { http, https } = await startHttp(life, core, { redis, postgres, calls, fraud, edge, media, hotDesk, phoneFiles, redirect, certificates, setUpGuides, importWork }, end.ending);

    const sipServer = `${first.account.sipDomain}:${settings.sipPort}`;
    log.info('ready', { http: http.port, https, sip: edge.listeners, sipDomain: first.account.sipDomain });
    process.stdout.write(readyText({
      http: `http://${settings.httpBind === '0.0.0.0' ? '127.0.0.1' : settings.httpBind}:${http.port}`, https: phoneFiles.sources.provisioningOrigin(),
      sip: edge.listeners.map(({ transport, host, port }) => `${transport} ${host}:${port}`), sipDomain: sipServer,
    }));
    if (first.isNew && first.credentials) process.stdout.write(credentialsText(first.credentials, `${dataDir.path}/admin.json`));
    if (options.demo) process.stdout.write(demoTable(demoPhones, sipServer, first.account.policy.featureCodes));
  } catch (error) {
    await life.stop('start failed');
    throw error instanceof StartProblem || !hasCode(error, 'EADDRINUSE') ? error
      : new StartProblem(`a port is taken by another program: ${error instanceof Error ? error.message : ''}`, error);
  }
  const code = await end.promise;
  // Call policy rule 1: a stop does not cut off a call for help, and takes another one meanwhile.
  if (code === 0) await Promise.race([emergenciesOver(), end.hurried]);
  setTimeout(() => {
    log.error('stopping took too long, ending at once');
    process.exit(1);
  }, STOP_DEADLINE_MS).unref();
  await life.stop('shutdown');
  log.info('stopped');
  return code;
}

async function startEdge(core: Core, certificates: Certificates, postgres: PostgresPart) {
  const { drachtioUrl, drachtioSecret } = core.settings;
  if (drachtioUrl !== undefined) return externalEdge(drachtioUrl, drachtioSecret ?? '');
  const edge = await startEdgeWorker(core.settings, certificates.current(), emergencyUsersOf(postgres.directory), core.log, core.onDeath);
  certificates.onChange((pair) => edge.value.setCertificates(pair));
  return edge;
}

/** Call records: what an earlier run left is folded and closed before new calls come, the rest as it comes. */
async function startRecords(life: LifeCycle, core: Core, redis: RedisPart, postgres: PostgresPart) {
  const { log, clock } = core;
  const recordCalls = createRecordCalls({
    reader: redis.reader, sink: postgres.records, leases: redis.leases, nodeId: core.settings.nodeId, clock, log,
  });
  return life.start('call records', async () => {
    await recordCalls.recover();
    const loop = runRecordFolding(recordCalls, log);
    return {
      value: recordCalls,
      stop: async () => {
        await redis.callLog.flush();
        await loop.stop();
      },
    };
  });
}

/** What a phone is told: the domain, and where to send to when the name alone does not lead here. */
function sipReachOf(settings: Settings, domain: string): { domain: string; outboundProxy: string } {
  const at = settings.publicAddress ?? sipAddress(settings);
  const port = settings.sipPort === 5060 ? '' : `:${settings.sipPort}`;
  return { domain: `${domain}${port}`, outboundProxy: at === domain ? '' : `${at}${port}` };
}

interface HttpParts {
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

async function startHttp(life: LifeCycle, core: Core, parts: HttpParts, ending: () => boolean) {
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
    ...hotDesk.webhooks, ...postgres.admin, ...phoneFiles.sources, enrolling: phoneFiles.sources, redirectServices: redirect.services, hotDesk: hotDesk.hotDesk,
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
