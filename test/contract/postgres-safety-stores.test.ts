import t from 'tap';
import type { Alert } from '../../src/domain/alerts/alert.js';
import type { ExternalContact } from '../../src/domain/contacts/external-contact.js';
import type { EmergencyAddress } from '../../src/domain/emergency/emergency-address.js';
import type { ServiceLocation } from '../../src/domain/emergency/service-location.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { onEveryPostgres } from '../support/postgres.js';
import { AT, aDevice, accountWithSite, addPhoneUser, commit, newId } from '../support/sample-account.js';

const PAGE = { size: 10, after: null };

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const stores = createStores(db);
  const work = createUnitOfWork(db, { onCommitted: async () => undefined });
  const { account, site } = await accountWithSite(work);
  const { user } = await commit(work, (inside) => addPhoneUser(inside, site, '801'));
  const device = aDevice(site, []);
  await stores.devices.insert(device, 'sealed');
  const address = (changes: Partial<EmergencyAddress> = {}): EmergencyAddress => ({
    id: newId(), accountId: account.id, siteId: site.id, userId: null, addressLine1: '1 Größe_Street', addressLine2: '', city: 'New York', stateCode: 'NY', zip: '10001', country: 'US',
    vatNumber: 'v', isDefault: false, createdAt: AT, ...changes,
  });

  t.test('addresses are kept as they are; whose they are follows from their use', async (t) => {
    const [main, own] = [address({ isDefault: true }), address({ userId: user.id, city: 'Albany' })];
    for (const one of [main, own]) await stores.emergencyAddresses.insert(one);
    t.same(await stores.emergencyAddresses.get(account.id, main.id), main);
    t.equal(await stores.emergencyAddresses.get(newId(), main.id), null, 'not for another account');
    await t.rejects(stores.emergencyAddresses.insert(address({ isDefault: true })), { name: 'UniqueViolation' }, 'one default a site');
    for (const holder of [{ kind: 'user', id: user.id }, { kind: 'device', id: device.id }] as const) {
      await stores.emergencyAddresses.use(account.id, holder, main.id);
      await stores.emergencyAddresses.use(account.id, holder, own.id);
      t.match(await stores.emergencyAddresses.addressOf(account.id, holder), { id: own.id, isDefault: true });
    }
    t.same(await stores.emergencyAddresses.usage(own.id), { holders: 2, locations: 0 });
    await stores.emergencyAddresses.use(account.id, { kind: 'device', id: device.id }, null);
    t.equal(await stores.emergencyAddresses.addressOf(account.id, { kind: 'device', id: device.id }), null);
    await stores.emergencyAddresses.update(own.id, { city: 'Troy_' });
    const ids = async (filter: object) => (await stores.emergencyAddresses.page(account.id, filter, PAGE)).items.map(({ id }) => id);
    for (const [filter, wanted] of [
      [{}, [main.id, own.id]], [{ keyword: 'größe_' }, [main.id, own.id]], [{ keyword: 'troy_' }, [own.id]], [{ keyword: 'albany' }, []], [{ keyword: '%' }, []],
      [{ personal: true }, [own.id]], [{ personal: false }, [main.id]], [{ userId: user.id }, [own.id]], [{ siteId: newId() }, []],
    ] as const) t.same(await ids(filter), wanted, JSON.stringify(filter));
  });

  t.test('locations and contacts are kept as they are', async (t) => {
    const [place] = await stores.emergencyAddresses.ofSite(site.id);
    if (place === undefined) throw new Error('no address');
    const location: ServiceLocation = {
      id: newId(), accountId: account.id, siteId: site.id, identifier: 'floor', name: 'Floor', parentId: null, emergencyAddressId: place.id, elin: '+12125550100',
      elinPhoneNumberId: '', bssids: ['001122334455'], networkSwitches: [{ macAddress: 'aabbccddeeff', port: '1', portPrefix: '', portRangeFrom: '', portRangeTo: '' }],
      privateNetworks: ['10.0.0.0/8'], publicNetworks: [], sipGroup: '', minimumMatchCriteria: false, createdAt: AT,
    };
    await stores.serviceLocations.insert(location);
    t.same(await stores.serviceLocations.byIdentifier(account.id, 'floor'), location);
    await stores.serviceLocations.insert({ ...location, id: newId(), identifier: null, parentId: location.id });
    await t.rejects(stores.serviceLocations.insert({ ...location, id: newId() }), { name: 'UniqueViolation' });
    t.same([await stores.serviceLocations.children(location.id), (await stores.serviceLocations.page(account.id, site.id, PAGE)).total], [1, 2]);
    const contact: ExternalContact = {
      id: newId(), accountId: account.id, customerId: null, name: 'Fire', description: '', email: '', extensionNumber: null, phoneNumbers: ['+2', '+1'], routingPath: '',
      autoCallRecorded: false, createdAt: AT,
    };
    await stores.externalContacts.insert(contact);
    await stores.externalContacts.insert({ ...contact, id: newId(), phoneNumbers: [] });
    t.same(await stores.externalContacts.get(account.id, contact.id), contact, 'numbers in their order');
    t.same((await stores.externalContacts.byNumbers(account.id, ['+1', '+9'])).map(({ id }) => id), [contact.id]);
    await t.rejects(stores.externalContacts.insert({ ...contact, id: newId(), phoneNumbers: ['+1'] }), { name: 'UniqueViolation' });
  });

  t.test('an alert opens once, a phone changes once, a call is told of once', async (t) => {
    const alert: Alert = {
      id: newId(), accountId: account.id, settingId: newId(), settingName: 'Gone', rule: 10, openedAt: AT, closedAt: null, subjects: [{ id: 'd', name: 'Desk' }], subjectCount: 1,
      text: 'gone', notifiedAt: AT,
    };
    t.same([await stores.alerts.insert(alert), await stores.alerts.insert({ ...alert, id: newId() })], [true, false]);
    t.same(await stores.alerts.open(), [alert]);
    t.same(await stores.alerts.lastNotified([alert.settingId]), new Map([[alert.settingId, AT]]));
    await stores.alerts.update({ ...alert, closedAt: AT + 1, notifiedAt: null });
    t.same((await stores.alerts.untold([alert.settingId], AT)).map(({ id }) => id), [alert.id]);
    t.same([await stores.alerts.insert({ ...alert, id: newId() }), (await stores.alerts.page(account.id, { open: true }, PAGE)).total], [true, 1]);
    const seen = { deviceId: device.id, accountId: account.id, online: true, since: AT };
    const gone = { ...seen, deviceId: newId<typeof device.id>() };
    t.same(await stores.devicePresence.put([seen, gone]), [device.id], 'phones that are gone are left out');
    t.same([await stores.devicePresence.put([seen]), await stores.devicePresence.put([{ ...seen, online: false, since: AT + 5 }])], [[], [device.id]]);
    t.same(await stores.devicePresence.all(), [{ ...seen, online: false, since: AT + 5 }]);
    const callId = newId<Parameters<typeof stores.emergencyNotices.claim>[1]>();
    t.same([await stores.emergencyNotices.claim(account.id, callId, AT), await stores.emergencyNotices.claim(account.id, callId, AT)], [true, false]);
  });
});
