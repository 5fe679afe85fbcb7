/** The application between two phones. */
import { SDP } from '../../support/edge-bed.js';
import { isRequest, isResponse, type PeerMessage, type RequestOptions, type SipPeer } from '../../support/sip-peer.js';
import type { Case, Scene } from './scene.js';
import type { B2buaOptions, Legs } from './srf.js';

const BOTH = ['udp', 'tcp'] as const;
const OTHER_SDP = SDP.replace('4000', '6000');

interface Between {
  readonly a: SipPeer;
  readonly b: SipPeer;
  /** Of A, as sent. */
  readonly invite: string;
  /** At B. */
  readonly got: PeerMessage;
  /** Both legs, or how it failed. */
  readonly outcome: Promise<Legs | number>;
}

async function between(scene: Scene, options: B2buaOptions = {}, invite: RequestOptions = { body: SDP }): Promise<Between> {
  const [a, b] = [await scene.phone(), await scene.phone()];
  const outcome = new Promise<Legs | number>((resolve) => scene.on('invite', (request, answer) => {
    scene.srf.createB2BUA(request, answer, scene.uriOf(b), options).then(resolve, (error: { status?: number }) => resolve(error.status ?? 0));
  }));
  const text = await scene.send(a, 'INVITE', invite);
  return { a, b, invite: text, got: await b.waitFor(isRequest('INVITE'), 'INVITE at B'), outcome };
}

async function legsOf({ outcome }: Between): Promise<Legs> {
  const legs = await outcome;
  if (typeof legs === 'number') throw new Error(`the call failed: ${legs}`);
  return legs;
}

/** A call with options, answered by B with these headers; what A got. */
async function answered(scene: Scene, options: B2buaOptions, headers: RequestOptions['headers'] = []): Promise<PeerMessage> {
  const call = await between(scene, options);
  await call.b.respond(call.got, 200, 'OK', { toTag: 'b', body: OTHER_SDP, headers });
  return (await scene.establish(call.a, call.invite)).ok;
}

