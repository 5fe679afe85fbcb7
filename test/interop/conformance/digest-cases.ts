/** The application's requests are challenged (RFC 3261 §22). */
import { SDP } from '../../support/edge-bed.js';
import { isRequest, type PeerMessage } from '../../support/sip-peer.js';
import type { Case } from './scene.js';
import { finalOf } from './srf.js';

const BOTH = ['udp', 'tcp'] as const;
const OTHER_SDP = SDP.replace('4000', '6000');
const AUTH = { username: 'u', password: 'p' };
const CHALLENGE = { 401: ['WWW-Authenticate', 'Digest realm="r", nonce="n", qop="auth"'], 407: ['Proxy-Authenticate', 'Digest realm="r", nonce="n", qop="auth"'] } as const;
const ANSWERS = { 401: 'Authorization', 407: 'Proxy-Authorization' } as const;

const isRetry = (method: string, header: string) => (message: PeerMessage): boolean => message.method === method && message.header(header) !== undefined;

export const digestCases: readonly Case[] = [
  ...([401, 407] as const).map((status): Case => ({
    name: `digest: ${status} to an INVITE`, transports: BOTH,
    run: async (t, scene) => {
      const phone = await scene.phone();
      const dialog = scene.srf.createUAC(scene.uriOf(phone), { localSdp: SDP, auth: AUTH });
      const first = await phone.waitFor(isRequest('INVITE'), 'INVITE');
      await phone.respond(first, status, 'Who', { toTag: 'x', headers: [CHALLENGE[status]] });
      await phone.waitFor(isRequest('ACK'), 'ACK of the challenge');
      const second = await phone.waitFor(isRetry('INVITE', ANSWERS[status]), 'INVITE with credentials');
      t.strictSame([second.cseq, second.header('Call-ID')], [first.cseq + 1, first.header('Call-ID')]);
      await phone.respond(second, 200, 'OK', { toTag: 'y', body: SDP });
      t.ok(await dialog);
    },
  })),
  {
    name: 'a 407 without a challenge rejects',
    run: async (t, scene) => {
      const phone = await scene.phone();
      const failed = scene.srf.createUAC(scene.uriOf(phone), { localSdp: SDP, auth: AUTH }).then(() => 0, (error: { status: number }) => error.status);
      await phone.respond(await phone.waitFor(isRequest('INVITE'), 'INVITE'), 407, 'Who', { toTag: 'x' });
      t.equal(await failed, 407);
    },
  },
  {
    name: 'digest: re-INVITE and BYE are challenged',
    run: async (t, scene) => {
      const phone = await scene.phone();
      const made = scene.srf.createUAC(scene.uriOf(phone), { localSdp: SDP });
      await scene.accept(phone);
      const dialog = await made;
      const modified = dialog.modify(OTHER_SDP, { auth: AUTH });
      await phone.respond(await phone.waitFor(isRequest('INVITE'), 're-INVITE'), 401, 'Who', { headers: [CHALLENGE[401]] });
      await phone.respond(await phone.waitFor(isRetry('INVITE', 'Authorization'), 're-INVITE with credentials'), 200, 'OK', { body: OTHER_SDP });
      t.equal(await modified, OTHER_SDP);
      void dialog.destroy({ auth: AUTH });
      await phone.respond(await phone.waitFor(isRequest('BYE'), 'BYE'), 401, 'Who', { headers: [CHALLENGE[401]] });
      await phone.respond(await phone.waitFor(isRetry('BYE', 'Authorization'), 'BYE with credentials'), 200, 'OK');
    },
  },
  {
    name: 'REGISTER of ours with digest', transports: BOTH,
    run: async (t, scene) => {
      const phone = await scene.phone();
      const sent = await scene.srf.request(scene.uriOf(phone), { method: 'REGISTER', headers: { Contact: '<sip:me@127.0.0.1>', Expires: '60' }, auth: AUTH });
      const final = finalOf(sent);
      await phone.respond(await phone.waitFor(isRequest('REGISTER'), 'REGISTER'), 401, 'Who', { toTag: 'x', headers: [CHALLENGE[401]] });
      const again = await phone.waitFor(isRetry('REGISTER', 'Authorization'), 'REGISTER with credentials');
      t.match(again.header('Authorization'), /response="?[0-9a-f]{32}/);
      await phone.respond(again, 200, 'OK', { toTag: 'x' });
      t.equal((await final).status, 200);
    },
  },
];
