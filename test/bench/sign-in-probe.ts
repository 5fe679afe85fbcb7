/** One person signing in at a desk phone with real RTP, and what the outside sees of it. */
import { setTimeout as pass } from 'node:timers/promises';
import { codePhone, type CodeCall, type CodePhone } from '../support/code-phone.js';
import type { RtpPhone } from '../support/rtp-phone.js';
import type { PeerMessage } from '../support/sip-peer.js';
import type { ScriptedPhone } from '../support/scripted-phone.js';

const DEADLINE_MS = 10_000;
/** Packets of 20 ms without sound after which the typed digits have been taken and the prompts they cut short are over. */
const QUIET_PACKETS = 10;

export interface Phones {
  /** Where the guest signs in. */
  readonly desk: ScriptedPhone;
  /** Called by the desk, to see under whose name it calls. Busy. */
  readonly witness: ScriptedPhone;
  /** Extension of the witness. */
  readonly witnessExtension: string;
}

export interface Guest {
  readonly extension: string;
  /** Six digits, as many as a PIN can have: its last one ends it, while a shorter one is ended by `#` or four seconds of silence. */
  readonly pin: string;
}

/** Milliseconds since the last digit was sent. */
export interface Change {
  /** Arrival at the witness of the first INVITE with the guest's identity: the change was then or before. */
  readonly seenMs: number;
  /** Sending of the last INVITE that arrived with the owner's: the change was later. 0 = all of them carried the guest's. */
  readonly notBeforeMs: number;
  /** INVITEs placed until then. */
  readonly invites: number;
}

export interface SignIn {
  /** The first packet with sound after the last digit: the prompt that says so. */
  readonly promptMs: number;
  /** Null where nobody looked. */
  readonly change: Change | null;
}

const sounds = (payload: Buffer): boolean => payload.some((byte) => byte !== payload[0]);

/**
 * Dials *91, types extension, `#` and all but the last digit of the PIN by RFC 4733, waits for silence, and takes the time from
 * just before the packets of that digit are sent. With `look`, the desk then calls the witness again and again, one INVITE after the other without a pause,
 * until one carries the guest's extension; those INVITEs are load beside the sign-in.
 *
 * @throws Error when anything is not heard or seen within ten seconds
 */
export async function signIn(phones: Phones, guest: Guest, look: boolean): Promise<SignIn> {
  return withCode(phones.desk, '*91', async (call) => {
    await bounded(call.rtp.until(() => call.rtp.heard.some(({ payload }) => sounds(payload))), 'the prompt that asks for the extension');
    call.type(`${guest.extension}#${guest.pin.slice(0, -1)}`);
    await bounded(quiet(call.rtp), 'silence behind the digits');
    const began = performance.now();
    call.type(guest.pin.slice(-1));
    const prompt = bounded(soundAfter(call.rtp, began), 'the prompt that ends the sign-in');
    const change = look ? bounded(firstOf(phones, guest.extension, began), 'an INVITE with the identity of the guest') : Promise.resolve(null);
    const [atMs, changed] = await Promise.all([prompt, change]);
    return { promptMs: atMs - began, change: changed };
  });
}

/** Dials *92 and waits for the prompt. */
export async function signOut({ desk }: Phones): Promise<void> {
  await withCode(desk, '*92', async ({ rtp }) => {
    await bounded(soundAfter(rtp, 0), 'the prompt that ends the sign-out');
  });
}

/** The extension under which the desk calls now. */
export async function identityNow({ desk, witness, witnessExtension }: Phones): Promise<string> {
  const look = await invite(desk, witness, witnessExtension);
  await look.over;
  return look.extension;
}

async function withCode<T>(desk: ScriptedPhone, code: string, use: (call: CodeCall) => Promise<T>): Promise<T> {
  const closing: (() => unknown)[] = [];
  try {
    // No ear: what is said is told by its being said at all.
    const phone: CodePhone = codePhone({ teardown: (close) => void closing.push(close) }, desk, { heard: () => [] });
    const call = await phone.dialCode(code);
    const result = await use(call);
    const { status } = await call.hangUp();
    if (status !== 200) throw new Error(`BYE of ${code}: ${status}`);
    return result;
  } finally {
    for (const close of closing) close();
  }
}

async function firstOf({ desk, witness, witnessExtension }: Phones, extension: string, began: number): Promise<Change> {
  const over: Promise<void>[] = [];
  for (let notBeforeMs = 0, invites = 1; ; invites += 1) {
    const look = await invite(desk, witness, witnessExtension);
    over.push(look.over);
    if (look.extension === extension) {
      await Promise.all(over);
      return { seenMs: look.arrivedAt - began, notBeforeMs, invites };
    }
    notBeforeMs = look.sentAt - began;
    if (notBeforeMs > DEADLINE_MS) throw new Error(`still ${look.extension} after ${invites} INVITEs`);
  }
}

/** One INVITE of the desk; the witness is busy. Times as of performance.now(). */
async function invite(desk: ScriptedPhone, witness: ScriptedPhone, number: string) {
  const call = await desk.dial(number);
  const sentAt = performance.now();
  const seen = await witness.called();
  const arrivedAt = performance.now();
  const refused = async (): Promise<void> => {
    await Promise.all([seen.refuse(486, 'Busy Here'), call.response(486).then((busy: PeerMessage) => call.ack(busy))]);
  };
  const over = refused();
  // Whoever waits for it hears of it; until then it is no unhandled rejection.
  over.catch(() => undefined);
  return { sentAt, arrivedAt, extension: /sip:([^@;>]+)/.exec(seen.invite.header('From') ?? '')?.[1] ?? '', over };
}

async function soundAfter(rtp: RtpPhone, from: number): Promise<number> {
  const found = () => rtp.heard.find(({ payload, atMs }) => atMs > from && sounds(payload));
  await rtp.until(() => found() !== undefined);
  return found()?.atMs ?? 0;
}

async function quiet(rtp: RtpPhone): Promise<void> {
  const from = rtp.heard.length;
  await rtp.until(() => rtp.heard.length >= from + QUIET_PACKETS && rtp.heard.slice(-QUIET_PACKETS).every(({ payload }) => !sounds(payload)));
}

async function bounded<T>(wanted: Promise<T>, label: string): Promise<T> {
  const late = new AbortController();
  try {
    return await Promise.race([wanted, pass(DEADLINE_MS, null, { signal: late.signal }).then(() => {
      throw new Error(`${label}: not within ${DEADLINE_MS} ms`);
    })]);
  } finally {
    late.abort();
  }
}
