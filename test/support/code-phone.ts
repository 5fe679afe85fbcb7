/** A scripted desk phone with real RTP that dials star codes, types digits and tells which prompts it hears. */
import type { Test } from 'tap';
import type { PromptEar } from './prompt-ear.js';
import { mediaPort, RtpPhone } from './rtp-phone.js';
import type { PhoneCall, ScriptedPhone } from './scripted-phone.js';
import type { PeerMessage } from './sip-peer-message.js';

const DEADLINE_MS = 10_000;

export interface CodeCall extends PhoneCall {
  readonly rtp: RtpPhone;
  /** The 200. */
  readonly success: PeerMessage;
  /** Where the other side takes RTP. */
  readonly port: number;
  /** The next prompts, in this order and no other between them; resolves with the ear's time of the last one, ms. */
  hears(...names: readonly string[]): Promise<number>;
  /** All prompts begun so far. */
  heard(): readonly string[];
  /** The ear's time of the first silence after what was said last. */
  nextSilence(): Promise<number>;
  /** By RFC 4733. */
  type(digits: string): void;
  /** By SIP INFO, one after the other; the statuses. */
  info(digits: string, how?: 'dtmf-relay' | 'dtmf'): Promise<readonly number[]>;
}

export interface DialOptions {
  /** Default: what the RTP phone offers; '' = no offer. */
  readonly sdp?: string;
  readonly headers?: readonly (readonly [string, string])[];
  /** The ACK's body. */
  readonly answer?: string;
}

export interface CodePhone extends ScriptedPhone {
  /** Dials and acknowledges the 200. */
  dialCode(digits: string, options?: DialOptions): Promise<CodeCall>;
  rtp(): Promise<RtpPhone>;
}

export function codePhone(t: Pick<Test, 'teardown'>, phone: ScriptedPhone, ear: Pick<PromptEar, 'heard'>): CodePhone {
  const open = async (): Promise<RtpPhone> => {
    const rtp = await RtpPhone.open();
    t.teardown(() => rtp.close());
    return rtp;
  };
  return {
    ...phone,
    rtp: open,
    async dialCode(digits, { sdp, headers = [], answer } = {}) {
      const rtp = await open();
      const call = await phone.dial(encodeURIComponent(digits), { body: sdp ?? rtp.sdp(), headers });
      const success = await call.response(200);
      await call.ack(success, answer === undefined && sdp === '' ? rtp.sdp() : answer);
      const port = mediaPort(success.body);
      let taken = 0;
      return {
        ...call, rtp, success, port,
        heard: () => ear.heard(rtp).map(({ name }) => name),
        async hears(...names) {
          let atMs = 0;
          for (const wanted of names) {
            const next = await within(rtp, () => ear.heard(rtp)[taken], wanted, () => ear.heard(rtp).map(({ name }) => name));
            if (next.name !== wanted) throw new Error(`heard ${next.name} instead of ${wanted}`);
            taken += 1;
            atMs = next.atMs;
          }
          return atMs;
        },
        async nextSilence() {
          const from = rtp.heard.length;
          const silent = () => rtp.heard.slice(from).find(({ payload }) => payload.every((byte) => byte === payload[0]));
          return (await within(rtp, silent, 'silence', () => [])).atMs;
        },
        type(text) {
          for (const digit of text) rtp.press(port, digit);
        },
        async info(text, how = 'dtmf-relay') {
          const statuses: number[] = [];
          for (const digit of text) {
            const body = how === 'dtmf' ? digit : `Signal=${digit}\r\nDuration=160\r\n`;
            statuses.push((await call.request('INFO', { body, contentType: `application/${how}` })).status);
          }
          return statuses;
        },
      };
    },
  };
}

async function within<T>(rtp: RtpPhone, look: () => T | undefined, label: string, had: () => readonly string[]): Promise<T> {
  let late: NodeJS.Timeout | undefined;
  const missed = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error(`${label}: not heard within ${DEADLINE_MS} ms; heard ${had().join(', ') || 'nothing'}`)), DEADLINE_MS);
  });
  try {
    await Promise.race([rtp.until(() => look() !== undefined), missed]);
  } finally {
    clearTimeout(late);
  }
  const found = look();
  if (found === undefined) throw new Error(label);
  return found;
}
