import fc from 'fast-check';
import t from 'tap';
import type { Device } from '../../../../src/domain/device/device.js';
import { ringPhones, type PhoneInUse } from '../../../../src/domain/routing/ring-phones.js';
import { phone, userParty } from '../../../support/call-facts-office.js';
import { guestSession } from '../../../support/guest-session.js';

const ann = userParty('ann', '1001').user;
const ben = userParty('ben', '1002').user;
const free = (id: string): PhoneInUse => ({ device: phone(id), guest: null });
const locked = (id: string): PhoneInUse => ({ device: { ...phone(id), locked: true }, guest: null });
const used = (at: PhoneInUse, by: typeof ann): PhoneInUse => ({ ...at, guest: guestSession(at.device, by) });

type Row = readonly [rule: string, own: readonly PhoneInUse[], desk: PhoneInUse | null, reach: 'desk-and-own' | 'desk-only', rings: readonly string[], silent: readonly string[]];
const USER: readonly Row[] = [
  ['own phones ring', [free('a'), free('b')], null, 'desk-and-own', ['a', 'b'], []],
  ['nobody has a phone', [], null, 'desk-and-own', [], []],
  ['a phone with a guest of another never rings for its owner', [used(free('a'), ben), free('b')], null, 'desk-and-own', ['b'], ['a guest']],
  ['the only phone is lent', [used(free('a'), ben)], null, 'desk-and-own', [], ['a guest']],
  ['the desk and the own phones', [free('a')], used(free('d'), ann), 'desk-and-own', ['a', 'd as guest'], []],
  ['the desk alone, where it is all there is', [], used(free('d'), ann), 'desk-and-own', ['d as guest'], []],
  ['the own phone is lent meanwhile', [used(free('a'), ben)], used(free('d'), ann), 'desk-and-own', ['d as guest'], ['a guest']],
  ['desk-only: the desk', [free('a')], used(free('d'), ann), 'desk-only', ['d as guest'], ['a desk-only']],
  ['desk-only without a desk: the own phones', [free('a')], null, 'desk-only', ['a'], []],
  ['desk-only: a lent phone is lent', [used(free('a'), ben)], used(free('d'), ann), 'desk-only', ['d as guest'], ['a guest']],
  ['signed in at the own phone: it rings once', [used(free('a'), ann), free('b')], used(free('a'), ann), 'desk-and-own', ['a as guest', 'b'], []],
  ['a locked phone never rings', [locked('a'), free('b')], null, 'desk-and-own', ['b'], ['a locked']],
  ['a locked desk neither', [free('a')], used(locked('d'), ann), 'desk-and-own', ['a'], ['d locked']],
  ['a locked desk, desk-only', [free('a')], used(locked('d'), ann), 'desk-only', [], ['a desk-only', 'd locked']],
  ['lent and locked is lent', [used(locked('a'), ben)], null, 'desk-and-own', [], ['a guest']],
];
const AREA: readonly Row[] = [
  ['its phones without a guest', [free('l'), used(free('m'), ann)], null, 'desk-and-own', ['l'], ['m guest']],
  ['desk-only concerns no common area', [free('l')], null, 'desk-only', ['l'], []],
];

for (const [title, userId, rows] of [['a user\'s extension', ann.id, USER], ['a common area\'s extension', null, AREA]] as const) {
  t.test(title, async (t) => {
    for (const [rule, own, desk, reach, rings, silent] of rows) {
      const phones = ringPhones({ userId, own, desk }, reach);
      t.same(phones.ringing.map(({ device, session }) => (session === null ? device.id : `${device.id} as guest`)), rings, rule);
      t.same(phones.silent.map(({ device, because }) => `${device.id} ${because}`), silent, `${rule}: what stays silent`);
    }
  });
}

t.test('whatever the phones: each rings or is silent for a reason, none is another\'s or locked, the own user\'s session goes with it', async () => {
  const phoneIn = (ids: readonly string[]): fc.Arbitrary<PhoneInUse> => fc.record({
    device: fc.tuple(fc.constantFrom(...ids), fc.boolean()).map(([id, isLocked]): Device => ({ ...phone(id), locked: isLocked })), who: fc.constantFrom(null, ann, ben),
  }).map(({ device, who }) => ({ device, guest: who === null ? null : guestSession(device, who) }));
  const own = fc.uniqueArray(phoneIn(['a', 'b', 'c']), { selector: ({ device }) => device.id });
  const desk = fc.option(phoneIn(['d']).map((at) => used(at, ann)));
  fc.assert(fc.property(own, desk, fc.constantFrom('desk-and-own' as const, 'desk-only' as const), (own, desk, reach) => {
    const { ringing, silent } = ringPhones({ userId: ann.id, own, desk }, reach);
    return ringing.length + silent.length === own.length + (desk === null ? 0 : 1)
      && ringing.every(({ device, session }) => !device.locked && (session === null || session.userId === ann.id))
      && (reach === 'desk-and-own' || desk === null || ringing.every(({ device }) => device.id === desk.device.id));
  }), { numRuns: 500 });
});
