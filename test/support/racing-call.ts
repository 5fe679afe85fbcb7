/**
 * One call out by a trunk in which both sides do what a plan says, whenever it says, and otherwise answer whatever comes as phones and
 * carriers do: what crosses what is left to the wire.
 */
import { isRequest, type PeerMessage } from './sip-peer.js';
import type { PhoneCall, ScriptedPhone } from './scripted-phone.js';

export type CallerMove = 'cancel' | 'hang-up' | 'wait';
export type CarrierMove = 'answer' | 'answer-and-hang-up' | 'busy' | 'unavailable' | 'silent';

export interface RacePlan {
  readonly caller: CallerMove;
  /** Milliseconds after the INVITE for `cancel`, after the answer for `hang-up`. */
  readonly callerMs: number;
  readonly carrier: CarrierMove;
  readonly rings: boolean;
  readonly carrierMs: number;
  /** Of `answer-and-hang-up`: between its 200 and its BYE. */
  readonly talkMs: number;
  /** A 200 that comes although the CANCEL was taken. */
  readonly ignoresCancel: boolean;
}

/** Nothing of a call that goes on takes longer, on a busy machine either. */
const PATIENCE_MS = 12_000;
/** After its end late messages are answered for so long. */
const QUIET_MS = 700;
const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** Plays it to its end, the first carrier as planned, later ones answering; says how the caller saw it end: a status, `bye` or `quiet`. */
export async function race(caller: ScriptedPhone, carriers: readonly ScriptedPhone[], number: string, plan: RacePlan): Promise<string> {
  const call = await caller.dial(number);
  const seen = callerSide(caller, call, plan);
  const over = seen.then(() => pause(200)).then(() => null);
  await Promise.all(carriers.map(async (carrier, at) => {
    const out = await Promise.race([carrier.called(number).catch(() => null), over]);
    // Null: the caller was faster, or it was another carrier's turn.
    if (out !== null) await carrierSide(carrier, out, at === 0 ? plan : { ...plan, carrier: 'answer' });
  }));
  return seen;
}

type Next = (over: boolean) => Promise<PeerMessage | null>;

function messagesOf(phone: ScriptedPhone, callId: string): Next {
  return (over) => phone.peer.waitFor((message) => message.header('Call-ID') === callId, 'anything', over ? QUIET_MS : PATIENCE_MS).catch(() => null);
}

async function callerSide(phone: ScriptedPhone, call: PhoneCall, { caller, callerMs }: RacePlan): Promise<string> {
  const next = messagesOf(phone, call.invite.header('Call-ID') ?? '');
  let answered = false;
  let cancelled = false;
  let byeSent = false;
  let over = false;
  const moves: Promise<unknown>[] = [];
  if (caller === 'cancel') moves.push(pause(callerMs).then(async () => {
    // RFC 3261 §9.1: not after a final response.
    if (answered || over) return;
    cancelled = true;
    await call.cancel();
  }));
  const bye = async (): Promise<void> => {
    if (byeSent || over) return;
    byeSent = true;
    await phone.peer.send(byeOf(call, lastOk), phone.line.edge);
  };
  let lastOk: PeerMessage | null = null;
  let how = 'quiet';
  for (let message = await next(false); message !== null; message = await next(over)) {
    if (isRequest('BYE')(message)) {
      await call.reply(message, 200, 'OK');
      over = true;
      how = 'bye';
    } else if (message.cseqMethod === 'INVITE' && message.status >= 200) {
      await call.ack(message);
      if (message.status >= 300) {
        over = true;
        how = String(message.status);
      } else if (!answered) {
        answered = true;
        lastOk = message;
        if (cancelled) moves.push(bye());
        else if (caller === 'hang-up') moves.push(pause(callerMs).then(bye));
        // Somebody has to end it.
        else moves.push(pause(400).then(bye));
      }
    } else if (message.cseqMethod === 'BYE' && message.status >= 200) {
      over = true;
      how = 'bye';
    }
    if (over && !answered) break;
  }
  await Promise.all(moves);
  return how;
}

function byeOf(call: PhoneCall, ok: PeerMessage | null): string {
  const target = /<([^>]+)>/.exec(ok?.header('Contact') ?? '')?.[1] ?? call.invite.uri;
  const via = (call.invite.header('Via') ?? '').replace(/branch=[^;]+/, `branch=z9hG4bKbye${String(call.invite.header('Call-ID'))}`);
  return [`BYE ${target} SIP/2.0`, `Via: ${via}`, 'Max-Forwards: 70', `From: ${call.invite.header('From') ?? ''}`, `To: ${ok?.header('To') ?? ''}`,
    `Call-ID: ${call.invite.header('Call-ID') ?? ''}`, 'CSeq: 3 BYE', 'Content-Length: 0', '', ''].join('\r\n');
}

async function carrierSide(carrier: ScriptedPhone, out: PhoneCall, plan: RacePlan): Promise<void> {
  const next = messagesOf(carrier, out.invite.header('Call-ID') ?? '');
  let final = false;
  let refused = false;
  let over = false;
  const respond = async (status: number, reason: string): Promise<void> => {
    if (final) return;
    final = true;
    refused = status >= 300;
    await carrier.peer.respond(out.invite, status, reason, {
      toTag: 'far', ...(status < 300 ? { contact: carrier.contact, body: 'v=0\r\no=- 2 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40002 RTP/AVP 8\r\n' } : { contact: null }),
    });
  };
  const move = async (): Promise<void> => {
    if (plan.rings) await carrier.peer.respond(out.invite, 180, 'Ringing', { toTag: 'far', contact: carrier.contact });
    await pause(plan.carrierMs);
    if (plan.carrier === 'busy') return respond(486, 'Busy Here');
    if (plan.carrier === 'unavailable') return respond(503, 'Service Unavailable');
    if (plan.carrier === 'silent') return;
    if (final) return;
    await respond(200, 'OK');
    if (plan.carrier !== 'answer-and-hang-up') return;
    await pause(plan.talkMs);
    if (!over) await carrier.peer.send(farByeOf(carrier, out.invite), carrier.line.edge);
  };
  const moving = move();
  for (let message = await next(false); message !== null; message = await next(over)) {
    if (isRequest('CANCEL')(message)) {
      await carrier.peer.respond(message, final ? 481 : 200, 'OK', { toTag: 'far', contact: null });
      if (!plan.ignoresCancel || plan.carrier === 'silent') await respond(487, 'Request Terminated');
    } else if (message.cseqMethod === 'BYE' && message.status >= 200) {
      over = true;
    } else if (isRequest('ACK')(message)) {
      over ||= refused;
    } else if (isRequest('BYE')(message)) {
      over = true;
      await carrier.peer.respond(message, 200, 'OK', { contact: null });
    }
  }
  await moving;
}

/** As the called side of the INVITE. */
function farByeOf(carrier: ScriptedPhone, invite: PeerMessage): string {
  const target = /<([^>]+)>/.exec(invite.header('Contact') ?? '')?.[1] ?? '';
  return carrier.peer.request('BYE', target, {
    from: (invite.header('To') ?? '').replace(/;\s*tag=[^;]+/i, ''), fromTag: 'far', to: (invite.header('From') ?? '').replace(/;\s*tag=[^;]+/i, ''),
    toTag: invite.tag('From'), callId: invite.header('Call-ID') ?? '', cseq: 50, contact: null,
  });
}
