import t from 'tap';
import { asId, type AccountId, type EmergencyAddressId, type ServiceLocationId, type SiteId } from '../../../../src/domain/ids.js';
import { elinOf, locatable, locate, type NetworkPlace } from '../../../../src/domain/emergency/locate.js';
import type { ServiceLocation } from '../../../../src/domain/emergency/service-location.js';

const HOME = asId<SiteId>('home');

function location(id: string, changes: Partial<ServiceLocation> = {}): ServiceLocation {
  return {
    id: asId<ServiceLocationId>(id), accountId: asId<AccountId>('account'), siteId: HOME, identifier: null, name: id, parentId: null,
    emergencyAddressId: asId<EmergencyAddressId>(`address-${id}`), elin: '', elinPhoneNumberId: '', bssids: [], networkSwitches: [], privateNetworks: [],
    publicNetworks: [], sipGroup: '', minimumMatchCriteria: false, createdAt: 0, ...changes,
  };
}
const inside = (id: string, parent: string, changes: Partial<ServiceLocation> = {}): ServiceLocation => location(id, { parentId: asId(parent), ...changes });
const OFFICE = location('office', { publicNetworks: ['198.51.100.7'] });
const ELSEWHERE = asId<SiteId>('elsewhere');

const ROWS: readonly (readonly [string, readonly ServiceLocation[], Partial<NetworkPlace>, string | null])[] = [
  ['no locations', [], {}, null],
  ['the public address alone', [OFFICE], {}, 'office'],
  ['another public address', [OFFICE], { source: '198.51.100.8' }, null],
  ['the longer public prefix', [location('town', { publicNetworks: ['198.51.100.0/24'] }), OFFICE], {}, 'office'],
  ['a floor by the phone\'s own address', [OFFICE, inside('floor', 'office', { privateNetworks: ['10.1.0.0/16'] })], {}, 'floor'],
  ['the longer private prefix', [OFFICE, inside('floor', 'office', { privateNetworks: ['10.1.0.0/16'] }), inside('room', 'floor', { privateNetworks: ['10.1.2.0/24'] })], {}, 'room'],
  ['a private network decides before a public one', [location('exact', { publicNetworks: ['198.51.100.7/32'] }), location('wide', { privateNetworks: ['10.0.0.0/8'] })], {}, 'wide'],
  ['a floor of another building with the same private network', [OFFICE, location('far', { publicNetworks: ['203.0.113.1'] }),
    inside('far floor', 'far', { privateNetworks: ['10.1.0.0/16'] })], {}, 'office'],
  ['another floor\'s network leaves the building', [OFFICE, inside('floor', 'office', { privateNetworks: ['10.9.0.0/16'] })], {}, 'office'],
  ['an inherited public network says nothing of the room', [OFFICE, inside('room', 'office')], {}, 'office'],
  ['the public address alone is too little', [location('strict', { publicNetworks: ['198.51.100.7'], minimumMatchCriteria: true })], {}, null],
  ['both are enough', [location('strict', { publicNetworks: ['198.51.100.7'], privateNetworks: ['10.1.0.0/16'], minimumMatchCriteria: true })], {}, 'strict'],
  ['without a NAT its own address is enough', [location('strict', { publicNetworks: ['198.51.100.7'], privateNetworks: ['10.1.0.0/16'], minimumMatchCriteria: true })],
    { source: '10.1.2.3' }, 'strict'],
  ['a contact that is a name', [location('lan', { privateNetworks: ['10.1.0.0/16'] })], { source: '10.1.2.3', contactHost: 'phone.local' }, 'lan'],
  ['a source that is none', [OFFICE], { source: '', contactHost: '' }, null],
  ['IPv6', [location('six', { publicNetworks: ['2001:db8::/48'] })], { source: '2001:db8::5', contactHost: '' }, 'six'],
  ['the own site breaks a tie', [location('a', { siteId: ELSEWHERE, publicNetworks: ['198.51.100.7'] }), location('b', { publicNetworks: ['198.51.100.7'] })], {}, 'b'],
  ['another site\'s network is where the phone is', [location('there', { siteId: ELSEWHERE, publicNetworks: ['198.51.100.7'] })], {}, 'there'],
  ['switches and access points alone', [location('lldp', { bssids: ['001122334455'] })], {}, null],
  ['the older of equals', [location('z', { publicNetworks: ['198.51.100.7'] }), location('y', { publicNetworks: ['198.51.100.7'] })], {}, 'y'],
];

t.test('a phone is in the location that its networks tell', async (t) => {
  for (const [label, locations, seen, wanted] of ROWS) {
    const place = { siteId: HOME, source: '198.51.100.7', contactHost: '10.1.2.3', ...seen };
    t.equal(locate(locations.map(locatable), place)?.id ?? null, wanted, label);
    t.equal(locate([...locations].reverse().map(locatable), place)?.id ?? null, wanted, `${label}, whatever the order`);
  }
});

t.test('the number to be called back at is that of the nearest location around', async (t) => {
  const all = [location('house', { elin: '+15550100' }), inside('floor', 'house'), inside('room', 'floor', { elin: '+15550101' })].map(locatable);
  const of = (id: string): string => {
    const found = all.find((each) => each.id === id);
    return found === undefined ? 'none' : elinOf(found, (wanted) => all.find((each) => each.id === wanted));
  };
  t.same(['room', 'floor', 'house'].map(of), ['+15550101', '+15550100', '+15550100']);
  const ring = [inside('a', 'b'), inside('b', 'a', { privateNetworks: ['10.0.0.0/8'] })].map(locatable);
  const first = ring[0];
  t.equal(first === undefined ? null : elinOf(first, (wanted) => ring.find((each) => each.id === wanted)), '', 'a ring ends');
  t.equal(locate(ring, { siteId: HOME, source: '10.1.1.1', contactHost: '' })?.id, 'b');
});
