import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ProgramLog } from '../support/product-log.js';
import { endWithUs } from '../support/product-process.js';

export interface Program {
  readonly pid: number;
  readonly log: ProgramLog;
  /** Resolves when it has ended, whoever ended it. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Starts a program and waits for a line of its output. Rejects with its last lines when it ends first. */
export async function beginProgram(
  command: string, args: readonly string[], readyLine: RegExp, env: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], ...env } });
  endWithUs(child.pid);
  const log = new ProgramLog();
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  const ready = new Promise<void>((resolve, reject) => {
    log.follow(({ raw }) => { if (readyLine.test(raw)) resolve(); });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}\n${log.tail()}`)));
  });
  log.read(child.stdout);
  log.read(child.stderr);
  await ready;
  return {
    pid: child.pid ?? 0, log, ended,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 5000);
      await once(child, 'exit');
      clearTimeout(late);
    },
  };
}

/** A Redis for a peer, with the persistence the product's own has: append-only, synced each second. */
export function beginRedis(folder: string, at: { readonly port: number } | { readonly socket: string }): Promise<Program> {
  const where = 'port' in at ? ['--port', String(at.port), '--bind', '127.0.0.1'] : ['--port', '0', '--unixsocket', at.socket];
  return beginProgram('redis-server', [...where, '--dir', folder, '--save', '', '--appendonly', 'yes'], /ready to accept/i);
}
