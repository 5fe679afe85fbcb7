import t from 'tap';
import { startRoom, type Room } from '../support/hot-desk-room.js';

const room: Room = await startRoom(t, { promptFrames: 15 });
let people = 2000;

/** A guest, and a registered desk phone of somebody else. */
async function office() {
  const [owner, guest] = await room.sit([String(people + 1), String(people + 2)]);
  people += 10;
  if (owner === undefined || guest === undefined) throw new Error('nobody there');
  return { owner, guest, phone: await room.phone(await room.desk(owner.extension.id)) };
}

for (const how of ['dtmf-relay', 'dtmf'] as const) {
  t.test(`digits by SIP INFO, application/${how}`, async (t) => {
    const { guest, phone } = await office();
    // A phone that offers no telephone-event.
    const rtp = await phone.rtp();
    const sdp = rtp.sdp().replace(/ 101(?=\r\n)/, '').replace(/a=rtpmap:101[^\r]*\r\n/, '');
    const call = await phone.dialCode('*91', { sdp });
    t.same(await call.info(`${guest.number}#`, how), [200, 200, 200, 200, 200]);
    t.ok((await call.info(guest.pinCode, how)).every((status) => status === 200));
    const hungUp = await call.hungUp();
    t.equal(hungUp.method, 'BYE');
    t.equal(room.guestAt(phone.device), guest.phone.id);
  });
}

t.test('each key by RFC 4733 and by INFO as well: counted once', async (t) => {
  const { guest, phone } = await office();
  const call = await phone.dialCode('*91');
  await call.hears('en/enter-extension');
  for (const digit of `${guest.number}#`) {
    call.type(digit);
    await call.info(digit);
  }
  await call.hears('en/enter-pin');
  for (const digit of guest.pinCode) {
    await call.info(digit);
    call.type(digit);
  }
  await call.hears('en/signed-in');
  await call.hungUp();
  t.equal(room.guestAt(phone.device), guest.phone.id);
});

t.test('all typed ahead before the first word', async (t) => {
  const { guest, phone } = await office();
  const call = await phone.dialCode('*91');
  call.type(`${guest.number}#${guest.pinCode}`);
  await call.hungUp();
  t.equal(room.guestAt(phone.device), guest.phone.id);
  t.equal(call.heard().at(-1), 'en/signed-in');
  t.notOk(call.heard().includes('en/enter-pin'), 'nothing is asked that was answered');
});

t.test('a digit breaks the prompt off', async (t) => {
  const { guest, phone } = await office();
  const call = await phone.dialCode('*91');
  const begun = await call.hears('en/enter-extension');
  call.type(guest.number);
  const silence = await call.nextSilence();
  t.ok(silence - begun < 290, `${Math.round(silence - begun)} ms of 300 played`);
  call.type('#');
  await call.hears('en/enter-pin');
  await call.hangUp();
});

t.test('a # behind a number that filled the field is no empty answer', async (t) => {
  const { guest, phone } = await office();
  const call = await phone.dialCode('*91');
  call.type(`999999#${guest.pinCode}#`);
  // Nobody's extension: the only try spent.
  await call.hears('en/try-again', 'en/enter-extension');
  call.type(`${guest.number}#`);
  await call.hears('en/enter-pin');
  call.type(`${guest.pinCode}#`);
  await call.hears('en/signed-in');
  await call.hungUp();
  t.notOk(call.heard().includes('en/goodbye'));
});

t.test('four seconds of silence end a number; nothing typed is a try', async (t) => {
  const { guest, phone } = await office();
  const call = await phone.dialCode('*91');
  await call.hears('en/enter-extension');
  call.type(guest.number);
  const typed = performance.now();
  const asked = await call.hears('en/enter-pin');
  t.ok(asked - typed >= 3950, `${Math.round(asked - typed)} ms`);
  await call.hears('en/try-again', 'en/enter-extension');
  await call.hangUp();
  t.equal(room.guestAt(phone.device), null);
});

t.test('a star or a letter is no digit of a PIN, and no way around it', async (t) => {
  const { guest, phone } = await office();
  const call = await phone.dialCode(`*91${guest.number}`);
  await call.hears('en/enter-pin');
  call.type('*A');
  call.type(`${guest.pinCode}#`);
  await call.hears('en/try-again');
  await call.hangUp();
  t.equal(room.guestAt(phone.device), null);
});

t.test('INFO that holds no digit is answered and changes nothing', async (t) => {
  const { phone } = await office();
  const call = await phone.dialCode('*91');
  const rows = [
    [{}, 200], [{ body: 'Signal=16\r\n', contentType: 'application/dtmf-relay' }, 200], [{ body: '<x/>', contentType: 'application/media_control+xml' }, 415],
    [{ body: '5', contentType: 'application/dtmf', headers: [['Info-Package', 'dtmf']] }, 415],
  ] as const;
  for (const [options, status] of rows) t.equal((await call.request('INFO', options)).status, status, JSON.stringify(options));
  await call.hears('en/enter-extension');
  await call.hangUp();
});
