import t from 'tap';
import { PacerClock } from '../../../../sip/media/rtp/pacer-clock.js';
import { Pacer } from '../../../../sip/media/rtp/pacer.js';

t.test('a late look finds all slots since the last one, whatever the delay', async (t) => {
  const clock = new PacerClock(1000);
  t.same(clock.take(1000), { first: 0, count: 1, skippedFrames: 0 });
  t.same(clock.take(1001), { first: 1, count: 0, skippedFrames: 0 }, 'nothing is due twice');
  t.same(clock.take(1007.5), { first: 1, count: 3, skippedFrames: 0 });
  t.same(clock.take(1027), { first: 4, count: 10, skippedFrames: 0 });
  t.equal(clock.dueAt(14), 1028);
});

t.test('a standstill of more than 200 ms is left out by whole frames', async (t) => {
  const clock = new PacerClock(0);
  clock.take(0);
  t.same(clock.take(198), { first: 1, count: 99, skippedFrames: 0 }, 'up to there it is made up for');
  t.same(clock.take(198 + 210), { first: 200, count: 5, skippedFrames: 10 });
});

t.test('the next slot in use is waited for', async (t) => {
  const clock = new PacerClock(0);
  clock.take(0);
  t.equal(clock.untilNext(0.5, (phase) => phase === 3), 5.5);
  t.equal(clock.untilNext(0.5, (phase) => phase === 0), 19.5);
  t.equal(clock.untilNext(25, (phase) => phase === 1), -23, 'overdue');
});

/** A pacer whose clock is moved by hand, and how many frames each of its streams got. */
function moved(t: { teardown(run: () => void): void }, streams: number) {
  const state = { now: 0 };
  const pacer = new Pacer(() => state.now);
  const got = Array.from({ length: streams }, () => ({ frames: 0, skipped: 0 }));
  const leave = got.map((own) => pacer.add({
    frame(_now, skipped) {
      own.frames += 1;
      own.skipped += skipped;
    },
  }));
  t.teardown(() => pacer.stop());
  return { pacer, got, leave, to(ms: number) { state.now = ms; pacer.run(); } };
}

t.test('each stream gets 50 frames a second, however uneven the looks', async (t) => {
  const { got, to } = moved(t, 25);
  for (let now = 0; now < 10_000; now += 1 + (now * 7) % 37) to(now);
  to(9999);
  t.same(got.map(({ frames }) => frames), Array<number>(25).fill(500));
});

t.test('streams are spread over the phases', async (t) => {
  const { got, to } = moved(t, 20);
  to(1);
  t.equal(got.filter(({ frames }) => frames === 1).length, 2, 'a tenth of them in the first 2 ms');
  to(9);
  t.equal(got.filter(({ frames }) => frames === 1).length, 10);
});

t.test('after a standstill every stream is told the same', async (t) => {
  const { pacer, got, to } = moved(t, 10);
  to(19);
  to(1019);
  to(1039);
  for (const { frames, skipped } of got) t.equal(frames + skipped, 52, 'no frame is lost from the count');
  t.ok(pacer.figures.skipped > 0);
  t.ok(pacer.figures.late > 0);
});

t.test('who left gets nothing, also when the others stay', async (t) => {
  const { got, leave, to } = moved(t, 2);
  to(19);
  leave[0]?.();
  to(39);
  t.same(got.map(({ frames }) => frames), [1, 2]);
});

t.test('a stream may leave in its own frame', async (t) => {
  const state = { now: 0 };
  const pacer = new Pacer(() => state.now);
  let frames = 0;
  const leave = pacer.add({ frame: () => { frames += 1; leave(); } });
  pacer.run();
  state.now = 100;
  pacer.run();
  t.equal(frames, 1);
});
