import t from 'tap';
import { StorageFault } from '../../src/ports/runtime.js';
import { startRoom, type Room, type RoomPhone } from '../support/hot-desk-room.js';

/** What the verbs wait for, while a test holds them. */
let gate: Promise<void> = Promise.resolve();
let judged = (): void => undefined;
let away = false;
const held = async <T>(verb: () => Promise<T>): Promise<T> => {
  if (away) throw new StorageFault('postgres', new Error('gone'));
  const result = await verb();
  judged();
  await gate;
  return result;
};
const room: Room = await startRoom(t, {
  verbs: ({ signIn }) => ({ signIn: { begin: (id) => held(() => signIn.begin(id)), byPin: (attempt) => held(() => signIn.byPin(attempt)) } }),
});
let people = 3000;

async function office() {
  const [owner, guest] = await room.sit([String(people + 1), String(people + 2)]);
  people += 10;
  if (owner === undefined || guest === undefined) throw new Error('nobody there');
  return { guest, phone: await room.phone(await room.desk(owner.extension.id)) };
}

const ended = (phone: RoomPhone) => room.calls.record(({ caller, endedAt }) => caller.deviceId === phone.device.id && endedAt !== null, 'an ended call');
const media = async (): Promise<number> => (await room.bed.media.metrics())['endpoints'] ?? -1;

t.test('an INVITE without an offer: ours is in the 200, the answer in the ACK (RFC 3261 §13.2.1)', async (t) => {
  const { guest, phone } = await office();
  const call = await phone.dialCode('*91', { sdp: '' });
  t.match(call.success.body, /m=audio \d+ RTP\/AVP 0 8 101/);
  await call.hears('en/enter-extension');
  call.type(`${guest.number}#${guest.pinCode}`);
  await call.hungUp();
  t.equal(room.guestAt(phone.device), guest.phone.id);
});

t.test('an ACK without the answer ends the call', async (t) => {
  const { phone } = await office();
  const call = await phone.dialCode('*91', { sdp: '', answer: '' });
  t.match((await call.hungUp()).header('Reason'), /cause=41/);
  t.match(await ended(phone), { cause: 'failed' });
});

const REFUSED = [
  ['no codec of ours', (sdp: string) => sdp.replace('RTP/AVP 0 8 101', 'RTP/AVP 18').replace(/a=rtpmap:101.*\r\n/, ''), 488, 'media-unacceptable'],
  ['SRTP alone, and no gateway', (sdp: string) => sdp.replace('RTP/AVP', 'RTP/SAVP'), 488, 'media-unacceptable'],
  ['DTLS-SRTP, and no gateway', (sdp: string) => sdp.replace('RTP/AVP', 'UDP/TLS/RTP/SAVPF'), 488, 'media-unacceptable'],
  ['no description at all', () => 'hello', 400, null],
] as const;
for (const [name, change, status, reason] of REFUSED) {
  t.test(`refused: ${name}`, async (t) => {
    const { phone } = await office();
    const before = await media();
    const call = await phone.dial('*91', { body: change((await phone.rtp()).sdp()) });
    await call.ack(await call.response(status));
    t.match(await ended(phone), { cause: 'refused', reason, status, answeredAt: null });
    t.equal(await media(), before, 'no port is left open');
  });
}

t.test('hold, resume, refresh and a change of address inside the call', async (t) => {
  const { guest, phone } = await office();
  const call = await phone.dialCode('*91', { headers: [['Supported', 'timer'], ['Session-Expires', '600']] });
  t.match(call.success.header('Session-Expires'), /^600;refresher=uac/, 'the phone refreshes (RFC 4028 §9)');
  await call.hears('en/enter-extension');
  const hold = await call.request('INVITE', { body: call.rtp.sdp('a=sendonly') });
  await call.ack(hold);
  t.match([hold.status, hold.body], [200, /a=recvonly/], 'held (RFC 3264 §6.1)');
  t.equal(room.app.callControl.list(room.account.id).find(({ caller }) => caller.deviceId === phone.device.id)?.state, 'held');
  const refresh = await call.request('UPDATE', { headers: [['Supported', 'timer'], ['Session-Expires', '600;refresher=uac']] });
  t.match([refresh.status, refresh.header('Session-Expires'), refresh.body], [200, /^600/, ''], 'a refresh without an offer');
  const ours = await call.request('INVITE', {});
  t.match([ours.status, ours.body], [200, /a=sendrecv/], 'asked for our offer (RFC 3261 §14.2)');
  t.equal((await call.request('UPDATE', { body: call.rtp.sdp() })).status, 491, 'one offer at a time');
  await call.ack(ours, call.rtp.sdp());
  const elsewhere = await phone.rtp();
  let moved = await call.request('UPDATE', { body: elsewhere.sdp() });
  while (moved.status === 491) moved = await call.request('UPDATE', { body: elsewhere.sdp() });
  t.match([moved.status, moved.body], [200, /m=audio/]);
  t.equal((await call.request('UPDATE', { body: 'v=0' })).status, 400, 'a broken offer changes nothing');
  t.equal((await call.request('UPDATE', { body: elsewhere.sdp().replace('RTP/AVP', 'RTP/SAVP') })).status, 488);
  for (const digit of `${guest.number}#${guest.pinCode}`) elsewhere.press(call.port, digit);
  await call.hungUp();
  t.equal(room.guestAt(phone.device), guest.phone.id);
});

