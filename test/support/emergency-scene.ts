/** An office with a carrier that takes emergency calls, and desks with an address and a number each. */
import type { Test } from 'tap';
import type { Device } from '../../src/domain/device/device.js';
import type { ExtensionId } from '../../src/domain/ids.js';
import { aCarrier, trunkOver, type Carrier } from './carriers.js';
import { newId } from './sample-account.js';
import { aRoute } from './sample-trunk.js';
import type { PhoneCall, ScriptedPhone } from './scripted-phone.js';
import { startOffice, type Office, type OfficeOptions } from './sip-office.js';

export type DeskPhone = ScriptedPhone & { readonly device: Device; readonly extension: ExtensionId | null; readonly number: string; readonly house: string };

export interface EmergencyScene {
  readonly office: Office;
  readonly carrier: Carrier;
  /** A registered phone with an address of its own, and a number where somebody has it. */
  desk(owner?: 'user' | 'nobody'): Promise<DeskPhone>;
}

const EMERGENCY_TRUNK = { routes: [aRoute(), aRoute({ emergency: true })] };
/** Of the site: what a phone that is nobody's shows. */
export const SITE_NUMBER = '+12125550000';

/** An office whose carrier takes emergency calls with the place they come from. */
export async function emergencyScene(t: Test, options: OfficeOptions = {}, trunk: 'one' | 'none' = 'one'): Promise<EmergencyScene> {
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

/** A trunk over the carriers, in their order, that wants the place. */
export function located(office: Office, carriers: readonly Carrier[], changes: Parameters<typeof trunkOver>[2] = {}): ReturnType<typeof trunkOver> {
  const trunk = trunkOver(office, carriers, { ...EMERGENCY_TRUNK, ...changes });
  const withPlace = { ...trunk, border: { ...trunk.border, location: true } };
  office.directory.trunks.putTrunk({ id: trunk.id, trunk: withPlace, sealedPassword: '' });
  return withPlace;
}

/** Dials 911, or the given URI. */
export const forHelp = (phone: ScriptedPhone, uri?: string): Promise<PhoneCall> => phone.dial('911', { withoutCredentials: true, ...(uri === undefined ? {} : { uri }) });

/** What the carrier got says whose desk it is and where. */
export function saysWhere(t: Test, { invite }: PhoneCall, { device, number, house }: DeskPhone, rule: string): void {
  t.match(invite.uri, /^sip:911@/, `${rule}: the number that the network knows`);
  t.match(invite.header('From'), `"${device.displayName}" <sip:${number}@`, `${rule}: the desk's name and number`);
  t.match(invite.header('Content-Type'), /^multipart\/mixed;boundary=/, rule);
  t.match(invite.body, `<ca:RD>Main Street</ca:RD><ca:HNO>${house}</ca:HNO>`, `${rule}: the desk's address`);
  t.match(invite.body, 'm=audio 40000 RTP/AVP 8', `${rule}: the phone's offer`);
  t.match(invite.body, `Content-ID: ${(invite.header('Geolocation') ?? 'none').replace('cid:', '')}`, `${rule}: the header points to the body`);
}

export async function answered(call: PhoneCall, out: PhoneCall): Promise<void> {
  const acked = out.answer();
  await call.ack(await call.response(200));
  await acked;
}

export async function hangUp(call: PhoneCall, out: PhoneCall): Promise<void> {
  const over = out.hungUp();
  await call.hangUp();
  await over;
}
