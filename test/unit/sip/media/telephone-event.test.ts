import t from 'tap';
import { EventReceiver, EventSender, eventOf } from '../../../../sip/media/rtp/telephone-event.js';

/** timestamp, event, ended, marker */
type Packet = readonly [timestamp: number, event: number, ended: boolean, marker?: boolean];

const hear = (packets: readonly Packet[]): string => {
  const receiver = new EventReceiver();
  return packets.map(([timestamp, event, ended, marker = false]) =>
    receiver.packet(timestamp, marker, Buffer.from([event, ended ? 0x8a : 0x0a, 0, 160]), 0, 4) ?? '').join('');
};

const cases: readonly (readonly [string, readonly Packet[], string])[] = [
  ['three ends are one digit', [[100, 5, false, true], [100, 5, false], [100, 5, true], [100, 5, true], [100, 5, true]], '5'],
  ['only an end survives', [[100, 5, true]], '5'],
  ['the start is lost', [[100, 5, false], [100, 5, true]], '5'],
  ['the end is lost, the next digit comes', [[100, 5, false, true], [100, 5, false], [1700, 6, false, true], [1700, 6, true]], '56'],
  ['the end is lost, the same digit comes again', [[100, 5, false, true], [1700, 5, false, true]], '55'],
  ['late copies of an older event', [[100, 1, true], [1700, 2, false, true], [100, 1, true], [1700, 2, true]], '12'],
  ['packets of an event out of order', [[100, 1, false], [100, 1, true], [100, 1, false, true]], '1'],
  ['the same digit twice', [[100, 1, true], [1700, 1, true]], '11'],
  ['a long event goes on in a second segment', [[100, 1, false, true], [100, 1, false], [100 + 0xffff, 1, false], [100 + 0xffff, 1, true]], '1'],
  ['the timestamp wraps', [[0xffffff00, 1, false, true], [0xffffff00, 1, true], [0x540, 2, false, true]], '12'],
  ['hook flash and other events are no digits', [[100, 16, false, true], [300, 255, true]], ''],
  ['all sixteen keys', Array.from({ length: 16 }, (_, event): Packet => [100 + 2000 * event, event, false, true]), '0123456789*#ABCD'],
];
for (const [name, packets, digits] of cases) t.test(name, async (t) => t.equal(hear(packets), digits));

t.test('a payload shorter than an event is none', async (t) => {
  t.equal(new EventReceiver().packet(1, true, Buffer.from([1, 2, 3]), 0, 3), null);
});

t.test('a digit is sent with growing duration and three ends, and heard as one', async (t) => {
  const sender = new EventSender(eventOf('#'), 4000, 480);
  const receiver = new EventReceiver();
  const steps: { readonly ended: boolean; readonly duration: number }[] = [];
  let heard = '';
  for (let step = sender.next(160); step !== null; step = sender.next(160)) {
    t.equal(step.timestamp, 4000);
    t.equal(step.first, steps.length === 0);
    steps.push({ ended: (step.payload[1] ?? 0) >= 0x80, duration: step.payload.readUInt16BE(2) });
    heard += receiver.packet(step.timestamp, step.first, step.payload, 0, 4) ?? '';
  }
  t.same(steps.map(({ duration }) => duration), [160, 320, 480, 480, 480]);
  t.same(steps.map(({ ended }) => ended), [false, false, true, true, true]);
  t.equal(heard, '#');
});
