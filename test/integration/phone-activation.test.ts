import t from 'tap';
import type { CommonArea } from '../../src/domain/identity/common-area.js';
import { issueActivationCodes, issueUserActivationCode } from '../../src/usecases/admin/activation-codes.js';
import { createCommonArea } from '../../src/usecases/admin/common-areas.js';
import { setAccountPolicy } from '../../src/usecases/admin/set-account-policy.js';
import { startRoom, type Room, type RoomPhone } from '../support/hot-desk-room.js';
import { valueOf } from '../support/hot-desk-office.js';

const room: Room = await startRoom(t);
let areas = 600;

/** A phone that is nobody's, and a common area with a code. */
async function scene() {
  areas += 1;
  const commonArea = valueOf(await createCommonArea(room.deps, room.actor, {
    displayName: `Lobby ${areas}`, extensionNumber: String(areas), callingPlans: [], country: null, timeZone: null,
  }));
  const phone = await room.phone(await room.desk(null, { hotDesking: 'off' }));
  return { commonArea, phone, code: await codeOf(commonArea) };
}

async function codeOf(area: CommonArea): Promise<string> {
  const [issued] = valueOf(await issueActivationCodes(room.deps, room.actor, [area.id]));
  return issued?.code ?? '';
}

const ownerOf = (phone: RoomPhone) => room.directory.device(phone.device.id)?.assignees[0] ?? null;
const other = (code: string): string => code.replace(/.$/, (last) => (last === '7' ? '8' : '7'));
const audit = async () => (await room.deps.stores.audit.page(room.account.id, 0, Date.now() + 1000, { size: 500, after: null })).items;
const actions = async (phone: RoomPhone) => (await audit()).filter(({ aggregateId }) => aggregateId === phone.device.id).map(({ action }) => action);

t.test('*93 and the code make the phone the common area\'s, once', async (t) => {
  const { commonArea, phone, code } = await scene();
  t.match(code, /^[0-9]{10}$/, 'to be typed on a phone');
  const call = await phone.dialCode('*93');
  await call.hears('en/enter-code');
  call.type(code);
  await call.hears('en/phone-activated');
  await call.hungUp();
  t.equal(ownerOf(phone), commonArea.extensionId);
  t.match(await room.deps.stores.deviceResyncs.get(phone.device.id), { state: 'pending', byPerson: true, restart: false }, 'it is told to read its configuration after the call');
  t.ok((await actions(phone)).includes('assign-device'));
  const record = await room.calls.record((one) => one.caller.deviceId === phone.device.id && one.endedAt !== null, 'the call');
  t.match(record, { dialled: '*93', status: 200 }, 'no digit of the code is kept');
  t.notMatch(JSON.stringify(await audit()), code, 'nor in an audit entry');

  const again = await phone.dialCode('*93');
  await again.hears('en/activation-not-possible');
  await again.hungUp();
  const second = await room.phone(await room.desk(null));
  const late = await second.dialCode('*93');
  await late.hears('en/enter-code');
  late.type(`${code}#`);
  await late.hears('en/try-again', 'en/enter-code');
  await late.hangUp();
  t.equal(ownerOf(second), null, 'a used code is good for nothing');
});

t.test('a user\'s code, typed after a wrong one; the phone moves nowhere but to its owner', async (t) => {
  const [person] = await room.sit(['1700']);
  const phone = await room.phone(await room.desk(null));
  const { code } = valueOf(await issueUserActivationCode(room.deps, room.actor, person?.user.email ?? ''));
  const call = await phone.dialCode('*93');
  await call.hears('en/enter-code');
  call.type(other(code));
  await call.hears('en/try-again', 'en/enter-code');
  call.type(code);
  await call.hears('en/phone-activated');
  await call.hungUp();
  t.equal(ownerOf(phone), person?.extension.id);
});

