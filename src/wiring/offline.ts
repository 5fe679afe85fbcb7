import { createLog } from '../observability/log.js';
import type { Settings } from '../config/settings.js';
import { ensureDemo } from '../usecases/admin/ensure-demo.js';
import { demoTable } from './announce.js';
import { createCore } from './core.js';
import { openDataDir } from './data-dir.js';
import { ensureFirstStart } from './first-start.js';
import { LifeCycle } from './life-cycle.js';
import { startPostgres, type PostgresPart } from './postgres.js';
import type { Core } from './core.js';

/** `cordboard migrate`: the schema is brought up to date, nothing else is started. */
export function runMigrate(settings: Settings): Promise<number> {
  return withDatabase(settings, async () => {
    process.stdout.write('The database schema is up to date.\n');
  });
}

/** `cordboard demo`: makes the demo account in an installation that is not running, and prints its phones. */
export function runDemo(settings: Settings): Promise<number> {
  return withDatabase(settings, async (core, { admin, directory }) => {
    await directory.load();
    const { account } = await ensureFirstStart(core, admin);
    const phones = await ensureDemo(admin);
    process.stdout.write(demoTable(phones, `${account.sipDomain}:${settings.sipPort}`, account.policy.featureCodes));
  });
}

async function withDatabase(settings: Settings, work: (core: Core, part: PostgresPart) => Promise<void>): Promise<number> {
  const log = createLog(settings.logLevel === 'info' ? 'warn' : settings.logLevel, settings.logFormat);
  const life = new LifeCycle(log);
  try {
    const dataDir = await life.start('data folder', async () => {
      const opened = await openDataDir(settings.dataDir);
      return { value: opened, stop: () => opened.release() };
    });
    const core = createCore(settings, dataDir, log, (why) => {
      process.stderr.write(`cordboard: ${why}\n`);
      process.exit(1);
    });
    await work(core, await startPostgres(life, core));
    return 0;
  } finally {
    await life.stop('done');
  }
}
