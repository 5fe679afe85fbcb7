import t, { type Test } from 'tap';
import type { Device } from '../../src/domain/device/device.js';
import type { ExtensionId } from '../../src/domain/ids.js';
import { aCarrier, trunkOver, type Carrier } from '../support/carriers.js';
import { guestSession } from '../support/guest-session.js';
import { aSite, newId } from '../support/sample-account.js';
import { aGateway, aRoute } from '../support/sample-trunk.js';
import type { PhoneCall, ScriptedPhone } from '../support/scripted-phone.js';
import { startOffice, type Office, type OfficeOptions } from '../support/sip-office.js';

type DeskPhone = ScriptedPhone & { readonly device: Device; readonly extension: ExtensionId | null; readonly number: string; readonly house: string };

interface Scene {
  readonly office: Office;
  readonly carrier: Carrier;
  /** A registered phone with an address of its own, and a number where somebody has it. */
  desk(owner?: 'user' | 'nobody'): Promise<DeskPhone>;
}

const EMERGENCY_TRUNK = { routes: [aRoute(), aRoute({ emergency: true })] };
const SITE_NUMBER = '+12125550000';

/** An office whose carrier takes emergency calls with the place they come from. */
async function scene(t: Test, options: OfficeOptions = {}, trunk: 'one' | 'none' = 'one'): Promise<Scene> {
  const office = await startOffice(t, options);
  const carrier = await aCarrier(t, office);
  if (trunk === 'one') located(office, [carrier]);
  const { account, site, directory } = office;
  const shared = office.number(SITE_NUMBER, null);
  directory.numbers.putCustomized({ id: newId(), accountId: account.id, scope: 'site', scopeId: site.id, phoneNumberId: shared.id, createdAt: 0 });
  let made = 0;
  return {
    office, carrier,
    async desk(owner = 'user') {
      made += 1;
      const extension = owner === 'nobody' ? null : office.person(String(200 + made), `User ${made}`).id;
      const device = office.device(extension, { displayName: `Desk ${made}` });
      const address = {
        id: newId<never>(), accountId: account.id, siteId: site.id, userId: null, vatNumber: '', isDefault: false, createdAt: 0,
        addressLine1: `${made} Main Street`, addressLine2: '', city: 'New York', stateCode: 'NY', zip: '10001', country: 'US',
      };
      directory.safety.putAddress(address);
      directory.safety.putUse({ holder: { kind: 'device', id: device.id }, addressId: address.id });
      const number = extension === null ? SITE_NUMBER : `+1212555${String(1000 + made)}`;
      if (extension !== null) office.number(number, extension);
      const phone = await office.phone(device);
      const answer = await phone.register();
      if (answer.status !== 200) throw new Error(`not registered: ${answer.raw}`);
      return { ...phone, device, extension, number, house: String(made) };
    },
  };
}

function located(office: Office, carriers: readonly Carrier[], changes: Parameters<typeof trunkOver>[2] = {}): ReturnType<typeof trunkOver> {
  const trunk = trunkOver(office, carriers, { ...EMERGENCY_TRUNK, ...changes });
  const withPlace = { ...trunk, border: { ...trunk.border, location: true } };
  office.directory.trunks.putTrunk({ id: trunk.id, trunk: withPlace, sealedPassword: '' });
  return withPlace;
}

const forHelp = (phone: ScriptedPhone, uri?: string): Promise<PhoneCall> => phone.dial('911', { withoutCredentials: true, ...(uri === undefined ? {} : { uri }) });

/** What the carrier got says whose desk it is and where. */
function saysWhere(t: Test, { invite }: PhoneCall, { device, number, house }: DeskPhone, rule: string): void {
  t.match(invite.uri, /^sip:911@/, `${rule}: the number that the network knows`);
  t.match(invite.header('From'), `"${device.displayName}" <sip:${number}@`, `${rule}: the desk's name and number`);
  t.match(invite.header('Content-Type'), /^multipart\/mixed;boundary=/, rule);
  t.match(invite.body, `<ca:RD>Main Street</ca:RD><ca:HNO>${house}</ca:HNO>`, `${rule}: the desk's address`);
  t.match(invite.body, 'm=audio 40000 RTP/AVP 8', `${rule}: the phone's offer`);
  t.match(invite.body, `Content-ID: ${(invite.header('Geolocation') ?? 'none').replace('cid:', '')}`, `${rule}: the header points to the body`);
}

