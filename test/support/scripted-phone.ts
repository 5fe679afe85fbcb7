/**
 * A scripted desk phone on a SipPeer: registers with digest, dials, rings, answers, cancels, hangs up, changes the session.
 *
 *   const phone = await scriptedPhone(t, { edge, userName, password, domain });
 *   await phone.register();
 *   const call = await phone.dial('102');
 */
import { createHash } from 'node:crypto';
import type { Test } from 'tap';
import { createSipPeer, isRequest, readMessage, uniqueText, type PeerAddress, type PeerMessage, type RequestOptions, type SipPeer } from './sip-peer.js';

export interface PhoneLine {
  /** Where the edge listens for this phone's transport. */
  readonly edge: PeerAddress;
  readonly userName: string;
  readonly password: string;
  readonly domain: string;
  readonly transport?: 'udp' | 'tcp';
  /** With `tcp`: over TLS, to a server whose certificate this one (PEM) vouches for. */
  readonly tls?: { readonly ca: string };
}

export const SDP = (session: string, direction = 'sendrecv'): string => [
  'v=0', `o=- ${session} 1 IN IP4 127.0.0.1`, 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', 'm=audio 40000 RTP/AVP 8', 'a=rtpmap:8 PCMA/8000', `a=${direction}`, '',
].join('\r\n');

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const quoted = (challenge: string, name: string): string => new RegExp(`${name}="?([^",]*)"?`).exec(challenge)?.[1] ?? '';

let counter = 0;
/** The Authorization value for a challenge (RFC 7616 §3.4). */
export function authorize(line: Pick<PhoneLine, 'userName' | 'password'>, method: string, uri: string, challenge: string, count = 1): string {
  counter += 1;
  const cnonce = `c${counter}`;
  const nc = count.toString(16).padStart(8, '0');
  const realm = quoted(challenge, 'realm');
  const nonce = quoted(challenge, 'nonce');
  const response = md5(`${md5(`${line.userName}:${realm}:${line.password}`)}:${nonce}:${nc}:${cnonce}:auth:${md5(`${method}:${uri}`)}`);
  return `Digest username="${line.userName}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5, `
    + `qop=auth, nc=${nc}, cnonce="${cnonce}"`;
}

export interface RegisterOptions {
  /** Contact header as sent; default the phone's own address. Null = none. */
  readonly contact?: string | null;
  readonly expires?: number;
  readonly headers?: readonly (readonly [string, string])[];
  readonly cseq?: number;
  readonly callId?: string;
  readonly uri?: string;
  readonly to?: string;
}

/** One side of one call, as the phone sees it. */
export interface PhoneCall {
  /** The INVITE, sent or received. */
  readonly invite: PeerMessage;
  /** The next response to the last INVITE of ours with that status. */
  response(status: number, deadlineMs?: number): Promise<PeerMessage>;
  ack(final: PeerMessage, body?: string): Promise<void>;
  cancel(): Promise<void>;
  ring(status?: number, body?: string): Promise<void>;
  /** 200 with SDP ('' for none), and waits for the ACK. */
  answer(body?: string, headers?: readonly (readonly [string, string])[]): Promise<PeerMessage>;
  refuse(status: number, reason: string, headers?: readonly (readonly [string, string])[]): Promise<void>;
  /** A request in the dialog; the response with a final status. */
  request(method: string, options?: { body?: string; headers?: readonly (readonly [string, string])[]; contentType?: string }): Promise<PeerMessage>;
  /** The next request of this dialog with that method. */
  incoming(method: string): Promise<PeerMessage>;
  reply(to: PeerMessage, status: number, reason: string, body?: string): Promise<void>;
  hangUp(headers?: readonly (readonly [string, string])[]): Promise<PeerMessage>;
  /** Waits for the other side's BYE and answers it. */
  hungUp(): Promise<PeerMessage>;
}

