// The softphone page of the tests with Chromium: sip.js as it is, with the browser's own WebRTC. The test calls
// what hangs on `phone`.
import { Invitation, Inviter, Registerer, SessionState, UserAgent } from '/sip.js/index.js';

const audioOnly = { sessionDescriptionHandlerOptions: { constraints: { audio: true, video: false } } };
let agent;
let registerer;
let domain;
let session;
let rings = [];
const waiting = [];

const reached = (wanted) => new Promise((resolve, reject) => {
  const look = (state) => {
    if (state === wanted) resolve(state);
    else if (state === SessionState.Terminated) reject(new Error(`the call ended before ${wanted}`));
  };
  session.stateChange.addListener(look);
  look(session.state);
});

globalThis.phone = {
  /** Connects and registers; the status of the answer. */
  async start(line) {
    domain = line.domain;
    agent = new UserAgent({
      uri: UserAgent.makeURI(`sip:${line.userName}@${line.domain}`),
      authorizationUsername: line.userName, authorizationPassword: line.password,
      transportOptions: { server: line.server }, logBuiltinEnabled: false,
      sessionDescriptionHandlerFactoryOptions: { iceGatheringTimeout: 1500 },
      delegate: {
        onInvite(invitation) {
          const waiter = waiting.shift();
          if (waiter) waiter(invitation);
          else rings.push(invitation);
        },
      },
    });
    await agent.start();
    registerer = new Registerer(agent, { expires: 300 });
    return new Promise((resolve, reject) => {
      registerer.register({
        requestDelegate: { onAccept: (response) => resolve(response.message.statusCode), onReject: (response) => resolve(response.message.statusCode) },
      }).catch(reject);
    });
  },
  async stop() {
    await registerer.unregister();
    await agent.stop();
  },
  /** Sends the INVITE; `refused` resolves with the status of a refusal. */
  async dial(number) {
    session = new Inviter(agent, UserAgent.makeURI(`sip:${number}@${domain}`), audioOnly);
    this.refused = new Promise((resolve) => {
      session.invite({ requestDelegate: { onReject: (response) => resolve(response.message.statusCode) } });
    });
    await new Promise((resolve) => setTimeout(resolve));
  },
  refusal() {
    return this.refused;
  },
  /** The next call for this page: who calls. */
  async called() {
    session = rings.shift() ?? await new Promise((resolve) => waiting.push(resolve));
    return session.remoteIdentity.displayName;
  },
  accept: () => session instanceof Invitation && session.accept(audioOnly),
  established: () => reached(SessionState.Established),
  terminated: () => reached(SessionState.Terminated),
  /** Types digits, by RFC 4733. */
  type: (digits) => session.sessionDescriptionHandler.sendDtmf(digits, { duration: 100, interToneGap: 70 }),
  /** Whether what comes in is more than silence; resolves once it is. */
  async audible() {
    const connection = session.sessionDescriptionHandler.peerConnection;
    // Chromium decodes only what is played.
    const player = new Audio();
    player.srcObject = new MediaStream(connection.getReceivers().map(({ track }) => track));
    await player.play();
    for (;;) {
      const audio = [...(await connection.getStats()).values()].find(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio');
      if (audio?.totalAudioEnergy > 1e-4) return true;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  },
  hangUp: () => session.bye().then(() => undefined),
  /** State of the peer connection and packets of audio received, once there are some. */
  async heard() {
    const connection = session.sessionDescriptionHandler.peerConnection;
    for (;;) {
      const audio = [...(await connection.getStats()).values()].find(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio');
      if (connection.connectionState === 'connected' && audio?.packetsReceived > 10) return connection.connectionState;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  },
};
