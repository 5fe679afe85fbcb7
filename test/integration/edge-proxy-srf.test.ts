/** drachtio-srf's own `req.proxy` and `srf.proxyRequest` against the edge. */
import t from 'tap';
import { SDP, edgeBed, type EdgeBed } from '../support/edge-bed.js';
import { isRequest, isResponse, type SipPeer } from '../support/sip-peer.js';
import type { TestMessage, TestSrf } from '../support/srf-app.js';

interface ProxyResults {
  readonly connected: boolean;
  readonly finalStatus?: number;
  readonly responses: readonly { readonly address: string; readonly port: number; readonly msgs: readonly { readonly status: number }[] }[];
}
interface ProxyOptions {
  destination?: string | readonly string[];
  readonly remainInDialog?: boolean;
  readonly forking?: 'simultaneous' | 'sequential';
  readonly provisionalTimeout?: string;
  readonly followRedirects?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}
interface ProxyingMessage extends TestMessage {
  proxy(options: ProxyOptions): Promise<ProxyResults>;
}
interface ProxyingSrf extends TestSrf {
  proxyRequest(request: TestMessage, destination: string | readonly string[], options: ProxyOptions, callback: (error: unknown, results: ProxyResults) => void): void;
}

const hostPort = (peer: SipPeer): string => `${peer.address}:${peer.port}`;

async function calling(bed: EdgeBed): Promise<{ readonly caller: SipPeer; readonly invite: string }> {
  const caller = await bed.peer();
  const invite = caller.request('INVITE', `sip:service@127.0.0.1:${bed.udp.port}`, { body: SDP });
  await caller.send(invite, bed.udp);
  return { caller, invite };
}

t.test('req.proxy: a promise of all final responses', async (t) => {
  const bed = await edgeBed(t);
  const [busy, answering] = [await bed.peer(), await bed.peer()];
  let results: Promise<ProxyResults> | undefined;
  await bed.srf((srf) => srf.invite((request) => {
    results = (request as ProxyingMessage).proxy({
      destination: [hostPort(busy), hostPort(answering)], remainInDialog: true, headers: { 'X-Trunk': '1' },
    });
  }));
  const { caller } = await calling(bed);
  await busy.respond(await busy.waitFor(isRequest('INVITE'), 'INVITE'), 486, 'Busy', { toTag: 'b' });
  const got = await answering.waitFor(isRequest('INVITE'), 'INVITE');
  t.equal(got.header('X-Trunk'), '1');
  await answering.respond(got, 200, 'OK', { toTag: 'a', body: SDP });
  await caller.waitFor(isResponse(200), '200');
  const told = await results;
  t.strictSame([told?.connected, told?.finalStatus], [true, 200]);
  // drachtio-srf groups by address alone, so both targets on the loopback are one group.
  t.strictSame(told?.responses.flatMap(({ msgs }) => msgs.map(({ status }) => status)), [486, 200]);
  t.equal(told?.responses[0]?.port, busy.port);
});

t.test('req.proxy: all at once, all fail', async (t) => {
  const bed = await edgeBed(t);
  const peers = [await bed.peer(), await bed.peer()];
  let results: Promise<ProxyResults> | undefined;
  await bed.srf((srf) => srf.invite((request) => {
    results = (request as ProxyingMessage).proxy({ destination: peers.map(hostPort), forking: 'simultaneous' });
  }));
  const { caller, invite } = await calling(bed);
  for (const peer of peers) await peer.respond(await peer.waitFor(isRequest('INVITE'), 'INVITE'), 404, 'Not Found', { toTag: 'n' });
  const final = await caller.waitFor(isResponse(404), '404');
  await caller.send(caller.ack(invite, final), bed.udp);
  const told = await results;
  t.strictSame([told?.connected, told?.finalStatus, told?.responses.flatMap(({ msgs }) => msgs).length], [false, 404, 2]);
});

t.test('req.proxy: refused', async (t) => {
  const bed = await edgeBed(t);
  let results: Promise<unknown> | undefined;
  await bed.srf((srf) => srf.invite((request) => {
    results = (request as ProxyingMessage).proxy({ destination: 'tel:+123' }).catch((error: unknown) => error);
  }));
  const { caller } = await calling(bed);
  await caller.waitFor(isResponse(500), '500');
  t.match(await results, /^error proxying request to /);
});

t.test('srf.proxyRequest with a callback, and a redirection', async (t) => {
  const bed = await edgeBed(t);
  const [moved, here] = [await bed.peer(), await bed.peer()];
  const told = new Promise<ProxyResults>((resolve, reject) => {
    void bed.srf((srf) => srf.invite((request) => {
      (srf as ProxyingSrf).proxyRequest(request, hostPort(moved), { followRedirects: true, provisionalTimeout: '2s' }, (error, results) => {
        if (error === null || error === undefined) resolve(results);
        else reject(new Error(String(error)));
      });
    })).then(() => calling(bed)).catch(reject);
  });
  await moved.respond(await moved.waitFor(isRequest('INVITE'), 'INVITE'), 302, 'Moved', { contact: `<sip:${hostPort(here)}>` });
  await here.respond(await here.waitFor(isRequest('INVITE'), 'INVITE'), 200, 'OK', { toTag: 'h', body: SDP });
  const results = await told;
  t.strictSame([results.connected, results.responses.flatMap(({ msgs }) => msgs.map(({ status }) => status))], [true, [302, 200]]);
});