export interface ScriptedPhone {
  readonly peer: SipPeer;
  readonly line: PhoneLine;
  readonly contact: string;
  /** One REGISTER without credentials, then one with; the last response. */
  register(options?: RegisterOptions): Promise<PeerMessage>;
  /** One REGISTER as it is; the response. */
  registerOnce(options: RegisterOptions & { readonly authorization?: string }): Promise<PeerMessage>;
  /** Sends any request of ours and waits for its final response. */
  ask(method: string, uri: string, options?: RequestOptions): Promise<PeerMessage>;
  /** INVITE, and again with credentials if challenged. */
  dial(number: string, options?: { contact?: string; body?: string; headers?: readonly (readonly [string, string])[]; uri?: string; withoutCredentials?: boolean }): Promise<PhoneCall>;
  /** The next INVITE for this phone; of those for one user part, where it is given. */
  called(user?: string): Promise<PhoneCall>;
}

/** `t` closes it at its end: a test, or whatever else runs phones. */
export async function scriptedPhone(t: Pick<Test, 'teardown'>, line: PhoneLine): Promise<ScriptedPhone> {
  const transport = line.transport ?? 'udp';
  const peer = await createSipPeer({ transport, ...(line.tls === undefined ? {} : { tls: line.tls }) });
  t.teardown(() => peer.close());
  const contact = `<sip:${line.userName}@${peer.address}:${peer.port}${transport === 'udp' ? '' : `;transport=${line.tls === undefined ? 'tcp' : 'tls'}`}>`;
  const aor = `<sip:${line.userName}@${line.domain}>`;
  const registerCallId = uniqueText('reg');
  let registerCSeq = 0;

  const send = (text: string): Promise<void> => peer.send(text, line.edge);
  const finalFor = (callId: string, cseq: number, method: string): Promise<PeerMessage> =>
    peer.waitFor((message) => message.status >= 200 && message.header('Call-ID') === callId && message.cseq === cseq && message.cseqMethod === method,
      `final response to ${method} ${cseq}`, 10_000);

  const registerOnce: ScriptedPhone['registerOnce'] = async (options) => {
    registerCSeq += 1;
    const callId = options.callId ?? registerCallId;
    const cseq = options.cseq ?? registerCSeq;
    const uri = options.uri ?? `sip:${line.domain}`;
    await send(peer.request('REGISTER', uri, {
      from: aor, to: options.to ?? aor, callId, cseq, contact: options.contact === undefined ? contact : options.contact,
      headers: [
        ...(options.expires === undefined ? [] : [['Expires', String(options.expires)] as const]),
        ...(options.authorization === undefined ? [] : [['Authorization', options.authorization] as const]),
        ...(options.headers ?? []),
      ],
    }));
    return finalFor(callId, cseq, 'REGISTER');
  };

  const dialogOf = (invite: PeerMessage, ours: boolean, inviteText: string): PhoneCall => {
    let lastInvite = inviteText;
    let cseq = ours ? invite.cseq : 100;
    let remoteTag = ours ? '' : invite.tag('From');
    let target = ours ? '' : uriIn(invite.header('Contact'));
    // RFC 3261 §12.1: in order for who was called, in reverse for who called.
    let routes = routesIn(invite);
    const localTag = ours ? invite.tag('From') : uniqueText('t');
    const callId = invite.header('Call-ID') ?? '';
    const us = stripTag((ours ? invite.header('From') : invite.header('To')) ?? '');
    const them = stripTag((ours ? invite.header('To') : invite.header('From')) ?? '');
    const mine = (message: PeerMessage): boolean => message.header('Call-ID') === callId;
    const learn = (message: PeerMessage): PeerMessage => {
      remoteTag = message.tag('To') || remoteTag;
      if (ours && message.status > 100 && message.status < 300 && lastInvite === inviteText) routes = routesIn(message).toReversed();
      if (message.header('Contact') !== undefined) target = uriIn(message.header('Contact'));
      return message;
    };
    const call: PhoneCall = {
      invite,
      response: async (status, deadlineMs = 10_000) => learn(await peer.waitFor((message) => mine(message) && message.status === status && message.cseqMethod === 'INVITE',
        `${status} to INVITE`, deadlineMs)),
      ack: (final, body) => send(peer.ack(lastInvite, final, {
        uri: final.status < 300 ? uriIn(final.header('Contact')) || target : invite.uri, ...(final.status < 300 ? { routes } : {}), ...(body === undefined ? {} : { body }),
      })),
      cancel: () => send(peer.cancel(lastInvite)),
      ring: (status = 180, body) => peer.respond(invite, status, status === 180 ? 'Ringing' : 'Session Progress', { toTag: localTag, contact, ...(body === undefined ? {} : { body }) }),
      async answer(body = SDP('2'), headers = []) {
        await peer.respond(invite, 200, 'OK', { toTag: localTag, contact, headers, ...(body === '' ? {} : { body }) });
        return peer.waitFor((message) => mine(message) && message.method === 'ACK', 'ACK of our 200');
      },
      async refuse(status, reason, headers = []) {
        await peer.respond(invite, status, reason, { toTag: localTag, contact: null, headers });
        await peer.waitFor((message) => mine(message) && message.method === 'ACK', `ACK of our ${status}`);
      },
      async request(method, options = {}) {
        cseq += 1;
        const text = peer.request(method, target, {
          from: us, fromTag: localTag, to: them, toTag: remoteTag, callId, cseq, contact, headers: [...routes.map((route) => ['Route', route] as const), ...options.headers ?? []],
          ...(options.body === undefined ? {} : { body: options.body }), ...(options.contentType === undefined ? {} : { contentType: options.contentType }),
        });
        if (method === 'INVITE') lastInvite = text;
        await send(text);
        return finalFor(callId, cseq, method);
      },
      incoming: (method) => peer.waitFor((message) => mine(message) && message.method === method, `${method} in the dialog`, 10_000),
      reply: (to, status, reason, body) => peer.respond(to, status, reason, { toTag: localTag, contact, ...(body === undefined ? {} : { body }) }),
      hangUp: (headers = []) => call.request('BYE', { headers }),
      async hungUp() {
        const bye = await call.incoming('BYE');
        await peer.respond(bye, 200, 'OK', { contact: null });
        return bye;
      },
    };
    return call;
  };

  return {
    peer, line, contact, registerOnce,
    async register(options = {}) {
      const first = await registerOnce(options);
      if (first.status !== 401) return first;
      const uri = options.uri ?? `sip:${line.domain}`;
      return registerOnce({ ...options, authorization: authorize(line, 'REGISTER', uri, first.header('WWW-Authenticate') ?? '') });
    },
    async ask(method, uri, options = {}) {
      const callId = options.callId ?? uniqueText('ask');
      await send(peer.request(method, uri, { from: aor, callId, cseq: 1, ...options }));
      return finalFor(callId, options.cseq ?? 1, method);
    },
    async dial(number, options = {}) {
      const uri = options.uri ?? `sip:${number}@${line.domain}`;
      const callId = uniqueText('call');
      const fromTag = uniqueText('f');
      const base = { from: aor, fromTag, callId, contact: options.contact ?? contact, ...(options.body === '' ? {} : { body: options.body ?? SDP('1') }) };
      const invite = peer.request('INVITE', uri, { ...base, cseq: 1, headers: options.headers ?? [] });
      await send(invite);
      if (options.withoutCredentials === true) return dialogOf(parse(invite), true, invite);
      const challenge = await finalFor(callId, 1, 'INVITE');
      await send(peer.ack(invite, challenge));
      if (challenge.status !== 401) throw new Error(`not challenged: ${challenge.startLine}`);
      const again = peer.request('INVITE', uri, {
        ...base, cseq: 2,
        headers: [['Authorization', authorize(line, 'INVITE', uri, challenge.header('WWW-Authenticate') ?? '')], ...(options.headers ?? [])],
      });
      await send(again);
      return dialogOf(parse(again), true, again);
    },
    async called(user) {
      const wanted = (message: PeerMessage): boolean => isRequest('INVITE')(message) && message.tag('To') === '' && (user === undefined || message.uri.startsWith(`sip:${user}@`));
      const invite = await peer.waitFor(wanted, 'an INVITE for this phone', 10_000);
      return dialogOf(invite, false, '');
    },
  };

  function parse(text: string): PeerMessage {
    return readMessage(text, { address: peer.address, port: peer.port });
  }
}

function routesIn(message: PeerMessage): readonly string[] {
  return message.headers('Record-Route').flatMap((value) => value.split(/,\s*(?=<)/));
}

function uriIn(header: string | undefined): string {
  return /<([^>]+)>/.exec(header ?? '')?.[1] ?? header ?? '';
}

function stripTag(header: string): string {
  return header.replace(/;\s*tag=[^;]+/i, '');
}
