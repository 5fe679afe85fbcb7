import t from 'tap';
import { asId, type AccountId, type EmergencyAddressId, type ServiceLocationId, type SiteId, type UserId } from '../../../../src/domain/ids.js';
import { deskAddress, describeDesk, type DeskAddressFacts } from '../../../../src/domain/emergency/desk-address.js';
import { addressText, type EmergencyAddress } from '../../../../src/domain/emergency/emergency-address.js';
import type { ServiceLocation } from '../../../../src/domain/emergency/service-location.js';

const HERE = asId<SiteId>('here');
const THERE = asId<SiteId>('there');

function address(id: string, changes: Partial<EmergencyAddress> = {}): EmergencyAddress {
  return {
    id: asId<EmergencyAddressId>(id), accountId: asId<AccountId>('account'), siteId: HERE, userId: null, addressLine1: `1 ${id} Street`, addressLine2: '', city: 'Springfield',
    stateCode: 'IL', zip: '62701', country: 'US', vatNumber: '', isDefault: false, createdAt: 0, ...changes,
  };
}
const LOCATION: ServiceLocation = {
  id: asId<ServiceLocationId>('floor'), accountId: asId<AccountId>('account'), siteId: HERE, identifier: null, name: 'Floor 3', parentId: null,
  emergencyAddressId: asId<EmergencyAddressId>('floor'), elin: '', elinPhoneNumberId: '', bssids: [], networkSwitches: [], privateNetworks: [], publicNetworks: [],
  sipGroup: '', minimumMatchCriteria: false, createdAt: 0,
};
const NONE: DeskAddressFacts = { siteId: HERE, location: null, device: undefined, owner: null, siteDefault: undefined };
const FOUND = { location: LOCATION, address: address('floor'), elin: '+15550100' };
const ALL: DeskAddressFacts = {
  siteId: HERE, location: FOUND, device: address('device'), owner: { kind: 'user', address: address('user') }, siteDefault: address('site'),
};
const personal = address('home', { siteId: THERE, userId: asId<UserId>('ann') });

const ROWS: readonly (readonly [string, DeskAddressFacts, string | null, string | null])[] = [
  ['nothing is known', NONE, null, null],
  ['the location before everything', ALL, 'floor', 'location'],
  ['a location whose address is gone', { ...ALL, location: { ...FOUND, address: undefined } }, 'device', 'device'],
  ['the phone\'s own', { ...ALL, location: null }, 'device', 'device'],
  ['its user\'s', { ...ALL, location: null, device: undefined }, 'user', 'user'],
  ['its common area\'s', { ...ALL, location: null, device: undefined, owner: { kind: 'common_area', address: address('lobby') } }, 'lobby', 'common_area'],
  ['an address of another site, chosen by the owner', { ...ALL, location: null, device: undefined, owner: { kind: 'user', address: address('far', { siteId: THERE }) } }, 'site', 'site'],
  ['the owner\'s very own', { ...ALL, location: null, device: undefined, owner: { kind: 'user', address: personal } }, 'home', 'user'],
  ['the site\'s', { ...NONE, siteDefault: address('site') }, 'site', 'site'],
];

t.test('where help is sent', async (t) => {
  for (const [label, facts, id, origin] of ROWS) {
    const desk = deskAddress(facts);
    t.same([desk.address?.id ?? null, desk.origin], [id, origin], label);
    t.equal(desk.elin, facts.location?.elin ?? '', `${label}: the number is the location's`);
  }
});

t.test('in words', async (t) => {
  t.equal(addressText(address('x', { addressLine2: 'Room 2' })), '1 x Street, Room 2, Springfield, IL 62701, US');
  t.equal(addressText(address('x', { city: '', stateCode: '', zip: '' })), '1 x Street, US');
  t.match(describeDesk(deskAddress(ALL)), /^Help is sent to 1 floor Street.* Floor 3\. It is called back at \+15550100\.$/);
  t.equal(describeDesk(deskAddress(NONE)), 'No emergency address is known for this desk.');
});
