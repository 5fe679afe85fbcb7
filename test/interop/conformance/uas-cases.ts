/** The application is called. */
import { SDP } from '../../support/edge-bed.js';
import { isRequest, isResponse } from '../../support/sip-peer.js';
import { heard, type Case } from './scene.js';
import type { Dialog, Message } from './srf.js';

const OTHER_SDP = SDP.replace('4000', '6000');
const BOTH = ['udp', 'tcp'] as const;

export const uasCases: readonly Case[] = [
  {
    name: 'a call is answered, and ended by the caller', transports: BOTH,
    run: async (t, scene) => {
      const phone = await scene.phone();
      const dialog = new Promise<Dialog>((resolve, reject) => scene.on('invite', (request, answer) => {
        scene.srf.createUAS(request, answer, { localSdp: OTHER_SDP }).then(resolve, reject);
      }));
      const call = await scene.establish(phone, await scene.invite(phone));
      t.equal(call.ok.body, OTHER_SDP);
      const ended = dialog.then((made) => heard<Message>((tell) => made.on('destroy', tell)));
      t.equal((await dialog).remote.sdp, SDP);
      await scene.hangUp(call);
      t.equal((await ended).method, 'BYE');
    },
  },
  {
    name: 'a call is answered with a callback, and ended by the application', transports: BOTH,
    run: async (t, scene) => {
      const phone = await scene.phone();
      const dialog = new Promise<Dialog>((resolve) => scene.on('invite', (request, answer) => {
        scene.srf.createUAS(request, answer, { body: () => OTHER_SDP, headers: { 'X-Case': 'yes' } }, (_error, made) => resolve(made));
      }));
      const call = await scene.establish(phone, await scene.invite(phone));
      t.equal(call.ok.body, OTHER_SDP, '`body` does what `localSdp` does');
      t.equal(call.ok.header('X-Case'), 'yes');
      const destroyed = (await dialog).destroy({ headers: { 'X-Bye': 'now' } });
      t.equal((await scene.hungUp(phone)).header('X-Bye'), 'now');
      await destroyed;
    },
  },
  ...([[486, 'Busy Here'], [503, 'Service Unavailable'], [603, 'Decline']] as const).map(([status, reason]): Case => ({
    name: `a call is refused with ${status}`, transports: BOTH,
    run: async (t, scene) => {
      const phone = await scene.phone();
      scene.on('invite', (_request, answer) => answer.send(status, { headers: { 'X-Why': 'test' } }));
      const invite = await scene.invite(phone);
      const final = await phone.waitFor(isResponse(status), String(status));
      t.match(final.startLine, reason);
      t.equal(final.header('X-Why'), 'test');
      t.not(final.tag('To'), '', 'RFC 3261 §8.2.6.2: with a tag');
      await phone.send(phone.ack(invite, final), scene.edge);
    },
  })),
  {
    name: 'a redirection with Contact goes through',
    run: async (t, scene) => {
      const phone = await scene.phone();
      scene.on('invite', (_request, answer) => answer.send(302, { headers: { Contact: '<sip:there@192.0.2.9>' } }));
      const invite = await scene.invite(phone);
      const final = await phone.waitFor(isResponse(302), '302');
      t.match(final.header('Contact'), 'there@192.0.2.9');
      await phone.send(phone.ack(invite, final), scene.edge);
    },
  },
  {
    name: 'ringing, early media and answer have one tag', transports: BOTH,
    run: async (t, scene) => {
      const phone = await scene.phone();
      scene.on('invite', (request, answer) => {
        answer.send(180);
        answer.send(183, { body: OTHER_SDP });
        void scene.srf.createUAS(request, answer, { localSdp: OTHER_SDP });
      });
      const invite = await scene.invite(phone);
      const ringing = await phone.waitFor(isResponse(180), '180');
      const progress = await phone.waitFor(isResponse(183), '183');
      const call = await scene.establish(phone, invite);
      t.equal(progress.body, OTHER_SDP);
      t.strictSame([progress.tag('To'), call.ok.tag('To')], [ringing.tag('To'), ringing.tag('To')]);
      await scene.hangUp(call);
    },
  },
  {
    name: 'late offer: the answer comes with the ACK', transports: BOTH,
    run: async (t, scene) => {
      const phone = await scene.phone();
      const acknowledged = new Promise<Message>((resolve) => scene.on('invite', (request, answer) => {
        void scene.srf.createUAS(request, answer, { localSdp: OTHER_SDP }).then((dialog) => dialog.on('ack', resolve));
      }));
      const invite = await scene.send(phone, 'INVITE');
      const ok = await phone.waitFor(isResponse(200), '200');
      await phone.send(phone.ack(invite, ok, { body: SDP }), scene.edge);
      t.equal((await acknowledged).body, SDP);
    },
  },
  {
    name: 'CANCEL while it rings', transports: BOTH,
    run: async (t, scene) => {
      const phone = await scene.phone();
      const cancelled = new Promise<Message>((resolve) => scene.on('invite', (request, answer) => {
        request.on('cancel', resolve);
        answer.send(180);
      }));
      const invite = await scene.invite(phone);
      await phone.waitFor(isResponse(180), '180');
      await phone.send(phone.cancel(invite), scene.edge);
      await phone.waitFor(isResponse(200, 'CANCEL'), '200 to CANCEL');
      const final = await phone.waitFor(isResponse(487, 'INVITE'), '487');
      await phone.send(phone.ack(invite, final), scene.edge);
      t.equal((await cancelled).method, 'CANCEL');
    },
  },
  {
    name: 'CANCEL loses against the 200 that was lost: the call ends all the same',
    differs: 'keeps the call when the ACK comes after all',
    run: async (t, scene) => {
      const phone = await scene.phone();
      scene.on('invite', (request, answer) => void scene.srf.createUAS(request, answer, { localSdp: SDP }).catch(() => undefined));
      const invite = await scene.invite(phone);
      await phone.waitFor(isResponse(200), '200 that we play not to have seen');
      await phone.send(phone.cancel(invite), scene.edge);
      t.match((await phone.waitFor(({ cseqMethod, status }) => cseqMethod === 'CANCEL' && status > 0, 'answer to CANCEL')).status, 481);
      const again = await phone.waitFor(isResponse(200, 'INVITE'), 'the 200 again');
      await phone.send(phone.ack(invite, again), scene.edge);
      await scene.hungUp(phone);
    },
  },
  ...BOTH.map((transport): Case => ({
    name: `a 200 is repeated over ${transport} until the ACK`, transports: [transport],
    ...(transport === 'tcp' ? { differs: 'repeats it over UDP alone' } : {}),
    run: async (t, scene) => {
      const phone = await scene.phone();
      const dialog = new Promise<Dialog>((resolve) => scene.on('invite', (request, answer) => {
        void scene.srf.createUAS(request, answer, { localSdp: SDP }).then(resolve);
      }));
      const invite = await scene.invite(phone);
      await phone.waitFor(isResponse(200), '200');
      await phone.waitFor(isResponse(200), 'its repetition');
      const again = await phone.waitFor(isResponse(200), 'and another');
      await phone.send(phone.ack(invite, again), scene.edge);
      void (await dialog).destroy();
      await scene.hungUp(phone);
      t.equal(phone.count(isResponse(200, 'INVITE')), 3);
    },
  })),
  {
    name: 'no ACK ever: BYE after 64*T1, and the application knows',
    run: async (t, scene) => {
      const phone = await scene.phone();
      const ended = new Promise<Message>((resolve) => scene.on('invite', (request, answer) => {
        void scene.srf.createUAS(request, answer, { localSdp: SDP }).then((dialog) => dialog.on('destroy', resolve));
      }));
      await scene.invite(phone);
      const bye = await phone.waitFor(isRequest('BYE'), 'BYE', 45_000);
      await phone.respond(bye, 200, 'OK');
      t.ok(await ended);
    },
  },
  {
    name: 'a refusal is repeated over UDP until the ACK; the application is asked once',
    run: async (t, scene) => {
      const phone = await scene.phone();
      let asked = 0;
      scene.on('invite', (_request, answer) => {
        asked += 1;
        answer.send(503);
      });
      const invite = await scene.invite(phone);
      await phone.waitFor(isResponse(503), '503');
      await phone.waitFor(isResponse(503), 'its repetition');
      await phone.send(invite, scene.edge);
      const final = await phone.waitFor(isResponse(503), 'one for the repeated INVITE');
      await phone.send(phone.ack(invite, final), scene.edge);
      t.equal(asked, 1);
    },
  },
  {
    name: 'a reliable provisional response is acknowledged by PRACK (RFC 3262)', transports: BOTH,
    run: async (t, scene) => {
      const phone = await scene.phone();
      const pracked = new Promise<Message>((resolve) => scene.on('invite', (request, answer) => {
        answer.send(183, 'Session Progress', { headers: { Require: '100rel' }, body: OTHER_SDP }, null, (prack) => {
          resolve(prack);
          void scene.srf.createUAS(request, answer, { localSdp: OTHER_SDP });
        });
      }));
      const invite = await scene.invite(phone, { headers: [['Supported', '100rel']] });
      const progress = await phone.waitFor(isResponse(183), '183');
      t.match(progress.header('Require'), '100rel');
      await scene.send(phone, 'PRACK', {
        callId: progress.header('Call-ID') ?? '', fromTag: progress.tag('From'), toTag: progress.tag('To'), cseq: 2,
        headers: [['RAck', `${progress.header('RSeq') ?? ''} 1 INVITE`]],
      });
      await phone.waitFor(isResponse(200, 'PRACK'), '200 to PRACK');
      t.equal((await pracked).method, 'PRACK');
      const ok = await phone.waitFor(isResponse(200, 'INVITE'), '200');
      await phone.send(phone.ack(invite, ok), scene.edge);
    },
  },
  {
    name: 'a session timer is granted to a caller that wishes one (RFC 4028)',
    run: async (t, scene) => {
      const phone = await scene.phone();
      scene.on('invite', (request, answer) => void scene.srf.createUAS(request, answer, { localSdp: SDP, headers: { 'Session-Expires': '90;refresher=uac' } }));
      const call = await scene.establish(phone, await scene.invite(phone, { headers: [['Supported', 'timer'], ['Session-Expires', '90;refresher=uac']] }));
      t.match(call.ok.header('Session-Expires'), /^90/);
      await scene.hangUp(call);
    },
  },
  {
    name: 'scanners are declined before any application sees them', differs: 'needs a <spammers> section in its configuration',
    run: async (t, scene) => {
      const phone = await scene.phone();
      let asked = 0;
      scene.on('invite', () => (asked += 1));
      await scene.invite(phone, { headers: [['User-Agent', 'friendly-scanner']] });
      await phone.waitFor(isResponse(603), '603');
      t.equal(asked, 0);
    },
  },
  {
    name: 'a BYE of no dialog gets 481', transports: BOTH,
    run: async (t, scene) => {
      const phone = await scene.phone();
      await scene.send(phone, 'BYE', { toTag: 'nobody' });
      t.ok(await phone.waitFor(isResponse(481), '481'));
    },
  },
  {
    name: 'SUBSCRIBE makes a dialog; NOTIFY in it, and one that ends it', transports: BOTH,
    run: async (t, scene) => {
      const phone = await scene.phone();
      const dialog = new Promise<Dialog>((resolve, reject) => scene.on('subscribe', (request, answer) => {
        scene.srf.createUAS(request, answer, { headers: { Expires: '60' } }).then(resolve, reject);
      }));
      await scene.send(phone, 'SUBSCRIBE', { headers: [['Event', 'presence'], ['Expires', '60']] });
      const ok = await phone.waitFor(({ status }) => status === 200 || status === 202, '2xx');
      t.not(ok.tag('To'), '');
      const notified = (await dialog).request({ method: 'NOTIFY', headers: { 'Subscription-State': 'active', Event: 'presence' } });
      await phone.respond(await phone.waitFor(isRequest('NOTIFY'), 'NOTIFY'), 200, 'OK');
      t.equal((await notified).status, 200);
      const ended = (await dialog).destroy();
      const last = await phone.waitFor(isRequest('NOTIFY'), 'last NOTIFY');
      t.match(last.header('Subscription-State'), 'terminated');
      await phone.respond(last, 200, 'OK');
      await ended;
    },
  },
];
