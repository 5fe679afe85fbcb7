/**
 * A browser's softphone without the browser: sip.js on the `ws` package, with session descriptions that need no WebRTC.
 *
 *   const ann = await sipJsPhone(t, { server: 'wss://127.0.0.1:7443', userName, password, domain });
 *   const call = await ann.dial('102');
 */
import { Invitation, Inviter, Registerer, SessionState, UserAgent } from 'sip.js';
import type { Session, SessionDescriptionHandler } from 'sip.js';
import type { Test } from 'tap';
import { WebSocket } from 'ws';
import { Inbox } from './edge-sockets.js';
import { SDP } from './scripted-phone.js';

/** sip.js takes the WebSocket of its surroundings; this one trusts every certificate. */
class TrustingWebSocket extends WebSocket {
  constructor(url: string, protocols: string) {
    super(url, protocols, { rejectUnauthorized: false });
  }
}
Reflect.set(globalThis, 'WebSocket', TrustingWebSocket);

export interface SipJsLine {
  readonly server: string;
  readonly userName: string;
  readonly password: string;
  readonly domain: string;
}

export interface SipJsCall {
  readonly session: Session;
  /** What the other side's session descriptions said, in order. */
  readonly heard: readonly string[];
  /** Resolves when the call is in this state; rejects when it has ended without. */
  reached(state: SessionState): Promise<void>;
  /** INVITE of ours: the status of its refusal. */
  refused(): Promise<number>;
  accept(): Promise<void>;
  hangUp(): Promise<void>;
}

export interface SipJsPhone {
  readonly agent: UserAgent;
  register(): Promise<void>;
  unregister(): Promise<void>;
  dial(number: string): Promise<SipJsCall>;
  /** The next call for this phone. */
  called(): Promise<SipJsCall>;
}

export async function sipJsPhone(t: Test, line: SipJsLine): Promise<SipJsPhone> {
  const heard = new Map<Session, string[]>();
  const calls = new Inbox<SipJsCall>();
  const heardBy = (session: Session): string[] => {
    const list = heard.get(session) ?? [];
    heard.set(session, list);
    return list;
  };
  const uriOf = (user: string) => {
    const uri = UserAgent.makeURI(`sip:${user}@${line.domain}`);
    if (uri === undefined) throw new Error(`no SIP URI: ${user}@${line.domain}`);
    return uri;
  };
  const agent = new UserAgent({
    uri: uriOf(line.userName), authorizationUsername: line.userName, authorizationPassword: line.password,
    transportOptions: { server: line.server, connectionTimeout: 5 },
    logBuiltinEnabled: false,
    sessionDescriptionHandlerFactory: (session) => descriptions(line.userName, heardBy(session)),
    delegate: { onInvite: (invitation: Invitation) => calls.push(callOf(invitation, heardBy(invitation))) },
  });
  const registerer = new Registerer(agent, { expires: 300 });
  // Gracefully: only then sip.js stops its timers.
  t.teardown(() => agent.stop());
  await agent.start();
  const answered = (send: (delegate: { onAccept: () => void; onReject: (response: { message: { statusCode?: number | undefined } }) => void }) => Promise<unknown>): Promise<void> =>
    new Promise((resolve, reject) => {
      send({
        onAccept: () => resolve(),
        onReject: ({ message }) => reject(new Error(`REGISTER got ${message.statusCode ?? 0}`)),
      }).catch(reject);
    });
  return {
    agent,
    register: () => answered((requestDelegate) => registerer.register({ requestDelegate })),
    unregister: () => answered((requestDelegate) => registerer.unregister({ requestDelegate })),
    async dial(number) {
      const inviter = new Inviter(agent, uriOf(number));
      const call = callOf(inviter, heardBy(inviter));
      let tell: (status: number) => void = () => undefined;
      const refused = new Promise<number>((resolve) => (tell = resolve));
      await inviter.invite({ requestDelegate: { onReject: (response) => tell(response.message.statusCode ?? 0) } });
      return { ...call, refused: () => refused };
    },
    called: () => calls.next(),
  };
}

function callOf(session: Session, heard: readonly string[]): SipJsCall {
  return {
    session, heard,
    reached: (wanted) => new Promise((resolve, reject) => {
      const look = (state: SessionState): void => {
        if (state === wanted) resolve();
        else if (state === SessionState.Terminated) reject(new Error(`the call ended before ${wanted}`));
      };
      session.stateChange.addListener(look);
      look(session.state);
    }),
    refused: () => Promise.reject(new Error('an incoming call')),
    async accept() {
      if (session instanceof Invitation) await session.accept();
    },
    async hangUp() {
      await session.bye();
    },
  };
}

/** Offers and answers that are always the same; what comes is kept. */
function descriptions(name: string, heard: string[]): SessionDescriptionHandler {
  return {
    close: () => undefined,
    getDescription: () => Promise.resolve({ body: SDP(`${[...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)}`), contentType: 'application/sdp' }),
    hasDescription: (contentType) => contentType === 'application/sdp',
    setDescription: (sdp) => {
      heard.push(sdp);
      return Promise.resolve();
    },
    sendDtmf: () => false,
  };
}
