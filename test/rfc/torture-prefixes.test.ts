import t from 'tap';
import { StreamFramer } from '../../sip/edge/syntax/framing.js';
import type { StreamEvent } from '../../sip/edge/syntax/framing.js';
import { readAll } from '../fuzz/parser-target.js';
import { mutate, seeded } from '../fuzz/random.js';
import { quickest } from '../support/quickest.js';
import { withTortureMessages } from '../support/torture-corpus.js';

function frame(text: string, portion: number): readonly StreamEvent[] {
  const framer = new StreamFramer();
  const bytes = Buffer.from(text, 'latin1');
  const events: StreamEvent[] = [];
  for (let at = 0; at < bytes.length; at += portion) events.push(...framer.push(bytes.subarray(at, at + portion)));
  return events;
}

for (const corpus of ['rfc4475', 'rfc5118'] as const) {
  t.test(`${corpus}: every prefix of every message is a message or refused, never a throw, never 20 ms`, (t) => {
    withTortureMessages(t, corpus, (messages) => {
      for (const message of messages) {
        let odd = '';
        let slowest = 0;
        for (let length = 0; length <= message.text.length; length += 1) {
          const prefix = message.text.slice(0, length);
          let wrong = '';
          slowest = Math.max(slowest, quickest(20, () => {
            wrong = readAll(prefix);
          }));
          if (wrong !== '') odd = `${length}: ${wrong}`;
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
          const wrong = readAll(mutated);
          if (wrong !== '') odd = `${wrong}: ${mutated}`;
          frame(mutated, 1 + random(97));
        }
        t.equal(odd, '', message.name);
      }
    });
  });
}
