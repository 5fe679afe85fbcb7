/** Inside an established call, either way. */
import { SDP } from '../../support/edge-bed.js';
import { isRequest, isResponse } from '../../support/sip-peer.js';
import { heard, type Case, type PeerCall, type Scene } from './scene.js';
import type { Answer, Dialog, Message, Request } from './srf.js';

const BOTH = ['udp', 'tcp'] as const;
const HELD_SDP = SDP.replace('sendrecv', 'sendonly');
const OTHER_SDP = SDP.replace('4000', '6000');

interface Established {
  readonly call: PeerCall;
  readonly dialog: Dialog;
}

/** The phone called. */
async function incoming(scene: Scene): Promise<Established> {
  const phone = await scene.phone();
  const dialog = new Promise<Dialog>((resolve, reject) => scene.on('invite', (request, answer) => {
    scene.srf.createUAS(request, answer, { localSdp: SDP }).then(resolve, reject);
  }));
  const call = await scene.establish(phone, await scene.invite(phone));
  return { call, dialog: await dialog };
}

/** The phone was called. */
async function outgoing(scene: Scene): Promise<Established> {
  const phone = await scene.phone();
  const dialog = scene.srf.createUAC(scene.uriOf(phone), { localSdp: SDP });
  const call = await scene.accept(phone);
  return { call, dialog: await dialog };
}

const WAYS = { 'the phone called': incoming, 'the phone was called': outgoing } as const;
const eachWay = (rows: (establish: (scene: Scene) => Promise<Established>) => readonly Case[]): readonly Case[] =>
  Object.entries(WAYS).flatMap(([way, establish]) => rows(establish).map((row) => ({ ...row, name: `${way}: ${row.name}` })));

