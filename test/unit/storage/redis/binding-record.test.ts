import t from 'tap';
import { parseEvent } from '../../../../src/storage/redis/binding-events.js';
import { byPreference, instanceMark, parseRecord, recordTail } from '../../../../src/storage/redis/binding-record.js';
import { registerCommand, testAccount, testDevice } from '../../../support/redis.js';

const URI = 'sip:desk@10.0.0.5:5060';
const command = registerCommand([{ uri: URI, q: 500 }], { natted: new Set([URI]), callId: 'c"1', at: 1000 });
const contact = command.contacts.kind === 'contacts' ? command.contacts.contacts[0] : undefined;
const text = `[61000,7,1000,${contact ? recordTail(command, contact, 'node-a') : ''}`;

t.test('a record is read as it was written', async (t) => {
  t.same(parseRecord(text), {
    accountId: testAccount, nodeId: 'node-a', key: URI, text,
    binding: {
      deviceId: testDevice(1), contactUri: URI, contactParams: '', q: 500, expiresAt: 61_000, callId: 'c"1', cseq: 7,
      flow: { transport: 'udp', address: '192.0.2.7', port: 5060 }, behindNat: true, userAgent: 'Test/1.0', registeredAt: 1000,
    },
  });
});

for (const damaged of ['', '[', '{}', '[1,2,3]', 'null', '"x"', text.slice(0, -1)]) {
  t.test(`no record: ${damaged.slice(0, 20)}`, async (t) => t.equal(parseRecord(damaged), null));
}

const EVENTS: readonly (readonly [message: string, kind: string | null, end: string | null])[] = [
  [`added ${text}`, 'added', null],
  [`refreshed ${text}`, 'refreshed', null],
  [`ended:flow-lost ${text}`, 'ended', 'flow-lost'],
  [`ended:toString ${text}`, null, null],
  [`ended ${text}`, null, null],
  [`other ${text}`, null, null],
  ['added', null, null],
  ['added []', null, null],
  ['', null, null],
];
for (const [message, kind, end] of EVENTS) {
  t.test(`event ${message.slice(0, 20)}`, async (t) => {
    const heard = parseEvent(message);
    t.equal(heard?.event.kind ?? null, kind);
    t.equal(heard?.event.end ?? null, end);
  });
}

const INSTANCES: readonly (readonly [rule: string, a: string, b: string, same: boolean])[] = [
  ['the same instance', ';+sip.instance="<urn:uuid:A>"', ';x=1;+SIP.Instance="<urn:uuid:a>"', true],
  ['another instance', ';+sip.instance="<urn:uuid:a>"', ';+sip.instance="<urn:uuid:b>"', false],
  ['another reg-id', ';+sip.instance="<urn:uuid:a>";reg-id=1', ';+sip.instance="<urn:uuid:a>";reg-id=2', false],
  ['the same reg-id, other order', ';+sip.instance="<urn:uuid:a>";reg-id=1', ';reg-id=1;+sip.instance="<urn:uuid:a>"', true],
];
for (const [rule, a, b, same] of INSTANCES) {
  t.test(`instance: ${rule}`, async (t) => {
    t.match(instanceMark(a), /^[0-9a-f]{16}$/);
    t.equal(instanceMark(a) === instanceMark(b), same);
  });
}
t.equal(instanceMark(';reg-id=1;+sip.ice'), '', 'no instance, no mark');

t.test('preference: q, then age, then text', async (t) => {
  const binding = parseRecord(text)?.binding;
  if (!binding) throw new Error('record');
  const make = (contactUri: string, q: number, registeredAt: number) => ({ ...binding, contactUri, q, registeredAt });
  const list = [make('d', 500, 2), make('c', 500, 2), make('b', 500, 1), make('a', 900, 9)];
  t.same(list.sort(byPreference).map(({ contactUri }) => contactUri), ['a', 'b', 'c', 'd']);
});
