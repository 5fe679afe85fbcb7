import { schedule } from 'node-cron';
import { StorageFault, type Log } from '../ports/runtime.js';
import type { Job } from './job-table.js';

export interface RunningJobs {
  /** No job starts any more; resolves when those that run have ended. */
  stop(): Promise<void>;
}

/**
 * Runs each job by its schedule, never twice at once. A job that fails is tried again at its next turn; the log shows
 * when it began to fail and when it recovered, not every time.
 */
export function runJobs(jobs: readonly Job[], log: Log): RunningJobs {
  const running = new Set<Promise<void>>();
  const tasks = jobs.map((job) => {
    let busy = false;
    let failing = false;
    const attempt = async (): Promise<void> => {
      busy = true;
      try {
        await job.run();
        if (failing) log.info('job recovered', { job: job.name });
        failing = false;
      } catch (error) {
        if (!failing) log[error instanceof StorageFault ? 'warn' : 'error']('job failed', { job: job.name, err: error });
        failing = true;
      } finally {
        busy = false;
      }
    };
    const options = { name: job.name, suppressMissedWarning: true };
    return schedule(job.schedule, () => {
      if (busy) return;
      const turn = attempt().finally(() => running.delete(turn));
      running.add(turn);
    }, options);
  });
  return {
    async stop() {
      for (const task of tasks) await task.destroy();
      await Promise.all(running);
    },
  };
}
