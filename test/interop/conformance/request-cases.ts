/** Requests outside of calls, either way. */
import { isRequest, isResponse } from '../../support/sip-peer.js';
import type { Case } from './scene.js';
import { finalOf } from './srf.js';

const BOTH = ['udp', 'tcp'] as const;

export const requestCases: readonly Case[] = [
  {
    name: 'REFER outside a dialog is for nobody: 405', transports: BOTH, differs: 'does not answer it',
    run: async (t, scene) => {
      const phone = await scene.phone();
      await scene.send(phone, 'REFER', { headers: [['Refer-To', '<sip:x@y>']] });
      t.ok(await phone.waitFor(isResponse(405), '405'));
    },
  },
  ...(['register', 'options', 'message', 'publish', 'info', 'notify'] as const).map((method): Case => ({
    name: `${method.toUpperCase()} outside a dialog: body and headers in, answer out`, transports: BOTH,
    run: async (t, scene) => {
      const phone = await scene.phone();
      scene.on(method, (request, answer) => answer.send(202, { headers: { 'X-Echo': request.body, 'X-Got': request.get('X-Sent') } }));
      const headers: [string, string][] = [['X-Sent', 'one'], ['Event', 'presence'], ['Subscription-State', 'active']];
      await scene.send(phone, method.toUpperCase(), { headers, body: 'hello', contentType: 'text/plain' });
      const final = await phone.waitFor(({ status }) => status >= 200, 'final response');
      t.strictSame([final.status, final.header('X-Echo'), final.header('X-Got')], [202, 'hello', 'one']);
    },
  })),
  ...(['OPTIONS', 'MESSAGE', 'INFO', 'PUBLISH', 'SUBSCRIBE', 'NOTIFY', 'REFER'] as const).map((method): Case => ({
    name: `${method} of ours outside a dialog, and its answer`, transports: BOTH,
    run: async (t, scene) => {
      const phone = await scene.phone();
      const sent = await scene.srf.request(scene.uriOf(phone), {
        method, headers: { 'X-Sent': 'one', Event: 'presence', 'Refer-To': '<sip:x@y>', 'Content-Type': 'text/plain', 'Subscription-State': 'active' }, body: 'hello',
      });
      const final = finalOf(sent);
      const got = await phone.waitFor(isRequest(method), method);
      t.strictSame([got.body, got.header('X-Sent')], ['hello', 'one']);
      await phone.respond(got, 202, 'Accepted', { toTag: 'x', headers: [['X-Back', 'two']] });
      t.match(await final, { status: 202 });
      t.equal((await final).get('X-Back'), 'two');
    },
  })),
];
