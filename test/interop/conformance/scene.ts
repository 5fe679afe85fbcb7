/** What one case has to play with: the application, phones, and the calls between them. */
import type { Test } from 'tap';
import { SDP } from '../../support/edge-bed.js';
import { createSipPeer, isRequest, isResponse, uniqueText, type PeerAddress, type PeerMessage, type RequestOptions, type SipPeer } from '../../support/sip-peer.js';
import type { Server } from './server.js';
import { METHODS, type Handler, type Method, type Srf } from './srf.js';

export type Transport = 'udp' | 'tcp';

export interface Case {
  /** The rule. */
  readonly name: string;
  /** How drachtio-server differs; the case is not run there. */
  readonly differs?: string;
  /** Default: UDP alone. */
  readonly transports?: readonly Transport[];
  readonly run: (t: Test, scene: Scene) => Promise<void>;
}

/** Handlers of one application for all cases that run at once, by method and the user asked for. */
export class Routes {
  readonly #handlers = new Map<string, Handler>();

  set(method: Method, user: string, handler: Handler): void {
    this.#handlers.set(`${method} ${user}`, handler);
  }

  install(srf: Srf): void {
    for (const method of METHODS) {
      srf[method]((request, answer) => {
        const user = /^sips?:([^@;]+)@/.exec(request.uri)?.[1] ?? '';
        const handler = this.#handlers.get(`${method} ${user}`);
        if (handler === undefined) answer.send(404);
        else handler(request, answer);
      });
    }
  }
}

/** An established call as the phone has it. */
export interface PeerCall {
  readonly peer: SipPeer;
  readonly ok: PeerMessage;
  /** A request of the phone in the dialog, sent. @returns its text */
  send(method: string, options?: RequestOptions): Promise<string>;
}

export class Scene {
  /** Nobody else in the run has it. */
  readonly user = uniqueText('user');
  readonly #peers: SipPeer[] = [];

  constructor(readonly server: Server, readonly srf: Srf, private readonly routes: Routes, readonly transport: Transport) {}

  on(method: Method, handler: Handler): void {
    this.routes.set(method, this.user, handler);
  }

  /** A request for this case's user, in what the application sees. */
  once(method: Method): Promise<Parameters<Handler>> {
    return new Promise((resolve) => this.on(method, (...both) => resolve(both)));
  }

  async phone(transport = this.transport): Promise<SipPeer> {
    const peer = await createSipPeer({ transport });
    this.#peers.push(peer);
    return peer;
  }

  get edge(): PeerAddress {
    return { address: '127.0.0.1', port: this.server.sipPort };
  }
  get uri(): string {
    return `sip:${this.user}@127.0.0.1:${this.server.sipPort}`;
  }
  uriOf(peer: SipPeer, user = 'bob'): string {
    return `sip:${user}@127.0.0.1:${peer.port}${peer.transport === 'tcp' ? ';transport=tcp' : ''}`;
  }

  /** Sends a request of a phone to the application. @returns its text */
  async send(peer: SipPeer, method: string, options: RequestOptions = {}): Promise<string> {
    const text = peer.request(method, this.uri, options);
    await peer.send(text, this.edge);
    return text;
  }

  invite(peer: SipPeer, options: RequestOptions = {}): Promise<string> {
    return this.send(peer, 'INVITE', { body: SDP, ...options });
  }

  /** Waits for the 200 to the phone's INVITE and acknowledges it. */
  async establish(peer: SipPeer, invite: string): Promise<PeerCall> {
    const ok = await peer.waitFor(isResponse(200, 'INVITE'), '200 to INVITE');
    const target = contactOf(ok);
    await peer.send(peer.ack(invite, ok, { uri: target }), this.edge);
    return this.#callOf(peer, ok, target, ok.tag('From'), ok.tag('To'), 1);
  }

  /** Takes a call for the phone: 200, and waits for the ACK. */
  async accept(peer: SipPeer, options: { readonly toTag?: string; readonly headers?: RequestOptions['headers'] } = {}): Promise<PeerCall & { readonly invite: PeerMessage; readonly ack: PeerMessage }> {
    const toTag = options.toTag ?? uniqueText('bob');
    const invite = await peer.waitFor(isRequest('INVITE'), 'INVITE');
    const answer = (): Promise<void> => peer.respond(invite, 200, 'OK', { toTag, body: SDP, headers: options.headers ?? [] });
    await answer();
    // RFC 3261 §13.3.1.4: a datagram may be lost.
    const again = setInterval(() => void answer(), 1000);
    const ack = await peer.waitFor(isRequest('ACK'), 'ACK', 10_000).finally(() => clearInterval(again));
    return { ...this.#callOf(peer, invite, contactOf(invite), toTag, invite.tag('From'), 100), invite, ack };
  }

  /** The phone's BYE, answered. */
  async hangUp(call: PeerCall): Promise<void> {
    await call.send('BYE');
    await call.peer.waitFor(isResponse(200, 'BYE'), '200 to BYE');
  }

  /** Waits for the BYE of the application and answers it. */
  async hungUp(peer: SipPeer): Promise<PeerMessage> {
    const bye = await peer.waitFor(isRequest('BYE'), 'BYE', 10_000);
    await peer.respond(bye, 200, 'OK');
    return bye;
  }

  async close(): Promise<void> {
    for (const peer of this.#peers) await peer.close();
  }

  #callOf(peer: SipPeer, ok: PeerMessage, target: string, fromTag: string, toTag: string, first: number): PeerCall {
    let cseq = first;
    return {
      peer, ok,
      send: async (method, options = {}) => {
        cseq += 1;
        const text = peer.request(method, target, { callId: ok.header('Call-ID') ?? '', fromTag, toTag, cseq, ...options });
        await peer.send(text, this.edge);
        return text;
      },
    };
  }
}

export const contactOf = (message: PeerMessage): string => /<([^>]+)>/.exec(message.header('Contact') ?? '')?.[1] ?? '';

/** Resolves with what the listener is called with first. */
export function heard<T>(subscribe: (listener: (value: T) => void) => void): Promise<T> {
  return new Promise((resolve) => subscribe(resolve));
}
