/** Unmodified drachtio-srf as the application of the edge, scripted peers as phones. */
import t from 'tap';
import { SDP, edgeBed, type EdgeBed } from '../support/edge-bed.js';
import type { TestSrf } from '../support/srf-app.js';
import { isRequest, isResponse, type PeerMessage, type SipPeer } from '../support/sip-peer.js';

interface Ended {
  readonly reason: string;
}

/** A phone calls a drachtio-srf B2BUA that calls another phone. */
async function connected(t: Parameters<typeof edgeBed>[0]): Promise<{
  bed: EdgeBed; caller: SipPeer; callee: SipPeer; invite: string; ok: PeerMessage; outbound: PeerMessage; srf: TestSrf; ended: Promise<Ended>;
}> {
  const bed = await edgeBed(t);
  const caller = await bed.peer();
  const callee = await bed.peer();
  let end: (ended: Ended) => void = () => undefined;
  const ended = new Promise<Ended>((resolve) => {
    end = resolve;
  });
  const srf = await bed.srf((made) => {
    made.invite((req, res) => {
      void made.createB2BUA(req, res, `sip:bob@127.0.0.1:${callee.port}`, {}).then(({ uas, uac }) => {
        uas.on('destroy', (_message, reason) => {
          end({ reason });
          void uac.destroy();
        });
        uac.on('destroy', (_message, reason) => {
          end({ reason });
          void uas.destroy();
        });
        uas.on('info', (message, answer) => {
          void uac.request({ method: 'INFO', body: message.body, headers: { 'Content-Type': 'application/dtmf-relay' } })
            .then((back) => answer.send(back.status));
        });
        uas.on('modify', (message, answer) => {
          void uac.modify(message.body).then((sdp) => answer.send(200, { body: sdp }));
        });
      }, () => undefined);
    });
  });
  const invite = caller.request('INVITE', 'sip:bob@edge', { body: SDP });
  await caller.send(invite, bed.udp);
  const outbound = await callee.waitFor(isRequest('INVITE'), 'INVITE at the callee');
  await callee.respond(outbound, 180, 'Ringing', { toTag: 'bob' });
  await caller.waitFor(isResponse(180), '180 at the caller');
  await callee.respond(outbound, 200, 'OK', { toTag: 'bob', body: SDP.replace('4000', '5000') });
  const ok = await caller.waitFor(isResponse(200), '200 at the caller');
  await caller.send(caller.ack(invite, ok), bed.udp);
  await callee.waitFor(isRequest('ACK'), 'ACK at the callee');
  return { bed, caller, callee, invite, ok, outbound, srf, ended };
}

const within = (peer: SipPeer, ok: PeerMessage, method: string, cseq: number, body?: string): string =>
  peer.request(method, 'sip:bob@edge', {
    callId: ok.header('Call-ID') ?? '', fromTag: ok.tag('From'), toTag: ok.tag('To'), cseq,
    ...(body === undefined ? {} : { body, contentType: method === 'INFO' ? 'application/dtmf-relay' : 'application/sdp' }),
  });

t.test('B2BUA: INFO, re-INVITE and BYE go through', async (t) => {
  const { bed, caller, callee, ok, ended } = await connected(t);
  t.match(ok.body, /m=audio 5000/, 'the answer came through');
  await caller.send(within(caller, ok, 'INFO', 2, 'Signal=5\r\n'), bed.udp);
  const info = await callee.waitFor(isRequest('INFO'), 'INFO');
  t.equal(info.body, 'Signal=5\r\n');
  await callee.respond(info, 200, 'OK');
  await caller.waitFor(isResponse(200, 'INFO'), '200 to INFO');
  const hold = within(caller, ok, 'INVITE', 3, SDP.replace('sendrecv', 'sendonly'));
  await caller.send(hold, bed.udp);
  const modify = await callee.waitFor(isRequest('INVITE'), 're-INVITE');
  t.match(modify.body, /a=sendonly/);
  await callee.respond(modify, 200, 'OK', { body: SDP.replace('sendrecv', 'recvonly') });
  // On a busy machine a repeated 200 to the first INVITE may come before it.
  const modified = await caller.waitFor((message) => isResponse(200, 'INVITE')(message) && message.cseq === 3, '200 to re-INVITE');
  t.match(modified.body, /a=recvonly/);
  await caller.send(caller.ack(hold, modified), bed.udp);
  await callee.waitFor(isRequest('ACK'), 'ACK of the re-INVITE');
  await caller.send(within(caller, ok, 'BYE', 4), bed.udp);
  await caller.waitFor(isResponse(200, 'BYE'), '200 to BYE');
  t.equal((await ended).reason, 'normal release');
  await callee.respond(await callee.waitFor(isRequest('BYE'), 'BYE'), 200, 'OK');
});

