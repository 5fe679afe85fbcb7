import fc from 'fast-check';
import t from 'tap';
import { callStep, type CallHappening, type CallPhase } from '../../../../../sip/app/calls/call-states.js';
import type { CallAsk } from '../../../../../src/domain/calls/call-limits.js';
import { huntStep, startHunt, type HuntEvent, type HuntState, type HuntStep } from '../../../../../src/domain/calls/hunt.js';
import { asId, type TrunkId } from '../../../../../src/domain/ids.js';
import { CallMemory } from '../../../../../src/storage/redis/call-memory.js';
import { callsKey } from '../../../../../src/storage/redis/keys.js';

/** Three gateways, each of a trunk of its own. */
const TRUNKS = ['t0', 't1', 't2'].map((id) => asId<TrunkId>(id));
const LIMIT = 4;
const TRUNK_PLACE = callsKey('trunk', '');

const askOf = (id: string, peek = false): CallAsk => ({
  id, at: 0, readings: [], peek,
  caps: [{ scope: 'user', id: 'ann', name: 'Ann', limit: LIMIT }, { scope: 'account', id: 'acme', name: 'Acme', limit: LIMIT }],
  trunks: TRUNKS.map((trunkId) => ({ trunkId, concurrentCalls: LIMIT, callsPerSecond: 0 })),
});

/** A call as `handle-invite`, `Call` and `hunt-gateways` run it, with nothing between the machines but what they ask for. */
class ModelCall {
  phase: CallPhase = 'routing';
  hunt: HuntState | null = null;
  ends = 0;

  constructor(readonly id: string, private readonly memory: CallMemory) {}

  happens(event: CallHappening): void {
    const step = callStep(this.phase, event);
    this.phase = step.phase;
    for (const effect of step.effects) {
      switch (effect.kind) {
        case 'fork': this.#take(startHunt(TRUNKS.length, { emergency: false, hearsTrying: true })); break;
        case 'cancel-fork': this.hunts({ kind: 'caller-cancelled' }); break;
        case 'end':
          this.ends += 1;
          this.memory.release(this.id);
          break;
        default:
      }
    }
  }

  hunts(event: HuntEvent): void {
    if (this.hunt !== null) this.#take(huntStep(this.hunt, event));
  }

  #take({ state, effects }: HuntStep): void {
    this.hunt = state;
    for (const effect of effects) {
      switch (effect.kind) {
        case 'try': this.memory.move(this.id, callsKey('trunk', TRUNKS[effect.route] ?? ''), (place) => place.startsWith(TRUNK_PLACE)); break;
        case 'answer': this.happens({ kind: 'answered' }); break;
        case 'fail': this.happens({ kind: 'hunt-failed', status: effect.status, cause: effect.cause }); break;
        default:
      }
    }
  }
}

type Move = { readonly kind: 'begin' } | { readonly kind: 'call'; readonly which: number; readonly event: CallHappening } | { readonly kind: 'hunt'; readonly which: number; readonly event: HuntEvent };

const which = fc.nat(5);
const route = fc.nat(2);
const moves: fc.Arbitrary<Move> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Move>({ kind: 'begin' }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('call' as const), which, event: fc.constantFrom<CallHappening>(
    { kind: 'connected' }, { kind: 'caller-cancelled' }, { kind: 'caller-gone', cause: 'caller-hangup' }, { kind: 'callee-gone', cause: 'callee-hangup' },
    { kind: 'stop', cause: 'admin' }, { kind: 'connection-lost' }) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('hunt' as const), which, event: fc.oneof<fc.Arbitrary<HuntEvent>[]>(
    fc.record({ kind: fc.constant('answered' as const), route }), fc.record({ kind: fc.constant('late' as const), route }),
    fc.record({ kind: fc.constant('provisional' as const), route, status: fc.constantFrom(100, 180, 183) }),
    fc.record({ kind: fc.constant('failed' as const), route, status: fc.constantFrom(0, 486, 487, 503) }), fc.constant({ kind: 'ring-timeout' as const })) }) },
);

t.test('whatever crosses what, a call has its places exactly while it lives, and one of a trunk at a time', (t) => {
  t.doesNotThrow(() => fc.assert(fc.property(fc.array(moves, { maxLength: 120 }), (steps) => {
    const memory = new CallMemory();
    const calls: ModelCall[] = [];
    for (const step of steps) {
      if (step.kind === 'begin') {
        const call = new ModelCall(`call ${calls.length}`, memory);
        const living = calls.filter(({ phase }) => phase !== 'ended').length;
        const { taken } = memory.answer(askOf(call.id));
        if (taken !== living < LIMIT) return false;
        if (!taken) {
          memory.release(call.id);
          continue;
        }
        memory.keep(call.id);
        calls.push(call);
        call.happens({ kind: 'ring' });
      } else {
        // The newest ones, so that most events meet a call that lives.
        const call = calls.at(-1 - step.which);
        if (step.kind === 'call') call?.happens(step.event);
        else call?.hunts(step.event);
      }
      const living = calls.filter(({ phase }) => phase !== 'ended');
      const { caps } = memory.answer(askOf('look', true));
      if (caps.some((count) => count !== living.length)) return false;
      for (const call of calls) {
        const held = TRUNKS.filter((trunk) => memory.has(call.id, callsKey('trunk', trunk)));
        if (held.length !== (call.phase === 'ended' ? 0 : 1)) return false;
        if (call.ends !== (call.phase === 'ended' ? 1 : 0)) return false;
      }
    }
    for (const call of calls) call.happens({ kind: 'connection-lost' });
    return memory.size === 0 && memory.renewals(0).length === 0;
  }), { numRuns: 1000 }));
  t.end();
});