export const dialogCases: readonly Case[] = [
  ...eachWay((establish) => [
    ...(['info', 'refer', 'notify', 'message', 'options'] as const).map((event): Case => ({
      name: `${event.toUpperCase()} of the phone`, transports: BOTH,
      run: async (t, scene) => {
        const { call, dialog } = await establish(scene);
        dialog.on(event, (request: Request, answer: Answer) => answer.send(202, { headers: { 'X-Echo': request.body } }));
        await call.send(event.toUpperCase(), {
          body: 'hello', contentType: 'text/plain', headers: [['Refer-To', '<sip:x@y>'], ['Event', 'refer'], ['Subscription-State', 'active']],
        });
        const final = await call.peer.waitFor(({ status, cseqMethod }) => status >= 200 && cseqMethod === event.toUpperCase(), 'final response');
        t.strictSame([final.status, final.header('X-Echo')], [202, 'hello']);
        await scene.hangUp(call);
      },
    })),
    ...(['INFO', 'NOTIFY', 'REFER', 'MESSAGE'] as const).map((method): Case => ({
      name: `${method} of the application`, transports: BOTH,
      run: async (t, scene) => {
        const { call, dialog } = await establish(scene);
        const answered = dialog.request({ method, body: 'hello', headers: { 'Content-Type': 'text/plain', 'Refer-To': '<sip:x@y>', Event: 'refer', 'Subscription-State': 'active' } });
        const request = await call.peer.waitFor(isRequest(method), method);
        t.equal(request.body, 'hello');
        await call.peer.respond(request, 202, 'Accepted');
        t.equal((await answered).status, 202);
        await scene.hangUp(call);
      },
    })),
    {
      name: 're-INVITE of the phone', transports: BOTH,
      run: async (t, scene) => {
        const { call, dialog } = await establish(scene);
        dialog.on('modify', (request: Request, answer: Answer) => answer.send(200, { body: request.body }));
        const text = await call.send('INVITE', { body: OTHER_SDP });
        const ok = await call.peer.waitFor(isResponse(200, 'INVITE'), '200');
        t.equal(ok.body, OTHER_SDP);
        await call.peer.send(call.peer.ack(text, ok), scene.edge);
        await scene.hangUp(call);
      },
    },
    {
      name: 'a refused re-INVITE leaves the call as it was',
      run: async (t, scene) => {
        const { call, dialog } = await establish(scene);
        dialog.on('modify', (_request: Request, answer: Answer) => answer.send(488));
        const text = await call.send('INVITE', { body: OTHER_SDP });
        const final = await call.peer.waitFor(isResponse(488, 'INVITE'), '488');
        await call.peer.send(call.peer.ack(text, final), scene.edge);
        await t.resolves(scene.hangUp(call), 'BYE was answered 200');
      },
    },
    {
      name: 'the phone holds and resumes',
      run: async (t, scene) => {
        const { call, dialog } = await establish(scene);
        for (const [event, sdp] of [['hold', HELD_SDP], ['unhold', SDP]] as const) {
          const told = heard<Message>((tell) => dialog.on(event, tell));
          const text = await call.send('INVITE', { body: sdp });
          const ok = await call.peer.waitFor(isResponse(200, 'INVITE'), '200');
          await call.peer.send(call.peer.ack(text, ok), scene.edge);
          t.equal((await told).body, sdp, event);
        }
        await scene.hangUp(call);
      },
    },
    {
      name: 're-INVITE of the application; a second one waits for the first', transports: BOTH,
      run: async (t, scene) => {
        const { call, dialog } = await establish(scene);
        const both = Promise.all([dialog.modify(OTHER_SDP), dialog.modify(SDP)]);
        const first = await call.peer.waitFor(isRequest('INVITE'), 're-INVITE');
        t.equal(call.peer.count((message) => message.method === 'INVITE' && message.tag('To') !== ''), 1);
        await call.peer.respond(first, 200, 'OK', { body: 'one\r\n' });
        const second = await call.peer.waitFor(isRequest('INVITE'), 'second re-INVITE');
        t.ok(second.cseq > first.cseq);
        await call.peer.respond(second, 200, 'OK', { body: 'two\r\n' });
        t.strictSame(await both, ['one\r\n', 'two\r\n']);
        await scene.hangUp(call);
      },
    },
    {
      name: 'glare: our re-INVITE is answered 491, theirs comes meanwhile (RFC 3261 §14.1)',
      differs: 'takes their re-INVITE',
      run: async (t, scene) => {
        const { call, dialog } = await establish(scene);
        const failed = dialog.modify(OTHER_SDP).then(() => 0, (error: { status: number }) => error.status);
        const ours = await call.peer.waitFor(isRequest('INVITE'), 're-INVITE');
        const text = await call.send('INVITE', { body: OTHER_SDP });
        const theirs = await call.peer.waitFor(({ status, cseqMethod }) => status >= 200 && cseqMethod === 'INVITE', 'answer to theirs');
        t.equal(theirs.status, 491);
        await call.peer.send(call.peer.ack(text, theirs), scene.edge);
        await call.peer.respond(ours, 491, 'Request Pending');
        t.equal(await failed, 491);
        await scene.hangUp(call);
      },
    },
    {
      name: 'UPDATE of the phone', transports: BOTH,
      run: async (t, scene) => {
        const { call, dialog } = await establish(scene);
        dialog.on('update', (request: Request, answer: Answer) => answer.send(200, { body: request.body }));
        await call.send('UPDATE', { body: OTHER_SDP });
        t.equal((await call.peer.waitFor(isResponse(200, 'UPDATE'), '200')).body, OTHER_SDP);
        await scene.hangUp(call);
      },
    },
    {
      name: 'BYE of both at once',
      run: async (t, scene) => {
        const { call, dialog } = await establish(scene);
        const destroyed = dialog.destroy();
        const bye = await call.peer.waitFor(isRequest('BYE'), 'BYE');
        await call.send('BYE');
        const final = await call.peer.waitFor(({ status, cseqMethod }) => status >= 200 && cseqMethod === 'BYE', 'answer to BYE');
        t.ok(final.status === 200 || final.status === 481, String(final.status));
        await call.peer.respond(bye, 200, 'OK');
        await destroyed;
      },
    },
  ]),
];
