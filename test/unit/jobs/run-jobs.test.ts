import t from 'tap';
import { StorageFault } from '../../../src/ports/runtime.js';
import { jobTable } from '../../../src/jobs/job-table.js';
import { runJobs } from '../../../src/jobs/run-jobs.js';
import { createTestLog } from '../../support/redis.js';

t.test('a job runs by its schedule, never twice at once, and a stop waits for it', async (t) => {
  let running = 0;
  let most = 0;
  let turns = 0;
  let release = (): void => undefined;
  let begun = (): void => undefined;
  const started = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const log = createTestLog();
  const other: string[] = [];
  let others = (): void => undefined;
  const twice = new Promise<void>((resolve) => {
    others = resolve;
  });
  const jobs = runJobs([
    {
      name: 'slow', schedule: '* * * * * *', run: async () => {
        running += 1;
        turns += 1;
        most = Math.max(most, running);
        begun();
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        running -= 1;
      },
    },
    {
      name: 'other', schedule: '* * * * * *', run: async () => {
        other.push('turn');
        if (other.length === 2) others();
        if (other.length === 1) throw new StorageFault('redis', new Error('away'));
      },
    },
  ], log);
  await started;
  await twice;
  t.equal(most, 1);
  t.equal(turns, 1, 'the second turn found it busy');
  let stopped = false;
  const stopping = jobs.stop().then(() => {
    stopped = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  t.notOk(stopped, 'a stop waits');
  release();
  await stopping;
  t.same(log.lines.map(({ level, event }) => `${level} ${event}`), ['warn job failed', 'info job recovered']);
});

t.test('each job of the table has a verb', async (t) => {
  const done: string[] = [];
  const verb = (name: string) => async (): Promise<number> => done.push(name);
  const table = jobTable({
    sweepBindings: verb('sweepBindings'), sweepOutbox: verb('sweepOutbox'), directory: { catchUp: async () => void done.push('catchUp') },
    recordCalls: { renewLease: async () => void done.push('renewLease'), closeLost: async () => void done.push('closeLost') },
    keepNatOpen: { tick: async () => void done.push('tick') }, runCampaigns: verb('runCampaigns'), resyncs: { tick: async () => void done.push('resyncs') }, purge: verb('purge'), renewCalls: verb('renewCalls'), keepSpending: verb('keepSpending'),
    exchangeCallBackPins: verb('exchangeCallBackPins'), watchAlerts: verb('watchAlerts'), resolveGateways: verb('resolveGateways'), sweepEmergencyNotices: verb('sweepEmergencyNotices'),
    sweepSessions: verb('sweepSessions'), finishDraining: verb('finishDraining'), handOnEvents: verb('handOnEvents'), deliverMail: verb('deliverMail'), deliverWebhooks: verb('deliverWebhooks'),
    tellRedirectServices: verb('tellRedirectServices'), runImports: verb('runImports'), retryWishes: verb('retryWishes'), purgeRates: verb('purgeRates'),
  });
  for (const job of table) await job.run();
  t.same(done, ['sweepBindings', 'sweepOutbox', 'catchUp', 'tick', 'runImports', 'sweepSessions', 'finishDraining', 'exchangeCallBackPins', 'handOnEvents', 'deliverWebhooks', 'deliverMail', 'runCampaigns', 'resyncs', 'renewLease', 'tellRedirectServices', 'keepSpending', 'renewCalls', 'closeLost', 'resolveGateways', 'retryWishes', 'watchAlerts', 'sweepEmergencyNotices', 'purge', 'purgeRates']);
  t.equal(new Set(table.map(({ name }) => name)).size, table.length);
});