t.test('B2BUA: BYE of the callee', async (t) => {
  const { bed, caller, callee, outbound } = await connected(t);
  await callee.send(callee.request('BYE', 'sip:edge', {
    callId: outbound.header('Call-ID') ?? '', fromTag: 'bob', toTag: outbound.tag('From'), cseq: 1,
  }), bed.udp);
  await callee.waitFor(isResponse(200, 'BYE'), '200');
  await caller.respond(await caller.waitFor(isRequest('BYE'), 'BYE at the caller'), 200, 'OK');
});

t.test('B2BUA: CANCEL of the caller reaches the callee', async (t) => {
  const bed = await edgeBed(t);
  const [caller, callee] = [await bed.peer(), await bed.peer()];
  const failed = new Promise<number>((resolve) => {
    void bed.srf((made) => {
      made.invite((req, res) => {
        made.createB2BUA(req, res, `sip:bob@127.0.0.1:${callee.port}`, {}).catch((error: { status: number }) => resolve(error.status));
      });
    }).then(async () => {
      await caller.send(invite, bed.udp);
    });
  });
  const invite = caller.request('INVITE', 'sip:bob@edge', { body: SDP });
  const outbound = await callee.waitFor(isRequest('INVITE'), 'INVITE');
  await callee.respond(outbound, 180, 'Ringing', { toTag: 'bob' });
  await caller.waitFor(isResponse(180), '180');
  await caller.send(caller.cancel(invite), bed.udp);
  await caller.waitFor(isResponse(200, 'CANCEL'), '200 to CANCEL');
  await caller.waitFor(isResponse(487, 'INVITE'), '487');
  const cancel = await callee.waitFor(isRequest('CANCEL'), 'CANCEL at the callee');
  await callee.respond(cancel, 200, 'OK', { toTag: 'bob' });
  await callee.respond(outbound, 487, 'Request Terminated', { toTag: 'bob' });
  t.equal(await failed, 487);
  await callee.waitFor(isRequest('ACK'), 'ACK of the 487');
});

t.test('REGISTER 401 and 200; digest retry of our own INVITE', async (t) => {
  const bed = await edgeBed(t);
  const phone = await bed.peer();
  const srf = await bed.srf((made) => {
    made.register((req, res) => {
      if (req.has('Authorization')) res.send(200, { headers: { Contact: `${req.get('Contact')};expires=60` } });
      else res.send(401, { headers: { 'WWW-Authenticate': 'Digest realm="r",nonce="n"' } });
    });
  });
  await phone.send(phone.request('REGISTER', 'sip:x'), bed.udp);
  await phone.waitFor(isResponse(401), '401');
  await phone.send(phone.request('REGISTER', 'sip:x', { headers: [['Authorization', 'Digest username="a"']] }), bed.udp);
  t.match((await phone.waitFor(isResponse(200), '200')).header('Contact'), /expires=60/);

  const call = srf.createUAC(`sip:bob@127.0.0.1:${phone.port}`, { localSdp: SDP, auth: { username: 'u', password: 'p' } });
  const first = await phone.waitFor(isRequest('INVITE'), 'INVITE');
  await phone.respond(first, 401, 'Unauthorized', { toTag: 'x', headers: [['WWW-Authenticate', 'Digest realm="r", nonce="n"']] });
  const second = await phone.waitFor((message) => message.method === 'INVITE' && message.cseq === first.cseq + 1, 'INVITE with credentials');
  t.equal(second.header('Call-ID'), first.header('Call-ID'));
  t.match(second.header('Authorization'), /response="[0-9a-f]{32}"/);
  await phone.respond(second, 200, 'OK', { toTag: 'bob', body: SDP });
  const dialog = await call;
  const gone = dialog.destroy();
  await phone.respond(await phone.waitFor(isRequest('BYE'), 'BYE'), 200, 'OK');
  await gone;
});

t.test('the application restarts: 503 meanwhile, served again afterwards', async (t) => {
  const bed = await edgeBed(t);
  const phone = await bed.peer();
  const prepare = (made: TestSrf): void => {
    made.options((_req, res) => res.send(200));
  };
  const first = await bed.srf(prepare);
  await phone.send(phone.request('OPTIONS', 'sip:a@x'), bed.udp);
  await phone.waitFor(isResponse(200), '200');
  first.disconnect();
  while ((bed.edge.metrics()['applications'] ?? 0) > 1) await new Promise((resolve) => setImmediate(resolve));
  await phone.send(phone.request('OPTIONS', 'sip:a@x'), bed.udp);
  await phone.waitFor(isResponse(503), '503');
  await bed.srf(prepare);
  await phone.send(phone.request('OPTIONS', 'sip:a@x'), bed.udp);
  await phone.waitFor(isResponse(200), '200 again');
});
