/** The servers that the cases run on, each a process of its own: `bin/cordboard edge`, and a drachtio-server where there is one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startDrachtio } from '../../support/product-drachtio.js';
import { ProgramLog } from '../../support/product-log.js';
import { freePort } from '../../support/product-ports.js';
import { endWithUs } from '../../support/product-process.js';
import { newSrf, type Srf } from './srf.js';
import { ROOT } from '../../support/repository.js';

export interface Server {
  readonly name: 'cordboard' | 'drachtio';
  /** UDP and TCP of 127.0.0.1. */
  readonly sipPort: number;
  readonly control: { readonly host: string; readonly port: number; readonly secret: string };
  readonly log: ProgramLog;
  stop(): Promise<void>;
}

const SECRET = 'conformance secret';

export async function startEdgeProcess(): Promise<Server> {
  const sipPort = await freePort();
  const child = spawn(join(ROOT, 'bin', 'cordboard'), [
    'edge', '--admin', '127.0.0.1:0', '--secret', SECRET, '--listen', `udp:127.0.0.1:${sipPort}`, '--listen', `tcp:127.0.0.1:${sipPort}`,
  ], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: process.env['TMPDIR'] } });
  endWithUs(child.pid);
  const log = new ProgramLog();
  log.read(child.stderr);
  const ended = once(child, 'exit');
  const line = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended.then(() => null)]);
  if (line === null) throw new Error(`the edge did not start\n${log.tail()}`);
  const ready = JSON.parse(String(line[0])) as { readonly admin: { readonly port: number } };
  return {
    name: 'cordboard', sipPort, control: { host: '127.0.0.1', port: ready.admin.port, secret: SECRET }, log,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

export async function startDrachtioProcess(binary: string): Promise<Server> {
  const { control, secret, sipPort, log, stop } = await startDrachtio(binary);
  return { name: 'drachtio', sipPort, control: { host: '127.0.0.1', port: Number(control.split(':')[1]), secret }, log, stop };
}

/** An application that is connected; its routes are set before. */
export async function connectedSrf(server: Server, prepare: (srf: Srf) => void): Promise<Srf> {
  const srf = newSrf();
  srf.on('error', () => undefined);
  prepare(srf);
  const connected = new Promise<void>((resolve, reject) => {
    srf.on('connect', (error) => (error instanceof Error ? reject(error) : resolve()));
  });
  srf.connect(server.control);
  await connected;
  return srf;
}
