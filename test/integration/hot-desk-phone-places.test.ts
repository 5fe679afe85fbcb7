import t from 'tap';
import { createCommonArea } from '../../src/usecases/admin/common-areas.js';
import { setPin } from '../../src/usecases/hotdesk/set-pin.js';
import { valueOf } from '../support/hot-desk-office.js';
import { startRoom, type Room, type RoomPhone } from '../support/hot-desk-room.js';

const room: Room = await startRoom(t);
const { deps, actor, account, directory } = room;
let people = 4000;

async function office() {
  const [owner, guest] = await room.sit([String(people + 1), String(people + 2)]);
  people += 10;
  if (owner === undefined || guest === undefined) throw new Error('nobody there');
  return { owner, guest, phone: await room.phone(await room.desk(owner.extension.id)) };
}

/** Writes to rows that no verb of this test changes, then reads the directory again. */
async function changed(write: () => Promise<unknown>): Promise<void> {
  await write();
  await directory.load();
}

t.test('a common area phone takes guests, and its own PIN ends their session', async (t) => {
  const { guest } = await office();
  const area = valueOf(await createCommonArea(deps, actor, { displayName: 'Lobby', callingPlans: [], country: null, timeZone: null, extensionNumber: '4900' }));
  valueOf(await setPin(deps, actor, { kind: 'common_area', id: area.id }, '918273'));
  const phone = await room.phone(await room.desk(area.extensionId));
  for (const [number, pin, sits] of [[guest.number, guest.pinCode, guest.phone.id], ['4900', '918273', null]] as const) {
    const call = await phone.dialCode('*91');
    call.type(`${number}#${pin}#`);
    await call.hears('en/signed-in');
    await call.hungUp();
    t.equal(room.guestAt(phone.device), sits, number);
  }
});

t.test('a short number is one of the phone\'s site; others type site code and extension', async (t) => {
  const { guest, owner } = await office();
  const site = await deps.stores.sites.main(account.id);
  if (site === null) throw new Error('no site');
  t.teardown(() => changed(() => deps.stores.sites.update(site.id, { siteCode: site.siteCode })));
  await changed(() => deps.stores.sites.update(site.id, { siteCode: '8' }));
  const phone = await room.phone(await room.desk(owner.extension.id));
  for (const digits of [`8${guest.number}`, guest.number]) {
    const call = await phone.dialCode('*91');
    call.type(`${digits}#${guest.pinCode}#`);
    await call.hears('en/signed-in');
    await call.hungUp();
    t.equal(room.guestAt(phone.device), guest.phone.id, digits);
    await (await phone.dialCode('*92')).hungUp();
  }
});

t.test('the language is the site\'s, then the person\'s', async (t) => {
  const { guest, phone } = await office();
  const site = await deps.stores.sites.main(account.id);
  if (site === null) throw new Error('no site');
  t.teardown(() => changed(() => deps.stores.sites.update(site.id, { promptLanguage: null })));
  await changed(async () => {
    await deps.stores.sites.update(site.id, { promptLanguage: 'de' });
    await deps.stores.users.update(guest.user.id, { language: 'en-GB' });
  });
  const call = await phone.dialCode('*91');
  await call.hears('de/enter-extension');
  call.type(`${guest.number}#`);
  await call.hears('de/enter-pin');
  call.type(guest.pinCode);
  await call.hears('en/signed-in');
  await call.hungUp();
});

t.test('the device lock: locked by its code, opened by the owner\'s extension and PIN, by no guest', async (t) => {
  const { owner, guest, phone } = await office();
  await changed(() => deps.stores.accounts.update(account.id, {
    policy: { ...account.policy, featureCodes: { ...account.policy.featureCodes, deviceLock: '*93' } },
  }));
  const lock = await phone.dialCode('*93');
  await lock.hears('en/device-locked');
  await lock.hungUp();
  t.ok(directory.device(phone.device.id)?.locked);

  const attempt = async (number: string, pin: string, heard: string): Promise<void> => {
    const call = await phone.dialCode('*93');
    await call.hears('en/enter-extension');
    call.type(`${number}#`);
    await call.hears('en/enter-pin');
    call.type(`${pin}#`);
    await call.hears(heard);
    if (heard === 'en/device-unlocked') await call.hungUp();
    else await call.hangUp();
  };
  await attempt(guest.number, guest.pinCode, 'en/not-available');
  t.ok(directory.device(phone.device.id)?.locked, 'a guest opens nothing');
  await attempt(owner.number, '908070', 'en/try-again');
  await attempt(owner.number, owner.pinCode, 'en/device-unlocked');
  t.notOk(directory.device(phone.device.id)?.locked);
  t.equal((await room.toldOf(0, phone)).length, 0, 'it is no session, so no label changes');
});

t.test('a guest signs in over TCP and UDP phones alike', async (t) => {
  const { owner, guest } = await office();
  const phones: RoomPhone[] = [];
  for (const transport of ['udp', 'tcp'] as const) phones.push(await room.phone(await room.desk(owner.extension.id), transport));
  for (const phone of phones) {
    const call = await phone.dialCode(`*91${guest.number}`);
    await call.hears('en/enter-pin');
    call.type(guest.pinCode);
    await call.hungUp();
    t.equal(room.guestAt(phone.device), guest.phone.id);
  }
});
