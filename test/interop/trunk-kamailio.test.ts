import t from 'tap';
import { noKamailio, startKamailio, type BorderWish } from '../support/kamailio.js';
import { createSipPeer, isRequest } from '../support/sip-peer.js';
import { aGateway } from '../support/sample-trunk.js';
import { startTrunkBed } from '../support/trunk-bed.js';

const PASSWORD = 'carrier-secret';
/** A carrier that takes INVITEs with digest and sends calls for our number to where we registered. */
const BORDER: BorderWish = {
  password: PASSWORD,
  invites: `if ($rU == "+12125550100") {
    if (!lookup("location")) { sl_send_reply("480", "Nobody registered"); exit; }
    t_relay();
    exit;
  }
  if (!pv_proxy_authenticate("carrier", "${PASSWORD}", "0")) { proxy_challenge("carrier", "1"); exit; }
  sl_send_reply("486", "Busy Here");`,
  inDialog: '',
};

const skip = noKamailio() ?? false;

for (const transport of ['udp', 'tcp'] as const) {
  t.test(`a trunk to Kamailio by ${transport}`, { skip }, async (t) => {
    const port = await startKamailio(t, BORDER);
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
t.test('a wrong password is told, and not tried again and again', { skip }, async (t) => {
  const port = await startKamailio(t, BORDER);
  const bed = await startTrunkBed(t, { password: 'wrong' });
  const trunk = bed.trunk({
    gateways: [aGateway({ host: '127.0.0.1', port })], probeSeconds: 0,
    authentication: { kind: 'registration', userName: '+12125550100', realm: '', aor: 'sip:+12125550100@carrier.example', expiresSeconds: 300 },
  });
  const view = await bed.registration(trunk, 'failed');
  t.match(view.lastSeen, /refuses user name or password/);
  t.ok((view.nextAt ?? 0) - Date.now() > 25_000);
});
