import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import t from 'tap';
import type { Test } from 'tap';
import { freePort } from '../support/product-ports.js';
import { endWithUs } from '../support/product-process.js';
import { createSipPeer, isRequest } from '../support/sip-peer.js';
import { aGateway } from '../support/sample-trunk.js';
import { startTrunkBed } from '../support/trunk-bed.js';

const PROGRAM = ['/usr/sbin/kamailio', '/usr/local/sbin/kamailio'].find((path) => existsSync(path));
const PASSWORD = 'carrier-secret';

/** A carrier's border: a registrar with digest, which takes INVITEs with digest and sends calls for our number to where we registered. */
function config(port: number): string {
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
loadmodule "pv.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
modparam("usrloc", "db_mode", 0)
modparam("registrar", "min_expires", 120)
modparam("registrar", "max_expires", 300)
modparam("auth", "qop", "auth")
modparam("auth", "nonce_expire", 60)
request_route {
  if (is_method("REGISTER")) {
    if (!pv_www_authenticate("carrier", "${PASSWORD}", "0")) { www_challenge("carrier", "1"); exit; }
    save("location");
    exit;
  }
  if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }
  if (has_totag()) {
    if (loose_route() || (is_method("ACK") && t_check_trans())) { t_relay(); exit; }
    if (!is_method("ACK")) sl_send_reply("404", "Not Found");
    exit;
  }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (is_method("INVITE") && $rU == "+12125550100") {
    if (!lookup("location")) { sl_send_reply("480", "Nobody registered"); exit; }
    t_relay();
    exit;
  }
  if (is_method("INVITE")) {
    if (!pv_proxy_authenticate("carrier", "${PASSWORD}", "0")) { proxy_challenge("carrier", "1"); exit; }
    sl_send_reply("486", "Busy Here");
    exit;
  }
  if (!is_method("ACK")) sl_send_reply("405", "Method Not Allowed");
}
`;
}

async function startCarrier(t: Test, program: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'cordboard-trunk-'));
  const port = await freePort();
  const file = join(folder, 'kamailio.cfg');
  writeFileSync(file, config(port));
  const child = spawn(program, ['-DD', '-E', '-f', file, '-P', join(folder, 'kamailio.pid'), '-Y', folder, '-m', '64', '-M', '8'], { stdio: ['ignore', 'ignore', 'pipe'] });
  endWithUs(child.pid);
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-4000)));
  t.teardown(async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  const peer = await createSipPeer({ transport: 'udp' });
  try {
    for (let tries = 0; tries < 40; tries += 1) {
      await peer.send(peer.request('OPTIONS', 'sip:carrier.example'), { address: '127.0.0.1', port });
      if (await peer.waitFor(({ status }) => status === 200, 'answer to OPTIONS', 500).then(() => true, () => false)) return port;
    }
  } finally {
    await peer.close();
  }
  throw new Error(`Kamailio does not answer: ${said}`);
}

if (PROGRAM === undefined) {
  t.test('a trunk to Kamailio', { skip: 'Kamailio is not installed (Debian: kamailio)' }, async () => undefined);
} else {
  const program = PROGRAM;
  for (const transport of ['udp', 'tcp'] as const) {
    t.test(`a trunk to Kamailio by ${transport}`, async (t) => {
      const port = await startCarrier(t, program);
      const bed = await startTrunkBed(t, { password: PASSWORD });
      const gateway = aGateway({ host: '127.0.0.1', port, transport });
      const trunk = bed.trunk({
        gateways: [gateway], probeSeconds: 5,
        authentication: { kind: 'registration', userName: '+12125550100', realm: 'carrier', aor: 'sip:+12125550100@carrier.example', expiresSeconds: 60 },
      });
      const view = await bed.registration(trunk, 'registered');
      t.match(view.lastSeen, /for 120 s/, 'with what it wants at least (423 or its own minimum)');
      t.match(await bed.side.ask(trunk, gateway, 3000), { kind: 'answered', status: 200 });
      t.match(await bed.side.tryCall(trunk, gateway, '+493012345678', 5000), { status: 486 }, 'our own INVITE is authenticated');

      const caller = await createSipPeer({ transport: 'udp' });
      t.teardown(() => caller.close());
      const called = async (): Promise<number> => {
        await caller.send(caller.request('INVITE', 'sip:+12125550100@carrier.example'), { address: '127.0.0.1', port });
        const answer = await caller.waitFor(({ status }) => status >= 300, 'final answer', 8000);
        return answer.status;
      };
      t.not(await called(), 480, 'a call for our number reaches us: nobody here takes it, but it is not unregistered');
      bed.put({ ...trunk, enabled: false, version: 2 });
      await bed.registration({ ...trunk, enabled: false }, 'off');
      await bed.side.stop();
      t.equal(await called(), 480, 'and no more once it is taken back');
      t.equal(caller.count(isRequest('BYE')), 0);
    });
  }
  t.test('a wrong password is told, and not tried again and again', async (t) => {
    const port = await startCarrier(t, program);
    const bed = await startTrunkBed(t, { password: 'wrong' });
    const trunk = bed.trunk({
      gateways: [aGateway({ host: '127.0.0.1', port })], probeSeconds: 0,
      authentication: { kind: 'registration', userName: '+12125550100', realm: '', aor: 'sip:+12125550100@carrier.example', expiresSeconds: 300 },
    });
    const view = await bed.registration(trunk, 'failed');
    t.match(view.lastSeen, /refuses user name or password/);
    t.ok((view.nextAt ?? 0) - Date.now() > 25_000);
  });
}
