import t from 'tap';
import { defaultProtectionLimits } from '../../../../../sip/edge/protection/limits.js';
import {
  isShed, overloadStart, pressureOf, stepOverload, type OverloadState, type RequestClass,
} from '../../../../../sip/edge/protection/overload.js';
import { ApplicationWatch } from '../../../../../sip/edge/protection/application-watch.js';

const limits = { ...defaultProtectionLimits, loopDelayMs: 100, answerMs: 1_000, pendingRequests: 50 };
const after = (pressures: readonly number[], from: OverloadState = overloadStart): OverloadState =>
  pressures.reduce((state, pressure) => stepOverload(state, pressure), from);
const times = (count: number, pressure: number): readonly number[] => new Array<number>(count).fill(pressure);

t.test('pressure is the worst signal against its limit', async (t) => {
  const rows = [
    ['the event loop', { loopDelayMs: 200, answerMs: 0, pending: 0 }, 2],
    ['the application', { loopDelayMs: 10, answerMs: 1_500, pending: 1 }, 1.5],
    ['what waits', { loopDelayMs: 10, answerMs: 10, pending: 25 }, 0.5],
  ] as const;
  for (const [name, sample, expected] of rows) t.equal(pressureOf(sample, limits), expected, name);
  t.equal(pressureOf({ loopDelayMs: 9_999, answerMs: 0, pending: 0 }, { ...limits, loopDelayMs: 0 }), 0, 'a limit of 0 is no signal');
});

t.test('levels', async (t) => {
  const overloaded = after(times(20, 3));
  const rows: readonly (readonly [string, OverloadState, OverloadState['level']])[] = [
    ['one bad sample is no overload', after([5]), 'normal'],
    ['two in a row are', after([1, 1]), 'refuse-new'],
    ['a good one between them starts anew', after([1, 0, 1]), 'normal'],
    ['pressure just over the limit never refuses all', after(times(100, 1.5)), 'refuse-new'],
    ['twice the limit for long does', overloaded, 'refreshes-only'],
    ['short calm changes nothing', after(times(7, 0), overloaded), 'refreshes-only'],
    ['longer calm goes one level down', after(times(8, 0), overloaded), 'refuse-new'],
    ['pressure between calm and limit holds the level', after(times(100, 0.7), overloaded), 'refreshes-only'],
    ['long calm ends it', after(times(30, 0), overloaded), 'normal'],
  ];
  for (const [name, state, level] of rows) t.equal(state.level, level, name);
  const shares = [2, 4, 8].map((count) => after(times(count, 1)).share);
  t.strictSame([...shares].sort(), shares, 'the share grows with time');
  t.ok((shares[0] ?? 1) < (shares[2] ?? 0));
  t.ok(after(times(4, 4)).share > after(times(4, 1)).share, 'and faster with more pressure');
});

t.test('who goes first', async (t) => {
  const order: readonly RequestClass[] = ['emergency', 'in-dialog', 'refresh', 'registration', 'call', 'other'];
  const shedAt = (state: OverloadState, chance: number): readonly RequestClass[] => order.filter((of) => isShed(state, of, chance));
  const partly: OverloadState = { level: 'refuse-new', share: 0.6, over: 0, calm: 0 };
  const rows: readonly (readonly [string, readonly RequestClass[], readonly RequestClass[]])[] = [
    ['nobody at normal load', shedAt(overloadStart, 0), []],
    ['MESSAGE, SUBSCRIBE and OPTIONS first', shedAt(partly, 0.95), ['other']],
    ['then new calls', shedAt(partly, 0.5), ['call', 'other']],
    ['then new registrations', shedAt(partly, 0.1), ['registration', 'call', 'other']],
    ['never refreshes, dialogs, emergency', shedAt({ ...partly, level: 'refreshes-only', share: 1 }, 0), ['registration', 'call', 'other']],
  ];
  for (const [name, shed, expected] of rows) t.strictSame(shed, expected, name);
});

t.test('a slow application counts', async (t) => {
  const watch = new ApplicationWatch();
  watch.asked('a', 0);
  watch.asked('b', 100);
  t.equal(watch.look(5_000), 0, 'a request or two that it forgot are no overload');
  watch.answered('a', 400);
  watch.answered('b', 300);
  t.equal(watch.look(5_000), 300, 'the mean of what was answered');
  t.equal(watch.look(5_000), 0, 'each answer counts once');
  for (let at = 0; at < 25; at += 1) watch.asked(`x${at}`, 1_000 + at);
  t.equal(watch.look(4_000), 4_000 - 1_019, 'many without any answer: how long the twentieth has waited');
  watch.answered('x3', 4_000);
  t.equal(watch.look(4_000), 4_000 - 1_003);
  t.equal(watch.pending, 24);
});