export const b2buaCases: readonly Case[] = [
  ...(['A', 'B'] as const).map((who): Case => ({
    name: `a call is answered; ${who} hangs up`, transports: BOTH,
    run: async (t, scene) => {
      const call = await between(scene);
      await call.b.respond(call.got, 180, 'Ringing', { toTag: 'b' });
      await call.a.waitFor(isResponse(180), '180 at A');
      await call.b.respond(call.got, 200, 'OK', { toTag: 'b', body: OTHER_SDP });
      const at = await scene.establish(call.a, call.invite);
      t.equal(at.ok.body, OTHER_SDP);
      t.not(at.ok.tag('To'), '', 'with a tag');
      t.not(call.got.header('Call-ID'), at.ok.header('Call-ID'), 'a call of its own towards B');
      await call.b.waitFor(isRequest('ACK'), 'ACK at B');
      const { uas, uac } = await legsOf(call);
      uas.on('destroy', () => void uac.destroy());
      uac.on('destroy', () => void uas.destroy());
      const [first, other] = who === 'A' ? [call.a, call.b] : [call.b, call.a];
      if (who === 'A') await at.send('BYE');
      else await call.b.send(call.b.request('BYE', 'sip:edge', { callId: call.got.header('Call-ID') ?? '', fromTag: 'b', toTag: call.got.tag('From'), cseq: 9 }), scene.edge);
      await first.waitFor(isResponse(200, 'BYE'), '200 to BYE');
      await scene.hungUp(other);
    },
  })),
  {
    name: 'late offer goes through: offer in the 200, answer in the ACK',
    run: async (t, scene) => {
      const call = await between(scene, {}, {});
      t.equal(call.got.body, '');
      await call.b.respond(call.got, 200, 'OK', { toTag: 'b', body: OTHER_SDP });
      const ok = await call.a.waitFor(isResponse(200), '200 at A');
      t.equal(ok.body, OTHER_SDP);
      await call.a.send(call.a.ack(call.invite, ok, { body: SDP }), scene.edge);
      t.equal((await call.b.waitFor(isRequest('ACK'), 'ACK at B')).body, SDP);
      await legsOf(call);
    },
  },
  {
    name: 'reliable provisional responses on both legs', transports: BOTH,
    run: async (t, scene) => {
      const call = await between(scene, { proxyRequestHeaders: ['Supported'], proxyResponseHeaders: ['Require'] }, { body: SDP, headers: [['Supported', '100rel']] });
      t.match(call.got.header('Supported'), '100rel');
      await call.b.respond(call.got, 183, 'Session Progress', { toTag: 'b', headers: [['Require', '100rel'], ['RSeq', '3']], body: OTHER_SDP });
      await call.b.respond(await call.b.waitFor(isRequest('PRACK'), 'PRACK at B'), 200, 'OK');
      const progress = await call.a.waitFor(isResponse(183), '183 at A');
      await scene.send(call.a, 'PRACK', {
        callId: progress.header('Call-ID') ?? '', fromTag: progress.tag('From'), toTag: progress.tag('To'), cseq: 2,
        headers: [['RAck', `${progress.header('RSeq') ?? ''} 1 INVITE`]],
      });
      await call.a.waitFor(isResponse(200, 'PRACK'), '200 to PRACK');
      await call.b.respond(call.got, 200, 'OK', { toTag: 'b', body: OTHER_SDP });
      t.equal((await scene.establish(call.a, call.invite)).ok.body, OTHER_SDP);
    },
  },
  {
    name: 'CANCEL of A reaches B', transports: BOTH,
    run: async (t, scene) => {
      const call = await between(scene);
      await call.b.respond(call.got, 180, 'Ringing', { toTag: 'b' });
      await call.a.waitFor(isResponse(180), '180 at A');
      await call.a.send(call.a.cancel(call.invite), scene.edge);
      const cancel = await call.b.waitFor(isRequest('CANCEL'), 'CANCEL at B');
      await call.b.respond(cancel, 200, 'OK', { toTag: 'b' });
      await call.b.respond(call.got, 487, 'Request Terminated', { toTag: 'b' });
      const final = await call.a.waitFor(isResponse(487, 'INVITE'), '487 at A');
      await call.a.send(call.a.ack(call.invite, final), scene.edge);
      t.equal(await call.outcome, 487);
    },
  },
  {
    name: "B's refusal is passed on", transports: BOTH,
    run: async (t, scene) => {
      const call = await between(scene, { proxyResponseHeaders: ['X-Why'] });
      await call.b.respond(call.got, 486, 'Busy Here', { toTag: 'b', headers: [['X-Why', 'lunch']] });
      const final = await call.a.waitFor(isResponse(486), '486 at A');
      t.equal(final.header('X-Why'), 'lunch');
      await call.a.send(call.a.ack(call.invite, final), scene.edge);
      t.equal(await call.outcome, 486);
    },
  },
  {
    name: "B's refusal is kept back when asked to; the application answers itself",
    run: async (t, scene) => {
      const [a, b] = [await scene.phone(), await scene.phone()];
      scene.on('invite', (request, answer) => {
        scene.srf.createB2BUA(request, answer, scene.uriOf(b), { passFailure: false }).catch(() => answer.send(480));
      });
      const invite = await scene.invite(a);
      await b.respond(await b.waitFor(isRequest('INVITE'), 'INVITE at B'), 486, 'Busy Here', { toTag: 'b' });
      const final = await a.waitFor(({ status }) => status >= 200, 'final response');
      t.equal(final.status, 480);
      await a.send(a.ack(invite, final), scene.edge);
    },
  },
  {
    name: 'headers go from A to B and back as asked',
    run: async (t, scene) => {
      const call = await between(scene, { proxyRequestHeaders: ['X-To-B'], proxyResponseHeaders: ['X-To-A'], headers: { 'X-Own': 'mine' } },
        { body: SDP, headers: [['X-To-B', 'one'], ['X-Private', 'two']], from: '"Ann A." <sip:ann@a.example>' });
      t.strictSame([call.got.header('X-To-B'), call.got.header('X-Own'), call.got.header('X-Private')], ['one', 'mine', undefined]);
      t.match(call.got.header('From'), /Ann A\./, 'and the display name');
      await call.b.respond(call.got, 200, 'OK', { toTag: 'b', body: OTHER_SDP, headers: [['X-To-A', 'three']] });
      t.equal((await scene.establish(call.a, call.invite)).ok.header('X-To-A'), 'three');
    },
  },
  {
    name: 'headers for the response to A: an object, a function',
    run: async (t, scene) => {
      t.equal((await answered(scene, { responseHeaders: { 'X-Made': 'object' } })).header('X-Made'), 'object');
      t.equal((await answered(scene, { responseHeaders: () => ({ 'X-Made': 'function' }) })).header('X-Made'), 'function');
    },
  },
  {
    name: 'the session description for A: a text, a function, a promise',
    run: async (t, scene) => {
      t.equal((await answered(scene, { localSdpA: SDP })).body, SDP);
      t.equal((await answered(scene, { localSdpA: (sdp) => sdp.replace('6000', '7000') })).body, SDP.replace('4000', '7000'));
      t.equal((await answered(scene, { localSdpA: async (sdp) => sdp.replace('6000', '8000') })).body, SDP.replace('4000', '8000'));
    },
  },
  {
    name: 'the target as an option, and a session description for B',
    run: async (t, scene) => {
      const [a, b] = [await scene.phone(), await scene.phone()];
      scene.on('invite', (request, answer) => void scene.srf.createB2BUA(request, answer, { uri: scene.uriOf(b), localSdpB: OTHER_SDP }).catch(() => undefined));
      const invite = await scene.invite(a);
      const got = await b.waitFor(isRequest('INVITE'), 'INVITE at B');
      t.equal(got.body, OTHER_SDP);
      await b.respond(got, 200, 'OK', { toTag: 'b', body: SDP });
      t.ok(await scene.establish(a, invite));
    },
  },
  {
    name: 'a fast re-INVITE of B waits for the ACK of A',
    run: async (t, scene) => {
      const call = await between(scene);
      void legsOf(call).then(({ uac }) => uac.on('modify', (_request, answer) => answer.send(200, { body: SDP })));
      await call.b.respond(call.got, 200, 'OK', { toTag: 'b', body: OTHER_SDP });
      await call.b.waitFor(isRequest('ACK'), 'ACK at B');
      const ok = await call.a.waitFor(isResponse(200), '200 at A');
      await call.b.send(call.b.request('INVITE', 'sip:edge', { callId: call.got.header('Call-ID') ?? '', fromTag: 'b', toTag: call.got.tag('From'), cseq: 9, body: OTHER_SDP }), scene.edge);
      await call.b.waitFor(isResponse(100, 'INVITE'), '100 to the re-INVITE');
      t.equal(call.b.count(isResponse(200, 'INVITE')), 0);
      await call.a.send(call.a.ack(call.invite, ok), scene.edge);
      t.ok(await call.b.waitFor(isResponse(200, 'INVITE'), '200 to the re-INVITE'));
    },
  },
];
