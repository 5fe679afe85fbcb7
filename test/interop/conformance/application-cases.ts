/** Applications come and go; each case has a server of its own. */
import type { Test } from 'tap';
import { SDP } from '../../support/edge-bed.js';
import { createSipPeer, isRequest, isResponse, type SipPeer } from '../../support/sip-peer.js';
import { connectedSrf, type Server } from './server.js';
import { newSrf, type Srf } from './srf.js';

export interface ApplicationCase {
  readonly name: string;
  readonly differs?: string;
  readonly run: (t: Test, server: Server) => Promise<void>;
}

interface Desk {
  readonly peer: SipPeer;
  /** Asks by OPTIONS (or another method) and tells the final status. */
  ask(method?: string): Promise<number>;
  /** Asks until that is the answer: routes of an application become known a moment after it connected. */
  askUntil(status: number, method?: string): Promise<void>;
  application(prepare: (srf: Srf) => void): Promise<Srf>;
}

async function desk(t: Test, server: Server): Promise<Desk> {
  const peer = await createSipPeer({ transport: 'udp' });
  t.teardown(() => peer.close());
  const connected = new Set<Srf>();
  t.teardown(() => {
    for (const srf of connected) {
      try {
        srf.disconnect();
      } catch {
        // It asserts that it is connected; the case disconnected it.
      }
    }
  });
  const ask = async (method = 'OPTIONS'): Promise<number> => {
    const text = peer.request(method, 'sip:any@127.0.0.1', { headers: [['Event', 'presence']] });
    const callId = /Call-ID: (\S+)/.exec(text)?.[1];
    await peer.send(text, { address: '127.0.0.1', port: server.sipPort });
    return (await peer.waitFor((message) => message.status >= 200 && message.header('Call-ID') === callId, `answer to ${method}`)).status;
  };
  return {
    peer, ask,
    async askUntil(status, method) {
      for (let tries = 0; await ask(method) !== status; tries += 1) {
        if (tries > 200) throw new Error(`${method ?? 'OPTIONS'} was never answered ${status}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async application(prepare) {
      const srf = await connectedSrf(server, prepare);
      connected.add(srf);
      return srf;
    },
  };
}

export const applicationCases: readonly ApplicationCase[] = [
  {
    name: 'none for the method: 503; one that comes is asked; gone: 503; back: asked again',
    differs: 'is silent while no application at all is there',
    run: async (t, server) => {
      const { ask, askUntil, application } = await desk(t, server);
      t.equal(await ask(), 503);
      const first = await application((srf) => srf.options((_request, answer) => answer.send(200)));
      await askUntil(200);
      t.equal(await ask('MESSAGE'), 503, 'other methods have none');
      first.disconnect();
      await askUntil(503);
      await application((srf) => srf.options((_request, answer) => answer.send(200)));
      await askUntil(200);
    },
  },
  {
    name: 'several for a method take turns; each method has its own turn',
    differs: 'is silent until the first is there',
    run: async (t, server) => {
      const { ask, askUntil, application } = await desk(t, server);
      for (const status of [480, 481, 486]) {
        await application((srf) => {
          srf.message((_request, answer) => answer.send(status));
          if (status === 481) srf.options((_request, answer) => answer.send(status));
        });
        await askUntil(status, 'MESSAGE');
      }
      const seen: number[] = [];
      for (let each = 0; each < 6; each += 1) {
        seen.push(await ask('MESSAGE'));
        t.equal(await ask('OPTIONS'), 481);
      }
      t.strictSame([...seen].sort(), [480, 480, 481, 481, 486, 486]);
      t.strictSame(seen.slice(0, 3), seen.slice(3), 'in the same order');
    },
  },
  {
    name: 'one that goes away leaves its unanswered INVITE with a 503 or silence, and others undisturbed',
    run: async (t, server) => {
      const { peer, askUntil, application } = await desk(t, server);
      const asked = new Promise<void>((resolve) => {
        void application((srf) => srf.invite(() => resolve())).then((srf) => {
          going = srf;
        });
      });
      let going: Srf | undefined;
      await application((srf) => srf.options((_request, answer) => answer.send(200)));
      await askUntil(200);
      await peer.send(peer.request('INVITE', 'sip:any@127.0.0.1', { body: SDP }), { address: '127.0.0.1', port: server.sipPort });
      await asked;
      going?.disconnect();
      if (server.name === 'cordboard') t.ok(await peer.waitFor(isResponse(503, 'INVITE'), '503'));
      await t.resolves(askUntil(200), 'the other application answers');
    },
  },
  {
    name: 'one that goes away loses its calls: the phone learns of it by 481',
    differs: 'is silent to a request of such a call',
    run: async (t, server) => {
      const { peer, application } = await desk(t, server);
      const srf = await application(() => undefined);
      const dialog = srf.createUAC(`sip:bob@127.0.0.1:${peer.port}`, { localSdp: SDP });
      const invite = await peer.waitFor(isRequest('INVITE'), 'INVITE');
      await peer.respond(invite, 200, 'OK', { toTag: 'b', body: SDP });
      await peer.waitFor(isRequest('ACK'), 'ACK');
      await dialog;
      srf.disconnect();
      const edge = { address: '127.0.0.1', port: server.sipPort };
      let status = 0;
      for (let cseq = 1; status !== 481 && cseq < 500; cseq += 1) {
        await peer.send(peer.request('UPDATE', 'sip:edge', { callId: invite.header('Call-ID') ?? '', fromTag: 'b', toTag: invite.tag('From'), cseq }), edge);
        status = (await peer.waitFor((message) => message.status >= 200, 'answer to UPDATE')).status;
      }
      t.equal(status, 481);
    },
  },
  {
    name: 'a wrong secret is refused',
    run: async (t, server) => {
      const srf = newSrf();
      const failed = new Promise<string>((resolve) => {
        srf.on('error', (error) => resolve(String(error)));
        srf.on('connect', (error) => resolve(error instanceof Error ? String(error) : 'connected'));
      });
      srf.connect({ ...server.control, secret: 'wrong' });
      t.not(await failed, 'connected');
      try {
        srf.disconnect();
      } catch {
        // Not connected.
      }
    },
  },
];
