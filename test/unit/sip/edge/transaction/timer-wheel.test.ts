import t from 'tap';
import { TimerWheel, type Timer, type TimerOwner } from '../../../../../sip/edge/transaction/timer-wheel.js';

class Recorder implements TimerOwner {
  readonly fired: string[] = [];
  then: (() => void) | undefined;
  onTimer(name: string): void {
    this.fired.push(name);
    this.then?.();
  }
}

t.test('fires in the tick the delay ends in, never before', (t) => {
  const wheel = new TimerWheel(100);
  const owner = new Recorder();
  wheel.start(500, owner, 'A');
  wheel.advance(499);
  t.strictSame(owner.fired, []);
  wheel.advance(500);
  t.strictSame(owner.fired, ['A']);
  t.equal(wheel.size, 0);
  t.end();
});

t.test('a delay between ticks is rounded up', (t) => {
  const wheel = new TimerWheel(100);
  const owner = new Recorder();
  wheel.start(501, owner, 'A');
  wheel.advance(500);
  t.strictSame(owner.fired, []);
  wheel.advance(600);
  t.strictSame(owner.fired, ['A']);
  t.end();
});

t.test('zero fires at the next tick, not inside start', (t) => {
  const wheel = new TimerWheel(100);
  const owner = new Recorder();
  wheel.start(0, owner, 'K');
  t.strictSame(owner.fired, []);
  wheel.advance(100);
  t.strictSame(owner.fired, ['K']);
  t.end();
});

t.test('delays longer than one turn of the wheel wait for their turn', (t) => {
  const wheel = new TimerWheel(100);
  const owner = new Recorder();
  wheel.start(512 * 100 + 300, owner, 'session');
  wheel.start(300, owner, 'soon');
  wheel.advance(300);
  t.strictSame(owner.fired, ['soon']);
  wheel.advance(512 * 100 + 200);
  t.strictSame(owner.fired, ['soon']);
  wheel.advance(512 * 100 + 300);
  t.strictSame(owner.fired, ['soon', 'session']);
  t.end();
});

t.test('a stopped timer never fires; stopping twice or after firing does nothing', (t) => {
  const wheel = new TimerWheel(100);
  const owner = new Recorder();
  const first = wheel.start(200, owner, 'first');
  const second = wheel.start(200, owner, 'second');
  const third = wheel.start(200, owner, 'third');
  wheel.stop(second);
  wheel.stop(second);
  wheel.stop(undefined);
  t.equal(wheel.size, 2);
  wheel.advance(200);
  t.strictSame([...owner.fired].sort(), ['first', 'third']);
  wheel.stop(first);
  wheel.stop(third);
  t.equal(wheel.size, 0);
  t.end();
});

t.test('an owner may stop a timer due in the same tick, and start new ones', (t) => {
  const wheel = new TimerWheel(100);
  const owner = new Recorder();
  const timers: Timer[] = [wheel.start(100, owner, 'a'), wheel.start(100, owner, 'b')];
  owner.then = () => {
    for (const timer of timers) wheel.stop(timer);
    owner.then = undefined;
    wheel.start(100, owner, 'next');
  };
  wheel.advance(100);
  t.equal(owner.fired.length, 1, 'only one of the two: it stopped the other');
  wheel.advance(200);
  t.equal(owner.fired[1], 'next');
  t.end();
});

t.test('a late clock fires everything that became due, in order of time', (t) => {
  const wheel = new TimerWheel(100);
  const owner = new Recorder();
  wheel.start(300, owner, '300');
  wheel.start(100, owner, '100');
  wheel.start(200, owner, '200');
  wheel.advance(1_000);
  t.strictSame(owner.fired, ['100', '200', '300']);
  t.equal(wheel.now, 1_000);
  t.end();
});

t.test('an owner that throws is reported and holds up nobody', (t) => {
  const wheel = new TimerWheel(100);
  const faults: unknown[] = [];
  wheel.onFault = (bug) => faults.push(bug);
  const owner = new Recorder();
  const broken: TimerOwner = {
    onTimer: () => {
      throw new Error('broken');
    },
  };
  for (const each of [owner, broken, owner]) wheel.start(100, each, 'x');
  wheel.advance(100);
  t.equal(owner.fired.length, 2);
  t.match(faults, [{ message: 'broken' }]);
  t.end();
});
