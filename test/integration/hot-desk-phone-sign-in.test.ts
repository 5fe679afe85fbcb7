import t from 'tap';
import { startRoom, type Room, type RoomPhone } from '../support/hot-desk-room.js';
import type { Sitter } from '../support/hot-desk-office.js';

const room: Room = await startRoom(t);
let people = 1000;

/** Three people, and a desk phone of the first one. */
async function office() {
  const [owner, guest, other] = await room.sit([1, 2, 3].map((at) => String(people + at)));
  people += 10;
  if (owner === undefined || guest === undefined || other === undefined) throw new Error('nobody there');
  return { owner, guest, other, phone: await room.phone(await room.desk(owner.extension.id)) };
}

const wrong = ({ pinCode }: Sitter): string => (pinCode === '918273' ? '827364' : '918273');

/** Signs in by `*91`; resolves when our BYE is answered. */
async function signIn(phone: RoomPhone, sitter: Sitter): Promise<void> {
  const call = await phone.dialCode('*91');
  await call.hears('en/enter-extension');
  call.type(`${sitter.number}#`);
  await call.hears('en/enter-pin');
  call.type(sitter.pinCode);
  await call.hears('en/signed-in');
  await call.hungUp();
}

const lastRecord = (phone: RoomPhone, dialled: string) => room.calls.record(
  (record) => record.caller.deviceId === phone.device.id && record.dialled === dialled && record.endedAt !== null, dialled);

t.test('*91: extension, PIN, signed in, and the system hangs up', async (t) => {
  const { guest, phone } = await office();
  await signIn(phone, guest);
  t.equal(room.guestAt(phone.device), guest.phone.id, 'the guest sits there');
  const record = await lastRecord(phone, '*91');
  t.match(record, { cause: 'callee-hangup', status: 200, reason: null, caller: { deviceId: phone.device.id } });
  t.ok(record.answeredAt !== null);
  const session = room.directory.guestOf(phone.device.id);
  t.same(await room.toldOf(1, phone), [{ deviceId: phone.device.id, fence: session?.fence, inCalls: 0 }], 'its label is read again once, after the call');
});

t.test('*91 and extension dialled in one go asks for the PIN alone, and records no digit behind the code', async (t) => {
  const { guest, phone } = await office();
  const call = await phone.dialCode(`*91${guest.number}`);
  await call.hears('en/enter-pin');
  call.type(guest.pinCode);
  await call.hears('en/signed-in');
  await call.hungUp();
  t.equal(room.guestAt(phone.device), guest.phone.id);
  t.match(await lastRecord(phone, '*91xxxx'), { status: 200 });
});

t.test('*92: signed out, then nobody to sign out', async (t) => {
  const { guest, phone } = await office();
  await signIn(phone, guest);
  const fence = room.directory.guestOf(phone.device.id)?.fence ?? 0;
  for (const prompt of ['en/signed-out', 'en/nobody-signed-in']) {
    const call = await phone.dialCode('*92');
    await call.hears(prompt);
    await call.hungUp();
    t.equal(room.guestAt(phone.device), null, prompt);
  }
  await lastRecord(phone, '*92');
  await signIn(phone, guest);
  const [, out, again, more] = await room.toldOf(3, phone);
  t.ok((out?.fence ?? 0) > fence, 'the label is read again at the sign-out');
  t.equal(again?.fence, room.directory.guestOf(phone.device.id)?.fence, 'and not when nothing changed');
  t.equal(more, undefined);
});

t.test('refusals that sound alike, three tries a call, each 300 ms after the last digit', async (t) => {
  const { guest, other, phone } = await office();
  const unknown = { ...guest, number: '1999' };
  await room.deps.stores.phoneUsers.update(other.phone.id, { hotDeskAllowed: false });
  const call = await phone.dialCode('*91');
  await call.hears('en/enter-extension');
  const delays: number[] = [];
  for (const [at, sitter] of [{ ...guest, pinCode: wrong(guest) }, unknown, other].entries()) {
    if (at > 0) await call.hears('en/enter-extension');
    call.type(`${sitter.number}#`);
    await call.hears('en/enter-pin');
    call.type(sitter.pinCode.slice(0, -1));
    const typedAt = performance.now();
    call.type(sitter.pinCode.slice(-1));
    delays.push(await call.hears('en/try-again') - typedAt);
  }
  await call.hears('en/goodbye');
  await call.hungUp();
  t.ok(delays.every((ms) => ms >= 299), `none sooner: ${delays.map(Math.round).join(', ')} ms`);
  t.ok(Math.max(...delays) < 900, 'and none much later');
  t.equal(room.guestAt(phone.device), null);
  await signIn(phone, guest);
  t.equal((await room.toldOf(1, phone)).length, 1, 'no label changed but by the sign-in after them');
});

