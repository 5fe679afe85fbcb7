/** The application calls. */
import { SDP } from '../../support/edge-bed.js';
import { isRequest } from '../../support/sip-peer.js';
import { heard, type Case } from './scene.js';
import type { Dialog, Message, Request } from './srf.js';

const BOTH = ['udp', 'tcp'] as const;
const OTHER_SDP = SDP.replace('4000', '6000');
export const uacCases: readonly Case[] = [
  {
    name: 'a call is answered, and ended by the callee', transports: BOTH,
    run: async (t, scene) => {
      const phone = await scene.phone();
      const dialog = scene.srf.createUAC(scene.uriOf(phone), { localSdp: OTHER_SDP, headers: { From: '"Somebody" <sip:some@one.example>', 'X-Case': 'yes' } });
      const call = await scene.accept(phone);
      t.strictSame([call.invite.body, call.invite.header('X-Case')], [OTHER_SDP, 'yes']);
      t.match(call.invite.header('From'), /Somebody.*sip:some@/);
      const ended = heard<Message>((tell) => void dialog.then((made) => made.on('destroy', tell)));
      t.equal((await dialog).remote.sdp, SDP);
      await scene.hangUp(call);
      t.equal((await ended).method, 'BYE');
    },
  },
  {
    name: 'a call with a callback, ended by the application', transports: BOTH,
    run: async (t, scene) => {
      const phone = await scene.phone();
      const dialog = new Promise<Dialog>((resolve) => scene.srf.createUAC(scene.uriOf(phone), { localSdp: SDP, callingNumber: '1234' }, {}, (_error, made) => resolve(made)));
      const call = await scene.accept(phone);
      t.match(call.invite.header('From'), /sip:1234@/, 'callingNumber is who calls');
      t.match(call.invite.header('Contact'), /sip:1234@/);
      const destroyed = (await dialog).destroy();
      await scene.hungUp(phone);
      await destroyed;
    },
  },
  ...([404, 486, 503, 603] as const).map((status): Case => ({
    name: `a ${status} rejects and is acknowledged`, transports: status === 486 ? BOTH : ['udp'],
    run: async (t, scene) => {
      const phone = await scene.phone();
      const failed = scene.srf.createUAC(scene.uriOf(phone), { localSdp: SDP }).then(() => 0, (error: { status: number }) => error.status);
      await phone.respond(await phone.waitFor(isRequest('INVITE'), 'INVITE'), status, 'No', { toTag: 'x' });
      t.equal(await failed, status);
      t.ok(await phone.waitFor(isRequest('ACK'), 'ACK'));
    },
  })),
  {
    name: 'provisional responses are told', transports: BOTH,
    run: async (t, scene) => {
      const phone = await scene.phone();
      const told: number[] = [];
      const dialog = scene.srf.createUAC(scene.uriOf(phone), { localSdp: SDP }, { cbProvisional: ({ status }) => told.push(status) });
      const invite = await phone.waitFor(isRequest('INVITE'), 'INVITE');
      await phone.respond(invite, 180, 'Ringing', { toTag: 'x' });
      await phone.respond(invite, 183, 'Session Progress', { toTag: 'x', body: SDP });
      await phone.respond(invite, 200, 'OK', { toTag: 'x', body: SDP });
      await dialog;
      t.strictSame(told, [180, 183]);
    },
  },
  {
    name: 'CANCEL while it rings', transports: BOTH,
    run: async (t, scene) => {
      const phone = await scene.phone();
      let failed: Promise<number> | undefined;
      const sent = heard<Request>((tell) => {
        failed = scene.srf.createUAC(scene.uriOf(phone), { localSdp: SDP }, { cbRequest: (_error, request) => tell(request) })
          .then(() => 0, (error: { status: number }) => error.status);
      });
      const invite = await phone.waitFor(isRequest('INVITE'), 'INVITE');
      await phone.respond(invite, 180, 'Ringing', { toTag: 'x' });
      (await sent).cancel();
      const cancel = await phone.waitFor(isRequest('CANCEL'), 'CANCEL');
      t.match(cancel.header('Via'), /branch=/);
      await phone.respond(cancel, 200, 'OK', { toTag: 'x' });
      await phone.respond(invite, 487, 'Request Terminated', { toTag: 'x' });
      t.equal(await failed, 487);
      t.ok(await phone.waitFor(isRequest('ACK'), 'ACK'));
    },
  },
  {
    name: 'CANCEL and 200 cross: the call that came of it is ended',
    run: async (t, scene) => {
      const phone = await scene.phone();
      const sent = heard<Request>((tell) => {
        void scene.srf.createUAC(scene.uriOf(phone), { localSdp: SDP }, { cbRequest: (_error, request) => tell(request) })
          .then((dialog) => dialog.destroy()).catch(() => undefined);
      });
      const invite = await phone.waitFor(isRequest('INVITE'), 'INVITE');
      await phone.respond(invite, 180, 'Ringing', { toTag: 'x' });
      (await sent).cancel();
      const cancel = await phone.waitFor(isRequest('CANCEL'), 'CANCEL');
      await phone.respond(invite, 200, 'OK', { toTag: 'x', body: SDP });
      await phone.respond(cancel, 200, 'OK', { toTag: 'x' });
      t.ok(await phone.waitFor(isRequest('ACK'), 'ACK'));
      await scene.hungUp(phone);
    },
  },
  {
    name: 'redirections are followed when asked for',
    run: async (t, scene) => {
      const [moved, there] = [await scene.phone(), await scene.phone()];
      const dialog = scene.srf.createUAC(scene.uriOf(moved), { localSdp: SDP, followRedirects: true });
      await moved.respond(await moved.waitFor(isRequest('INVITE'), 'INVITE'), 302, 'Moved', { toTag: 'x', contact: `<${scene.uriOf(there)}>` });
      await scene.accept(there);
      t.ok(await dialog);
    },
  },
  {
    name: 'reliable provisional responses are acknowledged by PRACK', transports: BOTH,
    run: async (t, scene) => {
      const phone = await scene.phone();
      const dialog = scene.srf.createUAC(scene.uriOf(phone), { localSdp: SDP, headers: { Supported: '100rel' } });
      const invite = await phone.waitFor(isRequest('INVITE'), 'INVITE');
      await phone.respond(invite, 183, 'Session Progress', { toTag: 'x', headers: [['Require', '100rel'], ['RSeq', '7']], body: SDP });
      const prack = await phone.waitFor(isRequest('PRACK'), 'PRACK');
      t.match(prack.header('RAck'), new RegExp(`^7 ${invite.cseq} INVITE`));
      await phone.respond(prack, 200, 'OK');
      await phone.respond(invite, 200, 'OK', { toTag: 'x', body: SDP });
      t.ok(await dialog);
    },
  },
  {
    name: 'two phones answer behind a fork: the second call is ended (RFC 3261 §13.2.2.4)',
    run: async (t, scene) => {
      const phone = await scene.phone();
      const dialog = scene.srf.createUAC(scene.uriOf(phone), { localSdp: SDP });
      const invite = await phone.waitFor(isRequest('INVITE'), 'INVITE');
      await phone.respond(invite, 200, 'OK', { toTag: 'first', body: SDP });
      await phone.waitFor((message) => message.method === 'ACK' && message.tag('To') === 'first', 'ACK of the first');
      await phone.respond(invite, 200, 'OK', { toTag: 'second', body: SDP });
      await phone.waitFor((message) => message.method === 'ACK' && message.tag('To') === 'second', 'ACK of the second');
      const bye = await phone.waitFor((message) => message.method === 'BYE' && message.tag('To') === 'second', 'BYE of the second');
      await phone.respond(bye, 200, 'OK');
      t.ok(await dialog);
    },
    differs: 'takes no notice of a 2xx of another fork',
  },
  {
    name: 'a repeated 200 is acknowledged again',
    run: async (t, scene) => {
      const phone = await scene.phone();
      const dialog = scene.srf.createUAC(scene.uriOf(phone), { localSdp: SDP });
      const { invite, ack } = await scene.accept(phone, { toTag: 'x' });
      await phone.respond(invite, 200, 'OK', { toTag: 'x', body: SDP });
      const again = await phone.waitFor(isRequest('ACK'), 'ACK again');
      t.equal(again.cseq, ack.cseq);
      t.ok(await dialog);
    },
  },
  {
    name: 'a 200 without Contact is no call',
    run: async (t, scene) => {
      const phone = await scene.phone();
      const failed = scene.srf.createUAC(scene.uriOf(phone), { localSdp: SDP }).then(() => 'made', () => 'rejected');
      await phone.respond(await phone.waitFor(isRequest('INVITE'), 'INVITE'), 200, 'OK', { toTag: 'x', contact: null, body: SDP });
      t.equal(await failed, 'rejected');
    },
  },
  {
    name: 'an INVITE without offer: the answer goes with the ACK', transports: BOTH,
    run: async (t, scene) => {
      const phone = await scene.phone();
      const unfinished = scene.srf.createUAC(scene.uriOf(phone), { localSdp: '', noAck: true });
      const invite = await phone.waitFor(isRequest('INVITE'), 'INVITE');
      t.equal(invite.body, '');
      await phone.respond(invite, 200, 'OK', { toTag: 'x', body: SDP });
      const { sdp, ack } = await unfinished;
      t.equal(sdp, SDP);
      const dialog = ack(OTHER_SDP);
      t.equal((await phone.waitFor(isRequest('ACK'), 'ACK')).body, OTHER_SDP);
      t.ok(await dialog);
    },
  },
  {
    name: 'Record-Route of the answer rules what follows (RFC 3261 §12.1.2)',
    run: async (t, scene) => {
      const [phone, relay] = [await scene.phone(), await scene.phone()];
      const route = `<sip:127.0.0.1:${relay.port};lr>`;
      const made = scene.srf.createUAC(scene.uriOf(phone), { localSdp: SDP });
      const invite = await phone.waitFor(isRequest('INVITE'), 'INVITE');
      await phone.respond(invite, 200, 'OK', { toTag: 'x', body: SDP, headers: [['Record-Route', route]] });
      const ack = await relay.waitFor(isRequest('ACK'), 'ACK at the proxy');
      t.match(ack.header('Route'), route);
      void (await made).destroy();
      const bye = await relay.waitFor(isRequest('BYE'), 'BYE at the proxy');
      t.match([bye.header('Route'), bye.uri], [route, scene.uriOf(phone, 'peer')]);
      await relay.respond(bye, 200, 'OK');
    },
  },
  {
    name: 'nobody answers at all: 408',
    run: async (t, scene) => {
      const phone = await scene.phone();
      const failed = scene.srf.createUAC(scene.uriOf(phone), { localSdp: SDP }).then(() => 0, (error: { status: number }) => error.status);
      await phone.waitFor(isRequest('INVITE'), 'INVITE');
      t.equal(await failed, 408);
      t.ok(phone.count(isRequest('INVITE')) > 4, 'it was repeated');
    },
  },
];
