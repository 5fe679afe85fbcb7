import fc from 'fast-check';
import t from 'tap';
import { createDeviceOccupancy } from '../../../../../sip/app/calls/device-occupancy.js';
import { asId, type DeviceId } from '../../../../../src/domain/ids.js';
import { createTestLog } from '../../../../support/redis.js';

const [a, b, c] = ['a', 'b', 'c'].map((id) => asId<DeviceId>(id)) as [DeviceId, DeviceId, DeviceId];
/** The turn in which listeners are told. */
const told = (): Promise<void> => new Promise((resolve) => queueMicrotask(resolve));

t.test('a phone is in a call until its last one is over', async (t) => {
  const phones = createDeviceOccupancy(createTestLog());
  const over: DeviceId[] = [];
  phones.onCallsOver((id) => over.push(id));
  const first = phones.occupy(a);
  const second = phones.occupy(a);
  const other = phones.occupy(b);
  t.same([...phones.inCall([a, b, c])], [a, b]);
  t.same([...phones.inCall([])], []);
  first();
  first();
  await told();
  t.same([over, [...phones.inCall([a])]], [[], [a]], 'one of two is over, however often it is said');
  second();
  t.same([...phones.inCall([a])], [], 'at once');
  other();
  await told();
  t.same(over, [a, b]);
});

t.test('an attempt that follows in the same turn leaves no gap', async (t) => {
  const phones = createDeviceOccupancy(createTestLog());
  const over: DeviceId[] = [];
  phones.onCallsOver((id) => over.push(id));
  const first = phones.occupy(a);
  first();
  const next = phones.occupy(a);
  await told();
  t.same(over, []);
  next();
  await told();
  t.same(over, [a]);
});

t.test('who no longer listens is not told; one that fails stops no other', async (t) => {
  const log = createTestLog();
  const phones = createDeviceOccupancy(log);
  const over: string[] = [];
  phones.onCallsOver(() => {
    throw new Error('deaf');
  });
  phones.onCallsOver((id) => over.push(`first ${id}`));
  const end = phones.onCallsOver((id) => over.push(`second ${id}`));
  phones.occupy(a)();
  await told();
  end();
  phones.occupy(b)();
  await told();
  t.same(over, ['first a', 'second a', 'first b']);
  t.equal(log.lines.filter(({ event }) => event === 'end of calls not heard').length, 2);
});

t.test('property: in a call are exactly the phones with something open', async () => {
  const step = fc.record({ device: fc.constantFrom(a, b, c), ends: fc.nat(5), opens: fc.boolean() });
  fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    const phones = createDeviceOccupancy(createTestLog());
    const open: { readonly device: DeviceId; readonly end: () => void }[] = [];
    for (const { device, ends, opens } of steps) {
      if (opens) open.push({ device, end: phones.occupy(device) });
      else open.splice(ends, 1)[0]?.end();
    }
    const expected = [a, b, c].filter((id) => open.some(({ device }) => device === id));
    return [...phones.inCall([a, b, c])].join() === expected.join();
  }));
});
