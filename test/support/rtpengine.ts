/** An rtpengine of Debian's package in userspace, on the loopback, for one test. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { Test } from 'tap';
import { NgClient, type NgAddress } from '../../sip/media/rtpengine/ng-client.js';
import { freePort, freeRtpPorts } from './product-ports.js';

export interface TestRtpengine {
  readonly address: NgAddress;
  /** Kills it, as a crash would. */
  kill(): Promise<void>;
}

/** Why tests with rtpengine cannot run; undefined = they can. Where REQUIRE_RTPENGINE is set, they must. */
export function noRtpengine(): string | undefined {
  const there = spawnSync('rtpengine', ['--version']).status === 0;
  if (there) return undefined;
  if (process.env['REQUIRE_RTPENGINE'] === '1') throw new Error('REQUIRE_RTPENGINE is set and there is no rtpengine: apt-get install rtpengine-daemon');
  process.stderr.write('SKIPPED: no rtpengine on this machine (apt-get install rtpengine-daemon)\n');
  return 'no rtpengine on this machine';
}

export async function startRtpengine(t: Test): Promise<TestRtpengine> {
  const port = await freePort();
  const first = await freeRtpPorts(40);
  const child = spawn('rtpengine', [
    '--config-file=none', '--table=-1', '--foreground', '--log-stderr', '--log-level=4', `--pidfile=${t.testdir()}/rtpengine.pid`, '--interface=127.0.0.1',
    `--listen-ng=127.0.0.1:${port}`, `--port-min=${first}`, `--port-max=${first + 39}`, '--num-threads=2', '--media-num-threads=1', '--delete-delay=0', '--timeout=60',
  ], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  const exited = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  t.teardown(kill);
  const address = { host: '127.0.0.1', port };
  const probe = new NgClient(address, { sends: 100, resendMs: 100 });
  const answer = await Promise.race([probe.ask({ command: 'ping' }), exited.then(() => null)]);
  probe.close();
  if (answer === null) throw new Error(`rtpengine did not start: ${said}`);
  return { address, kill };
}
