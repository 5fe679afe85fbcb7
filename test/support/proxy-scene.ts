/** A request handed to an application that has it proxied, for tests of the proxy verb. */
import { SDP, edgeBed, transactionOf, type AppFrame, type EdgeBed, type ScriptedApp, type Teardown } from './edge-bed.js';
import type { PeerMessage, RequestOptions, SipPeer } from './sip-peer.js';

export const uriOf = (peer: SipPeer): string => `sip:${peer.address}:${peer.port}${peer.transport === 'tcp' ? ';transport=tcp' : ''}`;

export interface OrderOptions {
  readonly record?: boolean;
  readonly quiet?: boolean;
  readonly redirects?: boolean;
  readonly fork?: boolean;
  readonly provisional?: string;
  readonly headers?: string;
}

export interface ProxyScene {
  readonly bed: EdgeBed;
  readonly app: ScriptedApp;
  readonly caller: SipPeer;
  readonly invite: string;
  readonly handed: AppFrame;
  /** Message id of the proxy message. */
  readonly order: string;
  /** A frame answering the proxy message. */
  reply(start: string): Promise<AppFrame>;
}

/** Lets a caller send a request to an application that orders it to be proxied. */
export async function ordered(
  bed: EdgeBed, targets: readonly (SipPeer | string)[], options: OrderOptions = {},
  request: RequestOptions & { readonly method?: string; readonly uri?: string; readonly transport?: 'udp' | 'tcp'; readonly maxForwards?: number } = {},
): Promise<ProxyScene> {
  const { method = 'INVITE', uri = `sip:service@127.0.0.1:${bed.udp.port}`, transport = 'udp', maxForwards = 70, ...rest } = request;
  const app = await bed.app(method.toLowerCase());
  const caller = await bed.peer(transport);
  const invite = caller.request(method, uri, { ...(method === 'INVITE' ? { body: SDP } : {}), ...rest })
    .replace('Max-Forwards: 70', `Max-Forwards: ${maxForwards}`);
  await caller.send(invite, transport === 'udp' ? bed.udp : bed.tcp);
  const handed = await app.sip(method);
  const fields = [
    'proxy', transactionOf(handed), options.record === true ? 'remainInDialog' : '', options.quiet === true ? '' : 'fullResponse',
    options.redirects === true ? 'followRedirects' : '', options.fork === true ? 'simultaneous' : 'serial', options.provisional ?? '', '',
    ...targets.map((target) => (typeof target === 'string' ? target : uriOf(target))),
  ];
  const order = app.send(fields.join('|'), `${method} sip:x SIP/2.0\r\n${options.headers ?? ''}Content-Length: 0\r\n\r\n`);
  return {
    bed, app, caller, invite, handed, order,
    reply: (start) => app.waitFor((frame) => frame.fields[2] === order && frame.fields.slice(3).join('|').startsWith(start), `reply ${start}`),
  };
}

/** An edge and UDP peers. */
export const withPeers = async (t: Teardown, count: number, options: Parameters<typeof edgeBed>[1] = {}): Promise<readonly [EdgeBed, ...SipPeer[]]> => {
  const bed = await edgeBed(t, options);
  return [bed, ...await Promise.all(Array.from({ length: count }, () => bed.peer()))];
};

/** A request of either side inside the dialog, by its route set. */
export function inDialog(peer: SipPeer, method: string, target: string, ok: PeerMessage, cseq: number, from: 'caller' | 'callee'): string {
  const routes = ok.headers('Record-Route').flatMap((value) => value.split(/,\s*/));
  if (from === 'caller') routes.reverse();
  const [mine, theirs] = from === 'caller' ? [ok.tag('From'), ok.tag('To')] : [ok.tag('To'), ok.tag('From')];
  return peer.request(method, target, {
    callId: ok.header('Call-ID') ?? '', fromTag: mine, toTag: theirs, cseq, headers: routes.map((route) => ['Route', route] as const),
  });
}
