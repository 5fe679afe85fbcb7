/** The application hands a request on and stays out of it. */
import { SDP } from '../../support/edge-bed.js';
import { isRequest, isResponse } from '../../support/sip-peer.js';
import type { Case, Scene } from './scene.js';
import type { ProxyOptions, ProxyResults } from './srf.js';

const BOTH = ['udp', 'tcp'] as const;

/** Hands the next INVITE on. @returns how it ended */
function proxying(scene: Scene, options: ProxyOptions): Promise<ProxyResults> {
  return new Promise((resolve, reject) => scene.on('invite', (request) => void request.proxy(options).then(resolve, reject)));
}

export const proxyCases: readonly Case[] = [
  {
    name: 'one target; in the dialog only when asked to stay', transports: BOTH,
    run: async (t, scene) => {
      const [a, b] = [await scene.phone(), await scene.phone()];
      const results = proxying(scene, { destination: scene.uriOf(b), remainInDialog: true });
      const invite = await scene.invite(a);
      const got = await b.waitFor(isRequest('INVITE'), 'INVITE at B');
      const [sent] = [a.seen[0]?.header('Call-ID')];
      t.ok(got.header('Record-Route') !== undefined, 'Record-Route');
      t.equal(got.headers('Via').length, 2);
      await b.respond(got, 200, 'OK', { toTag: 'b', body: SDP });
      const ok = await a.waitFor(isResponse(200), '200 at A');
      t.equal(ok.tag('To'), 'b', 'the call is between A and B');
      t.equal(ok.header('Call-ID'), sent ?? ok.header('Call-ID'));
      const route = ok.header('Record-Route') ?? '';
      const inDialog = { callId: ok.header('Call-ID') ?? '', fromTag: ok.tag('From'), toTag: 'b', headers: [['Route', route]] as const };
      await a.send(a.request('ACK', scene.uriOf(b), { ...inDialog, cseq: 1 }), scene.edge);
      await b.waitFor(isRequest('ACK'), 'ACK at B');
      await a.send(a.request('BYE', scene.uriOf(b), { ...inDialog, cseq: 2 }), scene.edge);
      await b.respond(await b.waitFor(isRequest('BYE'), 'BYE at B'), 200, 'OK');
      await a.waitFor(isResponse(200, 'BYE'), '200 at A');
      t.match(await results, { connected: true, finalStatus: 200 });
      t.ok(invite);
    },
  },
  {
    name: 'without staying: no Record-Route',
    run: async (t, scene) => {
      const [a, b] = [await scene.phone(), await scene.phone()];
      const results = proxying(scene, { destination: scene.uriOf(b) });
      await scene.invite(a);
      const got = await b.waitFor(isRequest('INVITE'), 'INVITE at B');
      t.equal(got.header('Record-Route'), undefined);
      await b.respond(got, 200, 'OK', { toTag: 'b', body: SDP });
      await a.waitFor(isResponse(200), '200');
      t.match(await results, { connected: true });
    },
  },
  {
    name: 'one target after the other', transports: BOTH,
    run: async (t, scene) => {
      const [a, busy, free] = [await scene.phone(), await scene.phone(), await scene.phone()];
      const results = proxying(scene, { destination: [scene.uriOf(busy), scene.uriOf(free)], forking: 'sequential' });
      await scene.invite(a);
      await busy.respond(await busy.waitFor(isRequest('INVITE'), 'INVITE'), 486, 'Busy Here', { toTag: 'x' });
      await free.respond(await free.waitFor(isRequest('INVITE'), 'INVITE'), 200, 'OK', { toTag: 'y', body: SDP });
      t.equal((await a.waitFor(isResponse(200), '200')).tag('To'), 'y');
      t.match(await results, { connected: true, finalStatus: 200 });
    },
  },
  {
    name: 'all at once: the first that answers wins, the other is cancelled',
    run: async (t, scene) => {
      const [a, slow, quick] = [await scene.phone(), await scene.phone(), await scene.phone()];
      const results = proxying(scene, { destination: [scene.uriOf(slow), scene.uriOf(quick)], forking: 'simultaneous' });
      await scene.invite(a);
      const [late, early] = [await slow.waitFor(isRequest('INVITE'), 'INVITE'), await quick.waitFor(isRequest('INVITE'), 'INVITE')];
      await slow.respond(late, 180, 'Ringing', { toTag: 'x' });
      await a.waitFor(isResponse(180), '180');
      await quick.respond(early, 200, 'OK', { toTag: 'y', body: SDP });
      t.equal((await a.waitFor(isResponse(200), '200')).tag('To'), 'y');
      await slow.respond(await slow.waitFor(isRequest('CANCEL'), 'CANCEL'), 200, 'OK', { toTag: 'x' });
      await slow.respond(late, 487, 'Request Terminated', { toTag: 'x' });
      t.match(await results, { connected: true });
    },
  },
  {
    name: 'nobody takes it: the best failure goes back (RFC 3261 §16.7)',
    run: async (t, scene) => {
      const [a, first, second] = [await scene.phone(), await scene.phone(), await scene.phone()];
      const results = proxying(scene, { destination: [scene.uriOf(first), scene.uriOf(second)], forking: 'simultaneous' });
      const invite = await scene.invite(a);
      for (const phone of [first, second]) await phone.respond(await phone.waitFor(isRequest('INVITE'), 'INVITE'), 404, 'Not Found', { toTag: 'x' });
      const final = await a.waitFor(isResponse(404), '404');
      await a.send(a.ack(invite, final), scene.edge);
      t.match(await results, { connected: false, finalStatus: 404 });
    },
  },
  {
    name: 'redirections are followed when asked for; the callback is told',
    run: async (t, scene) => {
      const [a, moved, there] = [await scene.phone(), await scene.phone(), await scene.phone()];
      const results = new Promise<ProxyResults>((resolve) => scene.on('invite', (request) => {
        scene.srf.proxyRequest(request, scene.uriOf(moved), { followRedirects: true }, (_error, told) => resolve(told));
      }));
      await scene.invite(a);
      await moved.respond(await moved.waitFor(isRequest('INVITE'), 'INVITE'), 302, 'Moved', { toTag: 'x', contact: `<${scene.uriOf(there)}>` });
      await there.respond(await there.waitFor(isRequest('INVITE'), 'INVITE'), 200, 'OK', { toTag: 'y', body: SDP });
      t.equal((await a.waitFor(isResponse(200), '200')).tag('To'), 'y');
      t.match(await results, { connected: true });
    },
  },
  {
    name: 'CANCEL goes along (RFC 3261 §16.10)', transports: BOTH,
    run: async (t, scene) => {
      const [a, b] = [await scene.phone(), await scene.phone()];
      void proxying(scene, { destination: scene.uriOf(b) });
      const invite = await scene.invite(a);
      const got = await b.waitFor(isRequest('INVITE'), 'INVITE at B');
      await b.respond(got, 180, 'Ringing', { toTag: 'b' });
      await a.waitFor(isResponse(180), '180');
      await a.send(a.cancel(invite), scene.edge);
      await a.waitFor(isResponse(200, 'CANCEL'), '200 to CANCEL');
      await b.respond(await b.waitFor(isRequest('CANCEL'), 'CANCEL at B'), 200, 'OK', { toTag: 'b' });
      await b.respond(got, 487, 'Request Terminated', { toTag: 'b' });
      t.equal((await a.waitFor(isResponse(487, 'INVITE'), '487 at A')).status, 487);
    },
  },
];
