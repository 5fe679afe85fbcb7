/** Debian's Kamailio on the loopback as the border of a carrier, for one test. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { freePort } from './product-ports.js';
import { endWithUs } from './product-process.js';
import { createSipPeer } from './sip-peer.js';

const PROGRAM = ['/usr/sbin/kamailio', '/usr/local/sbin/kamailio'].find((path) => existsSync(path));

/** Why tests with Kamailio cannot run; undefined = they can. Where REQUIRE_KAMAILIO is set, they must. */
export function noKamailio(): string | undefined {
  if (PROGRAM !== undefined) return undefined;
  if (process.env['REQUIRE_KAMAILIO'] === '1') throw new Error('REQUIRE_KAMAILIO is set and there is no Kamailio: apt-get install kamailio');
  process.stderr.write('SKIPPED: no Kamailio on this machine (apt-get install kamailio)\n');
  return 'no Kamailio on this machine';
}

export interface BorderWish {
  /** Who registers and calls, in the realm `carrier`. */
  readonly password: string;
  /** What becomes of initial INVITEs and of requests in dialogs, in Kamailio's language; further routes may follow. */
  readonly invites: string;
  readonly inDialog: string;
  /** Default a free one. */
  readonly port?: number;
  readonly modules?: readonly string[];
  readonly parameters?: readonly string[];
}

/** A registrar with digest and a record-routing proxy on one port of UDP and TCP. */
function config(port: number, { password, invites, inDialog, modules = [], parameters = [] }: BorderWish): string {
  const loaded = ['pv', 'tm', 'sl', 'rr', 'textops', 'siputils', 'usrloc', 'registrar', 'auth', ...modules];
  return `#!KAMAILIO
debug=0
log_stderror=yes
fork=yes
children=1
tcp_children=1
auto_aliases=no
dns=no
rev_dns=no
listen=udp:127.0.0.1:${port}
listen=tcp:127.0.0.1:${port}
alias="carrier.example"
${loaded.map((name) => `loadmodule "${name}.so"`).join('\n')}
modparam("usrloc", "db_mode", 0)
modparam("registrar", "min_expires", 120)
modparam("registrar", "max_expires", 300)
modparam("auth", "qop", "auth")
modparam("auth", "nonce_expire", 60)
${parameters.join('\n')}
request_route {
  if (is_method("REGISTER")) {
    if (!pv_www_authenticate("carrier", "${password}", "0")) { www_challenge("carrier", "1"); exit; }
    save("location");
    exit;
  }
  if (is_method("OPTIONS") && !has_totag()) { sl_send_reply("200", "OK"); exit; }
  if (has_totag()) {
    if (is_method("ACK") && t_check_trans()) { t_relay(); exit; }
    if (!loose_route()) {
      if (!is_method("ACK")) sl_send_reply("404", "Not Found");
      exit;
    }
    ${inDialog}
    t_relay();
    exit;
  }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (!is_method("INVITE")) { if (!is_method("ACK")) sl_send_reply("405", "Method Not Allowed"); exit; }
  ${invites}
}
`;
}

/** Starts it; resolves with its port once it answers. */
export async function startKamailio(t: Test, wish: BorderWish): Promise<number> {
  if (PROGRAM === undefined) throw new Error('there is no Kamailio');
  const folder = mkdtempSync(join(tmpdir(), 'cordboard-kamailio-'));
  const port = wish.port ?? await freePort();
  const file = join(folder, 'kamailio.cfg');
  writeFileSync(file, config(port, wish));
  const child = spawn(PROGRAM, ['-DD', '-E', '-f', file, '-P', join(folder, 'kamailio.pid'), '-Y', folder, '-m', '64', '-M', '8'], { stdio: ['ignore', 'ignore', 'pipe'] });
  endWithUs(child.pid);
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-4000)));
  t.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  });
  const peer = await createSipPeer({ transport: 'udp' });
  try {
    for (let tries = 0; tries < 40 && child.exitCode === null; tries += 1) {
      await peer.send(peer.request('OPTIONS', 'sip:carrier.example'), { address: '127.0.0.1', port });
      if (await peer.waitFor(({ status }) => status === 200, 'answer to OPTIONS', 500).then(() => true, () => false)) return port;
    }
  } finally {
    await peer.close();
  }
  throw new Error(`Kamailio does not answer: ${said}`);
}