async function answered(call: PhoneCall, out: PhoneCall): Promise<void> {
  const acked = out.answer();
  await call.ack(await call.response(200));
  await acked;
}

async function hangUp(call: PhoneCall, out: PhoneCall): Promise<void> {
  const over = out.hungUp();
  await call.hangUp();
  await over;
}

t.test('whatever state the phone and the system are in, help can be called', { timeout: 120_000 }, async (t) => {
  const { office, carrier, desk } = await scene(t);
  const { directory, account, site } = office;
  const far = aSite(account.id, { name: 'Berlin', isMain: false, country: 'DE' });
  directory.putSite(far);
  const update = (phone: DeskPhone, changes: Partial<Device>): void => directory.putDevice({ ...phone.device, ...changes }, directory.ha1(phone.device.id));
  const holder = (phone: DeskPhone) => {
    const owner = phone.extension === null ? undefined : directory.extension(phone.extension)?.owner;
    const held = owner?.kind === 'user' ? directory.phoneUser(owner.id) : undefined;
    if (held === undefined) throw new Error('nobody has the phone');
    return held;
  };
  const states: readonly (readonly [state: string, owner: 'user' | 'nobody', prepare: (phone: DeskPhone) => void])[] = [
    ['a user with a phone', 'user', () => undefined],
    ['a phone that is nobody\'s', 'nobody', () => undefined],
    ['no calling plan', 'user', (phone) => directory.putPhoneUser({ ...holder(phone), callingPlans: [] })],
    ['outbound calls blocked, 911 among them', 'user', () => {
      for (const number of ['+1', '+911', '911']) {
        directory.putBlockedNumber({ id: newId(), accountId: account.id, scope: 'account', scopeId: account.id, direction: 'outbound', number, match: 'prefix', type: 'block', country: null, comment: '', status: 'active', createdAt: 0 });
      }
    }],
    ['a guest of another site and country', 'user', (phone) => {
      const guest = office.person('290', 'Guest', { siteId: far.id });
      directory.putExtension({ ...guest, siteId: far.id });
      if (guest.owner.kind === 'user') directory.putHotDeskSession(guestSession(phone.device, { id: guest.owner.id, extensionId: guest.id }));
    }],
    ['the phone locked', 'user', (phone) => update(phone, { locked: true })],
    ['its user deactivated', 'user', (phone) => directory.putPhoneUser({ ...holder(phone), status: 'deactivated' })],
    ['its user no phone user any more', 'user', (phone) => directory.removePhoneUser(holder(phone).id)],
  ];
  for (const [state, owner, prepare] of states) {
    await t.test(state, async (t) => {
      const phone = await desk(owner);
      prepare(phone);
      const call = await forHelp(phone);
      const out = await carrier.called();
      saysWhere(t, out, phone, state);
      await answered(call, out);
      t.same(await office.app.callControl.hangUp(office.app.callControl.list(account.id)[0]?.id ?? newId(), 'admin'), 'emergency', 'nobody hangs it up by API');
      await hangUp(call, out);
    });
  }
  await t.test('Redis hung, then killed', async (t) => {
    const phone = await desk();
    office.redis.signal('SIGSTOP');
    const began = performance.now();
    const call = await forHelp(phone);
    const out = await carrier.called();
    t.ok(performance.now() - began < 4_000, `it goes out after ${Math.round(performance.now() - began)} ms`);
    saysWhere(t, out, phone, 'Redis hung');
    await answered(call, out);
    await hangUp(call, out);
    office.redis.signal('SIGCONT');
    office.redis.signal('SIGKILL');
    const again = await forHelp(phone);
    const second = await carrier.called();
    saysWhere(t, second, phone, 'Redis killed');
    await answered(again, second);
    await hangUp(again, second);
    await office.redis.restart();
  });
  t.equal(office.forHelp.length, states.length + 2, 'people are told of each');
  t.equal(site.country, 'US');
});
