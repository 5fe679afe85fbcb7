import t from 'tap';
import { mosOf, mosOfRating, ratingOf, type Transmission } from '../../../../src/domain/quality/e-model.js';
import { mosOfCall } from '../../../../src/domain/quality/call-quality.js';
import { NO_FIGURES, rated, type StreamReport } from '../../../../src/domain/quality/stream-report.js';

const CLEAN: Transmission = { codec: 'PCMU', lossPercent: 0, jitterMs: 0, roundTripMs: 0, endSystemDelayMs: 0 };

t.test('G.107 Annex B: R as MOS', async (t) => {
  for (const [r, mos] of [[-5, 1], [0, 1], [5, 1], [50, 2.58], [60, 3.1], [70, 3.6], [80, 4.02], [90, 4.34], [93.2, 4.41], [100, 4.5], [120, 4.5]] as const) {
    t.equal(mosOfRating(r), mos, `R ${r}`);
  }
});

t.test('R of one direction', async (t) => {
  const rows: readonly (readonly [what: string, sent: Partial<Transmission>, r: number | null])[] = [
    ['G.711, nothing lost, no delay: the default R', {}, 93.2],
    ['150 ms one way: 0.024 a millisecond', { endSystemDelayMs: 150 }, 89.6],
    ['a round trip counts by half', { roundTripMs: 300 }, 89.6],
    ['beyond 177.3 ms delay hurts more', { endSystemDelayMs: 277.3 }, 75.5],
    ['G.729A itself (Ie 11)', { codec: 'G729' }, 82.2],
    ['the codec’s name as it comes', { codec: 'g.729a/8000' }, 82.2],
    ['5 % at random, concealed (Bpl 25.1): 95·5/30.1', { lossPercent: 5 }, 77.4],
    ['5 % in bursts of double length: 95·5/27.6', { lossPercent: 5, burstRatio: 2 }, 76],
    ['what came too late is lost', { lossPercent: 3, discardPercent: 2 }, 77.4],
    ['more than everything is everything', { lossPercent: 90, discardPercent: 90 }, 17.3],
    ['a codec nobody measured', { codec: 'SILK' }, null], ['loss not known', { lossPercent: null }, null],
    ['codec not known: as G.711', { codec: '' }, 93.2],
  ];
  for (const [what, sent, r] of rows) {
    const rating = ratingOf({ ...CLEAN, ...sent });
    t.equal(rating === null ? null : Math.round(rating * 10) / 10, r, what);
  }
  const { endSystemDelayMs: _none, ...heard } = CLEAN;
  t.equal(mosOf(heard), 4.38, 'a frame and the least jitter buffer');
  const byJitter = [0, 5, 20, 60, 150, 1000].map((jitterMs) => mosOf({ ...heard, jitterMs }) ?? 0);
  t.same(byJitter, [...byJitter].sort((a, b) => b - a), `more jitter never sounds better: ${byJitter.join(' ')}`);
  t.ok((byJitter.at(-1) ?? 5) < 2.5 && (byJitter[2] ?? 0) > 4, 'and spoils the call in the end');
});

t.test('a call’s MOS is what the side heard that heard worse', async (t) => {
  const report = (side: StreamReport['side'], direction: StreamReport['direction'], source: StreamReport['source'], mos: number | null, span: StreamReport['span'] = 'session'): StreamReport => (
    { ...NO_FIGURES, side, direction, source, span, mos, at: 0 });
  const rows: readonly (readonly [what: string, reports: readonly StreamReport[], mos: number | null])[] = [
    ['nothing measured', [], null],
    ['both phones', [report('caller', 'receiving', 'phone', 4.2), report('callee', 'receiving', 'phone', 3.1)], 3.1],
    ['the phone before what passed', [report('caller', 'receiving', 'rtcp', 2), report('caller', 'receiving', 'phone', 4)], 4],
    ['the relay where nobody else says', [report('callee', 'sending', 'relay', 3.9)], 3.9],
    ['not where somebody does', [report('callee', 'sending', 'relay', 1.5), report('caller', 'receiving', 'bye', 4.1)], 4.1],
    ['parts without a whole: their mean', [report('caller', 'receiving', 'phone', 4, 'interval'), report('caller', 'receiving', 'phone', 3, 'interval')], 3.5],
    ['the whole before its parts', [report('caller', 'receiving', 'phone', 4.4), report('caller', 'receiving', 'phone', 3, 'interval')], 4.4],
    ['a measurement without opinion', [report('caller', 'receiving', 'phone', null), report('caller', 'receiving', 'relay', 4)], 4],
  ];
  for (const [what, reports, mos] of rows) t.equal(mosOfCall(reports), mos, what);
  t.match(rated({ ...NO_FIGURES, lossPercent: 0, jitterMs: 0 }, 'PCMA'), { codec: 'PCMA', mos: 4.38 });
  t.match(rated({ ...NO_FIGURES, mos: 2, codec: 'G729' }, 'PCMA'), { codec: 'G729', mos: 2 });
});
