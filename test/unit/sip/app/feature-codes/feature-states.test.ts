import t from 'tap';
import { featureStep, type FeatureHappening, type FeaturePhase } from '../../../../../sip/app/feature-codes/feature-states.js';

const PHASES: readonly FeaturePhase[] = ['opening', 'answering', 'waiting', 'talking', 'ended'];
const EVENTS: readonly FeatureHappening[] = [
  { kind: 'media-ready' }, { kind: 'media-refused', status: 488, reason: 'media-unacceptable' }, { kind: 'connected' }, { kind: 'acknowledged' },
  { kind: 'finished' }, { kind: 'caller-cancelled' }, { kind: 'caller-gone', cause: 'caller-hangup' }, { kind: 'stop', cause: 'admin' }, { kind: 'connection-lost' },
];
const MOVES: readonly (readonly [FeaturePhase, FeatureHappening['kind'], FeaturePhase, string])[] = [
  ['opening', 'media-ready', 'answering', 'answer'],
  ['opening', 'media-refused', 'ended', 'refuse, end refused 488'],
  ['opening', 'caller-cancelled', 'ended', 'end cancelled 487'],
  ['opening', 'caller-gone', 'ended', 'end caller-hangup 487'],
  ['opening', 'stop', 'ended', 'refuse, end admin 503'],
  ['opening', 'connection-lost', 'ended', 'end flow-lost 0'],
  ['answering', 'connected', 'waiting', 'connect'],
  ['answering', 'caller-cancelled', 'ended', 'end cancelled 487'],
  ['answering', 'caller-gone', 'ended', 'end caller-hangup 487'],
  ['answering', 'stop', 'ended', 'end admin 200'],
  ['answering', 'connection-lost', 'ended', 'end flow-lost 0'],
  ['waiting', 'acknowledged', 'talking', 'converse'],
  ['waiting', 'caller-gone', 'ended', 'end caller-hangup 200'],
  ['waiting', 'stop', 'ended', 'bye, end admin 200'],
  ['waiting', 'connection-lost', 'ended', 'end flow-lost 200'],
  ['talking', 'finished', 'ended', 'bye, end callee-hangup 200'],
  ['talking', 'caller-gone', 'ended', 'end caller-hangup 200'],
  ['talking', 'stop', 'ended', 'bye, end admin 200'],
  ['talking', 'connection-lost', 'ended', 'end flow-lost 200'],
];

t.test('every event in every phase: a move of the table, or nothing', async (t) => {
  for (const phase of PHASES) {
    for (const event of EVENTS) {
      const [, , to, does] = MOVES.find(([from, kind]) => from === phase && kind === event.kind) ?? [phase, event.kind, phase, ''];
      const step = featureStep(phase, event);
      const did = step.effects.map((effect) => (effect.kind === 'end' ? `end ${effect.cause} ${effect.status}` : effect.kind)).join(', ');
      t.same([step.phase, did], [to, does], `${phase}: ${event.kind}`);
    }
  }
});
