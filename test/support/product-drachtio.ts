import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:net';
import { ProgramLog } from './product-log.js';
import { freePort } from './product-ports.js';
import { endWithUs } from './product-process.js';

export interface Drachtio {
  readonly pid: number;
  /** host:port of its control protocol. */
  readonly control: string;
  readonly secret: string;
  /** UDP and TCP of 127.0.0.1. */
  readonly sipPort: number;
  readonly log: ProgramLog;
  stop(): Promise<void>;
}

const SECRET = 'for-tests-only';
const START_MS = 15_000;

/** Starts a drachtio-server on free ports of the loopback; it takes applications when this resolves. */
export async function startDrachtio(binary: string): Promise<Drachtio> {
  const folder = mkdtempSync(join(tmpdir(), 'cordboard-drachtio-'));
  const [controlPort, sipPort] = [await freePort(), await freePort()];
  const config = join(folder, 'drachtio.conf.xml');
  writeFileSync(config, `<drachtio>
  <admin port="${controlPort}" secret="${SECRET}">127.0.0.1</admin>
  <sip><contacts></contacts><udp-mtu>4096</udp-mtu></sip>
  <cdrs>false</cdrs>
  <logging><console/><sofia-loglevel>1</sofia-loglevel><loglevel>notice</loglevel></logging>
</drachtio>
`);
  const log = new ProgramLog();
  const child = spawn(binary, [
    '-f', config, '--stdout', '--address', '127.0.0.1', '--port', String(controlPort), '--secret', SECRET,
    '--contact', `sip:127.0.0.1:${sipPort};transport=udp,tcp`,
  ], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  endWithUs(child.pid);
  log.read(child.stdout);
  log.read(child.stderr);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 3000);
    await exited;
    clearTimeout(late);
    rmSync(folder, { recursive: true, force: true });
  };
  for (const until = Date.now() + START_MS; !await listens(controlPort);) {
    if (child.exitCode !== null || Date.now() > until) {
      await stop();
      throw new Error(`drachtio-server did not start\n${log.tail()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { pid: child.pid ?? 0, control: `127.0.0.1:${controlPort}`, secret: SECRET, sipPort, log, stop };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}