t.test('requests that no call serves', async (t) => {
  const { phone } = await office();
  const call = await phone.dialCode('*91');
  const rows = [['OPTIONS', 200], ['REFER', 501], ['MESSAGE', 405], ['SUBSCRIBE', 489], ['NOTIFY', 481]] as const;
  for (const [method, status] of rows) t.equal((await call.request(method)).status, status, method);
  await call.hangUp();
});

t.test('the caller gives up before the answer', async (t) => {
  const { phone } = await office();
  const before = await media();
  const call = await phone.dial('*91', { body: (await phone.rtp()).sdp() });
  await call.cancel();
  const final = await Promise.race([call.response(487), call.response(200)]);
  await call.ack(final);
  if (final.status === 200) await call.hungUp();
  t.match(await ended(phone), { cause: 'cancelled' });
  t.equal(await media(), before);
});

const STEPS: readonly (readonly [string, (call: Awaited<ReturnType<RoomPhone['dialCode']>>, number: string, pin: string) => Promise<unknown>])[] = [
  ['at once', async () => undefined],
  ['while the extension is asked', (call) => call.hears('en/enter-extension')],
  ['while the PIN is asked', async (call, number) => {
    call.type(`${number}#`);
    await call.hears('en/enter-pin');
  }],
  ['after half of a PIN', async (call, number, pin) => {
    call.type(`${number}#`);
    await call.hears('en/enter-pin');
    call.type(pin.slice(0, 3));
  }],
];
for (const [name, reach] of STEPS) {
  t.test(`the caller hangs up ${name}: nothing happened`, async (t) => {
    const { guest, phone } = await office();
    const call = await phone.dialCode('*91');
    await reach(call, guest.number, guest.pinCode);
    t.equal((await call.hangUp()).status, 200);
    t.match(await ended(phone), { cause: 'caller-hangup', status: 200 });
    t.equal(room.guestAt(phone.device), null);
  });
}

t.test('the caller hangs up while the PIN is judged: what was done is done, and told', async (t) => {
  const { guest, phone } = await office();
  const call = await phone.dialCode('*91');
  await call.hears('en/enter-extension');
  let open = (): void => undefined;
  gate = new Promise((resolve) => { open = resolve; });
  const done = new Promise<void>((resolve) => { judged = resolve; });
  call.type(`${guest.number}#`);
  call.type(guest.pinCode);
  await done;
  t.equal((await call.hangUp()).status, 200);
  await ended(phone);
  open();
  gate = Promise.resolve();
  t.equal((await room.toldOf(1, phone)).length, 1);
  t.equal(room.guestAt(phone.device), guest.phone.id);
});

t.test('PostgreSQL away: not available, and the end', async (t) => {
  const { phone } = await office();
  away = true;
  const call = await phone.dialCode('*91');
  await call.hears('en/not-available');
  await call.hungUp();
  away = false;
  t.ok(room.log.lines.some(({ level, event }) => level === 'warn' && event === 'feature code not served, storage away'));
});

t.test('an administrator hangs up', async (t) => {
  const { phone } = await office();
  const call = await phone.dialCode('*91');
  await call.hears('en/enter-extension');
  const live = room.app.callControl.list(room.account.id).find(({ caller }) => caller.deviceId === phone.device.id);
  t.match(live, { state: 'answered', dialled: '*91', emergency: false });
  if (live !== undefined) await room.app.callControl.hangUp(live.id, 'admin');
  t.match((await call.hungUp()).header('Reason'), /administrator/);
  t.match(await ended(phone), { cause: 'admin' });
});

t.test('no call to a code is a call of the phone', async (t) => {
  const { phone } = await office();
  const call = await phone.dialCode('*91');
  await call.hears('en/enter-extension');
  t.notOk(room.app.deviceCalls.inCall([phone.device.id]).has(phone.device.id));
  await call.hangUp();
});

t.test('the system stops', async (t) => {
  const { phone } = await office();
  const call = await phone.dialCode('*91');
  await call.hears('en/enter-extension');
  const stopped = room.app.stop('shutdown');
  t.match((await call.hungUp()).header('Reason'), /cause=41/);
  await stopped;
  t.match(await ended(phone), { cause: 'shutdown' });
  t.equal(await media(), 0, 'every port is closed');
});
