import t from 'tap';
import { FrameReader, frame } from '../../../../../sip/edge/control/frames.js';

const joined = frame('one') + frame('two|with\r\nlines') + frame('x'.repeat(12_345));
const payloads = ['one', 'two|with\r\nlines', 'x'.repeat(12_345)];

t.test('whole frames in one chunk', (t) => {
  t.strictSame(new FrameReader().push(Buffer.from(joined, 'latin1')), { kind: 'frames', payloads });
  t.end();
});

t.test('split at every byte, also inside the length', (t) => {
  const short = frame('one') + frame('two|with\r\nlines');
  for (let cut = 0; cut <= short.length; cut += 1) {
    const reader = new FrameReader();
    const got = [short.slice(0, cut), short.slice(cut)].flatMap((part) => reader.push(Buffer.from(part, 'latin1')).payloads);
    t.strictSame(got, payloads.slice(0, 2), `cut at ${cut}`);
  }
  const reader = new FrameReader();
  const got = [...Buffer.from(joined, 'latin1')].flatMap((byte) => reader.push(Buffer.from([byte])).payloads);
  t.strictSame(got, payloads, 'one byte at a time');
  t.equal(reader.pending, 0);
  t.end();
});

t.test('the length counts bytes', (t) => {
  const text = Buffer.from('Zürich ☎', 'utf8');
  const reader = new FrameReader();
  const result = reader.push(Buffer.concat([Buffer.from(`${text.length}#`), text]));
  t.strictSame(result.payloads, [text.toString('latin1')]);
  t.end();
});

t.test('what cannot be a length is a fault; frames before it count', (t) => {
  const rows: readonly [string, string, string][] = [
    ['a letter', 'x#', 'length is not a number'],
    ['a sign', '-5#hello', 'length is not a number'],
    ['a blank', ' 5#hello', 'length is not a number'],
    ['nothing before the hash', '#hello', 'length is not a number'],
    ['zero', '0#', 'length is not a number'],
    ['six digits', '100000#', 'length is too long'],
  ];
  for (const [name, bytes, reason] of rows) {
    t.strictSame(new FrameReader().push(Buffer.from(frame('ok') + bytes)), { kind: 'fault', reason, payloads: ['ok'] }, name);
  }
  t.equal(new FrameReader().push(Buffer.from('99999#')).kind, 'frames', 'five digits are fine');
  t.end();
});
