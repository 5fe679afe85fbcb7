import fc from 'fast-check';
import t from 'tap';
import {
  newRegistration, registrationStep, type RegistrationEffect, type RegistrationEvent, type RegistrationState,
} from '../../../../src/domain/trunk/trunk-registration.js';

const AT = 1_000_000;
const ask = (gateway: number, seconds = 600): RegistrationEffect => ({ kind: 'register', gateway, seconds });
const wait = (ms: number): RegistrationEffect => ({ kind: 'wait', ms });
const START: RegistrationEvent = { kind: 'start' };
const DUE: RegistrationEvent = { kind: 'due' };
const STOP: RegistrationEvent = { kind: 'stop' };
const OVER: RegistrationEvent = { kind: 'unregistered' };
const granted = (seconds: number): RegistrationEvent => ({ kind: 'granted', seconds });
const failed = (because: 'identity' | 'other' = 'other', retryAfterMs = 0): RegistrationEvent => ({ kind: 'failed', because, retryAfterMs });
const brief = (leastSeconds: number): RegistrationEvent => ({ kind: 'too-brief', leastSeconds });

interface Row {
  readonly name: string;
  readonly events: readonly RegistrationEvent[];
  readonly gateways?: number;
  readonly jitter?: number;
  readonly at?: number;
  readonly effects: readonly RegistrationEffect[];
  readonly state: Partial<RegistrationState>;
}

const ROWS: readonly Row[] = [
  { name: 'the first REGISTER goes to the first gateway', events: [START], effects: [ask(0)], state: { phase: 'trying' } },
  { name: 'refreshed between a half and four fifths of what was granted', events: [START, granted(600)], effects: [wait(390_000)], state: { phase: 'registered', expiresAt: AT + 600_000 } },
  { name: 'the earliest refresh', events: [START, granted(600)], jitter: 0, effects: [wait(300_000)], state: {} },
  { name: 'a second of lifetime asks no oftener than each second', events: [START, granted(1)], effects: [wait(1000)], state: {} },
  { name: 'however much is granted, twice a day', events: [START, granted(4_294_967_295)], effects: [wait(43_200_000)], state: {} },
  { name: 'a refresh goes to where the registration is', events: [START, failed(), granted(600), DUE], gateways: 2, effects: [ask(1)], state: { phase: 'refreshing', gateway: 1 } },
  { name: '423: once more with what the registrar wants (RFC 3261 §10.2.8)', events: [START, brief(1800)], effects: [ask(0, 1800)], state: { wish: 1800 } },
  { name: '423 that asks for no more is a failure', events: [START, brief(600)], effects: [wait(3750)], state: { phase: 'waiting' } },
  { name: '423 for a year is one too', events: [START, brief(31_536_000)], effects: [wait(3750)], state: { wish: 600 } },
  { name: 'the next gateway at once', events: [START, failed()], gateways: 3, effects: [ask(1)], state: { tried: 2 } },
  { name: 'and around', events: [START, failed(), granted(600), DUE, failed()], gateways: 2, effects: [ask(0)], state: {} },
  { name: 'all failed: a pause', events: [START, failed(), failed()], gateways: 2, effects: [wait(3750)], state: { phase: 'waiting', failures: 1 } },
  { name: 'that doubles', events: [START, failed(), DUE, failed(), DUE, failed()], effects: [wait(15_000)], state: { failures: 3 } },
  { name: 'up to five minutes', events: [START, ...Array.from({ length: 12 }, () => [failed(), DUE]).flat(), failed()], effects: [wait(225_000)], state: { failures: 13 } },
  { name: 'a refusal of who we are waits longer', events: [START, failed('identity')], effects: [wait(45_000)], state: { refused: true } },
  { name: 'though another gateway only failed', events: [START, failed('identity'), failed()], gateways: 2, effects: [wait(45_000)], state: {} },
  { name: 'Retry-After is waited for', events: [START, failed('other', 120_000), failed()], gateways: 2, effects: [wait(120_000)], state: {} },
  { name: 'an hour of it at most', events: [START, failed('other', 86_400_000)], effects: [wait(3_600_000)], state: {} },
  { name: 'a success forgets failures', events: [START, failed('identity'), DUE, granted(600)], effects: [wait(390_000)], state: { failures: 0, refused: false } },
  { name: 'a registration outlives a refresh that fails', events: [START, granted(600), DUE, failed()], effects: [wait(3750)], state: { phase: 'refreshing', expiresAt: AT + 600_000, failures: 1 } },
  { name: 'stopped: taken back where it is', events: [START, granted(600), STOP], effects: [ask(0, 0)], state: { phase: 'unregistering' } },
  { name: 'stopped: over', events: [START, granted(600), STOP, OVER], effects: [], state: { phase: 'stopped', expiresAt: null } },
  { name: 'stopped under way: what may yet register is taken back', events: [START, STOP], effects: [ask(0, 0)], state: { phase: 'unregistering' } },
  { name: 'stopped while nothing is registered', events: [START, failed(), STOP], effects: [], state: { phase: 'stopped' } },
  { name: 'nothing wakes what is stopped', events: [STOP, START, DUE, granted(9)], effects: [], state: { phase: 'stopped' } },
  { name: 'an answer that comes too late', events: [START, STOP, granted(600)], effects: [], state: { phase: 'unregistering', expiresAt: null } },
];

for (const { name, events, gateways = 1, jitter = 0.5, effects, state } of ROWS) {
  t.test(name, async (t) => {
    const facts = { gateways, at: AT, jitter };
    const last = events.reduce((step, event) => registrationStep(step.state, event, facts), { state: newRegistration(600), effects: [] as readonly RegistrationEffect[] });
    t.same(last.effects, effects);
    t.match(last.state, state);
  });
}

t.test('an expired registration is none', async (t) => {
  const { state } = [START, granted(60), DUE].reduce((step, event) => registrationStep(step.state, event, { gateways: 1, at: AT, jitter: 0.5 }), { state: newRegistration(60), effects: [] as readonly RegistrationEffect[] });
  t.match(registrationStep(state, failed(), { gateways: 1, at: AT + 60_001, jitter: 0.5 }).state, { phase: 'waiting', expiresAt: null });
});

t.test('whatever comes in whatever order: no more than one effect, no pause under a second, no gateway that is not there', async (t) => {
  const seconds = fc.integer({ min: 0, max: 4_000_000 });
  const event: fc.Arbitrary<RegistrationEvent> = fc.oneof(
    fc.constantFrom(START, DUE, STOP, OVER), seconds.map(granted), seconds.map(brief),
    fc.tuple(fc.constantFrom('identity', 'other'), fc.integer({ min: 0, max: 1e12 })).map(([because, ms]) => failed(because, ms)),
  );
  fc.assert(fc.property(fc.array(event, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (events, gateways, jitter) => {
    let state = newRegistration(600);
    for (const [index, each] of events.entries()) {
      const step = registrationStep(state, each, { gateways, at: AT + index * 1000, jitter });
      state = step.state;
      if (step.effects.length > 1) return false;
      for (const effect of step.effects) {
        if (effect.kind === 'wait' ? !(effect.ms >= 1000 && effect.ms <= 43_200_000) : effect.gateway >= gateways) return false;
        if (state.phase === 'stopped') return false;
      }
    }
    return true;
  }), { numRuns: 3000, seed: 11 });
  t.pass('all hold');
});
