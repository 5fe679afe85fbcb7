import t from 'tap';
import { afterSighting, mayBeTried, newGateway, type GatewayHealth, type GatewaySighting } from '../../../../src/domain/trunk/gateway-health.js';

const answered: GatewaySighting = { kind: 'answered', status: 200, retryAfterMs: null, roundTripMs: 12.4 };
const silent: GatewaySighting = { kind: 'silent', status: 0, retryAfterMs: null };
const unreachable: GatewaySighting = { kind: 'unreachable', status: 503, retryAfterMs: null, why: 'ECONNREFUSED' };
const refused = (seconds: number | null): GatewaySighting => ({ kind: 'refused', status: 503, retryAfterMs: seconds === null ? null : seconds * 1000 });

const seen = (sightings: readonly GatewaySighting[], probed = true): GatewayHealth =>
  sightings.reduce((health, sighting, index) => afterSighting(health, sighting, 1000 * (index + 1), probed), newGateway(0));

const ROWS: readonly { readonly name: string; readonly sightings: readonly GatewaySighting[]; readonly probed?: boolean; readonly want: Partial<GatewayHealth> }[] = [
  { name: 'never asked: unknown', sightings: [], want: { state: 'unknown', since: 0 } },
  { name: 'the first answer is enough', sightings: [answered], want: { state: 'up', since: 1000, roundTripMs: 12.4, lastSeen: 'Answered 200 after 12 ms.' } },
  { name: 'a 404 is an answer', sightings: [{ ...answered, status: 404 }], want: { state: 'up' } },
  { name: 'one miss is none', sightings: [answered, silent], want: { state: 'up', since: 1000, streak: 1, lastSeen: 'No answer in time.' } },
  { name: 'an answer between two misses', sightings: [answered, silent, answered, silent], want: { state: 'up', streak: 1 } },
  { name: 'two misses in a row', sightings: [answered, silent, silent], want: { state: 'down', since: 3000 } },
  { name: 'two misses of one never asked', sightings: [silent, silent], want: { state: 'down', since: 2000 } },
  { name: 'the network refuses: at once', sightings: [answered, unreachable], want: { state: 'down', lastSeen: 'It cannot be reached. ECONNREFUSED' } },
  { name: 'a 503 without Retry-After is a miss', sightings: [answered, refused(null), refused(null)], want: { state: 'down' } },
  { name: 'a 503 with Retry-After is none', sightings: [answered, refused(20), refused(20)], want: { state: 'up', restsUntil: 23_000 } },
  { name: 'a long Retry-After is cut', sightings: [refused(86_400)], want: { restsUntil: 601_000, state: 'unknown' } },
  { name: 'two answers do not bring it back', sightings: [unreachable, answered, answered], want: { state: 'down', streak: 2 } },
  { name: 'three answers do', sightings: [unreachable, answered, answered, answered], want: { state: 'up', since: 4000, streak: 0 } },
  { name: 'a miss among them starts over', sightings: [unreachable, answered, answered, silent, answered], want: { state: 'down', streak: 1 } },
  { name: 'without probes it rests instead', sightings: [unreachable], probed: false, want: { state: 'unknown', restsUntil: 31_000 } },
  { name: 'and is well after an answer', sightings: [silent, silent, answered], probed: false, want: { state: 'up' } },
];
for (const { name, sightings, probed, want } of ROWS) t.test(name, async (t) => t.match(seen(sightings, probed), want));

t.test('who may be tried', async (t) => {
  t.ok(mayBeTried({ state: 'unknown', restsUntil: null }, 0));
  t.notOk(mayBeTried({ state: 'down', restsUntil: null }, 0));
  t.notOk(mayBeTried({ state: 'up', restsUntil: 10 }, 9));
  t.ok(mayBeTried({ state: 'up', restsUntil: 10 }, 10));
});

t.test('a rest that is over is forgotten with the next answer', async (t) => {
  const rested = afterSighting({ ...newGateway(0), restsUntil: 500 }, answered, 1000, true);
  t.equal(rested.restsUntil, null);
  t.equal(afterSighting({ ...newGateway(0), restsUntil: 5000 }, answered, 1000, true).restsUntil, 5000, 'one that goes on stays');
});
