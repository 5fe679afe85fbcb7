import { isDeepStrictEqual } from 'node:util';
import { FrameReader } from '../../sip/edge/control/frames.js';
import { readAppMessage } from '../../sip/edge/control/leader.js';
import { StreamFramer, type StreamEvent } from '../../sip/edge/syntax/framing.js';
import { mutate, pick, type Random } from './random.js';
import { anyMessage } from './seed-messages.js';
import { slowness, timed, type FuzzInput, type FuzzTarget } from './target.js';

const buffers = (texts: readonly string[]): readonly Buffer[] => texts.map((text) => Buffer.from(text, 'latin1'));

/** Messages and faults; a pair of CRLFs may count as one ping or as two pongs, by where it was cut. */
function sipEvents(chunks: readonly Buffer[]): readonly StreamEvent[] {
  const framer = new StreamFramer();
  return chunks.flatMap((chunk) => [...framer.push(chunk)]).filter(({ kind }) => kind === 'message' || kind === 'fault');
}

/** Payloads up to the fault, then the fault. */
function frames(chunks: readonly Buffer[]): readonly string[] {
  const reader = new FrameReader();
  const seen: string[] = [];
  for (const chunk of chunks) {
    const result = reader.push(chunk);
    for (const payload of result.payloads) seen.push(`${readAppMessage(payload).kind} ${payload}`);
    if (result.kind === 'fault') return [...seen, result.reason];
  }
  return seen;
}

function streamOf(random: Random): string {
  let text = '';
  for (let messages = 1 + random(4); messages > 0; messages -= 1) {
    const message = anyMessage(random, 'TCP');
    text += (random(3) === 0 ? mutate(message, random) : message) + pick(random, ['', '', '\r\n', '\r\n\r\n']);
  }
  return random(4) === 0 ? text.replace(/^/, () => `${text.length}#`) : text;
}

function cut(text: string, random: Random): readonly string[] {
  const chunks: string[] = [];
  const most = pick(random, [1, 3, 40, 900, 20_000]);
  for (let at = 0; at < text.length;) {
    const portion = Math.max(1 + random(most), Math.ceil(text.length / 4_000));
    chunks.push(text.slice(at, at + portion));
    at += portion;
  }
  return chunks;
}

/** A byte stream gives the same in whatever portions it comes. */
export const framingTarget: FuzzTarget = {
  make: (random): FuzzInput => cut(streamOf(random), random).map((text) => ({ to: 'stream', text })),
  check: async (input) => {
    const chunks = buffers(input.map(({ text }) => text));
    const whole = [Buffer.concat(chunks)];
    for (const [name, read] of [['SIP stream', sipEvents], ['control stream', frames]] as const) {
      if (!isDeepStrictEqual(read(chunks), read(whole))) return `${name}: cut up it reads differently`;
    }
    // What counts is the slowest portion: between two the event loop turns.
    return slowness(() => {
      const framer = new StreamFramer();
      return chunks.reduce((slowest, chunk) => Math.max(slowest, timed(() => framer.push(chunk))), 0);
    });
  },
  close: () => Promise.resolve(),
};