t.test('a wrong PIN, then the right one, in one call', async (t) => {
  const { guest, phone } = await office();
  const call = await phone.dialCode('*91');
  await call.hears('en/enter-extension');
  call.type(`${guest.number}#${wrong(guest).slice(0, 5)}#`);
  // Typed ahead: the question for the PIN is not heard.
  await call.hears('en/try-again', 'en/enter-extension');
  call.type(`${guest.number}#`);
  await call.hears('en/enter-pin');
  call.type(guest.pinCode);
  await call.hears('en/signed-in');
  await call.hungUp();
  t.equal(room.guestAt(phone.device), guest.phone.id);
});

t.test('after five failures the pair is locked, and sounds as a wrong PIN does', async (t) => {
  const { guest, phone } = await office();
  for (const at of [1, 2, 3, 4, 5]) {
    await room.pinIn(phone.device, guest.number, wrong(guest));
    t.equal(room.guestAt(phone.device), null, `failure ${at}`);
  }
  const call = await phone.dialCode(`*91${guest.number}`);
  await call.hears('en/enter-pin');
  call.type(guest.pinCode);
  await call.hears('en/try-again', 'en/enter-extension');
  await call.hangUp();
  t.equal(room.guestAt(phone.device), null, 'also with the right PIN');
});

t.test('a phone that takes no guests says so before it asks', async (t) => {
  const { owner } = await office();
  const phone = await room.phone(await room.desk(owner.extension.id, { hotDesking: 'off' }));
  const call = await phone.dialCode('*91');
  await call.hears('en/not-available');
  await call.hungUp();
  t.same(call.heard(), ['en/not-available']);
});

t.test('the owner at the own phone ends the guest\'s session and nothing else', async (t) => {
  const { owner, guest, phone } = await office();
  await signIn(phone, guest);
  await signIn(phone, owner);
  t.equal(room.guestAt(phone.device), null);
  t.equal(room.directory.deskOf(owner.phone.id), undefined, 'the owner is nobody\'s guest');
  await signIn(phone, owner);
  await signIn(phone, guest);
  t.equal((await room.toldOf(3, phone)).length, 3, 'told of each change, and not when the owner had the phone already');
});

t.test('displacement: of the guest here, and of the same guest elsewhere; every phone concerned is told once', async (t) => {
  const { owner, guest, other, phone } = await office();
  const second = await room.phone(await room.desk(owner.extension.id));
  await signIn(phone, guest);
  await signIn(second, guest);
  t.equal(room.guestAt(phone.device), null, 'signing in elsewhere ended the first session');
  t.equal(room.guestAt(second.device), guest.phone.id);
  const told = await room.toldOf(3, phone, second);
  t.same(told.slice(1).map(({ deviceId }) => deviceId).sort(), [phone.device.id, second.device.id].sort());
  await signIn(second, other);
  t.equal(room.guestAt(second.device), other.phone.id, 'signing in over a forgotten session ended that');
  t.same((await room.toldOf(4, phone, second)).slice(3), [{ deviceId: second.device.id, fence: room.directory.guestOf(second.device.id)?.fence, inCalls: 0 }], 'told with the newest fence');
});

t.test('two people at once on one phone: one of them sits there, both are told what is true', async (t) => {
  const { guest, other, phone } = await office();
  const calls = await Promise.all([guest, other].map(async (sitter) => {
    const call = await phone.dialCode('*91');
    await call.hears('en/enter-extension');
    call.type(`${sitter.number}#`);
    await call.hears('en/enter-pin');
    return { call, sitter };
  }));
  for (const { call, sitter } of calls) call.type(sitter.pinCode);
  for (const { call } of calls) {
    await call.hears('en/signed-in');
    await call.hungUp();
  }
  const sits = room.guestAt(phone.device);
  t.ok(sits === guest.phone.id || sits === other.phone.id);
  const loser = sits === guest.phone.id ? other : guest;
  t.equal(room.directory.deskOf(loser.phone.id), undefined, 'the other session is over');
});

t.test('one person at once on two phones: one session', async (t) => {
  const { owner, guest, phone } = await office();
  const second = await room.phone(await room.desk(owner.extension.id));
  await Promise.all([signIn(phone, guest), signIn(second, guest)]);
  const seats = [phone, second].filter(({ device }) => room.guestAt(device) === guest.phone.id);
  t.equal(seats.length, 1);
  t.equal(room.directory.deskOf(guest.phone.id)?.deviceId, seats[0]?.device.id);
});
