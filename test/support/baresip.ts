/**
 * A real softphone without a head: baresip, driven through its ctrl_tcp module.
 *
 *   const phone = await startBaresip();
 *   await phone.register({ userName, domain, authorizationId, password, transport: 'udp', proxy, answer: 'auto' });
 *   await phone.command('dial', 'sip:102@127.0.0.1');
 *   await phone.event('CALL_ESTABLISHED');
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BaresipControl, type BaresipEvent } from './baresip-control.js';
import { configText, provisionedConfigText, toneWav, type ProvisionedFiles } from './baresip-files.js';
import { ProgramLog } from './product-log.js';
import { freePort, freeRtpPorts } from './product-ports.js';
import { endWithUs } from './product-process.js';

export interface BaresipAccount {
  readonly userName: string;
  /** Host, or host:port. */
  readonly domain: string;
  readonly authorizationId: string;
  readonly password: string;
  readonly transport: 'udp' | 'tcp';
  /** host:port that everything is sent to, whatever the domain. */
  readonly proxy: string;
  /** `auto`: takes calls by itself. */
  readonly answer: 'auto' | 'manual';
  readonly regSeconds?: number;
}

export interface Baresip {
  readonly log: ProgramLog;
  readonly events: readonly BaresipEvent[];
  /** Adds the account and waits for the registration; rejects with baresip's words when it fails. */
  register(account: BaresipAccount): Promise<void>;
  /** A command of its menu (dial, accept, hangup, hold, resume, …); resolves with what it answered. */
  command(command: string, params?: string): Promise<string>;
  /** The next event of that type that nobody took yet. */
  event(type: string, deadlineMs?: number): Promise<BaresipEvent>;
  /** Loudness of what the phone has heard so far: root mean square of the samples, 0–32767. */
  heardLoudness(): number;
  stop(): Promise<void>;
}

const RTP_PORTS = 20;

/** Starts a phone without an account, or with files of a provisioning server. `toneHz` is what it says in calls. */
export async function startBaresip(options: { readonly toneHz?: number; readonly provisioned?: ProvisionedFiles } = {}): Promise<Baresip> {
  const folder = mkdtempSync(join(tmpdir(), 'cordboard-baresip-'));
  const [sipPort, controlPort, rtpPort] = [await freePort(), await freePort(), await freeRtpPorts(RTP_PORTS)];
  const source = join(folder, 'source.wav');
  writeFileSync(source, toneWav(options.toneHz ?? 440, 100));
  const local = configText({ folder, source, sipPort, controlPort, rtpPort, rtpPorts: RTP_PORTS });
  const { provisioned } = options;
  writeFileSync(join(folder, 'config'), provisioned === undefined ? local : provisionedConfigText(provisioned.config, local));
  writeFileSync(join(folder, 'accounts'), provisioned?.accounts ?? '');
  writeFileSync(join(folder, 'contacts'), provisioned?.contacts ?? '');
  const log = new ProgramLog();
  const child = spawn('baresip', ['-4', '-f', folder, '-v'], { stdio: ['ignore', 'pipe', 'pipe'] });
  endWithUs(child.pid);
  log.read(child.stdout);
  log.read(child.stderr);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const end = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const control = await BaresipControl.open(controlPort, exited).catch(async (error: unknown) => {
    await end();
    throw new Error(`baresip did not start: ${String(error)}\n${log.tail()}`);
  });

  return {
    log,
    events: control.events,
    async register(account) {
      const parts = [
        `<sip:${account.userName}@${account.domain};transport=${account.transport}>`,
        `auth_user=${account.authorizationId}`, `auth_pass=${account.password}`, `answermode=${account.answer}`,
        `outbound="sip:${account.proxy};transport=${account.transport}"`, `regint=${account.regSeconds ?? 600}`,
        'audio_codecs=PCMU/8000/1,PCMA/8000/1',
      ];
      await control.command('uanew', parts.join(';'));
      const result = await control.event((event) => event.type.startsWith('REGISTER_'), 'a REGISTER result', 10_000);
      if (result.type !== 'REGISTER_OK') {
        throw new Error(`${account.userName} not registered: ${result.type} ${result.param}\n${log.tail(10)}`);
      }
    },
    command: (command, params) => control.command(command, params),
    event: (type, deadlineMs = 10_000) => control.event((event) => event.type === type, type, deadlineMs),
    heardLoudness: () => loudness(folder),
    async stop() {
      control.close();
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 3000);
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      clearTimeout(late);
      await end();
    },
  };
}

/** The sndfile module writes `dump-…-dec.wav`: 16-bit mono after a 44-byte header. */
function loudness(folder: string): number {
  let sum = 0;
  let count = 0;
  for (const name of readdirSync(folder).filter((file) => file.endsWith('-dec.wav'))) {
    const samples = readFileSync(join(folder, name)).subarray(44);
    for (let at = 0; at + 1 < samples.length; at += 2) {
      sum += samples.readInt16LE(at) ** 2;
      count += 1;
    }
  }
  return count === 0 ? 0 : Math.sqrt(sum / count);
}