t.test('an unassigned phone dials its activation and emergency numbers, and nothing else', async (t) => {
  const { commonArea, phone } = await scene();
  const dialled = async (number: string, status: number) => (await phone.dial(encodeURIComponent(number), { body: (await phone.rtp()).sdp() })).response(status);
  t.match((await dialled(String(areas), 403)).header('Reason'), /assigned to nobody/);
  t.match((await dialled('*92', 403)).header('Reason'), /its activation/);
  await t.rejects(phone.dial('911', { body: (await phone.rtp()).sdp() }), /503 No Emergency Route/, 'no trunk carries it here, and no rule holds it back');
  t.equal(ownerOf(phone), null);
  t.ok(commonArea.id);
});

t.test('wrong, used, expired and foreign codes sound alike, as late as a wrong PIN; three a call', async (t) => {
  const { commonArea, phone, code: old } = await scene();
  const code = await codeOf(commonArea);
  const call = await phone.dialCode('*93');
  await call.hears('en/enter-code');
  const delays: number[] = [];
  for (const [at, typed] of [old, '1234567890', '12'].entries()) {
    if (at > 0) await call.hears('en/enter-code');
    call.type(typed.length === 10 ? typed.slice(0, -1) : typed);
    const typedAt = performance.now();
    call.type(typed.length === 10 ? typed.slice(-1) : '#');
    delays.push(await call.hears('en/try-again') - typedAt);
  }
  await call.hears('en/goodbye');
  await call.hungUp();
  t.ok(delays.every((ms) => ms >= 299 && ms < 900), delays.map(Math.round).join(', '));
  t.equal((await actions(phone)).filter((action) => action === 'phone-activation-refused').length, 3, 'each is kept');

  for (const wrong of ['1111111111', '2222222222']) await room.activation.byCode({ deviceId: phone.device.id, code: wrong, at: room.clock.now() });
  const locked = await phone.dialCode('*93');
  await locked.hears('en/enter-code');
  locked.type(code);
  await locked.hears('en/try-again');
  await locked.hangUp();
  t.equal(ownerOf(phone), null, 'after five wrong ones the right one is not taken at this phone');
  t.ok((await actions(phone)).includes('phone-activation-locked'));
  const elsewhere = await room.phone(await room.desk(null));
  t.equal((await room.activation.byCode({ deviceId: elsewhere.device.id, code, at: room.clock.now() })).kind, 'activated', 'it is at another');
});

t.test('guessing at many phones closes the code for the account', async (t) => {
  const { phone, code } = await scene();
  for (let at = 0; at < 12; at += 1) {
    const device = await room.desk(null);
    for (let tries = 0; tries < 5; tries += 1) await room.activation.byCode({ deviceId: device.id, code: '0000000000', at: 0 });
  }
  t.match(await room.activation.byCode({ deviceId: phone.device.id, code, at: 0 }), { kind: 'refused', sounds: 'try-again' });
  t.equal(ownerOf(phone), null);
  await room.deps.stores.signInLocks.clear(room.account.id, { extensionKey: room.deps.pinHasher.keyOf(room.account.id, 'activation') });
  t.equal((await room.activation.byCode({ deviceId: phone.device.id, code, at: 0 })).kind, 'activated', 'until the failures are forgotten');
});

t.test('two phones with one code at once: one of them has it', async (t) => {
  const { phone, code, commonArea } = await scene();
  const second = await room.desk(null);
  const results = await Promise.all([phone.device, second].map(({ id }) => room.activation.byCode({ deviceId: id, code, at: 0 })));
  t.same(results.map(({ kind }) => kind).sort(), ['activated', 'refused']);
  const owners = [phone.device, second].map(({ id }) => room.directory.device(id)?.assignees[0] ?? null);
  t.same(owners.filter((owner) => owner === commonArea.extensionId).length, 1);
});

t.test('the code changes as the others do', async (t) => {
  const { phone, code, commonArea } = await scene();
  valueOf(await setAccountPolicy(room.deps, room.actor, { featureCodes: { phoneActivation: '#77' } }));
  const former = await phone.dial(encodeURIComponent('*93'), { body: (await phone.rtp()).sdp() });
  t.ok(await former.response(403), 'the former one is a number like any other');
  const call = await phone.dialCode('#77');
  await call.hears('en/enter-code');
  call.type(code);
  await call.hears('en/phone-activated');
  await call.hungUp();
  t.equal(ownerOf(phone), commonArea.extensionId);
});
