import t from 'tap';
import { StreamFramer } from '../../sip/edge/syntax/framing.js';
import type { StreamEvent } from '../../sip/edge/syntax/framing.js';
import { parseMessage } from '../../sip/edge/syntax/parse.js';
import { quickest } from '../support/quickest.js';
import { withTortureMessages } from '../support/torture-corpus.js';

/** A repeatable source of numbers (mulberry32), so that a failure can be played again from its seed. */
function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Bytes that have a meaning somewhere, put in where they do not belong. */
const POISON: readonly string[] = [
  '\0', '\r', '\n', '\r\n', '\r\n\r\n', ' ', '\t', ':', ';', ',', '"', '\\', '<', '>', '@', '%', '%0', '[', ']', '=', '\xff', '\x80',
  '__proto__', 'constructor: x\r\n', 'Content-Length: 0x10\r\n', 'l: 1e3\r\n', 'CSeq: 99999999999999999999 INVITE\r\n', 'v: ', '-1', '+0',
];

function mutate(text: string, random: (below: number) => number): string {
  let mutated = text;
  for (let times = 1 + random(4); times > 0; times -= 1) {
    const at = random(mutated.length + 1);
    const poison = POISON[random(POISON.length)] ?? '';
    const kind = random(4);
    if (kind === 0) mutated = mutated.slice(0, at) + poison + mutated.slice(at);
    else if (kind === 1) mutated = mutated.slice(0, at) + mutated.slice(at + 1 + random(8));
    else if (kind === 2) mutated = mutated.slice(0, at) + String.fromCharCode(random(256)) + mutated.slice(at + 1);
    else mutated = mutated.slice(0, at) + mutated.slice(random(mutated.length + 1));
  }
  return mutated;
}

/** Uses everything a message offers: what is read on demand must not throw either. */
function readAll(text: string): string {
  const result = parseMessage(text);
  if (result.kind === 'invalid') return result.drop || result.partial !== undefined ? 'invalid' : 'invalid without partial';
  const { message } = result;
  for (const header of message.headers) {
    message.first(header.name);
    message.all(header.rawName);
  }
  return message.kind === 'request' || message.kind === 'response' ? message.kind : 'nothing';
}

function frame(text: string, portion: number): readonly StreamEvent[] {
  const framer = new StreamFramer();
  const bytes = Buffer.from(text, 'latin1');
  const events: StreamEvent[] = [];
  for (let at = 0; at < bytes.length; at += portion) events.push(...framer.push(bytes.subarray(at, at + portion)));
  return events;
}

const EXPECTED = new Set(['request', 'response', 'invalid']);

for (const corpus of ['rfc4475', 'rfc5118'] as const) {
  t.test(`${corpus}: every prefix of every message is a message or refused, never a throw, never 20 ms`, (t) => {
    withTortureMessages(t, corpus, (messages) => {
      for (const message of messages) {
        let odd = '';
        let slowest = 0;
        for (let length = 0; length <= message.text.length; length += 1) {
          const prefix = message.text.slice(0, length);
          let kind = '';
          slowest = Math.max(slowest, quickest(20, () => {
            kind = readAll(prefix);
          }));
          if (!EXPECTED.has(kind)) odd = `${length}: ${kind}`;
        }
        t.equal(odd, '', `${message.name}`);
        t.ok(slowest < 20, `${message.name}: slowest prefix ${slowest.toFixed(2)} ms`);
      }
    });
  });

  t.test(`${corpus}: a stream gives the same events in whatever portions it arrives`, (t) => {
    withTortureMessages(t, corpus, (messages) => {
      for (const message of messages) {
        const twice = message.text + message.text;
        const whole = frame(twice, twice.length);
        for (const portion of [1, 2, 3, 7, 64]) {
          const messagesOf = (events: readonly StreamEvent[]) => events.filter(({ kind }) => kind === 'message' || kind === 'fault');
          t.same(messagesOf(frame(twice, portion)), messagesOf(whole), `${message.name} by ${portion}`);
        }
      }
    });
  });

  t.test(`${corpus}: seeded mutations never throw`, (t) => {
    withTortureMessages(t, corpus, (messages) => {
      for (const [position, message] of messages.entries()) {
        const random = seeded(20_261_122 + position);
        let odd = '';
        for (let round = 0; round < 400 && odd === ''; round += 1) {
          const mutated = mutate(message.text, random);
          const kind = readAll(mutated);
          if (!EXPECTED.has(kind)) odd = mutated;
          frame(mutated, 1 + random(97));
        }
        t.equal(odd, '', message.name);
      }
    });
  });
}
